// The rows of zones and slots, as administrators look at them and change them. What the running
// process works by is the plan that load_plan() read at its start (lot.hpp).
//
//   auto zone = rows.find_zone("A");
//   zone->plan.name = "Level 1";
//   rows.update(transaction, zone->plan);
//
// What something refers to is never deleted. Deleting only marks: the running process still has
// its place in the plan, and the next start sweeps. The thread of the Database; failure is a
// StoreError.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct ZoneRow {
  ZonePlan plan;
  std::size_t slots = 0;
  bool removed = false;
};

struct SlotRow {
  SlotId id;
  std::string zone;     // its id
  bool closed = false;  // for good
  bool removed = false;
};

class PlanRows {
 public:
  explicit PlanRows(Database& database) : database_(database) {}

  // In the order of boards; without what is marked.
  [[nodiscard]] std::vector<ZoneRow> zones();
  /// Of one zone, or of all where it is empty.
  [[nodiscard]] std::vector<SlotRow> slots(std::string_view zone);
  // Marked or not.
  [[nodiscard]] std::optional<ZoneRow> find_zone(std::string_view id);
  [[nodiscard]] std::optional<SlotRow> find_slot(std::string_view id);
  /// Whether a session or anything else refers to it, or to one of its slots.
  [[nodiscard]] bool zone_is_referred_to(std::string_view id);
  [[nodiscard]] bool slot_is_referred_to(std::string_view id);

  /// No zone has this id. Returns its key.
  std::int64_t insert(Transaction& transaction, const ZonePlan& zone);
  /// The whole row of its id, bands and all; what was marked is not any more.
  void update(Transaction& transaction, const ZonePlan& zone);
  /// No slot has this id; the zone is there.
  void insert(Transaction& transaction, const SlotId& slot, std::string_view zone);
  /// What was marked is not any more.
  void update(Transaction& transaction, const SlotRow& slot);
  /// With all its slots.
  void mark_zone(Transaction& transaction, std::string_view id);
  void mark_slot(Transaction& transaction, std::string_view id);

  /// At a start, before the plan is read: deletes what is marked. What something has begun to refer
  /// to since is closed instead.
  void sweep(Transaction& transaction);

 private:
  Database& database_;
};

}  // namespace gatehouse::store

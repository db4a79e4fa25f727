// What the slots' sensors said last, and the counters of availability: the rows behind the
// engine's OccupancyBoard.
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/occupancy.hpp"
#include "edge/domain/plan.hpp"
#include "edge/store/database.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct SlotState {
  SensorMemory sensor;
  std::string firmware;
  SlotStatus status = SlotStatus::free;
  Instant since{};
};

/// The number of changes of an availability, and the instant of the last one.
struct ChangeCount {
  std::uint64_t seq = 0;
  Instant at{};
};

/// One row as it is stored, without copies of its texts.
struct SlotStateView {
  const SensorMemory& sensor;
  std::string_view firmware;
  SlotStatus status;
  Instant since;
};

class SlotStates {
 public:
  /// `plan` as load_plan() gave it for this store.
  SlotStates(Database& database, const LotPlan& plan);
  ~SlotStates();
  SlotStates(const SlotStates&) = delete;
  SlotStates& operator=(const SlotStates&) = delete;

  /// By SlotIndex. A slot that was never written is free since `now` and without a sensor.
  [[nodiscard]] std::vector<SlotState> load(Instant now);
  /// By ZoneIndex.
  [[nodiscard]] std::vector<ChangeCount> load_zone_counts();
  [[nodiscard]] ChangeCount load_lot_count();

  void save(Transaction& transaction, SlotIndex slot, const SlotStateView& state);
  void save_zone_count(Transaction& transaction, ZoneIndex zone, const ChangeCount& count);
  void save_lot_count(Transaction& transaction, const ChangeCount& count);
  /// The loop lives: written when nothing else was for a while.
  void save_heartbeat(Transaction& transaction, Instant now);

 private:
  struct Statements;
  Database& database_;
  std::vector<std::int64_t> slot_keys_;  // by SlotIndex
  std::vector<std::int64_t> zone_keys_;  // by ZoneIndex
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store

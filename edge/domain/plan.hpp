// The plan of a lot: its zones and slots, in their order. What is there, not what is going on.
//
// Built once from the store and then shared unchanged: any thread may read it.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/tariff.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gatehouse {

struct ZonePlan {
  ZoneId id;
  std::string name;
  Rates rates;
  bool active = true;
  bool walk_in = true;  // tickets without a booking
  std::string operating_hours = "00:00-24:00";
  std::string contact;
  std::string location;
  std::vector<std::string> features;
  bool operator==(const ZonePlan&) const = default;
};

struct SlotPlan {
  SlotId id;
  ZoneIndex zone{};
  bool out_of_service = false;
  bool operator==(const SlotPlan&) const = default;
};

/// `A-001` for the first slot of zone A: three digits at least.
std::string numbered_slot_name(std::string_view zone, std::size_t number);

class LotPlan {
 public:
  /// Slot ids must be unique and every slot's zone must exist: the store's constraints see to
  /// that; a breach stops the process.
  LotPlan(LotId lot, std::string lot_name, std::vector<ZonePlan> zones,
          std::vector<SlotPlan> slots);

  // Not copied: the index below points into the slots' own ids.
  LotPlan(const LotPlan&) = delete;
  LotPlan& operator=(const LotPlan&) = delete;

  [[nodiscard]] const LotId& lot() const { return lot_; }
  [[nodiscard]] const std::string& lot_name() const { return lot_name_; }
  [[nodiscard]] const std::vector<ZonePlan>& zones() const { return zones_; }
  [[nodiscard]] const std::vector<SlotPlan>& slots() const { return slots_; }
  [[nodiscard]] const ZonePlan& zone(ZoneIndex zone) const { return zones_[at(zone)]; }
  [[nodiscard]] const SlotPlan& slot(SlotIndex slot) const { return slots_[at(slot)]; }
  [[nodiscard]] std::optional<SlotIndex> find_slot(std::string_view id) const;
  [[nodiscard]] std::optional<ZoneIndex> find_zone(std::string_view id) const;

 private:
  LotId lot_;
  std::string lot_name_;
  std::vector<ZonePlan> zones_;
  std::vector<SlotPlan> slots_;
  std::unordered_map<std::string_view, SlotIndex> slots_by_id_;
  std::unordered_map<std::string_view, ZoneIndex> zones_by_id_;
};

}  // namespace gatehouse

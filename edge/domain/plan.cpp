#include "edge/domain/plan.hpp"

#include "edge/domain/invariant.hpp"

namespace gatehouse {

std::string numbered_slot_name(std::string_view zone, std::size_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return std::string(zone) + '-' + digits;
}

LotPlan::LotPlan(LotId lot, std::string lot_name, std::vector<ZonePlan> zones,
                 std::vector<SlotPlan> slots)
    : lot_(std::move(lot)),
      lot_name_(std::move(lot_name)),
      zones_(std::move(zones)),
      slots_(std::move(slots)) {
  slots_by_id_.reserve(slots_.size());
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    const bool added = zones_by_id_.emplace(zones_[i].id.text(), ZoneIndex(i)).second;
    require(added, "zone ids are unique");
  }
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    require(at(slots_[i].zone) < zones_.size(), "a slot's zone exists");
    const bool added = slots_by_id_.emplace(slots_[i].id.text(), SlotIndex(i)).second;
    require(added, "slot ids are unique over the lot");
  }
}

std::optional<SlotIndex> LotPlan::find_slot(std::string_view id) const {
  const auto found = slots_by_id_.find(id);
  if (found == slots_by_id_.end()) return std::nullopt;
  return found->second;
}

std::optional<ZoneIndex> LotPlan::find_zone(std::string_view id) const {
  const auto found = zones_by_id_.find(id);
  if (found == zones_by_id_.end()) return std::nullopt;
  return found->second;
}

}  // namespace gatehouse

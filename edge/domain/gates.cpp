#include "edge/domain/gates.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>

namespace gatehouse {

bool LanePlan::leads_to(ZoneIndex zone) const {
  return std::ranges::find(zones, zone) != zones.end();
}

GatePlan::GatePlan(std::vector<LanePlan> lanes, std::vector<BarrierId> barriers)
    : lanes_(std::move(lanes)), barriers_(std::move(barriers)) {
  std::vector<bool> stands(barriers_.size(), false);
  for (const LanePlan& lane : lanes_) {
    require(!lane.zones.empty(), "a lane leads to zones");
    if (!lane.barrier) continue;
    require(at(*lane.barrier) < barriers_.size(), "a lane's barrier is one of the lot's");
    require(!stands[at(*lane.barrier)], "a barrier stands in one lane");
    stands[at(*lane.barrier)] = true;
  }
}

std::optional<GateIndex> GatePlan::find_gate(std::string_view id) const {
  const auto lane = std::ranges::find(
      lanes_, id, [](const LanePlan& each) -> std::string_view { return each.id.text(); });
  if (lane == lanes_.end()) return std::nullopt;
  return GateIndex(static_cast<std::uint32_t>(lane - lanes_.begin()));
}

std::optional<GateIndex> GatePlan::gate_of(BarrierIndex barrier) const {
  const auto lane = std::ranges::find(lanes_, std::optional(barrier), &LanePlan::barrier);
  if (lane == lanes_.end()) return std::nullopt;
  return GateIndex(static_cast<std::uint32_t>(lane - lanes_.begin()));
}

}  // namespace gatehouse

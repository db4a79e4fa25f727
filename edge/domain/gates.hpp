// The lanes of a lot and the barriers that stand in them, in the order of lot.toml.
//
// Built once from the configuration and then shared unchanged: any thread may read it.
#pragma once

#include "edge/domain/ids.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class LaneDirection : std::uint8_t { entry, exit, both };

struct LanePlan {
  GateId id;
  LaneDirection direction = LaneDirection::entry;
  std::optional<BarrierIndex> barrier;  // none: staff wave cars through
  std::vector<ZoneIndex> zones;         // in the order in which they are filled; never empty
  bool names_zones = false;             // lot.toml does; else it leads to all there are

  [[nodiscard]] bool leads_to(ZoneIndex zone) const;
};

/// `barriers` by BarrierIndex. A lane's barrier is one of them, and no other lane's.
class GatePlan {
 public:
  GatePlan() = default;
  GatePlan(std::vector<LanePlan> lanes, std::vector<BarrierId> barriers);

  [[nodiscard]] const std::vector<LanePlan>& lanes() const { return lanes_; }
  [[nodiscard]] const std::vector<BarrierId>& barriers() const { return barriers_; }
  [[nodiscard]] const LanePlan& lane(GateIndex gate) const { return lanes_[at(gate)]; }
  [[nodiscard]] const BarrierId& barrier(BarrierIndex barrier) const {
    return barriers_[at(barrier)];
  }
  [[nodiscard]] std::optional<GateIndex> find_gate(std::string_view id) const;
  /// The lane that a barrier stands in.
  [[nodiscard]] std::optional<GateIndex> gate_of(BarrierIndex barrier) const;

 private:
  std::vector<LanePlan> lanes_;
  std::vector<BarrierId> barriers_;
};

}  // namespace gatehouse

// How the gateway feels, for /api/public/health/ (docs/contract/http.md): the store can commit, the
// loop commits, the broker is there. Any thread.
#pragma once

#include "broker/link.hpp"
#include "edge/api/health.hpp"
#include "edge/domain/gates.hpp"
#include "edge/engine/engine.hpp"
#include "edge/engine/ports.hpp"

#include <atomic>
#include <vector>

namespace gatehouse::gateway {

class VitalSigns final : public api::HealthSource, public engine::Outside {
 public:
  VitalSigns(const GatePlan& gates, const engine::Clock& clock, const broker::Link& link);

  /// From when the engine has started; until then the loop counts as alive.
  void watch(const engine::Engine& engine) { engine_.store(&engine, std::memory_order_release); }
  [[nodiscard]] api::Health health() const override;
  /// The engine's thread: what the barriers say.
  void act(const store::Committed<engine::Effects>& effects) override;

 private:
  const engine::Clock& clock_;
  const broker::Link& link_;
  std::vector<bool> works_;  // by GateIndex; the engine's thread
  const bool has_barriers_;
  std::atomic<int> barriers_down_{0};
  std::atomic<const engine::Engine*> engine_{nullptr};
};

}  // namespace gatehouse::gateway

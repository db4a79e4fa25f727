// How the gateway feels, for /api/public/health/ (docs/contract/http.md): the store can commit, the
// loop commits, the broker is there. Any thread.
#pragma once

#include "broker/link.hpp"
#include "edge/api/health.hpp"
#include "edge/engine/engine.hpp"
#include "edge/engine/ports.hpp"

#include <atomic>

namespace gatehouse::gateway {

class VitalSigns final : public api::HealthSource {
 public:
  VitalSigns(const engine::Clock& clock, const broker::Link& link) : clock_(clock), link_(link) {}

  /// From when the engine has started; until then the loop counts as alive.
  void watch(const engine::Engine& engine) { engine_.store(&engine, std::memory_order_release); }
  [[nodiscard]] api::Health health() const override;

 private:
  const engine::Clock& clock_;
  const broker::Link& link_;
  std::atomic<const engine::Engine*> engine_{nullptr};
};

}  // namespace gatehouse::gateway

#include "edge/gateway/vital_signs.hpp"

namespace gatehouse::gateway {

api::Health VitalSigns::health() const {
  using namespace std::chrono_literals;
  // An idle loop commits every 5 s to prove that it can (docs/contract/http.md: failing after 10).
  constexpr auto longest_pause = 10s;
  api::Health health;
  health.broker = link_.is_connected() ? api::ServiceState::ok : api::ServiceState::down;
  const engine::Engine* engine = engine_.load(std::memory_order_acquire);
  if (engine != nullptr && clock_.now().steady - engine->last_commit() > longest_pause) {
    health.loop_alive = false;
    health.store = api::ServiceState::down;
  }
  return health;
}

}  // namespace gatehouse::gateway

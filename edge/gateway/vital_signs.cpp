#include "edge/gateway/vital_signs.hpp"

namespace gatehouse::gateway {

VitalSigns::VitalSigns(const GatePlan& gates, const engine::Clock& clock, const broker::Link& link)
    : clock_(clock),
      link_(link),
      works_(gates.lanes().size(), true),
      has_barriers_(!gates.barriers().empty()) {
  // Until it says something, a barrier is one that does not answer.
  for (std::size_t i = 0; i < works_.size(); ++i) {
    if (!gates.lanes()[i].barrier) continue;
    works_[i] = false;
    barriers_down_.fetch_add(1, std::memory_order_relaxed);
  }
}

void VitalSigns::act(const store::Committed<engine::Effects>& effects) {
  for (const engine::BarrierChange& change : effects->barriers) {
    const bool works = change.shown.state != engine::BarrierState::unreachable &&
                       change.shown.state != engine::BarrierState::fault;
    if (works == works_[at(change.gate)]) continue;
    works_[at(change.gate)] = works;
    barriers_down_.fetch_add(works ? -1 : 1, std::memory_order_relaxed);
  }
}

api::Health VitalSigns::health() const {
  using namespace std::chrono_literals;
  // An idle loop commits every 5 s to prove that it can (docs/contract/http.md: failing after 10).
  constexpr auto longest_pause = 10s;
  api::Health health;
  health.broker = link_.is_connected() ? api::ServiceState::ok : api::ServiceState::down;
  if (has_barriers_) {
    health.barriers = barriers_down_.load(std::memory_order_relaxed) == 0 ? api::ServiceState::ok
                                                                          : api::ServiceState::down;
  }
  const engine::Engine* engine = engine_.load(std::memory_order_acquire);
  if (engine != nullptr && clock_.now().steady - engine->last_commit() > longest_pause) {
    health.loop_alive = false;
    health.store = api::ServiceState::down;
  }
  return health;
}

}  // namespace gatehouse::gateway

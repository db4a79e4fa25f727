// What everybody in the simulated lot shares: chance, time, the plan, and the way to the gateway.
#pragma once

#include "edge/domain/gates.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/event.hpp"
#include "simulators/random.hpp"
#include "simulators/world/gate_barrier.hpp"
#include "simulators/world/process.hpp"
#include "simulators/world/shown.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::world {

struct Scene {
  simulators::Random& random;
  VirtualClock& clock;
  const LotPlan& plan;
  const GatePlan gates;
  Trace& trace;
  std::map<std::string, std::uint64_t>& counted;
  std::vector<SimulatedBarrier>& barriers;  // by BarrierIndex; one for each gate
  /// Lost while no gateway listens.
  std::function<void(const engine::UrgentEvent&)> tell;
  std::function<void(const engine::SensorEvent&)> sense;
  /// A car that heard `open` begins to leave with this ticket; it asked to be let in at `since`.
  std::function<void(const std::string& code, Steady since)> leaves;

  void reached(const char* what) {
    ++counted[what];
    trace.add(what);
  }
  [[nodiscard]] Steady now() const { return clock.now().steady; }
  SimulatedBarrier& barrier(GateIndex gate) { return barriers[at(*gates.lane(gate).barrier)]; }
  bool one_in(std::uint64_t times) { return random.below(times) == 0; }
  std::chrono::milliseconds within(std::chrono::milliseconds least,
                                   std::chrono::milliseconds most) {
    return least + std::chrono::milliseconds(
                       random.below(static_cast<std::uint64_t>((most - least).count()) + 1));
  }
};

/// A decision, as a reader that understands no more than docs/contract/mqtt.md reads it.
struct Heard {
  std::string scan_id;
  DecisionKind decision = DecisionKind::deny;
  Reason reason = Reason::invalid_code;
  std::uint32_t update = 0;
  std::string vehicle;
  std::string slot;
  std::string code;
  std::optional<Paise> amount_due;
};
Heard read_decision(std::string_view payload);

}  // namespace gatehouse::world

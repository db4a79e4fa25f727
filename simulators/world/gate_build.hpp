// What a simulated lot is built of, by chance. One thread.
#pragma once

#include "simulators/random.hpp"
#include "simulators/world/gate_barrier.hpp"
#include "simulators/world/gate_process.hpp"

#include <array>
#include <vector>

namespace gatehouse::world {

/// One for each lane of gate_plan(): wired, and with as many loops and ends, as barriers are.
std::vector<SimulatedBarrier> some_barriers(simulators::Random& random);

/// Two to six bays each.
std::array<ZoneSize, 2> some_zones(simulators::Random& random);

/// Whom a process acts on whose acts are to reach nobody.
struct Nobody final : engine::Outside {
  void act(const store::Committed<engine::Effects>& /*effects*/) override {}
};

}  // namespace gatehouse::world

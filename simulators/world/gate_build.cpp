#include "simulators/world/gate_build.hpp"

namespace gatehouse::world {

std::vector<SimulatedBarrier> some_barriers(simulators::Random& random) {
  using Pulse = devices::BarrierCommand::Pulse;
  constexpr std::array<Pulse, 3> pulses{Pulse::gateway, Pulse::once, Pulse::flash};
  std::vector<SimulatedBarrier> barriers;
  const std::size_t count = gate_plan().barriers().size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t ends = random.below(5);
    barriers.emplace_back(BarrierBuild{.pulse = pulses[random.below(pulses.size())],
                                       .has_arm_open = ends != 0,
                                       .has_arm_closed = ends != 1,
                                       .has_presence = random.below(3) != 0,
                                       .has_safety = random.below(4) != 0,
                                       .turns_round = random.below(2) == 0});
  }
  return barriers;
}

std::array<ZoneSize, 2> some_zones(simulators::Random& random) {
  const auto some = [&random] { return ZoneSize{2 + random.below(5), Paise(5'000)}; };
  return {some(), some()};
}

}  // namespace gatehouse::world

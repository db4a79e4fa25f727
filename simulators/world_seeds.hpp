// `gatehouse-sim world`: any number of seeds of the simulated lot with gates, on all cores. What a
// seed is and what must hold: world/README.md.
//
// Prints each seed that fails as it fails, with the command that replays it, and at the end what
// was met. Returns the exit code: 0 when all held.
#pragma once

#include <cstdint>
#include <stop_token>

namespace gatehouse::simulators {

struct WorldOptions {
  std::uint64_t seeds = 1'000;
  std::uint64_t from = 1;
  std::uint64_t steps = 300;  // things that happen in each, at least
  unsigned threads = 0;       // 0: one for each core
};

int run_world(const WorldOptions& options, const std::stop_token& stop);

}  // namespace gatehouse::simulators

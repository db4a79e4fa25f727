// A few seeds of the lot with gates under the sanitizers; GATEHOUSE_SEEDS for another number of
// them. The many run in simulation_fast.
#include "simulators/world/gate_world.hpp"

#include <cstdlib>

#include <catch2/catch.hpp>

using gatehouse::world::run_gate_world;

namespace {

std::uint64_t seeds() {
  const char* asked = std::getenv("GATEHOUSE_SEEDS");  // NOLINT(concurrency-mt-unsafe)
  return asked == nullptr ? 8 : std::strtoull(asked, nullptr, 10);
}

}  // namespace

TEST_CASE("sanitized too, no car is let through twice, unpaid, or not at all",
          "[simulation][gates]") {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    const auto report = run_gate_world({.seed = seed});
    INFO("seed " << seed << ": " << report.violation.value_or("holds"));
    REQUIRE_FALSE(report.violation);
    CHECK(report.events >= 300);
  }
}

TEST_CASE("the same seed gives the same cars, decisions and pulses", "[simulation][gates]") {
  const auto trace = run_gate_world({.seed = 5, .steps = 100}).trace_hash;
  CHECK(run_gate_world({.seed = 5, .steps = 100}).trace_hash == trace);
  CHECK(run_gate_world({.seed = 6, .steps = 100}).trace_hash != trace);
}

// Deliberate defects: what checks the world must find each of them.
#include "simulators/world/gate_world.hpp"
#include "simulators/world/trials.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse::world;

namespace {

/// In how many of the first `seeds` worlds the defect is found out.
std::uint64_t found_out(GateWorldOptions options, std::uint64_t seeds) {
  std::uint64_t found = 0;
  for (options.seed = 1; options.seed <= seeds; ++options.seed)
    if (run_gate_world(options).violation) ++found;
  return found;
}

}  // namespace

TEST_CASE("a disk that lies about its syncs is found out by every seed at the gates",
          "[simulation][defects]") {
  CHECK(found_out({.lying_disk = true}, 20) == 20);
}

TEST_CASE("a store with synchronous=NORMAL is found out by every seed", "[simulation][defects]") {
  CHECK(found_out({.weak_synchronous = true}, 20) == 20);
}

TEST_CASE("a gateway that acts before its commit is found out by every seed",
          "[simulation][defects]") {
  CHECK(found_out({.acts_before_commit = true}, 20) == 20);
}

TEST_CASE("a pulse that is made again because nobody answered is found out",
          "[simulation][defects]") {
  CHECK(found_out({.repeats_pulses = true}, 40) >= 10);
  const auto report = run_barrier_commands({.openings = 1'000, .repeats_pulses = true});
  CHECK((report.violation || report.second_openings > 0));
}

TEST_CASE("a gateway that goes on after a failed commit is found out", "[simulation][defects]") {
  CHECK(found_out({.survives_failed_commits = true}, 60) >= 5);
}

TEST_CASE("a gateway that measures spans of time by the wall clock is found out",
          "[simulation][defects]") {
  CHECK(found_out({.trusts_wall_clock = true}, 200) >= 5);
}

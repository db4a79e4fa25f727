#include "simulators/world/world.hpp"

#include <cstdlib>
#include <map>

#include <catch2/catch.hpp>

using gatehouse::world::run_world;

namespace {

/// How many seeds: a few by default, any number by GATEHOUSE_SEEDS.
std::uint64_t seeds() {
  const char* asked = std::getenv("GATEHOUSE_SEEDS");  // NOLINT(concurrency-mt-unsafe)
  return asked == nullptr ? 150 : std::strtoull(asked, nullptr, 10);
}

}  // namespace

TEST_CASE("whatever fails, the lot is shown as it is and as it is on disk", "[simulation]") {
  std::map<std::string, std::uint64_t> reached;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    const auto report = run_world({.seed = seed});
    INFO("seed " << seed << ": " << report.violation.value_or("holds"));
    REQUIRE_FALSE(report.violation);
    for (const auto& [what, times] : report.reached) reached[what] += times;
  }
  // A world that never gets into trouble proves nothing.
  for (const char* what :
       {"batch committed", "cut within a commit", "cut between commit and act",
        "batch survived its cut", "batch lost in its cut", "second cut while starting",
        "torn write", "late message", "sensor restarted", "long silence", "wall clock stepped",
        "broker forgot everything", "inbox merged"}) {
    INFO(what);
    CHECK(reached[what] > 0);
  }
}

TEST_CASE("the same seed gives the same trace", "[simulation]") {
  for (const std::uint64_t seed : {3U, 17U, 99U}) {
    CHECK(run_world({.seed = seed}).trace_hash == run_world({.seed = seed}).trace_hash);
  }
  CHECK(run_world({.seed = 3}).trace_hash != run_world({.seed = 17}).trace_hash);
}

TEST_CASE("a disk that lies about its syncs is found out", "[simulation]") {
  std::uint64_t caught = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    if (run_world({.seed = seed, .lying_disk = true}).violation) ++caught;
  }
  CHECK(caught == 20);
}

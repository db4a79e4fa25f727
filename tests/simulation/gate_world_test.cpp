#include "simulators/world/gate_world.hpp"

#include <cstdlib>
#include <map>

#include <catch2/catch.hpp>

using gatehouse::world::run_gate_world;

namespace {

/// How many seeds: a few by default, any number by GATEHOUSE_SEEDS.
std::uint64_t seeds() {
  const char* asked = std::getenv("GATEHOUSE_SEEDS");  // NOLINT(concurrency-mt-unsafe)
  return asked == nullptr ? 20 : std::strtoull(asked, nullptr, 10);
}

}  // namespace

TEST_CASE("whatever fails, no car is let through twice, unpaid, or not at all",
          "[simulation][gates]") {
  std::map<std::string, std::uint64_t> reached;
  std::uint64_t events = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    const auto report = run_gate_world({.seed = seed});
    INFO("seed " << seed << ": " << report.violation.value_or("holds"));
    REQUIRE_FALSE(report.violation);
    for (const auto& [what, times] : report.reached) reached[what] += times;
    events += report.events;
  }
  CHECK(events >= 300 * seeds());
  // A world that never gets into trouble proves nothing.
  for (const char* what : {"power cut within a commit",
                           "power cut between commit and act",
                           "power cut between commit and order",
                           "second crash while starting",
                           "torn write",
                           "pulse executed but not answered",
                           "second pulse of an opening",
                           "barrier does not move",
                           "barrier held up by hand",
                           "barrier locked by hand",
                           "opened by hand",
                           "somebody under the arm",
                           "same code at two gates",
                           "repeated scan",
                           "scan repeated for want of an answer",
                           "forged code",
                           "stale scan",
                           "expired ticket",
                           "wrong gate",
                           "cash while a car waits",
                           "cash away from the gate",
                           "let out by money while it waited",
                           "late money, after the wait has lapsed",
                           "amount changed at the counter",
                           "parked in another bay",
                           "bays exchanged",
                           "session moved to its car's bay",
                           "wall clock stepped a little",
                           "wall clock stepped by hours",
                           "left by itself at the end"}) {
    INFO(what);
    CHECK(reached[what] > 0);
  }
}

TEST_CASE("the same seed gives the same cars, decisions and pulses", "[simulation][gates]") {
  const auto trace = run_gate_world({.seed = 5, .steps = 100}).trace_hash;
  CHECK(run_gate_world({.seed = 5, .steps = 100}).trace_hash == trace);
  CHECK(run_gate_world({.seed = 6, .steps = 100}).trace_hash != trace);
}

TEST_CASE("at the gates a disk that lies about its syncs is found out", "[simulation][gates]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    CHECK(run_gate_world({.seed = seed, .lying_disk = true}).violation);
  }
}

TEST_CASE("a gateway that acts before its commit is found out", "[simulation][gates]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    CHECK(run_gate_world({.seed = seed, .acts_before_commit = true}).violation);
  }
}

TEST_CASE("a pulse that is made again because nobody answered is found out",
          "[simulation][gates]") {
  std::uint64_t caught = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    if (run_gate_world({.seed = seed, .repeats_pulses = true}).violation) ++caught;
  }
  CHECK(caught >= 2);
}

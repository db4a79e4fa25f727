// The twelve short stories, with a fault at every place in turn. How many places were visited is
// printed, and must not shrink.
#include "simulators/world/flows.hpp"

#include <cstdio>
#include <map>
#include <span>

#include <catch2/catch.hpp>

using namespace gatehouse::world;

namespace {

constexpr Fault faults[] = {
    {.kind = Fault::Kind::power, .fate = Unsynced::lost, .goes_on = false},
    {.kind = Fault::Kind::power, .fate = Unsynced::kept, .goes_on = false},
    {.kind = Fault::Kind::power, .fate = Unsynced::torn, .goes_on = false},
    {.kind = Fault::Kind::power, .fate = Unsynced::lost, .goes_on = true},
    {.kind = Fault::Kind::power, .fate = Unsynced::kept, .goes_on = true},
    {.kind = Fault::Kind::power, .fate = Unsynced::torn, .goes_on = true},
    {.kind = Fault::Kind::error, .fate = Unsynced::kept, .goes_on = false},
    {.kind = Fault::Kind::error, .fate = Unsynced::kept, .goes_on = true},
};

/// Every place of these stories, with every fault. Returns how many that were.
std::uint64_t visit(std::span<const Flow> flows) {
  std::uint64_t places = 0;
  std::map<std::string, std::uint64_t> reached;
  for (const Flow flow : flows) {
    for (const Fault& fault : faults) {
      const auto report = run_flow(flow, fault);
      INFO(report.violation.value_or("holds"));
      CHECK_FALSE(report.violation);
      places += report.places;
      for (const auto& [what, times] : report.reached) reached[what] += times;
    }
  }
  for (const char* what : {"power cut within a commit", "power cut between commit and act",
                           "second crash while starting", "torn write", "disk error"}) {
    INFO(what);
    CHECK(reached[what] > 0);
  }
  std::printf("%llu places of a fault visited\n", static_cast<unsigned long long>(places));
  return places;
}

}  // namespace

TEST_CASE("cars come in, whatever write, sync or act the power goes at", "[simulation][flows]") {
  constexpr Flow flows[] = {Flow::walk_in_entry, Flow::entry_by_counter_ticket,
                            Flow::expired_ticket, Flow::lost_opening};
  CHECK(visit(flows) >= 6'000);
}

TEST_CASE("cars leave with what they owe paid once, whatever write, sync or act the power goes at",
          "[simulation][flows]") {
  constexpr Flow flows[] = {Flow::exit_nothing_due, Flow::exit_with_cash};
  CHECK(visit(flows) >= 2'800);
}

TEST_CASE("who paid before or stands at the wrong gate leaves, wherever the power goes",
          "[simulation][flows]") {
  constexpr Flow flows[] = {Flow::cash_before_the_gate, Flow::wrong_gate};
  CHECK(visit(flows) >= 3'000);
}

TEST_CASE("bays, hands, emergencies and clocks are kept right, wherever the power goes",
          "[simulation][flows]") {
  constexpr Flow flows[] = {Flow::another_bay, Flow::opened_by_hand, Flow::emergency,
                            Flow::clock_step};
  CHECK(visit(flows) >= 1'500);
}

TEST_CASE("one place of a story replays", "[simulation][flows]") {
  const auto report =
      run_flow(Flow::exit_with_cash, {.kind = Fault::Kind::power, .fate = Unsynced::lost}, 100);
  CHECK(report.places == 1);
  CHECK_FALSE(report.violation);
}

// Long trials of one promise each. What they count comes from the barriers and people of the world,
// not from the gateway.
#include "simulators/world/trials.hpp"

#include <cstdio>

#include <catch2/catch.hpp>

using namespace gatehouse::world;

TEST_CASE("1,000 power cuts lose nothing that anybody was told", "[simulation][trials]") {
  const auto report = run_power_cuts({.cuts = 1'000});
  INFO(report.violation.value_or("holds"));
  CHECK_FALSE(report.violation);
  CHECK(report.cuts >= 1'000);
  CHECK(report.acknowledged >= 3'000);
  CHECK(report.lost == 0);
  std::printf("%llu power cuts, %llu acknowledged, %llu lost\n",
              static_cast<unsigned long long>(report.cuts),
              static_cast<unsigned long long>(report.acknowledged),
              static_cast<unsigned long long>(report.lost));
}

TEST_CASE("with synchronous=NORMAL the same power cuts lose much of it", "[simulation][trials]") {
  const auto report = run_power_cuts({.cuts = 1'000, .weak_synchronous = true});
  INFO(report.violation.value_or("holds"));
  CHECK(report.lost > 0);
  CHECK(report.cuts_with_loss * 2 >= report.cuts);
}

TEST_CASE("of 10,000 openings over failing Modbus lines none raises its arm twice",
          "[simulation][trials]") {
  const auto report = run_barrier_commands({.openings = 10'000});
  INFO(report.violation.value_or("holds"));
  CHECK_FALSE(report.violation);
  CHECK(report.openings >= 10'000);
  CHECK(report.raised >= 5'000);
  CHECK(report.faults >= 10'000);
  CHECK(report.second_openings == 0);
  CHECK(report.unasked == 0);
}

TEST_CASE("of 10,000 pairs with the same code at two gates each opens exactly once",
          "[simulation][trials]") {
  const auto report = run_pairs(10'000);
  INFO(report.violation.value_or("holds"));
  CHECK_FALSE(report.violation);
  CHECK(report.pairs == 10'000);
  CHECK(report.told_once == 10'000);
  CHECK(report.openings == 10'000);
}

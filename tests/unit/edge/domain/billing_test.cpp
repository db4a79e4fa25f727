#include "edge/domain/billing.hpp"

#include "tests/unit/edge/domain/stays.hpp"

#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant ten = at_wall(10h);
const BillingRules plain;

BillingRules with_cap(Paise cap) {
  BillingRules rules;
  rules.daily_cap = cap;
  return rules;
}

BillingRules demo() {
  BillingRules rules;
  rules.minute = 1s;
  return rules;
}

}  // namespace

TEST_CASE("minutes are whole and rounded down, on both sides of the entry", "[domain][billing]") {
  const auto [elapsed, minute, expected] = GENERATE(table<milliseconds, seconds, int>({
      {0ms, 60s, 0},
      {59'999ms, 60s, 0},
      {60'000ms, 60s, 1},
      {-1ms, 60s, -1},
      {-60'000ms, 60s, -1},
      {-60'001ms, 60s, -2},
      {59'999ms, 1s, 59},
      {60'000ms, 1s, 60},
  }));
  CAPTURE(elapsed.count(), minute.count());
  CHECK(elapsed_minutes(ten, ten + elapsed, minute) == minutes(expected));
}

TEST_CASE("the grace is the lot's", "[domain][billing]") {
  const auto [stayed, grace, expected] = GENERATE(table<minutes, minutes, hours>({
      {0min, 0min, 0h},
      {1min, 0min, 1h},
      {60min, 0min, 1h},
      {61min, 0min, 2h},
      {15min, 15min, 0h},
      {16min, 15min, 1h},
      {75min, 15min, 1h},
      {76min, 15min, 2h},
      {-10min, 5min, 0h},
  }));
  CAPTURE(stayed.count(), grace.count());
  CHECK(billed_hours(stayed, grace) == expected);
}

TEST_CASE("a receipt has a line for each rate, in the order in which it first held",
          "[domain][billing]") {
  // 08:00 to 22:00: one hour of the morning, nine of the day, three of the evening, one at night.
  const Charge charge = charge_of({banded, india}, plain, at_wall(8h), 14h);
  CHECK(charge.hours == 14h);
  CHECK(charge.lines == std::vector<RateLine>{{rupees(80), 1h, rupees(80)},
                                              {rupees(50), 9h, rupees(450)},
                                              {rupees(70), 3h, rupees(210)},
                                              {rupees(30), 1h, rupees(30)}});
  CHECK(charge.capped == Paise(0));
  CHECK(charge.total == rupees(770));
}

TEST_CASE("days of a long stay share their lines", "[domain][billing]") {
  const Charge charge = charge_of({banded, india}, plain, at_wall(8h), 48h);
  CHECK(charge.lines.size() == 4);
  CHECK(charge.total == rupees(2 * (3 * 80 + 9 * 50 + 3 * 70 + 9 * 30)));
}

TEST_CASE("a free stay has no lines", "[domain][billing]") {
  CHECK(charge_of({banded, india}, plain, ten, 0h) == Charge{});
  CHECK(charge_of({banded, india}, plain, ten, -3h) == Charge{});
}

TEST_CASE("the daily cap bounds each 24 hours from entry", "[domain][billing]") {
  const auto [stay, total, why] = GENERATE(table<hours, int, std::string>({
      {3h, 150, "below the cap"},
      {4h, 200, "at it"},
      {5h, 220, "the hour that crosses it is cut"},
      {24h, 220, "no hour of the day costs more"},
      {25h, 270, "the next day begins anew"},
      {28h, 420, "and is counted"},
      {29h, 440, "up to its own cap"},
      {72h, 660, "day by day"},
  }));
  CAPTURE(why);
  const Charge charge = charge_of({flat, india}, with_cap(rupees(220)), ten, stay);
  CHECK(charge.total == rupees(total));
  CHECK(charge.capped == rupees(50 * stay.count() - total));
  CHECK(charge.lines.front().amount == rupees(50 * stay.count()));
}

TEST_CASE("a cap counts from the entry and not from midnight", "[domain][billing]") {
  // 23:00 to 23:00: the dear evening hours fall into the same 24 hours as the night before.
  CHECK(charge_of({banded, india}, with_cap(rupees(300)), at_wall(23h), 24h).total == rupees(300));
  CHECK(charge_of({banded, india}, with_cap(rupees(300)), at_wall(23h), 25h).total == rupees(330));
}

TEST_CASE("a quote is the sum of its hours, and no cap bounds it", "[domain][billing]") {
  CHECK(quote({flat, india}, plain, ten, 3h) == rupees(150));
  CHECK(quote({banded, india}, plain, at_wall(8h + 30min), 2h) == rupees(130));
  CHECK(quote({flat, india}, with_cap(rupees(100)), ten, 3h) == rupees(150));
  CHECK(quote({flat, india}, plain, ten, 0h) == Paise(0));
}

TEST_CASE("where a minute takes a second, an hour of parking takes a minute",
          "[domain][billing][demo]") {
  const auto [stayed, paid] = GENERATE(table<milliseconds, int>({
      {5s + 999ms, 0},
      {6s, 50},
      {65s, 50},
      {66s, 100},
      {300s, 250},
  }));
  CAPTURE(stayed.count());
  CHECK(cost(flat, ten, ten + stayed, demo()) == rupees(paid));
}

TEST_CASE("where a minute takes a second, the next hour's rate is that of a minute later",
          "[domain][billing][demo]") {
  // Entered 30 seconds before nine: the first hour at the morning's rate, the second at the day's.
  const Instant entry = at_wall(9h) - 30s;
  CHECK(charge_of({banded, india}, demo(), entry, 3h).lines ==
        std::vector<RateLine>{{rupees(80), 1h, rupees(80)}, {rupees(50), 2h, rupees(100)}});
}

TEST_CASE("where a minute takes a second, the cap bounds 24 such hours",
          "[domain][billing][demo]") {
  BillingRules rules = demo();
  rules.daily_cap = rupees(220);
  CHECK(cost(flat, ten, ten + 24min, rules) == rupees(220));
  CHECK(cost(flat, ten, ten + 25min, rules) == rupees(270));
}

TEST_CASE("the price holds wherever summer time begins", "[domain][billing]") {
  // Berlin, 29 March 2026: at 02:00 the wall clock jumps to 03:00. Hours are elapsed, rates local.
  const Instant jump = std::chrono::sys_days(std::chrono::year{2026} / 3 / 29) + 1h;
  const LocalTime berlin = [jump](Instant instant) -> WallTime {
    const auto local = instant + (instant < jump ? 1h : 2h);
    const auto date = std::chrono::floor<std::chrono::days>(local);
    return {.date = date, .minute_of_day = std::chrono::floor<std::chrono::minutes>(local - date)};
  };
  const Rates rates{rupees(50), {{0h, 3h, rupees(20)}}};
  // From 00:30 for four hours: 00:30, 01:30, 03:30, 04:30 on the wall.
  CHECK(charge_of({rates, berlin}, plain, jump - 90min, 4h).total == rupees(20 + 20 + 50 + 50));
}

TEST_CASE("a stay whose length is not to be believed goes to a person", "[domain][billing]") {
  using enum Suspicion;
  const auto [length, drift, expected, why] =
      GENERATE(table<milliseconds, milliseconds, std::optional<Suspicion>, std::string>({
          {2h, 0s, std::nullopt, "an ordinary stay"},
          {0s, 0s, std::nullopt, "in and out at once"},
          {-1ms, 0s, negative, "out before it was in"},
          {30 * 24h, 0s, std::nullopt, "thirty days exactly"},
          {30 * 24h + 1ms, 0s, too_long, "longer"},
          {2h, 60s, std::nullopt, "clocks a minute apart"},
          {2h, 60s + 1ms, clocks_drifted, "UTC ran ahead"},
          {2h, -60s, std::nullopt, "a minute the other way"},
          {2h, -60s - 1ms, clocks_drifted, "UTC fell behind"},
      }));
  CAPTURE(why);
  CHECK(suspicion({.entry = ten, .until = ten + length, .drift = drift}, std::chrono::days(30)) ==
        expected);
}

TEST_CASE("both lengths of a suspect stay can be shown", "[domain][billing]") {
  const Stay stay{.entry = ten, .until = ten + 26h, .drift = 48h, .net = 24h};
  CHECK(stay.utc_length() == 26h);
  CHECK(stay.steady_length() == 2h);
  CHECK(Stay{.entry = ten, .until = ten + 2h, .drift = 48h}.steady_length() == 2h);
  CHECK(name(Suspicion::clocks_drifted) == "clocks_drifted");
  CHECK(parse_stay_length("utc") == StayLength::utc);
  CHECK(parse_stay_length(name(StayLength::steady)) == StayLength::steady);
  CHECK_FALSE(parse_stay_length("UTC"));
}

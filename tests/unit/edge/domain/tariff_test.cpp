#include "edge/domain/tariff.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace std::chrono_literals;
using std::chrono::minutes;

namespace {

constexpr int day_minutes = 24 * 60;

RateBand band(minutes from, minutes to, std::int64_t paise = 0) { return {from, to, Paise(paise)}; }

/// Minute by minute, as a person would check a band with a finger on the timetable.
bool covers_minute(const RateBand& band, int minute) {
  int length = static_cast<int>((band.to - band.from).count());
  if (band.from > band.to) length += day_minutes;
  for (int i = 0; i < length; ++i) {
    if ((static_cast<int>(band.from.count()) + i) % day_minutes == minute) return true;
  }
  return false;
}

rc::Gen<RateBand> any_band() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange(0, day_minutes + 1), rc::gen::inRange(0, day_minutes + 1)),
      [](const std::pair<int, int>& ends) {
        return band(minutes(ends.first), minutes(ends.second), 1);
      });
}

}  // namespace

TEST_CASE("the rate of a band holds from its first minute to before its last", "[domain][tariff]") {
  const Rates rates{Paise(5'000), {band(6h, 9h, 8'000), band(22h, 6h, 2'000)}};
  const auto [at, paise, why] = GENERATE(table<minutes, std::int64_t, std::string>({
      {0h, 2'000, "the night band runs over midnight"},
      {5h + 59min, 2'000, "its last minute"},
      {6h, 8'000, "its end is the morning's beginning"},
      {8h + 59min, 8'000, "the morning's last minute"},
      {9h, 5'000, "outside every band the zone's own rate"},
      {21h + 59min, 5'000, "still"},
      {22h, 2'000, "the night begins"},
      {23h + 59min, 2'000, "before midnight"},
  }));
  CAPTURE(why, at.count());
  CHECK(rate_in_force(rates, {.date = {}, .minute_of_day = at}) == Paise(paise));
}

TEST_CASE("a band of the whole day holds all day, an empty one never", "[domain][tariff]") {
  const auto minute = minutes(GENERATE(0, 1, 720, 1438, 1439));
  const WallTime time{.date = {}, .minute_of_day = minute};
  CHECK(rate_in_force({Paise(1), {band(0h, 24h, 2)}}, time) == Paise(2));
  CHECK(rate_in_force({Paise(1), {band(12h, 12h, 2)}}, time) == Paise(1));
  CHECK(rate_in_force({Paise(1), {}}, time) == Paise(1));
}

TEST_CASE("bands that only touch do not overlap", "[domain][tariff]") {
  const auto [one, other, expected, why] = GENERATE(table<RateBand, RateBand, bool, std::string>({
      {band(6h, 9h), band(9h, 12h), false, "the end is exclusive"},
      {band(6h, 9h), band(8h + 59min, 12h), true, "one minute in common"},
      {band(6h, 12h), band(8h, 9h), true, "one inside the other"},
      {band(22h, 6h), band(6h, 22h), false, "night and day"},
      {band(22h, 6h), band(5h, 7h), true, "after midnight"},
      {band(22h, 6h), band(21h, 23h), true, "before midnight"},
      {band(22h, 6h), band(23h, 1h), true, "both run over midnight"},
      {band(22h, 0h), band(0h, 6h), false, "midnight is the end of one"},
      {band(22h, 24h), band(0h, 6h), false, "and so is 24:00"},
      {band(22h, 0h), band(24h, 6h), false, "24:00 as a beginning is 00:00"},
      {band(24h, 6h), band(5h, 7h), true, "and holds what follows it"},
      {band(0h, 24h), band(12h, 13h), true, "the whole day"},
      {band(12h, 12h), band(6h, 18h), false, "an empty band has no minute"},
      {band(6h, 9h), band(6h, 9h), true, "a band and itself"},
  }));
  CAPTURE(why);
  CHECK(overlap(one, other) == expected);
  CHECK(overlap(other, one) == expected);
}

TEST_CASE("overlap is what counting minutes says", "[domain][tariff]") {
  rc::prop("for any two bands, in either order", [] {
    const RateBand one = *any_band();
    const RateBand other = *any_band();
    bool common = false;
    for (int minute = 0; minute < day_minutes && !common; ++minute) {
      common = covers_minute(one, minute) && covers_minute(other, minute);
    }
    RC_ASSERT(overlap(one, other) == common);
    RC_ASSERT(overlap(other, one) == common);
  });
}

TEST_CASE("the rate in force is what counting minutes says", "[domain][tariff]") {
  rc::prop("for any band at any minute", [] {
    const RateBand priced = *any_band();
    const int minute = *rc::gen::inRange(0, day_minutes);
    const Paise rate =
        rate_in_force({Paise(0), {priced}}, {.date = {}, .minute_of_day = minutes(minute)});
    RC_ASSERT((rate == Paise(1)) == covers_minute(priced, minute));
  });
}

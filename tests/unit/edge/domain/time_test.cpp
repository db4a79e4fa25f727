#include "edge/domain/time.hpp"

#include <array>
#include <string>
#include <type_traits>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::sys_days;

namespace {

constexpr Instant morning = sys_days(2026y / 11 / 20) + 10h;
const Instant end_of_time = sys_days(10'000y / 1 / 1) - 1ms;

template <class SomeClock>
concept has_now = requires { SomeClock::now(); };

}  // namespace

TEST_CASE("times are sent as RFC 3339 UTC with milliseconds", "[domain][time]") {
  const auto [instant, text] = GENERATE(table<Instant, std::string>({
      {Instant{}, "1970-01-01T00:00:00.000Z"},
      {morning, "2026-11-20T10:00:00.000Z"},
      {morning + 123ms, "2026-11-20T10:00:00.123Z"},
      {morning + 13h + 59min + 59s + 999ms, "2026-11-20T23:59:59.999Z"},
      {sys_days(2028y / 2 / 29), "2028-02-29T00:00:00.000Z"},
      {end_of_time, "9999-12-31T23:59:59.999Z"},
  }));
  CHECK(format_rfc3339(instant) == text);
  CHECK(parse_rfc3339(text) == instant);
}

TEST_CASE("devices may write their time in any way RFC 3339 allows", "[domain][time]") {
  const auto [text, expected] = GENERATE(table<std::string, Instant>({
      {"2026-11-20T10:00:00Z", morning},
      {"2026-11-20t10:00:00z", morning},
      {"2026-11-20 10:00:00Z", morning},
      {"2026-11-20T10:00:00.1Z", morning + 100ms},
      {"2026-11-20T10:00:00.12Z", morning + 120ms},
      {"2026-11-20T10:00:00.123456789Z", morning + 123ms},
      {"2026-11-20T10:00:00.999999999Z", morning + 999ms},
      {"2026-11-20T10:00:00.000000001Z", morning},
      {"2026-11-20T15:30:00+05:30", morning},
      {"2026-11-20T15:30:00.250+05:30", morning + 250ms},
      {"2026-11-20T02:00:00-08:00", morning},
      {"2026-11-21T09:59:00+23:59", morning},
      {"2026-11-20T10:00:00-00:00", morning},
      {"1970-01-01T05:30:00+05:30", Instant{}},
  }));
  CAPTURE(text);
  REQUIRE(parse_rfc3339(text).has_value());
  CHECK(*parse_rfc3339(text) == expected);
}

TEST_CASE("a leap second is read as the second after it", "[domain][time]") {
  CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == sys_days(2017y / 1 / 1));
  CHECK(parse_rfc3339("2016-12-31T23:59:60.5Z") == sys_days(2017y / 1 / 1) + 500ms);
  CHECK(parse_rfc3339("2017-01-01T05:29:60+05:30") == sys_days(2017y / 1 / 1));
  CHECK_FALSE(parse_rfc3339("2016-12-31T23:59:61Z"));
}

TEST_CASE("impossible times are no times", "[domain][time]") {
  const auto text = GENERATE(
      as<std::string>{}, "2026-02-29T10:00:00Z", "2026-04-31T10:00:00Z", "2026-13-01T10:00:00Z",
      "2026-00-10T10:00:00Z", "2026-11-00T10:00:00Z", "2100-02-29T10:00:00Z",
      "2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z", "2026-11-20T10:00:00+24:00",
      "2026-11-20T10:00:00+05:60", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
      "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01");
  CAPTURE(text);
  CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("hostile or careless texts are no times", "[domain][time]") {
  const auto text =
      GENERATE(as<std::string>{}, "", "Z", "now", "1763632800", "2026-11-20", "2026-11-20T10:00Z",
               "2026-11-20T10:00:00", "2026-11-20T10:00:00.Z", "2026-11-20T10:00:00.1234567890Z",
               "2026-11-20T10:00:00,5Z", "2026-11-20T10:00:00+0530", "2026-11-20T10:00:00+5:30",
               "2026-11-20T10:00:00Z ", " 2026-11-20T10:00:00Z", "2026-11-20T10:00:00ZZ",
               "+2026-11-20T10:00:00Z", "-2026-11-20T10:00:00Z", "12026-11-20T10:00:00Z",
               "2026-1-20T10:00:00Z", "2026/11/20T10:00:00Z", "2026-11-20T10:-1:00Z",
               "2026-11-20T1０:00:00Z", std::string("2026-11-20T10:00:00\0", 20),
               std::string("2026-11-20\0T10:00:00Z", 21), std::string(1'000'000, '9'));
  CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("every instant survives being written and read", "[domain][time]") {
  rc::prop("for every millisecond from 1970 to 9999", [] {
    const auto last = end_of_time.time_since_epoch().count();
    const Instant instant(milliseconds(*rc::gen::inRange<std::int64_t>(0, last + 1)));
    const std::string text = format_rfc3339(instant);
    RC_ASSERT(text.size() == 24U);
    RC_ASSERT(parse_rfc3339(text) == instant);
  });
}

TEST_CASE("one wrong character is a wrong time or another time", "[domain][time]") {
  rc::prop("nothing but the years that can be written is ever read", [] {
    std::string text = "2026-11-20T10:00:00.123+05:30";
    const auto position = *rc::gen::inRange<std::size_t>(0, text.size());
    text[position] = *rc::gen::arbitrary<char>();
    const auto instant = parse_rfc3339(text);
    if (!instant) return;
    RC_ASSERT(*instant >= Instant{});
    RC_ASSERT(*instant <= end_of_time);
    RC_ASSERT(parse_rfc3339(format_rfc3339(*instant)) == *instant);
  });
}

TEST_CASE("the two times never mix, and neither reads a clock", "[domain][time]") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Instant, Steady>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Steady, Instant>);
  STATIC_REQUIRE_FALSE(has_now<SteadyTimeline>);
  STATIC_REQUIRE(has_now<std::chrono::steady_clock>);
}

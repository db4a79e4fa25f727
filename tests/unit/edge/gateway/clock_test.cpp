#include "edge/gateway/clock.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace std::chrono_literals;

namespace {

Instant at(const char* text) { return parse_rfc3339(text).value_or(Instant{}); }

/// `2026-03-29 02:00` as the zone's clocks show it.
std::string local(const char* zone, const char* instant) {
  const auto calendar = ZonedCalendar::open(zone);
  REQUIRE(calendar);
  const WallTime time = calendar->local(at(instant));
  return format_rfc3339(time.date + time.minute_of_day).substr(0, 16);
}

}  // namespace

TEST_CASE("A lot's clocks show the time of its zone", "[gateway][clock]") {
  const auto [zone, instant, wall] = GENERATE(table<const char*, const char*, const char*>({
      {"Asia/Kolkata", "2026-11-20T18:29:59.999Z", "2026-11-20T23:59"},
      {"Asia/Kolkata", "2026-11-20T18:30:00Z", "2026-11-21T00:00"},
      {"Asia/Kolkata", "1990-01-01T00:00:00Z", "1990-01-01T05:30"},
      {"UTC", "2026-11-20T10:00:00Z", "2026-11-20T10:00"},
      // Europe/London: the last Sundays of March and October, at 01:00 UTC.
      {"Europe/London", "2026-03-29T00:59:59Z", "2026-03-29T00:59"},
      {"Europe/London", "2026-03-29T01:00:00Z", "2026-03-29T02:00"},
      {"Europe/London", "2026-10-25T00:59:59Z", "2026-10-25T01:59"},
      {"Europe/London", "2026-10-25T01:00:00Z", "2026-10-25T01:00"},
      // Lord Howe Island moves by half an hour, and its summer ends in April.
      {"Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59"},
      {"Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30"},
      {"Australia/Lord_Howe", "2026-10-03T15:29:59Z", "2026-10-04T01:59"},
      {"Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:30"},
      {"America/New_York", "2026-11-01T06:00:00Z", "2026-11-01T01:00"},
  }));
  CHECK(local(zone, instant) == wall);
}

TEST_CASE("A zone nobody knows is an error, not a guess", "[gateway][clock]") {
  const auto zone = GENERATE("", "Asia/Bombay", "asia/kolkata", "../../etc/passwd", "Asia");
  CAPTURE(zone);
  CHECK_FALSE(is_time_zone(zone));
  const auto calendar = ZonedCalendar::open(zone);
  REQUIRE_FALSE(calendar);
  CHECK(calendar.error().find("is not an IANA time zone") != std::string::npos);
}

TEST_CASE("The steady clock never goes back", "[gateway][clock]") {
  const SystemClock clock;
  const Moment first = clock.now();
  const Moment second = clock.now();
  CHECK(second.steady >= first.steady);
  CHECK(first.utc > at("2020-01-01T00:00:00Z"));
}

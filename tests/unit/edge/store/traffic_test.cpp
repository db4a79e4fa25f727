#include "edge/store/traffic.hpp"

#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using namespace std::chrono_literals;

namespace {

// Days begin at 18:30 UTC, as they do in India.
std::int64_t indian_day(Instant at) {
  return std::chrono::floor<std::chrono::days>(at + 5h + 30min).time_since_epoch().count();
}

constexpr Instant midnight{std::chrono::sys_days(std::chrono::year(2026) / 11 / 19) + 18h + 30min};

struct Day {
  Parking parking;

  void write(const char* type, Instant at) {
    auto transaction = parking.store->begin();
    parking->outbox.append(transaction, {.type = type, .subject = "s", .time = at, .data = "{}"});
    static_cast<void>(std::move(transaction).commit(0));
  }
  void enter(Instant at) { write("parking.session.opened.v1", at); }
  void leave(Instant at) { write("parking.session.closed.v1", at); }
};

TrafficCount counted(TrafficLog& log, Instant now) { return log.count(now, indian_day); }

}  // namespace

TEST_CASE("entries and exits are those of the lot's own day", "[store][traffic]") {
  Day day;
  day.enter(midnight - 2h);
  day.enter(midnight - 1min);
  day.leave(midnight - 1ms);
  day.enter(midnight);
  day.write("parking.slot.changed.v1", midnight + 1min);
  day.write("parking.session.moved.v1", midnight + 1min);
  day.leave(midnight + 2min);
  day.enter(midnight + 3min);
  TrafficLog log(*day.parking.store);
  CHECK(counted(log, midnight + 4min) == TrafficCount{.entries = 2, .exits = 1, .inside = 0});
}

TEST_CASE("what comes later is added, and a new day begins with none", "[store][traffic]") {
  Day day;
  TrafficLog log(*day.parking.store);
  CHECK(counted(log, midnight + 1h) == TrafficCount{});
  static_cast<void>(day.parking.parked(0));
  static_cast<void>(day.parking.parked(1));
  static_cast<void>(day.parking.insert(day.parking.ticket_for(2)));
  day.enter(midnight + 1h);
  day.leave(midnight + 1h);
  CHECK(counted(log, midnight + 1h).entries == 1);
  CHECK(counted(log, midnight + 1h).exits == 1);
  CHECK(counted(log, midnight + 1h).inside == 2);
  day.enter(midnight + 24h - 1min);
  day.enter(midnight + 24h);
  // Both were written before anybody looked again: each is of its own day.
  CHECK(counted(log, midnight + 24h + 1s).entries == 1);
  CHECK(counted(log, midnight + 24h + 1s).exits == 0);
}

TEST_CASE("a start counts the same as one who looked all day", "[store][traffic]") {
  Day day;
  TrafficLog all_day(*day.parking.store);
  static_cast<void>(counted(all_day, midnight));
  for (int i = 0; i < 20; ++i) {
    day.enter(midnight + i * 1min);
    // A clock that was set back by half an hour hides none of them.
    if (i % 3 == 0) day.leave(midnight + 40min - i * 1min);
    static_cast<void>(counted(all_day, midnight + i * 1min));
  }
  TrafficLog started(*day.parking.store);
  CHECK(counted(started, midnight + 1h) == counted(all_day, midnight + 1h));
  CHECK(counted(started, midnight + 1h).entries == 20);
}

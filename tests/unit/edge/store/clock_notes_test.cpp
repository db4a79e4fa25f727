// UTC and the steady clock side by side: which stays a person must judge.
#include "edge/store/clock_notes.hpp"

#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

struct Clock : Parking {
  Moment now{noon, Steady(1'000s)};

  void go(std::chrono::milliseconds length) { now.utc += length, now.steady += length; }
  void set(std::chrono::milliseconds by) { now.utc += by; }
  ClockNoteKey note(const std::string& boot = "one") {
    return commit([&](Transaction& t) { return classes->clock_notes.note(t, now, boot); });
  }
  int rows() { return store.number("SELECT count(*) FROM clock_notes"); }
};

}  // namespace

TEST_CASE("a clock that behaves is noted once, whatever the length of the stay",
          "[store][clock_notes]") {
  Clock clock;
  CHECK_FALSE(clock->clock_notes.newest());
  const ClockNoteKey entry = clock.note();
  for (int minute = 0; minute < 1'000; ++minute) {
    clock.go(1min);
    clock.set(minute % 2 == 0 ? 900ms : -900ms);
    if (minute % 100 == 0) clock.note();
  }
  CHECK(clock.rows() == 1);
  const ClockSpan span = clock->clock_notes.since(entry);
  CHECK(span.drift == 0ms);
  CHECK(span.net == 0ms);
  CHECK(span.complete);
}

TEST_CASE("a clock that was set during the stay is known, there and back", "[store][clock_notes]") {
  Clock clock;
  clock.set(-2h);
  clock.note();  // before the stay: none of its business
  clock.set(2h);
  const ClockNoteKey entry = clock.note();
  clock.go(10min);
  clock.set(1h);
  clock.note();
  CHECK(clock->clock_notes.since(entry).drift == 1h);
  CHECK(clock->clock_notes.since(entry).net == 1h);
  clock.go(10min);
  clock.set(-90min);
  clock.note();
  clock.reopen();
  const ClockSpan span = clock->clock_notes.since(entry);
  CHECK(span.drift == 90min);
  CHECK(span.net == -30min);
  CHECK(clock->clock_notes.newest() > entry);
}

TEST_CASE("another boot has another steady clock, and is no drift", "[store][clock_notes]") {
  Clock clock;
  const ClockNoteKey entry = clock.note();
  clock.go(1h);
  clock.now.steady = Steady(5s);
  clock.note("two");
  CHECK(clock.rows() == 2);
  CHECK(clock->clock_notes.since(entry).drift == 0ms);
  clock.set(61s);
  clock.note("two");
  CHECK(clock->clock_notes.since(entry).drift == 61s);
}

TEST_CASE("a note that was rolled back is written again", "[store][clock_notes]") {
  Clock clock;
  {
    Transaction transaction = clock.store->begin();
    clock->clock_notes.note(transaction, clock.now, "one");
  }
  clock->clock_notes.forget();
  CHECK_FALSE(clock->clock_notes.newest());
  clock.note();
  CHECK(clock.rows() == 1);
}

TEST_CASE("a clock that runs wild fills no disk, and its oldest notes are missed",
          "[store][clock_notes]") {
  Clock clock;
  const ClockNoteKey entry = clock.note();
  clock.commit([&](Transaction& t) {
    for (int i = 0; i < 10'050; ++i) {
      clock.set(2s);
      clock->clock_notes.note(t, clock.now, "one");
    }
  });
  CHECK(clock.rows() == 10'000);
  CHECK_FALSE(clock->clock_notes.since(entry).complete);
  CHECK(clock->clock_notes.since(clock->clock_notes.newest().value()).complete);
}

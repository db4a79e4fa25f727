// How often a thing is shown: its first change at once, its last one always.
#include "edge/engine/pacing.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace std::chrono_literals;

namespace {

using Things = std::vector<std::size_t>;

constexpr auto interval = 50ms;

constexpr Steady after(std::chrono::milliseconds time) { return Steady(1h) + time; }

Things shown(Pacing& pacing, Steady now) {
  Things due{999};  // what a look before left there must not be shown again
  pacing.take_due(now, due);
  return due;
}

/// What the contract asks, one thing at a time.
struct Expected {
  std::optional<Steady> changed_at;  // the first change not yet shown
  std::optional<Steady> shown_at;

  [[nodiscard]] std::optional<Steady> due() const {
    if (!changed_at || !shown_at) return changed_at;
    return std::max(*changed_at, *shown_at + interval);
  }
};

}  // namespace

TEST_CASE("a first change is shown at once", "[engine][pacing]") {
  Pacing pacing(3, interval);
  pacing.touch(1, after(0ms));
  CHECK(pacing.next_due() == after(0ms));
  CHECK(shown(pacing, after(0ms)) == Things{1});
}

TEST_CASE("a change is shown once", "[engine][pacing]") {
  Pacing pacing(3, interval);
  pacing.touch(1, after(0ms));
  shown(pacing, after(0ms));
  CHECK_FALSE(pacing.next_due());
  CHECK(shown(pacing, after(1h)).empty());
}

TEST_CASE("changes within the interval are shown together at its end", "[engine][pacing]") {
  Pacing pacing(3, interval);
  pacing.touch(1, after(0ms));
  shown(pacing, after(0ms));
  for (const auto time : {1ms, 20ms, 49ms}) {
    pacing.touch(1, after(time));
    CHECK(shown(pacing, after(time)).empty());
    CHECK(pacing.next_due() == after(50ms));
  }
  CHECK(shown(pacing, after(50ms)) == Things{1});
  CHECK(shown(pacing, after(200ms)).empty());
}

TEST_CASE("a change after a quiet interval is shown at once again", "[engine][pacing]") {
  Pacing pacing(3, interval);
  pacing.touch(1, after(0ms));
  shown(pacing, after(0ms));
  pacing.touch(1, after(50ms));
  CHECK(shown(pacing, after(50ms)) == Things{1});
}

TEST_CASE("the interval counts from when a thing was shown, not from when it changed",
          "[engine][pacing]") {
  Pacing pacing(3, interval);
  pacing.touch(1, after(0ms));
  CHECK(shown(pacing, after(30ms)) == Things{1});
  pacing.touch(1, after(40ms));
  CHECK(pacing.next_due() == after(80ms));
}

TEST_CASE("what may be shown first is shown first", "[engine][pacing]") {
  Pacing pacing(3, interval);
  for (const auto& [thing, time] : {std::pair(2, 0ms), {0, 10ms}, {1, 20ms}}) {
    pacing.touch(std::size_t(thing), after(time));
    shown(pacing, after(time));
  }
  for (const std::size_t thing : {1U, 0U, 2U}) pacing.touch(thing, after(30ms));
  CHECK(shown(pacing, after(100ms)) == Things{2, 0, 1});
}

TEST_CASE("a busy thing keeps no other one waiting", "[engine][pacing]") {
  Pacing pacing(1'000, interval);
  pacing.touch(0, after(0ms));
  shown(pacing, after(0ms));
  for (std::size_t thing = 0; thing < 1'000; ++thing) pacing.touch(thing, after(1ms));
  const Things now = shown(pacing, after(1ms));
  CHECK(std::set(now.begin(), now.end()).size() == 999);
  CHECK(now.size() == 999);
  CHECK(shown(pacing, after(50ms)) == Things{0});
}

TEST_CASE("no thing is shown more often than allowed, and none is forgotten", "[engine][pacing]") {
  rc::prop("whatever changes when", [] {
    constexpr std::size_t things = 4;
    Pacing pacing(things, interval);
    std::vector<Expected> expected(things);
    Steady now = after(0ms);
    for (int i = *rc::gen::inRange(0, 60); i > 0; --i) {
      now += std::chrono::milliseconds(*rc::gen::inRange(0, 30));
      if (*rc::gen::arbitrary<bool>()) {
        const auto thing = *rc::gen::inRange<std::size_t>(0, things);
        pacing.touch(thing, now);
        if (!expected[thing].changed_at) expected[thing].changed_at = now;
        continue;
      }
      Things due;
      for (std::size_t thing = 0; thing < things; ++thing) {
        const auto due_at = expected[thing].due();
        if (!due_at || *due_at > now) continue;
        due.push_back(thing);
        expected[thing] = {.changed_at = {}, .shown_at = now};
      }
      Things were_shown = shown(pacing, now);
      std::ranges::sort(were_shown);
      RC_ASSERT(were_shown == due);
      std::optional<Steady> next;
      for (const Expected& thing : expected) {
        if (thing.due() && (!next || *thing.due() < *next)) next = thing.due();
      }
      RC_ASSERT(pacing.next_due() == next);
    }
  });
}

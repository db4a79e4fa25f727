// What holds of every sequence of messages, however the network shuffles them.
#include "edge/domain/occupancy.hpp"
#include "tests/unit/edge/domain/readings.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::tests;

namespace {

rc::Gen<std::optional<Instant>> any_ts() {
  return rc::gen::map(rc::gen::maybe(rc::gen::inRange(-600, 120)), [](const rc::Maybe<int>& s) {
    return s ? std::optional(noon + std::chrono::seconds(*s)) : std::nullopt;
  });
}

Reading any_reading() {
  const auto seq = *rc::gen::maybe(rc::gen::inRange<std::uint64_t>(0, 20));
  const auto occupied = *rc::gen::maybe(rc::gen::arbitrary<bool>());
  return {.occupied = occupied ? std::optional(*occupied) : std::nullopt,
          .seq = seq ? std::optional(*seq) : std::nullopt,
          .ts = *any_ts()};
}

/// As the engine applies a message.
SensorMemory apply(const SensorMemory& memory, const Reading& reading, bool retained = false) {
  if (judge(memory, reading, retained, noon) != Verdict::newest) return memory;
  return remember(memory, reading, retained, noon);
}

/// As many states as wanted, numbered from `first`, the times rising with the numbers if any.
std::vector<Reading> numbered_states(std::uint64_t first, bool with_times) {
  const auto states = *rc::gen::nonEmpty<std::vector<bool>>();
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < states.size(); ++i) {
    readings.push_back({.occupied = states[i], .seq = first + i});
    if (with_times) readings.back().ts = noon - 1h + std::chrono::seconds(i);
  }
  return readings;
}

std::vector<Reading> shuffled(std::vector<Reading> readings) {
  for (std::size_t i = readings.size(); i > 1; --i) {
    std::swap(readings[i - 1], readings[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  return readings;
}

}  // namespace

TEST_CASE("a repeated message never changes anything", "[domain][judge]") {
  rc::prop("what was applied with a number or a time is not applied twice", [] {
    SensorMemory memory;
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) memory = apply(memory, any_reading());
    Reading reading = any_reading();
    reading.occupied = *rc::gen::arbitrary<bool>();
    const bool tells_itself_apart = reading.seq || (reading.ts && *reading.ts <= noon + 60s);
    RC_PRE(tells_itself_apart);
    const SensorMemory once = apply(memory, reading);
    RC_ASSERT(apply(once, reading) == once);
    RC_ASSERT(judge(once, reading, true, noon) != Verdict::newest);
  });
}

TEST_CASE("a message that is late or repeated never changes anything", "[domain][judge]") {
  rc::prop("only the newest is applied, and judging again says the same", [] {
    SensorMemory memory;
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) memory = apply(memory, any_reading());
    const Reading reading = any_reading();
    const Verdict verdict = judge(memory, reading, false, noon);
    if (verdict != Verdict::newest) RC_ASSERT(apply(memory, reading) == memory);
    RC_ASSERT(judge(memory, reading, false, noon) == verdict);
  });
}

TEST_CASE("numbered messages end in the highest number's state, in any order", "[domain][judge]") {
  rc::prop("without times, from 2 on: 0 and 1 may be a restart", [] {
    const auto readings = numbered_states(2, false);
    SensorMemory memory;
    for (const Reading& reading : shuffled(readings)) memory = apply(memory, reading);
    RC_ASSERT(memory.occupied == *readings.back().occupied);
    RC_ASSERT(memory.seq == readings.back().seq);
  });
  rc::prop("with times, from 0 on", [] {
    const auto readings = numbered_states(0, true);
    SensorMemory memory;
    for (const Reading& reading : shuffled(readings)) memory = apply(memory, reading);
    RC_ASSERT(memory.occupied == *readings.back().occupied);
    RC_ASSERT(memory.seq == readings.back().seq);
  });
  rc::prop("each as often as the network likes", [] {
    auto readings = numbered_states(2, false);
    const Reading last = readings.back();
    const auto again = readings;
    readings.insert(readings.end(), again.begin(), again.end());
    SensorMemory memory;
    for (const Reading& reading : shuffled(readings)) memory = apply(memory, reading);
    RC_ASSERT(memory.occupied == *last.occupied);
  });
}

TEST_CASE("timed messages end in the latest time's state, in any order", "[domain][judge]") {
  rc::prop("without numbers", [] {
    auto readings = numbered_states(0, true);
    for (Reading& reading : readings) reading.seq.reset();
    SensorMemory memory;
    for (const Reading& reading : shuffled(readings)) memory = apply(memory, reading);
    RC_ASSERT(memory.occupied == *readings.back().occupied);
    RC_ASSERT(memory.ts == readings.back().ts);
  });
}

TEST_CASE("after offline and online the next state is believed, whatever its number",
          "[domain][judge]") {
  rc::prop("and only then is the slot known again", [] {
    const SensorMemory memory = back_after(Says{.seq = *rc::gen::arbitrary<std::uint64_t>()});
    RC_ASSERT(sensor_state(memory, false) == SensorState::unknown);
    const bool occupied = *rc::gen::arbitrary<bool>();
    const Reading next = Says{.occupied = occupied, .seq = *rc::gen::arbitrary<std::uint64_t>()};
    const SensorMemory known = apply(memory, next, *rc::gen::arbitrary<bool>());
    RC_ASSERT(sensor_state(known, false) == (occupied ? SensorState::occupied : SensorState::free));
  });
}

TEST_CASE("numbers count to the end of 64 bits", "[domain][judge]") {
  const std::uint64_t last = ~std::uint64_t{0};
  CHECK(judge(after(Says{.seq = last - 1}), Says{.seq = last}, false, noon) == Verdict::newest);
  CHECK(judge(after(Says{.seq = last}), Says{.seq = last - 1}, false, noon) == Verdict::late);
  CHECK(judge(after(Says{.seq = last}), Says{.seq = 0}, false, noon) == Verdict::newest);
}

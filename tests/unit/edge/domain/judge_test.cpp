// docs/contract/mqtt.md, "Slot state is state, not a stream: the newest wins", row by row.
#include "edge/domain/occupancy.hpp"
#include "tests/unit/edge/domain/readings.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;

namespace {

struct Case {
  std::string sentence;
  SensorMemory memory;
  Reading reading;
  Verdict expected;
};

constexpr auto newest = Verdict::newest;
constexpr auto repetition = Verdict::repetition;
constexpr auto late = Verdict::late;

}  // namespace

TEST_CASE("the first state of a slot is always new", "[domain][judge]") {
  const auto retained = GENERATE(false, true);
  CHECK(judge({}, Says{.occupied = true}, retained, noon) == newest);
  CHECK(judge({}, Says{.seq = 0}, retained, noon) == newest);
  CHECK(judge({}, Says{.seq = 17, .ts = noon - 24h}, retained, noon) == newest);
  CHECK(judge({.offline = true}, Says{.occupied = false}, retained, noon) == newest);
}

TEST_CASE("with seq, a number above the last applied one is new", "[domain][judge]") {
  const auto last = after(Says{.seq = 17});
  const auto with_ts = after(Says{.seq = 17, .ts = noon - 5min});
  const auto [sentence, memory, reading, expected] = GENERATE_COPY(values<Case>({
      {"the next one is new", last, Says{.seq = 18}, newest},
      {"any higher one is new, what was lost in between is lost", last, Says{.seq = 900}, newest},
      {"the same again is a repetition", last, Says{.seq = 17}, repetition},
      {"the same number with another state is one too", last, Says{.occupied = false, .seq = 17},
       repetition},
      {"a lower one is late", last, Says{.seq = 16}, late},
      {"2 after 17 is late: only 0 and 1 are a beginning", last, Says{.seq = 2}, late},
      {"a higher one is new even when its clock went back", with_ts,
       Says{.seq = 18, .ts = noon - 1h}, newest},
      {"a higher one is new without a time too", with_ts, Says{.seq = 18}, newest},
  }));
  CAPTURE(sentence);
  CHECK(judge(memory, reading, false, noon) == expected);
  CHECK(judge(memory, reading, true, noon) == expected);
}

TEST_CASE("with seq, a sensor that restarted counts anew", "[domain][judge]") {
  const auto bare = after(Says{.seq = 17});
  const auto timed = after(Says{.seq = 17, .ts = noon - 5min});
  const auto back = back_after(Says{.seq = 17});
  const auto back_timed = back_after(Says{.seq = 17, .ts = noon - 5min});
  const auto [sentence, memory, reading, expected] = GENERATE_COPY(values<Case>({
      {"its device came back: any number is new", back, Says{.seq = 3}, newest},
      {"even the very same one", back, Says{.seq = 17}, newest},
      {"whatever its clock says", back_timed, Says{.seq = 3, .ts = noon - 1h}, newest},
      {"a lower number with a later time is new", timed, Says{.seq = 0, .ts = noon - 4min}, newest},
      {"the same number with a later time is new", timed, Says{.seq = 17, .ts = noon - 4min},
       newest},
      {"a lower number with the same time is late", timed, Says{.seq = 16, .ts = noon - 5min},
       late},
      {"a lower number with an earlier time is late", timed, Says{.seq = 0, .ts = noon - 6min},
       late},
      {"the same number with the same time is a repetition", timed,
       Says{.seq = 17, .ts = noon - 5min}, repetition},
      {"0 without times on either side is a beginning", bare, Says{.seq = 0}, newest},
      {"1 as well: the 0 may have been lost", bare, Says{.seq = 1}, newest},
      {"0 without a time after one with a time is late", timed, Says{.seq = 0}, late},
      {"0 with a time after one without is late", bare, Says{.seq = 0, .ts = noon}, late},
  }));
  CAPTURE(sentence);
  CHECK(judge(memory, reading, false, noon) == expected);
}

TEST_CASE("0 or 1 is a beginning only after a number above 8", "[domain][judge]") {
  const std::uint64_t last = GENERATE(2U, 7U, 8U, 9U, 10U);
  const std::uint64_t first = GENERATE(0U, 1U);
  CAPTURE(last, first);
  CHECK(judge(after(Says{.seq = last}), Says{.seq = first}, false, noon) ==
        (last > 8 ? newest : late));
}

TEST_CASE("without seq, a time older than the last applied one is late", "[domain][judge]") {
  const auto timed = after(Says{.occupied = true, .ts = noon - 5min});
  const auto numbered = after(Says{.occupied = true, .seq = 17, .ts = noon - 5min});
  const auto back = back_after(Says{.occupied = true, .ts = noon - 5min});
  const auto bare = after(Says{.occupied = true});
  const auto [sentence, memory, reading, expected] = GENERATE_COPY(values<Case>({
      {"a later time is new", timed, Says{.ts = noon - 4min}, newest},
      {"a later time with the other state too", timed, Says{.occupied = false, .ts = noon - 4min},
       newest},
      {"an earlier time is late", timed, Says{.occupied = false, .ts = noon - 6min}, late},
      {"by one millisecond", timed, Says{.occupied = false, .ts = noon - 5min - 1ms}, late},
      {"the same time and state is a repetition", timed, Says{.ts = noon - 5min}, repetition},
      {"the same time with another state is no repetition", timed,
       Says{.occupied = false, .ts = noon - 5min}, newest},
      {"a message without number after one with: time decides", numbered,
       Says{.occupied = false, .ts = noon - 6min}, late},
      {"and so it does the other way round", timed,
       Says{.occupied = false, .seq = 1, .ts = noon - 6min}, late},
      {"late stays late after its device came back", back,
       Says{.occupied = false, .ts = noon - 6min}, late},
      {"but the last one handed over again counts then", back, Says{.ts = noon - 5min}, newest},
      {"without any time every message is new", bare, Says{.occupied = true}, newest},
      {"a time after none is new", bare, Says{.ts = noon - 1h}, newest},
      {"none after a time is new", timed, Says{.occupied = false}, newest},
  }));
  CAPTURE(sentence);
  CHECK(judge(memory, reading, false, noon) == expected);
}

TEST_CASE("a state the broker hands over again is an old acquaintance", "[domain][judge]") {
  const auto bare = after(Says{.occupied = true});
  const auto back = back_after(Says{.occupied = true});
  CHECK(judge(bare, Says{.occupied = true}, true, noon) == repetition);
  CHECK(judge(bare, Says{.occupied = false}, true, noon) == newest);
  CHECK(judge(back, Says{.occupied = true}, true, noon) == newest);
  CHECK(judge(after(Says{.seq = 17}), Says{.seq = 17}, true, noon) == repetition);
  CHECK(judge(back_after(Says{.seq = 17}), Says{.seq = 17}, true, noon) == newest);
  CHECK(judge(after(Says{.ts = noon - 1h}), Says{.ts = noon - 1h}, true, noon) == repetition);
}

TEST_CASE("a time more than 60 s ahead of our clock is read as absent", "[domain][judge]") {
  const auto timed = after(Says{.seq = 17, .ts = noon - 5min});
  const auto bare = after(Says{.seq = 17});
  const Reading just_believed = Says{.seq = 0, .ts = noon + 60s};
  const Reading not_believed = Says{.seq = 0, .ts = noon + 60s + 1ms};
  CHECK(judge(timed, just_believed, false, noon) == newest);
  CHECK(judge(timed, not_believed, false, noon) == late);
  // As if it carried none: then 0 after 17 is a beginning.
  CHECK(judge(bare, not_believed, false, noon) == newest);
  CHECK(remember({}, just_believed, false, noon).ts == noon + 60s);
  CHECK(remember({}, not_believed, false, noon).ts == std::nullopt);
}

TEST_CASE("one wrong clock far ahead does not lock a sensor out", "[domain][judge]") {
  SensorMemory memory = after(Says{.occupied = false, .ts = noon - 5min});
  const Reading from_2099 = Says{.occupied = true, .ts = noon + std::chrono::years{73}};
  REQUIRE(judge(memory, from_2099, false, noon) == newest);
  memory = remember(memory, from_2099, false, noon);
  CHECK(judge(memory, Says{.occupied = false, .ts = noon + 1s}, false, noon + 2s) == newest);
}

// What a full lane keeps of each slot: nothing that the newest state and status do not say.
#include "edge/engine/inbox.hpp"
#include "tests/unit/edge/engine/inbox_events.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

using Texts = std::vector<std::string>;

SensorEvent timed(int seconds, bool occupied) {
  return state(0, {.occupied = occupied, .ts = noon - 1h + std::chrono::seconds(seconds)});
}

struct Case {
  std::string sentence;
  std::vector<SensorEvent> events;
  Texts kept;
};

}  // namespace

TEST_CASE("a full lane keeps the newest state of each slot", "[engine][inbox][merge]") {
  const auto [sentence, events, kept] = GENERATE(values<Case>({
      {"the highest number wins",
       {numbered(0, 5), numbered(0, 6, false), numbered(0, 7)},
       {"0:7 occupied"}},
      {"whatever the order of arrival",
       {numbered(0, 7), numbered(0, 6, false), numbered(0, 7)},
       {"0:7 occupied"}},
      {"slots do not mix",
       {numbered(0, 7), numbered(1, 3), numbered(0, 8)},
       {"1:3 occupied", "0:8 occupied"}},
      {"the latest time wins", {timed(5, true), timed(4, false)}, {"0:- occupied"}},
      {"and so it does later", {timed(5, true), timed(6, false)}, {"0:- free"}},
      {"without number and time the last arrival wins",
       {state(0, {.occupied = true}), state(0, {.occupied = false})},
       {"0:- free"}},
      {"a sign of life yields to a state before it",
       {numbered(0, 7), alive(0, 8)},
       {"0:7 occupied"}},
      {"and to a state after it", {alive(0, 7), numbered(0, 8)}, {"0:8 occupied"}},
      {"of signs of life the newest stays", {alive(0, 7), alive(0, 8), alive(0, 6)}, {"0:8 alive"}},
      {"a restart that nobody saw keeps its beginning",
       {numbered(0, 100), numbered(0, 0), numbered(0, 1), numbered(0, 2), numbered(0, 3)},
       {"0:100 occupied", "0:1 occupied", "0:3 occupied"}},
      {"and of two such restarts the last",
       {numbered(0, 100), numbered(0, 0), numbered(0, 9), numbered(0, 0, false), numbered(0, 5)},
       {"0:9 occupied", "0:0 free", "0:5 occupied"}},
      {"what is late for one memory and a restart for another is not judged here",
       {numbered(0, 8), numbered(0, 0, false), numbered(0, 7)},
       {"0:8 occupied", "0:0 free", "0:7 occupied"}},
      {"a beginning alone is the newest",
       {numbered(0, 100), numbered(0, 0, false)},
       {"0:100 occupied", "0:0 free"}},
  }));
  CAPTURE(sentence);
  CHECK(merged(events) == kept);
}

TEST_CASE("a full lane keeps the newest status and an offline in between",
          "[engine][inbox][merge]") {
  const auto [sentence, events, kept] = GENERATE(values<Case>({
      {"offline is offline", {status(0, true), status(0, false)}, {"0:offline"}},
      {"away and back is remembered",
       {status(0, false), status(0, true)},
       {"0:online after offline"}},
      {"online again says nothing new", {status(0, true), status(0, true)}, {"0:online"}},
      {"nor after it came back",
       {status(0, false), status(0, true), status(0, true)},
       {"0:online after offline"}},
      {"the newest firmware is kept",
       {status(0, true, "1.4.1"), status(0, true, "1.4.2")},
       {"0:online 1.4.2"}},
      {"also when the newest status does not say it",
       {status(0, true, "1.4.1"), status(0, false)},
       {"0:offline 1.4.1"}},
      {"a status is no state",
       {numbered(0, 7), status(0, true), numbered(0, 8)},
       {"0:online", "0:8 occupied"}},
      {"after coming back any number is newer",
       {numbered(0, 100), status(0, false), status(0, true), numbered(0, 3, false)},
       {"0:online after offline", "0:3 free"}},
      {"a device that only said online was not away: a late state stays late",
       {numbered(0, 100), status(0, true), numbered(0, 99, false)},
       {"0:100 occupied", "0:online"}},
      {"nor does offline alone make a late state newer",
       {numbered(0, 100), status(0, false), numbered(0, 99, false)},
       {"0:100 occupied", "0:offline"}},
      {"online said again does not step behind the state it made newer",
       {status(0, false), status(0, true), numbered(0, 3), status(0, true)},
       {"0:online after offline", "0:3 occupied"}},
      {"without numbers, late stays late after coming back",
       {timed(5, true), status(0, false), status(0, true), timed(4, false)},
       {"0:- occupied", "0:online after offline"}},
  }));
  CAPTURE(sentence);
  CHECK(merged(events) == kept);
}

TEST_CASE("what the broker hands over again is merged away", "[engine][inbox][merge]") {
  CHECK(merged({state(0, {.occupied = true}), state(0, {.occupied = true}, true)}) ==
        Texts{"0:- occupied"});
  CHECK(merged({numbered(0, 7), state(0, {.occupied = true, .seq = 7}, true)}) ==
        Texts{"0:7 occupied"});
}

TEST_CASE("the front that was taken already is not merged again", "[engine][inbox][merge]") {
  Inbox inbox(2, 2'000);
  for (std::uint64_t i = 0; i < 2'000; ++i) inbox.put(numbered(0, i + 10));
  Batch batch;
  inbox.take(batch);
  REQUIRE(batch.sensors.size() == 1'000);
  for (std::uint64_t i = 0; i < 1'001; ++i) inbox.put(numbered(1, i + 10));
  CHECK(inbox.merged() == 1'998);  // 1,000 of each slot became one of each
  CHECK(texts(take_all(inbox)) == Texts{"0:2009 occupied", "1:1009 occupied", "1:1010 occupied"});
}

namespace {

/// One sensor and its network, as messages of one slot: numbers that count up, restarts seen and
/// unseen, repetitions and late arrivals. Each step is told by a number drawn at random.
class Sensor {
 public:
  Sensor(bool with_seq, bool with_ts) : with_seq_(with_seq), with_ts_(with_ts) {}

  std::vector<SensorEvent> next(std::uint32_t drawn) {
    const std::uint32_t detail = drawn / 20;
    switch (drawn % 20) {
      case 0:
        begin_anew();
        return {status(0, false), status(0, true)};
      case 1:
        // Unseen, but not within its first messages: those are late until they have counted on.
        if (seq_ > 8) begin_anew();
        return {};
      case 2:
        return {status(0, detail % 2 == 0)};
      case 3:
      case 4:
      case 5:
        if (sent_.empty()) return {};
        return {sent_[sent_.size() - 1 - detail % std::min<std::size_t>(sent_.size(), 4)]};
      default:
        return {says(detail % 2 == 0)};
    }
  }

  SensorEvent says(bool occupied) {
    Reading reading{.occupied = occupied};
    if (with_seq_) reading.seq = seq_;
    if (with_ts_) reading.ts = noon - 10h + std::chrono::seconds(seconds_);
    ++seq_;
    ++seconds_;
    sent_.push_back(state(0, reading));
    return sent_.back();
  }

 private:
  void begin_anew() {
    seq_ = 0;
    sent_.clear();
  }

  const bool with_seq_;
  const bool with_ts_;
  std::uint64_t seq_ = 0;
  int seconds_ = 0;
  std::vector<SensorEvent> sent_;
};

/// As the engine takes an event in.
void hear(SensorMemory& memory, const SensorEvent& event) {
  if (const auto* reported = std::get_if<SlotReported>(&event)) {
    const Verdict verdict = judge(memory, reported->reading, reported->retained, noon);
    if (verdict == Verdict::newest) {
      memory = remember(memory, reported->reading, reported->retained, noon);
    }
    return;
  }
  const auto& reported = std::get<SensorReported>(event);
  if (reported.was_offline) memory = remember_device(memory, false);
  memory = remember_device(memory, reported.online);
}

void check_that_merging_changes_nothing(bool with_seq, bool with_ts,
                                        const std::vector<std::uint32_t>& steps) {
  Sensor sensor(with_seq, with_ts);
  SensorMemory everything;
  // What was applied before the lane filled up.
  for (int i = 0; i < 12; ++i) hear(everything, sensor.says(i % 2 == 0));
  SensorMemory of_merged = everything;
  Inbox inbox(1, 6);
  for (const std::uint32_t step : steps) {
    for (const SensorEvent& event : sensor.next(step)) {
      hear(everything, event);
      inbox.put(event);
    }
  }
  for (const SensorEvent& event : take_all(inbox)) hear(of_merged, event);
  RC_ASSERT(of_merged.offline == everything.offline);
  RC_ASSERT(sensor_state(of_merged, false) == sensor_state(everything, false));
}

void check_that_merging_changes_nothing(bool with_seq, bool with_ts) {
  check_that_merging_changes_nothing(
      with_seq, with_ts,
      *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 1'000)));
}

}  // namespace

TEST_CASE("merged or one by one, a slot ends as the same", "[engine][inbox][merge]") {
  rc::prop("of a sensor that numbers its messages",
           [] { check_that_merging_changes_nothing(true, false); });
  rc::prop("of a sensor that numbers and times them",
           [] { check_that_merging_changes_nothing(true, true); });
  rc::prop("of a sensor that only times them",
           [] { check_that_merging_changes_nothing(false, true); });
}

TEST_CASE("a restart seen and one unseen within one full lane", "[engine][inbox][merge]") {
  const std::vector<std::uint32_t> counts_to_9(10, 6);
  std::vector<std::uint32_t> steps{0};
  steps.insert(steps.end(), counts_to_9.begin(), counts_to_9.end());
  for (const std::uint32_t step : {101U, 6U, 26U}) steps.push_back(step);
  // Whatever the place at which the lane fills up.
  for (std::size_t more = 0; more < 8; ++more) {
    CAPTURE(more);
    check_that_merging_changes_nothing(true, false, steps);
    steps.insert(steps.begin() + 1, 6);
  }
}

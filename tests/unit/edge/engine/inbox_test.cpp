// The inbox for one thread: lanes, order, bounds, counts.
#include "edge/engine/inbox.hpp"

#include "edge/domain/limits.hpp"
#include "tests/support/aborts.hpp"
#include "tests/unit/edge/engine/inbox_events.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;
using Waiting = Inbox::Waiting;

TEST_CASE("an empty inbox gives an empty batch", "[engine][inbox]") {
  Inbox inbox(5);
  Batch batch;
  batch.urgent.emplace_back(StopRequested{});
  batch.sensors.push_back(numbered(0, 1));
  inbox.take(batch);
  CHECK(batch.empty());
}

TEST_CASE("sensor events come out as they came in, gates and people in their own lane",
          "[engine][inbox]") {
  Inbox inbox(5);
  inbox.put(numbered(3, 1));
  inbox.put(status(1, false));
  REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  inbox.put(numbered(3, 2, false));
  Batch batch;
  inbox.take(batch);
  CHECK(batch.urgent.size() == 1);
  CHECK(texts(batch.sensors) == std::vector<std::string>{"3:1 occupied", "1:offline", "3:2 free"});
  inbox.take(batch);
  CHECK(batch.empty());
}

TEST_CASE("a batch is bounded, and gates and people go first", "[engine][inbox]") {
  constexpr std::size_t most = limits::batch_events_max;
  Inbox inbox(5);
  for (std::size_t i = 0; i < 2 * most; ++i) inbox.put(numbered(0, i));
  for (std::size_t i = 0; i < most - 1; ++i) REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  Batch batch;
  inbox.take(batch);
  CHECK(batch.urgent.size() == most - 1);
  REQUIRE(batch.sensors.size() == 1);
  CHECK(text(batch.sensors[0]) == "0:0 occupied");
  inbox.take(batch);
  CHECK(batch.urgent.empty());
  REQUIRE(batch.sensors.size() == most);
  CHECK(text(batch.sensors[0]) == "0:1 occupied");
  CHECK(text(batch.sensors.back()) == "0:" + std::to_string(most) + " occupied");
}

TEST_CASE("more urgent events than a batch holds leave sensors waiting, in order",
          "[engine][inbox]") {
  constexpr std::size_t most = limits::batch_events_max;
  Inbox inbox(5);
  inbox.put(numbered(0, 1));
  for (std::size_t i = 0; i < most + 1; ++i) REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  Batch batch;
  inbox.take(batch);
  CHECK(batch.urgent.size() == most);
  CHECK(batch.sensors.empty());
  inbox.take(batch);
  CHECK(batch.urgent.size() == 1);
  CHECK(batch.sensors.size() == 1);
}

TEST_CASE("a full urgent lane refuses and counts, and takes again when there is room",
          "[engine][inbox]") {
  Inbox inbox(5);
  for (std::size_t i = 0; i < limits::urgent_inbox_max; ++i) {
    REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  }
  CHECK_FALSE(inbox.put(UrgentEvent(StopRequested{})));
  CHECK(figure(inbox, "gatehouse_inbox_urgent_dropped_total") == 1);
  CHECK(figure(inbox, "gatehouse_inbox_urgent_events_total") == limits::urgent_inbox_max);
  // A full urgent lane does not stop sensors, and the other way round.
  inbox.put(numbered(0, 1));
  Batch batch;
  inbox.take(batch);
  CHECK(inbox.put(UrgentEvent(StopRequested{})));
}

TEST_CASE("the lane of sensors has room for five events of each slot, and a floor",
          "[engine][inbox]") {
  const auto [slots, capacity] = GENERATE(table<std::size_t, std::size_t>({
      {0, limits::sensor_inbox_floor},
      {10, limits::sensor_inbox_floor},
      {20'000, 100'000},
  }));
  Inbox inbox(slots);
  for (std::size_t i = 0; i < capacity; ++i) {
    inbox.put(numbered(static_cast<std::uint32_t>(i % std::max<std::size_t>(slots, 1)), i + 2));
    if (slots == 0) break;
  }
  CHECK(inbox.merged() == 0);
  if (slots == 0) return;
  inbox.put(numbered(0, capacity + 2));
  CHECK(inbox.merged() == capacity - slots);
  CHECK(figure(inbox, "gatehouse_inbox_waiting") == static_cast<double>(slots + 1));
}

TEST_CASE("a lane that could not hold what merging leaves is refused", "[engine][inbox]") {
  CHECK(gatehouse::tests::aborts([] { const Inbox inbox(5, 4 * 5 + 1); }));
  CHECK_FALSE(gatehouse::tests::aborts([] { const Inbox inbox(5, 4 * 5 + 2); }));
}

TEST_CASE("the figures are shown", "[engine][inbox]") {
  Inbox inbox(5);
  inbox.put(numbered(0, 1));
  inbox.put(numbered(1, 1));
  REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  CHECK(figure(inbox, "gatehouse_inbox_sensor_events_total") == 2);
  CHECK(figure(inbox, "gatehouse_inbox_urgent_events_total") == 1);
  CHECK(figure(inbox, "gatehouse_inbox_urgent_dropped_total") == 0);
  CHECK(figure(inbox, "gatehouse_inbox_merged_total") == 0);
  CHECK(figure(inbox, "gatehouse_inbox_waiting") == 3);
  Batch batch;
  inbox.take(batch);
  CHECK(figure(inbox, "gatehouse_inbox_waiting") == 0);
  CHECK(figure(inbox, "gatehouse_inbox_sensor_events_total") == 2);
}

TEST_CASE("waiting without patience says what waits", "[engine][inbox]") {
  Inbox inbox(5);
  CHECK(inbox.wait(0us) == Waiting::nothing);
  inbox.put(numbered(0, 1));
  CHECK(inbox.wait(0us) == Waiting::sensors);
  REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  CHECK(inbox.wait(0us) == Waiting::urgent);
}

TEST_CASE("every event that came in goes out or is counted as merged", "[engine][inbox]") {
  rc::prop("for any events, takings and sizes of the lane", [] {
    const auto slots = *rc::gen::inRange<std::size_t>(1, 6);
    const auto capacity = 4 * slots + 2 + *rc::gen::inRange<std::size_t>(0, 10);
    Inbox inbox(slots, capacity);
    Batch batch;
    std::uint64_t in = 0;
    std::uint64_t taken = 0;
    const auto steps =
        *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 1'000));
    for (const std::uint32_t step : steps) {
      const auto slot = static_cast<std::uint32_t>(step % slots);
      if (step < 30) {
        inbox.take(batch);
        taken += batch.sensors.size();
        continue;
      }
      ++in;
      if (step < 200) {
        inbox.put(status(slot, step % 2 == 0));
      } else {
        inbox.put(numbered(slot, step % 7, step % 3 == 0));
      }
      const double waiting = figure(inbox, "gatehouse_inbox_waiting");
      RC_ASSERT(waiting <= static_cast<double>(capacity));
      RC_ASSERT(in == taken + inbox.merged() + static_cast<std::uint64_t>(waiting));
    }
    taken += take_all(inbox).size();
    RC_ASSERT(in == taken + inbox.merged());
    RC_ASSERT(figure(inbox, "gatehouse_inbox_sensor_events_total") == static_cast<double>(in));
  });
}

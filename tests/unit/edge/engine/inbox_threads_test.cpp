// The inbox between threads. Nothing here waits for time to pass: a wait that is never woken
// runs into the test's own time limit.
#include "edge/domain/limits.hpp"
#include "edge/engine/inbox.hpp"
#include "tests/unit/edge/engine/inbox_events.hpp"

#include <array>
#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;
using Waiting = Inbox::Waiting;

namespace {

constexpr std::chrono::microseconds very_long = 1h;

}  // namespace

TEST_CASE("whoever waits is woken by what comes in", "[engine][inbox][threads]") {
  for (int round = 0; round < 50; ++round) {
    Inbox inbox(5);
    Waiting found = Waiting::nothing;
    std::thread engine([&] { found = inbox.wait(very_long); });
    const bool urgent = round % 2 == 0;
    if (urgent) {
      REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
    } else {
      inbox.put(numbered(0, 1));
    }
    engine.join();
    CHECK(found == (urgent ? Waiting::urgent : Waiting::sensors));
  }
}

TEST_CASE("a wake is not lost, whether somebody waits already or not", "[engine][inbox][threads]") {
  for (int round = 0; round < 50; ++round) {
    Inbox inbox(5);
    Waiting found = Waiting::urgent;
    std::thread engine([&] { found = inbox.wait(very_long); });
    inbox.wake();
    engine.join();
    CHECK(found == Waiting::nothing);
  }
  Inbox inbox(5);
  inbox.wake();
  CHECK(inbox.wait(very_long) == Waiting::nothing);
  CHECK(inbox.wait(0us) == Waiting::nothing);
}

TEST_CASE("lingering ends with a whole batch, with a gate's event and with a wake",
          "[engine][inbox][threads]") {
  Inbox inbox(5);
  const auto lingering = [&] { return std::thread([&] { inbox.linger(very_long); }); };
  std::thread engine = lingering();
  for (std::size_t i = 0; i < limits::batch_events_max; ++i) inbox.put(numbered(0, i));
  engine.join();
  Batch batch;
  inbox.take(batch);
  CHECK(batch.sensors.size() == limits::batch_events_max);

  engine = lingering();
  REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  engine.join();
  inbox.take(batch);
  CHECK(batch.urgent.size() == 1);

  engine = lingering();
  inbox.wake();
  engine.join();
  // The wake was for wait(), too.
  CHECK(inbox.wait(very_long) == Waiting::nothing);
}

TEST_CASE("lingering with something urgent or a full batch does not linger", "[engine][inbox]") {
  Inbox inbox(5);
  REQUIRE(inbox.put(UrgentEvent(StopRequested{})));
  inbox.linger(very_long);
  Batch batch;
  inbox.take(batch);
  for (std::size_t i = 0; i < limits::batch_events_max; ++i) inbox.put(numbered(0, i));
  inbox.linger(very_long);
}

TEST_CASE("many threads put, one takes, and nothing is lost", "[engine][inbox][threads]") {
  constexpr std::uint32_t producers = 4;
  constexpr std::uint32_t slots_each = 4;
  constexpr std::uint64_t rounds = 2'000;
  constexpr std::size_t slots = producers * slots_each;
  Inbox inbox(slots, 4 * slots + 2);
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint32_t> running{producers};

  std::vector<std::thread> threads;
  for (std::uint32_t producer = 0; producer < producers; ++producer) {
    threads.emplace_back([&, producer] {
      for (std::uint64_t seq = 2; seq < rounds + 2; ++seq) {
        for (std::uint32_t i = 0; i < slots_each; ++i) {
          inbox.put(numbered(producer * slots_each + i, seq));
        }
        if (inbox.put(UrgentEvent(StopRequested{}))) accepted.fetch_add(1);
      }
      running.fetch_sub(1);
      inbox.wake();
    });
  }

  std::uint64_t sensors = 0;
  std::uint64_t urgent = 0;
  std::array<std::uint64_t, slots> newest{};
  Batch batch;
  bool last_look = false;
  while (!last_look) {
    last_look = running.load() == 0;  // what was put before is seen by this look
    if (!last_look) inbox.wait(very_long);
    for (inbox.take(batch); !batch.empty(); inbox.take(batch)) {
      REQUIRE(batch.sensors.size() + batch.urgent.size() <= limits::batch_events_max);
      urgent += batch.urgent.size();
      sensors += batch.sensors.size();
      for (const SensorEvent& event : batch.sensors) {
        const auto& reported = std::get<SlotReported>(event);
        const std::uint64_t seq = reported.reading.seq.value_or(0);
        REQUIRE(seq > newest.at(at(reported.slot)));
        newest.at(at(reported.slot)) = seq;
      }
    }
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(sensors + inbox.merged() == rounds * slots);
  CHECK(urgent == accepted.load());
  CHECK(figure(inbox, "gatehouse_inbox_urgent_dropped_total") ==
        static_cast<double>(rounds * producers - accepted.load()));
  for (const std::uint64_t seq : newest) CHECK(seq == rounds + 1);
}

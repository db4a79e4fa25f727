// The loop on a thread of its own, from its first event to its end.
#include "edge/engine/loop.hpp"

#include "tests/unit/edge/engine/running_lot.hpp"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

/// Runs the lot's loop until it ends by itself; why, if it was the store.
std::optional<store::StoreError::Kind> run(RunningLot& lot) {
  store::Checkpointer checkpointer(lot.path());
  return store::tests::failure(
      [&] { Loop(*lot.engine, *lot.inbox, lot.clock, checkpointer).run(); });
}

}  // namespace

TEST_CASE("the loop ends when asked, after all that came before", "[engine][loop]") {
  RunningLot lot({zone_seed("A", 100)});
  for (std::uint64_t round = 1; round <= 50; ++round)
    for (const SlotPlan& slot : lot.plan->slots()) lot.says(slot.id.text(), round % 2 == 0, round);
  REQUIRE(lot.inbox->put(StopRequested{}));
  std::thread thread([&] { CHECK(run(lot) == std::nullopt); });
  thread.join();
  CHECK(lot.figure("gatehouse_sensor_states_total", "applied") == 5'000);
  Onlooker onlooker(lot);
  CHECK(onlooker.number(
            "SELECT count(*) FROM slot_states WHERE status = 'occupied' AND seq = 50") == 100);
}

TEST_CASE("events that come while the loop runs are decided", "[engine][loop]") {
  RunningLot lot;
  std::atomic<int> told = 0;
  std::atomic<bool> shown = false;
  lot.outside.on_act = [&] {
    ++told;
    if (lot.status("A-001") == "occupied") shown = true, shown.notify_all();
  };
  std::thread thread([&] { run(lot); });
  lot.says("A-001", true);
  shown.wait(false);
  CHECK(told > 0);
  REQUIRE(lot.inbox->put(StopRequested{}));
  thread.join();
  CHECK(lot.engine->stop_requested());
}

TEST_CASE("a broken store ends the loop with its reason", "[engine][loop]") {
  RunningLot lot;
  lot.database->raw().exec("PRAGMA busy_timeout = 0");
  std::optional<store::StoreError::Kind> reason;
  Onlooker onlooker(lot);
  std::thread thread([&] {
    store::Checkpointer checkpointer(lot.path());
    onlooker.run("BEGIN IMMEDIATE");
    reason = store::tests::failure(
        [&] { Loop(*lot.engine, *lot.inbox, lot.clock, checkpointer).run(); });
  });
  lot.says("A-001", true);
  thread.join();
  CHECK(reason == store::StoreError::Kind::unusable);
  CHECK(lot.outside.told.empty());
}

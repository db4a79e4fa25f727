// The engine on a real store: what is committed when, and that nothing is shown before.
#include "edge/engine/engine.hpp"

#include "tests/unit/edge/engine/running_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

using Kind = store::StoreError::Kind;

TEST_CASE("everything that waits is committed in one transaction", "[engine]") {
  RunningLot lot({zone_seed("A", 500)});
  const double commits = lot.commits();
  for (const SlotPlan& slot : lot.plan->slots()) lot.says(slot.id.text(), true);
  CHECK(lot.turn());
  CHECK(lot.engine->last_batch() == 500);
  CHECK(lot.commits() == commits + 1);
  CHECK(lot.outside.told.size() == 1);
  CHECK_FALSE(lot.turn());
}

TEST_CASE("what the world is told is on disk already", "[engine]") {
  RunningLot lot;
  Onlooker onlooker(lot);
  std::string status;
  std::int64_t zone_seq = 0;
  std::int64_t events = 0;
  lot.outside.on_act = [&] {
    status = onlooker.text(
        "SELECT status FROM slot_states JOIN slots ON slot = key "
        "WHERE id = 'A-001'");
    zone_seq = onlooker.number("SELECT availability_seq FROM zones WHERE id = 'A'");
    events = onlooker.outbox_rows();
  };
  lot.clock.pass(1s);  // the start has just shown the zones
  lot.says("A-001", true);
  lot.turn();
  REQUIRE(lot.outside.told.size() == 1);
  CHECK(status == "occupied");
  CHECK(std::uint64_t(zone_seq) == lot.outside.told[0].zones.at(0).availability.seq);
  CHECK(events == 1);
}

TEST_CASE("while nothing changes, nothing is written and nobody is told", "[engine]") {
  RunningLot lot;
  lot.says("A-001", true, 1);
  lot.turn();
  lot.clock.pass(300ms);
  lot.turn();
  Onlooker onlooker(lot);
  onlooker.sees_a_write();
  const double commits = lot.commits();
  lot.outside.told.clear();
  lot.says("A-001", true, 1);
  lot.says("A-001", true, 2);
  CHECK(lot.turn());
  for (int i = 0; i < 10; ++i) lot.clock.pass(100ms), lot.turn();
  CHECK(lot.commits() == commits);
  CHECK(lot.outside.told.empty());
  CHECK_FALSE(onlooker.sees_a_write());
}

TEST_CASE("what is shown later is not written again", "[engine]") {
  RunningLot lot;
  lot.says("A-001", true, 1);
  lot.turn();
  lot.clock.pass(1ms);
  lot.says("A-001", false, 2);
  lot.turn();
  Onlooker onlooker(lot);
  onlooker.sees_a_write();
  lot.outside.told.clear();
  for (int i = 0; i < 10; ++i) lot.clock.pass(50ms), lot.turn();
  CHECK_FALSE(lot.outside.told.empty());
  CHECK(lot.status("A-001") == "free");
  CHECK_FALSE(onlooker.sees_a_write());
}

TEST_CASE("an idle engine proves every five seconds that it can still write", "[engine]") {
  RunningLot lot;
  Onlooker onlooker(lot);
  const Moment start = lot.clock.now();
  CHECK(onlooker.heartbeat() == start.utc);
  lot.clock.pass(4'999ms);
  lot.turn();
  CHECK(onlooker.heartbeat() == start.utc);
  CHECK(lot.engine->last_commit() == start.steady);
  CHECK(lot.engine->next_turn() <= start.steady + 5s);
  lot.clock.pass(1ms);
  lot.turn();
  CHECK(onlooker.heartbeat() == start.utc + 5s);
  CHECK(lot.engine->last_commit() == start.steady + 5s);
  CHECK(lot.outside.told.empty());
}

TEST_CASE("silence and rates are looked at every second", "[engine]") {
  RunningLot lot({zone_seed("A", 3)}, {.stale_after = 10s});
  lot.says("A-001", true);
  lot.turn();
  for (int i = 0; i < 11; ++i) {
    CHECK(lot.engine->next_turn() - lot.clock.now().steady <= 1s);
    lot.clock.pass(1s);
    lot.turn();
  }
  CHECK(lot.status("A-001") == "unknown");
}

TEST_CASE("a rate is shown from the minute on that its band begins", "[engine]") {
  auto zone = zone_seed("A", 3);
  zone.zone.rates.bands = {{18h, 20h, Paise(8'000)}};
  RunningLot lot({zone});
  CHECK(lot.view->zone(ZoneIndex(0)).hourly_rate == Paise(5'000));
  lot.calendar.set(18h);
  lot.clock.pass(1s);
  lot.turn();
  CHECK(lot.view->zone(ZoneIndex(0)).hourly_rate == Paise(8'000));
  CHECK(lot.view->lot().hourly_rate == Paise(8'000));
  lot.restart();  // within the band
  CHECK(lot.view->zone(ZoneIndex(0)).hourly_rate == Paise(8'000));
}

TEST_CASE("events are kept as long as asked and then deleted, the oldest first", "[engine]") {
  RunningLot lot({zone_seed("A", 3)}, {.outbox = {.keep = std::chrono::days(2)}});
  Onlooker onlooker(lot);
  lot.says("A-001", true);
  lot.turn();
  lot.clock.pass(24h);
  lot.says("A-002", true);
  lot.turn();
  CHECK(onlooker.outbox_rows() == 2);
  lot.clock.pass(24h + 1min);
  lot.turn();
  CHECK(onlooker.number("SELECT min(sequence) FROM outbox WHERE data LIKE '%A-002%'") == 2);
  CHECK(onlooker.number("SELECT count(*) FROM outbox WHERE sequence = 1") == 0);
}

TEST_CASE("a long past is deleted a part at a time, without a pause in between", "[engine]") {
  RunningLot lot({zone_seed("A", 1)}, {.outbox = {.keep = std::chrono::days(1)}});
  Onlooker onlooker(lot);
  for (std::uint64_t i = 1; i <= 1'200; ++i) lot.says("A-001", i % 2 == 1, i), lot.turn();
  REQUIRE(onlooker.outbox_rows() == 1'200);
  lot.clock.pass(48h);
  lot.turn();
  const auto first = onlooker.outbox_rows();
  CHECK(first >= 700);  // a commit deletes 500 at most
  CHECK(first < 1'200);
  for (int i = 0; i < 3; ++i) lot.clock.pass(1s), lot.turn();
  CHECK(onlooker.number("SELECT count(*) FROM outbox WHERE sequence <= 1200") == 0);
}

TEST_CASE("a start shows everything", "[engine]") {
  RunningLot lot;
  lot.restart();
  REQUIRE(lot.outside.told.size() == 1);
  const Effects& told = lot.outside.told[0];
  CHECK(told.zones.size() == 2);
  CHECK(told.slots.size() == 5);
  CHECK(told.lot.has_value());
}

TEST_CASE("another process on the same file shows the same lot", "[engine]") {
  RunningLot lot;
  lot.says("A-001", true, 1);
  lot.says("A-003", false, 1);
  lot.says("B-001", true, 1);
  lot.inbox->put(SensorReported{.slot = lot.index("B-002"),
                                .online = true,
                                .firmware = "1.4.2",
                                .received = lot.clock.now()});
  lot.turn();
  lot.clock.pass(1min);
  lot.says("A-001", false, 2);
  lot.inbox->put(
      SensorReported{.slot = lot.index("B-001"), .firmware = {}, .received = lot.clock.now()});
  lot.turn();
  lot.clock.pass(1s);
  lot.turn();
  const LotView::Snapshot before = lot.view->snapshot();
  lot.clock.pass(10min);
  lot.restart();
  const LotView::Snapshot after = lot.view->snapshot();
  for (const char* slot : {"A-001", "A-003", "B-001"}) {
    CAPTURE(slot);
    CHECK(after.slots[at(lot.index(slot))] == before.slots[at(lot.index(slot))]);
  }
  CHECK(lot.status("A-002") == "free");
  CHECK(lot.status("B-001") == "unknown");
  for (std::size_t zone = 0; zone < 2; ++zone) {
    CHECK(after.zones[zone].counts == before.zones[zone].counts);
    CHECK(after.zones[zone].seq > before.zones[zone].seq);
  }
  CHECK(after.lot.counts == before.lot.counts);
  CHECK(after.lot.seq > before.lot.seq);
  CHECK(lot.engine->occupancy().board().state(lot.index("B-002")).firmware == "1.4.2");
}

TEST_CASE("an orderly end decides what waits and saves how old each word is", "[engine]") {
  RunningLot lot;
  lot.says("A-001", true, 1);
  lot.turn();
  lot.clock.pass(30s);
  for (std::uint64_t seq = 2; seq <= 2'500; ++seq) lot.says("A-001", true, seq);
  lot.says("A-002", true, 1);
  lot.engine->finish();
  CHECK_FALSE(lot.turn());
  Onlooker onlooker(lot);
  CHECK(onlooker.number("SELECT seq FROM slot_states JOIN slots ON slot = key "
                        "WHERE id = 'A-001'") == 2'500);
  CHECK(onlooker.number("SELECT heard_at FROM slot_states JOIN slots ON slot = key "
                        "WHERE id = 'A-001'") == lot.clock.now().utc.time_since_epoch().count());
  CHECK(lot.status("A-002") == "occupied");
  CHECK(lot.outside.told.back().slots.size() <= 2);
}

TEST_CASE("a request to stop is heard, and what came with it is still decided", "[engine]") {
  RunningLot lot;
  CHECK_FALSE(lot.engine->stop_requested());
  lot.says("A-001", true);
  REQUIRE(lot.inbox->put(StopRequested{}));
  lot.turn();
  CHECK(lot.engine->stop_requested());
  CHECK(lot.status("A-001") == "occupied");
}

TEST_CASE("a full disk ends the engine, and nobody is told what was not kept", "[engine]") {
  RunningLot lot({zone_seed("A", 1'000)});
  const auto pages = lot.database->raw().execAndGet("PRAGMA page_count").getInt();
  lot.database->raw().exec("PRAGMA max_page_count = " + std::to_string(pages));
  for (const SlotPlan& slot : lot.plan->slots()) lot.says(slot.id.text(), true);
  CHECK(store::tests::failure([&] { lot.turn(); }) == Kind::disk_full);
  CHECK(lot.outside.told.empty());
  CHECK(lot.status("A-001") == "free");
  CHECK(Onlooker(lot).outbox_rows() == 0);
  lot.restart();  // there is room again
  CHECK(lot.status("A-001") == "free");
  lot.says("A-001", true);
  lot.turn();
  CHECK(lot.status("A-001") == "occupied");
  CHECK(Onlooker(lot).number("SELECT sequence FROM outbox") == 1);
}

TEST_CASE("a store that somebody else holds ends the engine", "[engine]") {
  RunningLot lot;
  lot.database->raw().exec("PRAGMA busy_timeout = 0");
  Onlooker onlooker(lot);
  onlooker.run("BEGIN IMMEDIATE");
  lot.says("A-001", true);
  CHECK(store::tests::failure([&] { lot.turn(); }) == Kind::unusable);
  CHECK(lot.outside.told.empty());
  onlooker.run("ROLLBACK");
}

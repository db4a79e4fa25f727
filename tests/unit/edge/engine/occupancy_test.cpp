// What a commit tells of the slots: to the outbox, and at what pace to the world.
#include "edge/engine/occupancy.hpp"

#include "edge/domain/limits.hpp"
#include "tests/unit/edge/engine/running_lot.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;
using nlohmann::json;

namespace {

/// "A-001 occupied" of every slot that one event tells of.
std::vector<std::string> slots_of(const std::string& event) {
  std::vector<std::string> slots;
  const json data = json::parse(event);
  for (const json& slot : data.at("slots"))
    slots.push_back(std::string(slot.at("slot")) + " " + std::string(slot.at("status")));
  return slots;
}

void turn_often(RunningLot& lot, std::chrono::milliseconds time) {
  for (auto passed = 0ms; passed < time; passed += 5ms) lot.clock.pass(5ms), lot.turn();
}

}  // namespace

TEST_CASE("a slot that changed is told in an event", "[engine][occupancy]") {
  RunningLot lot;
  Onlooker onlooker(lot);
  lot.says("A-002", true);
  lot.turn();
  REQUIRE(onlooker.outbox_rows() == 1);
  CHECK(onlooker.text("SELECT type FROM outbox") == "parking.slot.changed.v1");
  CHECK(onlooker.text("SELECT subject FROM outbox") == "demo");
  CHECK(onlooker.number("SELECT time FROM outbox") ==
        lot.clock.now().utc.time_since_epoch().count());
  CHECK(json::parse(onlooker.events()[0]) == json::parse(R"({"slots":[
    {"slot":"A-002","status":"occupied","since":"2026-11-20T12:00:00.000Z"}]})"));
}

TEST_CASE("all that changed in one commit is told in one event", "[engine][occupancy]") {
  RunningLot lot;
  Onlooker onlooker(lot);
  for (const char* slot : {"A-001", "B-002", "A-003"}) lot.says(slot, true);
  lot.turn();
  lot.clock.pass(1s);
  lot.says("A-001", false);
  lot.turn();
  const auto events = onlooker.events();
  REQUIRE(events.size() == 2);
  CHECK(slots_of(events[0]) ==
        std::vector<std::string>{"A-001 occupied", "B-002 occupied", "A-003 occupied"});
  CHECK(slots_of(events[1]) == std::vector<std::string>{"A-001 free"});
}

TEST_CASE("a thousand slots at once are told in events of at most 12 KiB", "[engine][occupancy]") {
  RunningLot lot({zone_seed("A", 1'000)});
  Onlooker onlooker(lot);
  for (const SlotPlan& slot : lot.plan->slots()) lot.says(slot.id.text(), true);
  lot.turn();
  CHECK(lot.commits() == 2);  // the start and this one
  const auto events = onlooker.events();
  std::set<std::string> told;
  std::size_t entries = 0;
  for (const std::string& event : events) {
    CHECK(event.size() <= limits::event_data_bytes_max);
    const auto slots = slots_of(event);
    entries += slots.size();
    told.insert(slots.begin(), slots.end());
  }
  CHECK(told.size() == 1'000);
  CHECK(entries == 1'000);
  // No more events than it takes: but for the last one, none has room for another slot.
  const std::size_t entry_bytes = events[0].size() / slots_of(events[0]).size() + 1;
  for (std::size_t i = 0; i + 1 < events.size(); ++i)
    CHECK(events[i].size() + entry_bytes > limits::event_data_bytes_max);
}

TEST_CASE("the events' numbers have no gaps, over restarts too", "[engine][occupancy]") {
  RunningLot lot({zone_seed("A", 500)});
  Onlooker onlooker(lot);
  for (int round = 0; round < 6; ++round) {
    for (const SlotPlan& slot : lot.plan->slots()) lot.says(slot.id.text(), round % 2 == 0);
    lot.turn();
    lot.clock.pass(1s);
    lot.turn();
    if (round % 2 == 1) lot.restart();
  }
  const auto rows = onlooker.outbox_rows();
  CHECK(rows > 12);
  CHECK(onlooker.number("SELECT min(sequence) FROM outbox") == 1);
  CHECK(onlooker.number("SELECT max(sequence) FROM outbox") == rows);
  CHECK(onlooker.number("SELECT last_sequence FROM epochs") == rows);
}

TEST_CASE("a slot that fell silent is told in an event like any other", "[engine][occupancy]") {
  RunningLot lot({zone_seed("A", 3)}, {.stale_after = 1h});
  Onlooker onlooker(lot);
  lot.says("A-001", true);
  lot.turn();
  lot.clock.pass(1h);
  lot.turn();
  REQUIRE(onlooker.outbox_rows() == 2);
  CHECK(slots_of(onlooker.events()[1]) == std::vector<std::string>{"A-001 unknown"});
}

TEST_CASE("a first change is shown with its commit", "[engine][occupancy]") {
  RunningLot lot;
  lot.clock.pass(1s);  // the start has just shown the zones
  lot.says("A-001", true);
  lot.turn();
  REQUIRE(lot.outside.told.size() == 1);
  const Effects& told = lot.outside.told[0];
  REQUIRE(told.slots.size() == 1);
  CHECK(told.slots[0].slot == lot.index("A-001"));
  CHECK(told.slots[0].shown == SlotShown{SlotStatus::occupied, lot.clock.now().utc});
  REQUIRE(told.zones.size() == 1);
  CHECK(told.zones[0].availability.available == 2);
  CHECK(told.lot.value().available == 4);
}

TEST_CASE("under load a zone is shown at most 20 times a second, a slot 5 times, the last always",
          "[engine][occupancy]") {
  RunningLot lot;
  lot.clock.pass(1s);  // the start has just shown the zones
  for (int i = 1; i <= 200; ++i) {
    lot.says("A-001", i % 2 == 1 || i == 200, std::uint64_t(i));
    lot.turn();
    lot.clock.pass(5ms);
  }
  turn_often(lot, 250ms);
  std::size_t zones = 0;
  std::size_t lots = 0;
  std::size_t slots = 0;
  for (const Effects& told : lot.outside.told) {
    zones += told.zones.size();
    slots += told.slots.size();
    lots += told.lot ? 1U : 0U;
  }
  CHECK(zones == 21);  // one at each end of the second
  CHECK(lots == 21);
  CHECK(slots == 6);
  CHECK(lot.status("A-001") == "occupied");
  CHECK(lot.view->zone(ZoneIndex(0)) == lot.engine->occupancy().board().availability(ZoneIndex(0)));
  CHECK(lot.view->lot() == lot.engine->occupancy().board().lot_availability());
}

TEST_CASE("the last state is shown within 250 ms of its commit", "[engine][occupancy]") {
  RunningLot lot;
  lot.says("A-001", true);
  lot.turn();
  lot.clock.pass(1ms);
  lot.says("A-001", false);
  lot.turn();
  CHECK(lot.status("A-001") == "occupied");
  // As the loop does: it sleeps until the engine wants its next turn.
  while (lot.status("A-001") == "occupied") {
    const auto patience = lot.engine->next_turn() - lot.clock.now().steady;
    REQUIRE(patience > 0us);
    lot.clock.pass(patience);
    lot.turn();
  }
  CHECK(lot.clock.now().utc - gatehouse::tests::ManualClock::start <= 251ms);
  CHECK(lot.view->zone(ZoneIndex(0)).available == 3);
}

TEST_CASE("what was not new is counted", "[engine][occupancy]") {
  RunningLot lot;
  for (const std::uint64_t seq : {5U, 5U, 5U, 4U, 6U}) lot.says("A-001", true, seq);
  lot.turn();
  const auto states = [&](std::string_view verdict) {
    return lot.figure("gatehouse_sensor_states_total", verdict);
  };
  CHECK(states("applied") == 2);
  CHECK(states("repeated") == 2);
  CHECK(states("late") == 1);
  CHECK(lot.figure("gatehouse_slot_changes_total") == 1);
}

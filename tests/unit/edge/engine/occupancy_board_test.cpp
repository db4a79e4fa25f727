// The board of all slots: what becomes of the sensors' words, and what of it has to be told.
#include "edge/engine/occupancy_board.hpp"

#include "tests/unit/edge/engine/board_lot.hpp"

#include <functional>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

TEST_CASE("a car that comes or goes moves its zone's counts and the lot's", "[engine][board]") {
  BoardLot lot;
  CHECK(counted(lot.zone("A")) == "free 3");
  lot.says("A-001", true);
  CHECK(lot.settle() == Told{{"A-001"}, {"A-001 occupied"}, {"A"}, true});
  CHECK(counted(lot.zone("A")) == "free 2 occupied 1");
  CHECK(lot.zone("A").available == 2);
  CHECK(counted(lot.zone("B")) == "free 2");
  CHECK(counted(lot.lot()) == "free 4 occupied 1");
  CHECK(lot.lot().available == 4);
  lot.says("A-001", false);
  CHECK(lot.settle() == Told{{"A-001"}, {"A-001 free"}, {"A"}, true});
  CHECK(counted(lot.zone("A")) == "free 3");
}

TEST_CASE("nothing happened, nothing is told", "[engine][board]") {
  BoardLot lot;
  CHECK(lot.settle() == Told{});
  CHECK(lot.board->changes().nothing_to_record());
}

TEST_CASE("what a sensor says, and what its slot is called", "[engine][board]") {
  using Steps = std::function<void(BoardLot&)>;
  const auto [sentence, steps, status] = GENERATE(table<std::string, Steps, std::string>({
      {"a slot without a sensor is free", [](BoardLot&) {}, "free"},
      {"a car stands there", [](BoardLot& lot) { lot.says("A-001", true); }, "occupied"},
      {"a free slot", [](BoardLot& lot) { lot.says("A-001", false); }, "free"},
      {"a sign of life alone says nothing of the slot",
       [](BoardLot& lot) { lot.hears("A-001", {.occupied = {}, .seq = 1}); }, "free"},
      {"a status of a sensor that never spoke says nothing of the slot",
       [](BoardLot& lot) { lot.device("A-001", false); }, "free"},
      {"the sensor went offline",
       [](BoardLot& lot) { lot.says("A-001", true), lot.device("A-001", false); }, "unknown"},
      {"back online it has yet to say how things are",
       [](BoardLot& lot) {
         lot.says("A-001", true), lot.device("A-001", false), lot.device("A-001", true);
       },
       "unknown"},
      {"and then it has said so, counting anew",
       [](BoardLot& lot) {
         lot.says("A-001", true, 17), lot.device("A-001", false), lot.device("A-001", true);
         lot.says("A-001", true, 1);
       },
       "occupied"},
  }));
  CAPTURE(sentence);
  BoardLot lot;
  steps(lot);
  lot.settle();
  CHECK(lot.status("A-001") == status);
}

TEST_CASE("an offline that was merged with the coming back is not forgotten", "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true, 17);
  lot.board->apply(SensorReported{.slot = lot.index("A-001"),
                                  .online = true,
                                  .was_offline = true,
                                  .firmware = {},
                                  .received = lot.now});
  CHECK(lot.settle().slots == Texts{"A-001 unknown"});
  CHECK(lot.says("A-001", false, 1) == Verdict::newest);
  CHECK(lot.settle().slots == Texts{"A-001 free"});
}

TEST_CASE("late and repeated messages change nothing", "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true, 17);
  lot.settle();
  CHECK(lot.says("A-001", false, 16) == Verdict::late);
  CHECK(lot.says("A-001", true, 17) == Verdict::repetition);
  CHECK(lot.settle() == Told{});
  CHECK(lot.status("A-001") == "occupied");
}

TEST_CASE("there and back again between two commits is no change", "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.settle();
  const auto since = lot.since("A-001");
  const Availability zone = lot.zone("A");
  lot.pass(10s);
  lot.says("A-001", false, 2);
  lot.pass(10s);
  lot.says("A-001", true, 3);
  lot.pass(10s);
  const Told told = lot.settle();
  CHECK(told.slots.empty());
  CHECK(told.zones.empty());
  CHECK_FALSE(told.lot);
  CHECK(lot.since("A-001") == since);
  CHECK(lot.zone("A") == zone);
}

TEST_CASE("a slot's status dates from the message that brought it", "[engine][board]") {
  BoardLot lot;
  lot.pass(10s);
  lot.says("A-001", true, 1);
  lot.pass(10s);
  lot.settle();
  CHECK(lot.since("A-001") == noon + 10s);
  lot.says("A-001", true, 2);
  lot.settle();
  CHECK(lot.since("A-001") == noon + 10s);
  lot.restart(10min);
  lot.settle();
  CHECK(lot.since("A-001") == noon + 10s);
}

TEST_CASE("one car leaves as another comes: the counts stay, the slots are told",
          "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true);
  lot.settle();
  lot.says("A-001", false);
  lot.says("A-002", true);
  const Told told = lot.settle();
  CHECK(told.slots == Texts{"A-001 free", "A-002 occupied"});
  CHECK(told.zones.empty());
  CHECK_FALSE(told.lot);
}

TEST_CASE("a slot out of service is not available, whatever its sensor says", "[engine][board]") {
  LotOfTwoZones plan;
  plan.out_of_service = {"A-002"};
  BoardLot lot(plan);
  CHECK(counted(lot.zone("A")) == "free 2 out_of_service 1");
  lot.says("A-002", true);
  CHECK(lot.settle().slots.empty());
  CHECK(lot.zone("A").available == 2);
}

TEST_CASE("a closed zone has nothing available and still counts", "[engine][board]") {
  LotOfTwoZones plan;
  plan.zones[1].active = false;
  BoardLot lot(plan);
  CHECK(counted(lot.zone("B")) == "free 2");
  CHECK(lot.zone("B").available == 0);
  CHECK_FALSE(lot.zone("B").active);
  CHECK(lot.lot().active);
  CHECK(lot.lot().available == 3);
  CHECK(counted(lot.lot()) == "free 5");
  CHECK(lot.lot().hourly_rate == Paise(5'000));  // not the closed zone's 30
}

TEST_CASE("a lot whose zones are all closed is closed", "[engine][board]") {
  LotOfTwoZones plan;
  for (ZonePlan& zone : plan.zones) zone.active = false;
  const BoardLot lot(plan);
  CHECK_FALSE(lot.lot().active);
  CHECK(lot.lot().available == 0);
}

TEST_CASE("a rate that begins or ends is shown", "[engine][board]") {
  BoardLot lot;
  const auto at_time = [&](std::chrono::minutes time) {
    lot.board->apply_rates({std::chrono::floor<std::chrono::days>(lot.now.utc), time});
    return lot.settle();
  };
  CHECK(at_time(5h + 59min) == Told{});
  const auto seq = lot.zone("A").seq;
  CHECK(at_time(6h).zones == Texts{"A"});
  CHECK(lot.zone("A").hourly_rate == Paise(8'000));
  CHECK(lot.zone("A").seq == seq + 1);
  CHECK(at_time(8h + 59min) == Told{});
  CHECK(at_time(9h).zones == Texts{"A"});
  CHECK(lot.zone("A").hourly_rate == Paise(5'000));
  CHECK(lot.zone("B").hourly_rate == Paise(3'000));
  CHECK(lot.lot().hourly_rate == Paise(3'000));
}

TEST_CASE("every change of an availability has its own number", "[engine][board]") {
  BoardLot lot;
  const auto zone_a = lot.zone("A").seq;
  const auto zone_b = lot.zone("B").seq;
  const auto all = lot.lot().seq;
  for (const auto& [slot, occupied] : {std::pair("A-001", true), {"A-002", true}, {"A-001", false}})
    lot.says(slot, occupied), lot.pass(1s), lot.settle();
  lot.settle();
  CHECK(lot.zone("A").seq == zone_a + 3);
  CHECK(lot.zone("A").at == lot.now.utc);
  CHECK(lot.zone("B").seq == zone_b);
  CHECK(lot.lot().seq == all + 3);
}

TEST_CASE("a start counts as a change of every zone", "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true);
  lot.settle();
  const auto zone_a = lot.zone("A").seq;
  const auto zone_b = lot.zone("B").seq;
  const auto all = lot.lot().seq;
  lot.restart(1min);
  const Told told = lot.settle();
  CHECK(told.zones == Texts{"A", "B"});
  CHECK(told.lot);
  CHECK(lot.zone("A").seq == zone_a + 1);
  CHECK(lot.zone("B").seq == zone_b + 1);
  CHECK(lot.lot().seq == all + 1);
  CHECK(counted(lot.lot()) == "free 4 occupied 1");
}

// What has to be written, so that the disk is not worn for nothing.

TEST_CASE("a repetition of the same state is saved once a minute", "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true, 1);
  CHECK(lot.settle().saved == Texts{"A-001"});
  lot.pass(59'999ms);
  CHECK(lot.says("A-001", true, 2) == Verdict::newest);
  CHECK(lot.settle() == Told{});
  lot.pass(1ms);
  lot.says("A-001", true, 3);
  CHECK(lot.settle() == Told{{"A-001"}, {}, {}, false});
  lot.pass(59'999ms);
  lot.says("A-001", true, 4);
  CHECK(lot.settle() == Told{});
}

TEST_CASE("what would matter after a restart is saved at once", "[engine][board]") {
  using Steps = std::function<void(BoardLot&)>;
  const auto [sentence, steps, is_saved] = GENERATE(table<std::string, Steps, bool>({
      {"a car that came", [](BoardLot& lot) { lot.says("A-001", true, 2); }, true},
      {"there and back again: how old the word is can wait",
       [](BoardLot& lot) { lot.says("A-001", true, 2), lot.says("A-001", false, 3); }, true},
      {"a repetition", [](BoardLot& lot) { lot.says("A-001", false, 2); }, false},
      {"a sign of life", [](BoardLot& lot) { lot.hears("A-001", {.occupied = {}, .seq = 2}); },
       false},
      {"new firmware", [](BoardLot& lot) { lot.device("A-001", true, "1.4.2"); }, true},
      {"the same firmware again", [](BoardLot& lot) { lot.device("A-001", true, "1.4.1"); }, false},
      {"a status that does not say the firmware", [](BoardLot& lot) { lot.device("A-001", true); },
       false},
      {"offline", [](BoardLot& lot) { lot.device("A-001", false); }, true},
      {"the first word of a free slot", [](BoardLot& lot) { lot.says("A-002", false); }, true},
  }));
  CAPTURE(sentence);
  BoardLot lot;
  lot.device("A-001", true, "1.4.1");
  lot.says("A-001", false, 1);
  lot.settle();
  lot.pass(1s);
  steps(lot);
  CHECK(lot.settle().saved.empty() != is_saved);
}

TEST_CASE("before an orderly end also the ages are saved, each once", "[engine][board]") {
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.says("A-002", true, 1);
  lot.settle();
  lot.pass(30s);
  lot.says("A-001", true, 2);
  CHECK(lot.settle() == Told{});
  lot.board->save_everything();
  CHECK(lot.settle() == Told{{"A-001"}, {}, {}, false});
  CHECK(lot.stored.slots[0].sensor.heard_at == noon + 30s);
  CHECK(lot.stored.slots[0].sensor.seq == 2);
  lot.board->save_everything();
  CHECK(lot.settle() == Told{});
}

// Sensors that fall silent: when their word stops counting, and what brings them back.
#include "edge/engine/occupancy_board.hpp"
#include "tests/unit/edge/engine/board_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

/// What is told after a look for silent sensors.
Told look(BoardLot& lot) {
  lot.board->find_silent(lot.now);
  return lot.settle();
}

/// A-001 said occupied with number 17 and has been silent too long.
BoardLot lot_with_a_silent_sensor() {
  BoardLot lot;
  lot.says("A-001", true, 17);
  lot.settle();
  lot.pass(BoardLot::stale_after);
  look(lot);
  return lot;
}

}  // namespace

TEST_CASE("a sensor silent for too long makes its slot unknown", "[engine][board][silence]") {
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.settle();
  lot.pass(BoardLot::stale_after - 1ms);
  CHECK(look(lot) == Told{});
  lot.pass(1ms);
  CHECK(look(lot) == Told{{"A-001"}, {"A-001 unknown"}, {"A"}, true});
  CHECK(counted(lot.zone("A")) == "free 2 unknown 1");
  CHECK(lot.zone("A").available == 2);
  CHECK(look(lot) == Told{});
}

TEST_CASE("any word of the sensor keeps its slot known", "[engine][board][silence]") {
  const std::optional<bool> occupied = GENERATE(std::optional<bool>(true), std::nullopt);
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.pass(40min);
  lot.hears("A-001", {.occupied = occupied, .seq = 2});
  lot.pass(40min);
  look(lot);
  CHECK(lot.status("A-001") == "occupied");
  lot.pass(20min);
  look(lot);
  CHECK(lot.status("A-001") == "unknown");
}

TEST_CASE("a slot without a sensor is never silent", "[engine][board][silence]") {
  BoardLot lot;
  lot.pass(10'000h);
  CHECK(look(lot) == Told{});
}

TEST_CASE("setting the wall clock makes no sensor silent and none lively",
          "[engine][board][silence]") {
  const auto step = GENERATE(-48h, -1h, 1h, 48h);
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.settle();
  lot.now.utc += step;
  lot.pass(BoardLot::stale_after - 1ms);
  CHECK(look(lot).slots.empty());
  lot.pass(1ms);
  CHECK(look(lot).slots == Texts{"A-001 unknown"});
}

TEST_CASE("after a restart the silence counts from when the sensor was last heard",
          "[engine][board][silence]") {
  const auto [away, after_start] = GENERATE(table<std::chrono::minutes, std::string>({
      {29min, "occupied"},
      {30min, "unknown"},  // 30 before the end and 30 while nobody listened
      {24h, "unknown"},
  }));
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.settle();
  lot.pass(30min);
  lot.restart(away);
  lot.settle();
  CHECK(lot.status("A-001") == after_start);
  lot.pass(1min);
  look(lot);
  CHECK(lot.status("A-001") == "unknown");
}

TEST_CASE("a wall clock that was set back meanwhile makes no sensor younger than now",
          "[engine][board][silence]") {
  BoardLot lot;
  lot.says("A-001", true, 1);
  lot.settle();
  lot.restart(-24h);
  lot.pass(BoardLot::stale_after - 1ms);
  look(lot);
  CHECK(lot.status("A-001") == "occupied");
  lot.pass(1ms);
  look(lot);
  CHECK(lot.status("A-001") == "unknown");
}

TEST_CASE("a silent sensor's next live message counts, whatever its number",
          "[engine][board][silence]") {
  const auto seq = GENERATE(0U, 5U, 17U, 18U);
  BoardLot lot = lot_with_a_silent_sensor();
  CHECK(lot.says("A-001", false, seq) == Verdict::newest);
  CHECK(lot.settle().slots == Texts{"A-001 free"});
  CHECK(lot.says("A-001", true, seq + 1) == Verdict::newest);
}

TEST_CASE("the end of the silence need not have been looked for", "[engine][board][silence]") {
  BoardLot lot;
  lot.says("A-001", true, 17);
  lot.settle();
  lot.pass(BoardLot::stale_after);
  CHECK(lot.says("A-001", false, 5) == Verdict::newest);
  CHECK(lot.settle().slots == Texts{"A-001 free"});
}

TEST_CASE("what the broker remembers of a silent sensor does not count",
          "[engine][board][silence]") {
  BoardLot lot = lot_with_a_silent_sensor();
  CHECK(lot.hears("A-001", {.occupied = false, .seq = 5}, true) == Verdict::late);
  CHECK(lot.hears("A-001", {.occupied = true, .seq = 17}, true) == Verdict::repetition);
  CHECK(lot.settle() == Told{});
  CHECK(lot.status("A-001") == "unknown");
}

TEST_CASE("a remembered message is as old as it says", "[engine][board][silence]") {
  const auto [age, status] = GENERATE(table<std::chrono::minutes, std::string>({
      {59min, "occupied"},
      {60min, "unknown"},
      {600min, "unknown"},
  }));
  BoardLot lot;
  lot.hears("A-001", {.occupied = true, .seq = 1, .ts = lot.now.utc - age}, true);
  lot.settle();
  CHECK(lot.status("A-001") == status);
  lot.pass(1min);
  look(lot);
  CHECK(lot.status("A-001") == "unknown");
}

TEST_CASE("a silent sensor that reports a new state by number is believed even from memory",
          "[engine][board][silence]") {
  BoardLot lot = lot_with_a_silent_sensor();
  const Reading newer{.occupied = false, .seq = 18, .ts = lot.now.utc - 1min};
  CHECK(lot.hears("A-001", newer, true) == Verdict::newest);
  CHECK(lot.settle().slots == Texts{"A-001 free"});
}

// Who has passed, with what authorisation, and what staff do by hand.
// docs/contract/modbus.md, "What the gateway does".
#include "tests/unit/devices/barriers_yard.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace std::chrono_literals;
using devices::BarrierSettings;
using engine::BarrierOrderKind;

namespace {

BarrierSettings without(std::initializer_list<const char*> signals) {
  BarrierSettings settings;
  for (const char* signal : signals) settings.inputs.emplace(signal, std::nullopt);
  return settings;
}

}  // namespace

TEST_CASE("A vehicle that passes an arm nobody opened has forced it", "[barriers][passage]") {
  Yard yard;
  yard.between();
  yard.pass(100ms);
  yard.drive_through();
  CHECK(yard.lines() == Lines{"opening", "opening under", "forced", "opening"});
}

TEST_CASE("A second vehicle on one authorisation is a tailgate", "[barriers][passage]") {
  Yard yard;
  yard.let_open(7);
  yard.drive_through();
  yard.drive_through();
  yard.drive_through();
  const Lines lines = yard.lines();
  CHECK(std::ranges::count(lines, "opening 7 passed") == 1);
  CHECK(std::ranges::count(lines, "tailgate") == 2);
  CHECK(std::ranges::count(lines, "forced") == 0);
}

TEST_CASE("Two authorised vehicles may pass under one raised arm", "[barriers][passage]") {
  Yard yard;
  yard.let_open(7);
  yard.order_open(8);
  yard.drive_through();
  yard.drive_through();
  CHECK(yard.lines() == Lines{"opening 8 seen_open", "open under", "opening 7 passed", "open",
                              "open under", "opening 8 passed", "open"});
}

TEST_CASE("Whoever asks twice passes once: the arm comes down, and the next vehicle is another's",
          "[barriers][passage]") {
  Yard yard;
  constexpr std::int64_t passage = 1;
  constexpr std::int64_t next_passage = 2;
  yard.order(BarrierOrderKind::open, 7, 0ms, passage);
  yard.order(BarrierOrderKind::open, 8, 0ms, passage);
  yard.pass(600ms);
  yard.open();
  yard.pass(100ms);
  yard.transcript();
  SECTION("and closes as after one opening") {
    yard.drive_through();
    yard.pass(1s);
    CHECK(yard.lines() == Lines{"open under", "opening 7 passed", "opening 8 closed_unpassed",
                                "open", "close coil 1 = 1", "closing"});
  }
  SECTION("and a second vehicle on it is a tailgate") {
    yard.drive_through();
    yard.drive_through();
    const Lines lines = yard.lines();
    CHECK(std::ranges::count(lines, "tailgate") == 1);
    CHECK(std::ranges::count(lines, "opening 8 passed") == 0);
  }
  SECTION("and the opening of the vehicle behind stays its own") {
    yard.order(BarrierOrderKind::open, 9, 0ms, next_passage);
    yard.drive_through();
    yard.drive_through();
    const Lines lines = yard.lines();
    CHECK(std::ranges::count(lines, "opening 9 passed") == 1);
    CHECK(std::ranges::count(lines, "tailgate") == 0);
  }
}

TEST_CASE("Driving up too far before a closed arm is no passage", "[barriers][passage]") {
  Yard yard;
  yard.drive_through();
  CHECK(yard.lines() == Lines{"closed under", "closed"});
}

TEST_CASE("A vehicle that waited on the safety loop passes like any other", "[barriers][passage]") {
  Yard yard;
  yard.inputs.safety = true;
  yard.pass(1s);
  yard.let_open(7);
  yard.inputs.safety = false;
  yard.pass(100ms);
  CHECK(yard.lines().front() == "opening 7 passed");
}

TEST_CASE("Without a safety loop the presence loop tells, once the arm was seen open",
          "[barriers][passage]") {
  Yard yard(without({"safety"}));
  yard.inputs.presence = true;
  yard.pass(1s);
  yard.order_open(7);
  yard.open();
  yard.pass(1s);
  yard.transcript();
  yard.inputs.presence = false;
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"opening 7 passed", "open"});
  // Where it is now cannot be known: the arm waits for pass_timeout.
  yard.pass(29'800ms);
  CHECK(yard.lines().empty());
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"close coil 1 = 1", "closing"});
}

TEST_CASE("Leaving the presence loop of a closed arm is no passage", "[barriers][passage]") {
  Yard yard(without({"safety"}));
  yard.inputs.presence = true;
  yard.pass(1s);
  yard.inputs.presence = false;
  yard.pass(1s);
  CHECK(yard.lines() == Lines{"closed present", "closed"});
}

TEST_CASE("With neither loop an arm that was open and is closed has let one vehicle through",
          "[barriers][passage]") {
  Yard yard(without({"safety", "presence"}));
  yard.let_open(7);
  yard.pass(30s);
  yard.transcript();
  yard.closed();
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"opening 7 passed", "closed"});
  yard.open();
  yard.pass(100ms);
  yard.closed();
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"open", "forced", "closed"});
}

TEST_CASE("An arm with one end switch is open where it is not closed, and the other way round",
          "[barriers][passage]") {
  const auto [gone, present] =
      GENERATE(table<const char*, bool>({{"arm_open", false}, {"arm_closed", true}}));
  Yard yard(without({gone}));
  yard.inputs.arm_open = false;
  yard.inputs.arm_closed = !present;
  yard.pass(100ms);
  yard.transcript();
  yard.order_open(7);
  yard.inputs.arm_open = present;
  yard.inputs.arm_closed = false;
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening", "opening 7 seen_open", "open"});
}

TEST_CASE("An arm without feedback is believed to do as it was told", "[barriers][passage]") {
  Yard yard(without({"arm_open", "arm_closed"}));
  yard.order_open(7);
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening", "opening 7 seen_open", "open"});
  yard.drive_through();
  yard.pass(900ms);
  CHECK(yard.lines() == Lines{"open under", "end coil 0 = 0", "opening 7 passed", "open",
                              "close coil 1 = 1", "closing", "closed"});
}

TEST_CASE("Both end switches on at once are neither end", "[barriers][passage]") {
  Yard yard;
  yard.order_open(7);
  yard.transcript();
  yard.inputs.arm_open = yard.inputs.arm_closed = true;
  yard.pass(5s);
  CHECK(yard.lines() == Lines{"end coil 0 = 0"});
}

TEST_CASE("Held open, an arm goes up, stays up and lets everybody through", "[barriers][hand]") {
  Yard yard;
  yard.order(BarrierOrderKind::hold);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "held"});
  yard.open();
  yard.pass(1s);
  yard.drive_through();
  yard.drive_through();
  yard.pass(100s);
  yard.order(BarrierOrderKind::close);
  yard.pass(1s);
  CHECK(yard.lines() == Lines{"end coil 0 = 0", "held under", "held", "held under", "held"});
  SECTION("and is told to open when it comes down by itself") {
    yard.between();
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"open coil 0 = 1"});
  }
  SECTION("and released, closes when the loops are clear") {
    yard.inputs.presence = true;
    yard.pass(1s);
    yard.order(BarrierOrderKind::release);
    yard.transcript();
    yard.inputs.presence = false;
    yard.pass(700ms);
    CHECK(yard.lines() == Lines{"open"});
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"close coil 1 = 1", "closing"});
  }
  SECTION("and released while a vehicle passes, takes it for no intruder") {
    yard.inputs.safety = true;
    yard.pass(1s);
    yard.order(BarrierOrderKind::release);
    yard.inputs.safety = false;
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"held under", "open under", "open"});
  }
}

TEST_CASE("In an emergency an arm that does not follow is told again and again",
          "[barriers][hand]") {
  Yard yard;
  yard.order(BarrierOrderKind::hold);
  yard.pass(30s);
  const Lines lines = yard.transcript();
  CHECK(std::ranges::count(lines, "12000 fault") == 1);
  CHECK(std::ranges::count_if(
            lines, [](const auto& line) { return line.ends_with("open coil 0 = 1"); }) == 6);
  yard.open();
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"held"});
}

TEST_CASE("A barrier that is held or locked carries out no opening", "[barriers][hand]") {
  Yard yard;
  yard.order(GENERATE(BarrierOrderKind::hold, BarrierOrderKind::lock));
  yard.transcript();
  yard.order_open(7);
  CHECK(yard.lines() == Lines{"opening 7 refused"});
}

TEST_CASE("Held and out of reach, an arm is raised when it is back", "[barriers][hand]") {
  Yard yard;
  yard.disconnect();
  yard.pass(2s);
  yard.order(BarrierOrderKind::hold);
  yard.transcript();
  yard.reconnect();
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "held"});
}

TEST_CASE("Locked, an arm goes down when nobody is under it, and stays down", "[barriers][hand]") {
  Yard yard;
  yard.let_open(7);
  yard.inputs.safety = true;
  yard.pass(100ms);
  yard.order(BarrierOrderKind::lock);
  yard.transcript();
  yard.pass(10s);
  CHECK(yard.lines().empty());
  yard.inputs.safety = false;
  yard.pass(900ms);
  CHECK(yard.lines() == Lines{"opening 7 passed", "locked", "close coil 1 = 1"});
  yard.closed();
  yard.pass(100ms);
  yard.order(BarrierOrderKind::release);
  CHECK(yard.lines() == Lines{"closed"});
}

TEST_CASE("Locked in the middle of an opening, the arm that comes up goes down again",
          "[barriers][hand]") {
  Yard yard;
  yard.order_open(7);
  yard.order(BarrierOrderKind::lock);
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening", "locked", "opening 7 closed_unpassed"});
  yard.open();
  yard.pass(1s);
  CHECK(yard.lines() == Lines{"end coil 0 = 0", "close coil 1 = 1"});
}

TEST_CASE("Closed by hand, an arm goes down, but never over a vehicle", "[barriers][hand]") {
  Yard yard;
  yard.let_open(7);
  yard.inputs.safety = true;
  yard.pass(100ms);
  yard.transcript();
  yard.order(BarrierOrderKind::close);
  yard.pass(1s);
  CHECK(yard.lines().empty());
  yard.inputs.safety = false;
  yard.pass(100ms);
  yard.transcript();
  yard.order(BarrierOrderKind::close);
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"close coil 1 = 1", "closing"});
}

TEST_CASE("Closed by hand before anybody passed, the opening is over", "[barriers][hand]") {
  Yard yard;
  yard.let_open(7);
  yard.order(BarrierOrderKind::close);
  yard.pass(100ms);
  yard.closed();
  yard.pass(1s);
  CHECK(yard.lines() == Lines{"close coil 1 = 1", "closing", "opening 7 closed_unpassed", "closed",
                              "end coil 1 = 0"});
}

TEST_CASE("An arm that is found up is nobody's intrusion", "[barriers][passage]") {
  Yard yard;
  yard.disconnect();
  yard.pass(2s);
  yard.open();
  yard.reconnect();
  yard.transcript();
  yard.drive_through();
  CHECK(yard.lines() == Lines{"open under", "open"});
  yard.pass(800ms);
  yard.closed();
  yard.pass(100ms);
  yard.between();
  yard.pass(100ms);
  yard.transcript();
  yard.drive_through();
  CHECK(std::ranges::count(yard.lines(), "forced") == 1);
}

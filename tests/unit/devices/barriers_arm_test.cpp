// What one barrier does, in virtual time: openings, and how the arm comes down again.
// docs/contract/modbus.md, "What the gateway does", bullet by bullet.
#include "tests/unit/devices/barriers_yard.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace std::chrono_literals;
using engine::BarrierOrderKind;

TEST_CASE("An opening is one pulse, and is told step by step", "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  CHECK(yard.transcript() == Lines{"0 open coil 0 = 1", "0 opening"});
  yard.pass(300ms);
  yard.between();
  yard.pass(1200ms);
  yard.open();
  yard.pass(100ms);
  CHECK(yard.transcript() == Lines{"500 end coil 0 = 0", "1600 opening 7 seen_open", "1600 open"});
  yard.inputs.safety = true;
  yard.pass(1000ms);
  yard.inputs.safety = false;
  yard.pass(100ms);
  CHECK(yard.transcript() == Lines{"1700 open under", "2700 opening 7 passed", "2700 open"});
  yard.pass(800ms);
  CHECK(yard.transcript() == Lines{"3500 close coil 1 = 1", "3500 closing"});
  yard.between();
  yard.pass(1000ms);
  yard.closed();
  yard.pass(100ms);
  CHECK(yard.transcript() == Lines{"4000 end coil 1 = 0", "4600 closed"});
  yard.pass(1h);
  CHECK(yard.transcript().empty());
}

TEST_CASE("An arm that does not follow gets one more pulse, and then is a fault",
          "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.transcript();
  yard.pass(6s);
  CHECK(yard.transcript() == Lines{"500 end coil 0 = 0", "6000 open coil 0 = 1"});
  yard.pass(6s);
  CHECK(yard.transcript() == Lines{"6500 end coil 0 = 0", "12000 opening 7 failed", "12000 fault"});
  yard.pass(1h);
  CHECK(yard.transcript().empty());
}

TEST_CASE("An arm that is on its way gets no second pulse", "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.pass(1s);
  yard.between();
  yard.transcript();
  yard.pass(9s);
  CHECK(yard.transcript().empty());
  SECTION("and may come late") {
    yard.open();
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"opening 7 seen_open", "open"});
  }
  SECTION("and is a fault when it never comes") {
    yard.pass(3s);
    CHECK(yard.lines() == Lines{"opening 7 failed", "fault"});
  }
}

TEST_CASE("The second pulse waits for inputs that were read anew", "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.pass(5900ms);
  yard.transcript();
  yard.disconnect();
  yard.pass(1s);
  CHECK(yard.lines().empty());
  yard.reconnect();
  CHECK(yard.lines() == Lines{"open coil 0 = 1"});
}

TEST_CASE("Inputs of before the time was up do not count for the second pulse", "[barriers][arm]") {
  Yard yard;
  yard.pass(50ms);
  yard.order_open(7);
  yard.pass(5990ms);
  yard.transcript();
  // The time is up at 6050 ms; the reading of 6100 ms shows the arm open.
  yard.open();
  yard.pass(100ms);
  CHECK(yard.transcript() == Lines{"6100 opening 7 seen_open", "6100 open"});
}

TEST_CASE("A fault is over when the arm is seen open, when staff release it, or after an outage",
          "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.pass(12s);
  yard.transcript();
  SECTION("a person lifted the arm") {
    yard.open();
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"open"});
  }
  SECTION("released") {
    yard.order(BarrierOrderKind::release);
    CHECK(yard.lines() == Lines{"closed"});
  }
  SECTION("switched off and on") {
    yard.disconnect();
    yard.pass(2s);
    yard.reconnect();
    CHECK(yard.lines() == Lines{"unreachable", "closed"});
  }
  SECTION("staff open by hand meanwhile") {
    yard.order_open(8);
    yard.pass(400ms);
    yard.open();
    yard.pass(100ms);
    CHECK(yard.lines() ==
          Lines{"open coil 0 = 1", "end coil 0 = 0", "opening 8 seen_open", "open"});
  }
}

TEST_CASE("The barrier's own fault ends openings that wait for the arm", "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.transcript();
  yard.inputs.fault = true;
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"opening 7 failed", "fault"});
  yard.pass(10s);
  CHECK(yard.lines() == Lines{"end coil 0 = 0"});
  yard.inputs.fault = false;
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"closed"});
}

TEST_CASE("Nobody drives through: the arm closes after pass_timeout with both loops clear",
          "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  const auto held_up = GENERATE(0, 1, 2);
  CAPTURE(held_up);
  if (held_up == 1) yard.inputs.presence = true;
  if (held_up == 2) yard.inputs.safety = true;
  if (held_up == 0) {
    yard.pass(29'900ms);
    CHECK(yard.lines().empty());
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"close coil 1 = 1", "closing"});
    yard.closed();
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"opening 7 closed_unpassed", "closed"});
  } else {
    yard.pass(100s);
    const Lines lines = yard.lines();
    CHECK(std::ranges::none_of(lines, [](const auto& line) { return line.starts_with("close"); }));
  }
}

TEST_CASE("An arm coming down over an occupied safety loop is told to open", "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.drive_through();
  yard.pass(800ms);
  yard.between();
  yard.pass(200ms);
  yard.transcript();
  yard.inputs.safety = true;
  yard.pass(100ms);
  // Never both coils at once: the close pulse is ended first.
  CHECK(yard.lines() == Lines{"end coil 1 = 0", "open coil 0 = 1", "opening under"});
  yard.pass(600ms);
  yard.open();
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"end coil 0 = 0", "open under"});
  yard.pass(100s);
  CHECK(yard.lines().empty());
  yard.inputs.safety = false;
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"tailgate", "open"});
  yard.pass(800ms);
  CHECK(yard.lines() == Lines{"close coil 1 = 1", "closing"});
}

TEST_CASE("An arm that its controller brings down over a vehicle is told to open too",
          "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.inputs.safety = true;
  yard.pass(1s);
  yard.transcript();
  yard.between();
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening under"});
}

TEST_CASE("Told to open over a vehicle that left, a closed arm stays closed", "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.inputs.safety = true;
  yard.pass(1s);
  yard.between();
  yard.pass(100ms);
  yard.inputs.safety = false;
  yard.closed();
  yard.transcript();
  yard.pass(60s);
  CHECK(yard.lines() == Lines{"opening 7 passed", "closed", "end coil 0 = 0"});
}

TEST_CASE("An arm that does not come down is a fault, and is asked again only after pass_timeout",
          "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.drive_through();
  yard.pass(800ms);
  yard.transcript();
  yard.pass(6s);
  CHECK(yard.lines() == Lines{"end coil 1 = 0", "fault"});
  yard.pass(29'900ms);
  CHECK(yard.lines().empty());
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"close coil 1 = 1"});
  yard.closed();
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"closed"});
}

TEST_CASE("A controller that turns the arm round for an obstacle is no fault", "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.drive_through();
  yard.pass(800ms);
  yard.between();
  yard.pass(500ms);
  yard.transcript();
  yard.open();
  yard.pass(10s);
  CHECK(yard.lines() == Lines{"open"});
}

TEST_CASE("A second car that is let in before the arm closed keeps it up", "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.drive_through();
  yard.order_open(8);
  yard.transcript();
  yard.pass(5s);
  CHECK(yard.lines().empty());
  yard.inputs.safety = true;
  yard.pass(1s);
  yard.inputs.safety = false;
  yard.pass(900ms);
  CHECK(yard.lines() ==
        Lines{"open under", "opening 8 passed", "open", "close coil 1 = 1", "closing"});
}

TEST_CASE("An opening that comes while the arm goes down turns it round", "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  yard.drive_through();
  yard.pass(800ms);
  yard.transcript();
  // The arm still stands open: it has only just been told.
  yard.order_open(8);
  CHECK(yard.lines() == Lines{"end coil 1 = 0", "open coil 0 = 1", "opening"});
  yard.pass(100ms);
  CHECK(yard.lines() == Lines{"opening 8 seen_open", "open"});
}

TEST_CASE("An opening ordered twice is carried out and told of once", "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.order_open(7);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening"});
  yard.open();
  yard.pass(100ms);
  yard.drive_through();
  yard.closed();
  yard.pass(1s);
  yard.transcript();
  yard.order_open(7);
  yard.pass(1s);
  CHECK(yard.lines().empty());
}

TEST_CASE("An opening older than five seconds is never carried out", "[barriers][arm]") {
  Yard yard;
  yard.order(BarrierOrderKind::open, 7, 5001ms);
  CHECK(yard.lines() == Lines{"opening 7 too_old"});
  yard.order(BarrierOrderKind::open, 8, 5000ms);
  CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening"});
}

TEST_CASE("An opening waits for a short break of the line, but not beyond five seconds",
          "[barriers][arm]") {
  Yard yard;
  yard.disconnect();
  yard.order_open(7);
  CHECK(yard.lines().empty());
  SECTION("back in time") {
    yard.pass(1s);
    yard.reconnect();
    CHECK(yard.lines() == Lines{"open coil 0 = 1", "opening"});
  }
  SECTION("back too late: another car may stand there") {
    yard.pass(5100ms);
    CHECK(yard.lines() == Lines{"unreachable", "opening 7 too_old"});
    yard.reconnect();
    CHECK(yard.lines() == Lines{"closed"});
  }
}

TEST_CASE("An opening for a barrier that is out of reach is refused at once", "[barriers][arm]") {
  Yard yard;
  yard.disconnect();
  yard.pass(1500ms);
  CHECK(yard.transcript() == Lines{"1500 unreachable"});
  yard.order_open(7);
  CHECK(yard.lines() == Lines{"opening 7 refused"});
}

TEST_CASE("A pulse of unknown outcome is decided by what is read, never repeated blindly",
          "[barriers][arm]") {
  Yard yard;
  yard.order_open(7);
  yard.transcript();
  yard.disconnect();
  SECTION("it was carried out") {
    yard.pass(1s);
    yard.open();
    yard.reconnect();
    CHECK(yard.lines() == Lines{"opening 7 seen_open", "open"});
  }
  SECTION("it was not: the second pulse comes when the first has had its time") {
    yard.pass(1s);
    yard.reconnect();
    yard.pass(4900ms);
    CHECK(yard.lines().empty());
    yard.pass(100ms);
    CHECK(yard.lines() == Lines{"open coil 0 = 1"});
  }
  SECTION("the barrier was out of reach meanwhile: too old for a second pulse") {
    yard.pass(3s);
    yard.reconnect();
    yard.pass(10s);
    CHECK(yard.lines() == Lines{"unreachable", "opening", "opening 7 too_old", "closed"});
  }
  SECTION("it stays out of reach: for the driver it failed") {
    yard.pass(6s);
    CHECK(yard.lines() == Lines{"unreachable", "opening 7 failed"});
    yard.open();
    yard.reconnect();
    CHECK(yard.lines() == Lines{"open"});
  }
}

TEST_CASE("Close is never pulsed on connect", "[barriers][arm]") {
  Yard yard;
  yard.let_open(7);
  SECTION("not for a passage of before") {
    yard.drive_through();
    yard.disconnect();
    yard.order(BarrierOrderKind::close);
    yard.pass(1s);
    yard.transcript();
    yard.reconnect();
    CHECK(yard.lines().empty());
  }
  SECTION("not after an hour out of reach") {
    yard.disconnect();
    yard.pass(1h);
    yard.transcript();
    yard.reconnect();
    CHECK(yard.lines() == Lines{"open"});
    yard.pass(29s);
    CHECK(yard.lines().empty());
  }
}

TEST_CASE("On a serial line closed is believed when it was read twice", "[barriers][arm]") {
  Yard yard({}, true);
  CHECK(yard.transcript().empty());
  yard.pass(100ms);
  CHECK(yard.transcript() == Lines{"100 closed"});
  yard.let_open(7);
  yard.closed();
  yard.pass(100ms);
  yard.open();
  yard.pass(100ms);
  CHECK(yard.lines().empty());
  yard.closed();
  yard.pass(200ms);
  CHECK(yard.lines() == Lines{"opening 7 closed_unpassed", "closed"});
}

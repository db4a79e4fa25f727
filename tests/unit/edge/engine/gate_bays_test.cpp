// Where cars really stand: in another bay than their own, in one that nobody has, in none
// (docs/contract/mqtt.md, "A car in another bay").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

/// Every slot has a sensor, and says free.
void wire(GateLot& lot) {
  for (const SlotPlan& slot : lot.plan().slots()) lot.sensor(slot.id.text(), false);
}

}  // namespace

TEST_CASE("a car in another bay takes it, and gives back its own", "[engine][gate][bays]") {
  GateLot lot;
  wire(lot);
  const std::string code = lot.parked();
  lot.forget();
  lot.sensor("A-003", true);
  CHECK(lot.slot_of(code) == "A-003");
  CHECK(lot.status("A-001") == "free");
  CHECK(lot.status("A-003") == "occupied");
  CHECK(lot.available("A") == 2);
  CHECK(lot.count_events("session.moved") == 1);
  SECTION("once: who has found its bay moves no more") {
    lot.sensor("A-002", true);
    CHECK(lot.slot_of(code) == "A-003");
  }
  SECTION("also into another zone") {
    const std::string other = lot.parked();
    lot.sensor("B-001", true);
    CHECK(lot.slot_of(other) == "B-001");
    CHECK(lot.session(other).rates.hourly_rate == Paise(5'000));
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("a car in its own bay stays there", "[engine][gate][bays]") {
  GateLot lot;
  wire(lot);
  const std::string code = lot.parked();
  lot.sensor("A-001", true);
  CHECK(lot.session(code).arrived_in_slot_at);
  lot.sensor("A-002", true);
  CHECK(lot.slot_of(code) == "A-001");
  CHECK(lot.count_events("session.moved") == 0);
}

TEST_CASE("only a car that may park there is moved, and only soon after its entry",
          "[engine][gate][bays]") {
  GateLot lot;
  wire(lot);
  SECTION("its lane does not lead there") {
    const std::string code = lot.ticket("B");
    lot.scan("ENTRY_GATE_02", code);
    lot.drive_through();
    lot.sensor("A-001", true);
    CHECK(lot.slot_of(code) == "B-001");
  }
  SECTION("it has been in for long") {
    const std::string code = lot.parked();
    lot.advance(15min + 1s);
    lot.sensor("A-002", true);
    CHECK(lot.slot_of(code) == "A-001");
  }
  SECTION("it just came in time") {
    const std::string code = lot.parked();
    lot.advance(15min);
    lot.sensor("A-002", true);
    CHECK(lot.slot_of(code) == "A-002");
  }
  SECTION("it came after the slot was taken") {
    lot.sensor("A-002", true);
    lot.advance(1min);
    const std::string code = lot.parked();
    lot.advance(1min);
    CHECK(lot.slot_of(code) == "A-001");
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("with several candidates nothing moves until one is left", "[engine][gate][bays]") {
  GateLot lot;
  wire(lot);
  const std::string one = lot.parked();
  const std::string other = lot.parked();
  lot.sensor("A-003", true);
  lot.advance(1s);
  CHECK(lot.slot_of(one) == "A-001");
  CHECK(lot.slot_of(other) == "A-002");
  SECTION("one finds its own bay") {
    lot.sensor("A-001", true);
    lot.advance(1s);
    CHECK(lot.slot_of(other) == "A-003");
  }
  SECTION("the process ends in between") {
    lot.restart();
    lot.sensor("A-001", true);
    lot.advance(1s);
    CHECK(lot.slot_of(other) == "A-003");
  }
  SECTION("growing old makes nobody the only one") {
    lot.advance(20min);
    lot.advance(1s);
    CHECK(lot.slot_of(one) == "A-001");
    CHECK(lot.slot_of(other) == "A-002");
  }
  SECTION("the car drives off again") {
    lot.sensor("A-003", false);
    lot.sensor("A-001", true);
    lot.advance(1s);
    CHECK(lot.slot_of(other) == "A-002");
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("a booking whose slot was taken gets another, the one that became free included",
          "[engine][gate][bays]") {
  GateLot lot;
  wire(lot);
  const std::string entered = lot.parked();
  const std::string booked = lot.ticket();
  CHECK(lot.slot_of(booked) == "A-002");
  SECTION("a free one") {
    lot.sensor("A-002", true);
    CHECK(lot.slot_of(booked) == "A-001");
  }
  SECTION("the last one") {
    lot.ticket();
    lot.sensor("A-002", true);
    CHECK(lot.slot_of(booked) == "A-001");
  }
  SECTION("none: it holds nothing until it comes") {
    lot.ticket();
    lot.sensor("B-001", true);
    CHECK(lot.slot_of(entered) == "B-001");
    CHECK(lot.slot_of(booked) == "A-002");
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("a sensor that was silent for a while brings no new car", "[engine][gate][bays]") {
  GateLot lot;
  wire(lot);
  lot.sensor("A-003", true);
  lot.advance(1s);
  const std::string code = lot.parked();
  lot.sensor_online("A-003", false);
  CHECK(lot.status("A-003") == "unknown");
  if (GENERATE(false, true)) lot.restart();
  lot.sensor_online("A-003", true);
  lot.sensor("A-003", true);
  CHECK(lot.status("A-003") == "occupied");
  CHECK(lot.slot_of(code) == "A-001");
}

TEST_CASE("a car without a session is an alert and never a bill", "[engine][gate][bays][alerts]") {
  GateLot lot;
  wire(lot);
  lot.sensor("A-002", true);
  lot.advance(1s);
  lot.advance(119s);
  CHECK(lot.alerts.empty());
  lot.advance(2s);
  lot.advance(1h);
  CHECK(lot.alerts == std::vector<std::string>{"slot_taken_without_session A-002"});
  CHECK(lot.number("SELECT count(*) FROM sessions") == 0);
  CHECK(lot.number("SELECT count(*) FROM ledger") == 0);
  if (GENERATE(false, true)) lot.restart();
  lot.sensor("A-002", false);
  lot.advance(1s);
  CHECK(lot.alerts.back() == "cleared slot_taken_without_session A-002");
  CHECK(lot.alerts.size() == 2);
  CHECK(lot.violations() == "");
}

TEST_CASE("a session whose slot stays empty is an alert, and stays a session",
          "[engine][gate][bays][alerts]") {
  GateLot lot;
  wire(lot);
  const std::string code = lot.parked();
  lot.advance(1s);
  lot.advance(15min - 1s);
  CHECK(lot.alerts.empty());
  lot.advance(2s);
  CHECK(lot.alerts == std::vector<std::string>{"slot_empty_with_session A-001"});
  CHECK(lot.state(code) == SessionState::active);
  SECTION("until its car comes") { lot.sensor("A-001", true); }
  SECTION("until it leaves") { CHECK(lot.leave(code)); }
  lot.advance(1s);
  CHECK(lot.alerts.back() == "cleared slot_empty_with_session A-001");
  CHECK(lot.violations() == "");
}

// A disk that fills up under a lot full of cars, and a store that somebody takes away.
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

TEST_CASE("while the disk is nearly full nobody new is let in", "[engine][gate][disk]") {
  GateLot lot;
  const std::string ticket = lot.ticket("A");
  lot.free_bytes = 1'000;
  lot.advance(1s);
  CHECK(lot.scan("ENTRY_GATE_01", ticket).answer == "deny/out_of_service");
  CHECK(lot.press("ENTRY_GATE_01").answer == "deny/out_of_service");
  CHECK(lot.is_refused(lot.ask(IssueTicket{.vehicle = VehicleNumber::parse("DL01AB1234").value(),
                                           .owner_name = "A",
                                           .phone_number = {},
                                           .zone = lot.zone("A"),
                                           .gate = {}}),
                       Refusal::out_of_service));
  CHECK(lot.is_refused(lot.ask(Enter{.ticket = {ticket}, .vehicle = {}, .gate = {}}),
                       Refusal::out_of_service));
  CHECK(lot.was_alerted("disk_full store"));
  CHECK(lot.openings("ENTRY_GATE_01") == 0);
  CHECK(lot.state(ticket) == SessionState::booked);

  lot.free_bytes = 1ULL << 30U;
  lot.advance(4s);
  CHECK(lot.was_alerted("cleared disk_full store"));
  CHECK(lot.scan("ENTRY_GATE_01", ticket).answer == "open/entered");
}

TEST_CASE("while the disk is nearly full whoever is inside pays and leaves",
          "[engine][gate][disk]") {
  GateLot lot;
  const std::string code = lot.parked("A");
  lot.advance(50min);
  lot.free_bytes = 0;
  lot.advance(1s);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "pay/payment_due");
  CHECK(lot.leave(code));
  lot.drive_through();
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.violations() == "");
}

TEST_CASE("a full disk stops nobody whose opening was lost", "[engine][gate][disk]") {
  GateLot lot;
  const std::string ticket = lot.ticket("A");
  REQUIRE(lot.scan("ENTRY_GATE_01", ticket).answer == "open/entered");
  lot.opening(How::failed);
  lot.free_bytes = 0;
  lot.advance(4s);
  CHECK(lot.scan("ENTRY_GATE_01", ticket).answer == "open/entered");
}

TEST_CASE("a process that begins on a full disk knows it from the start", "[engine][gate][disk]") {
  GateLot lot;
  const std::string ticket = lot.ticket("A");
  lot.free_bytes = 0;
  lot.restart();
  CHECK(lot.scan("ENTRY_GATE_01", ticket).answer == "deny/out_of_service");
}

TEST_CASE("nothing is committed into a store that somebody took away", "[engine][gate][disk]") {
  GateLot lot;
  lot.take_store_away();
  CHECK_THROWS_WITH(lot.advance(1s), Catch::Contains("removed or replaced"));
}

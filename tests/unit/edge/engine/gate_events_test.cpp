// What others hear of the gate: a row of the outbox for each change, numbered without gaps, handed
// out in order (docs/contract/mqtt.md, "Events").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

using Texts = std::vector<std::string>;

namespace {

void ask_events(GateLot& lot, const EventsAsked& asked) {
  lot.handed_out.clear();
  lot.inbox().put(asked);
  lot.turn();
}

std::int64_t cursor(GateLot& lot) { return lot.number("SELECT sequence FROM event_cursor"); }

}  // namespace

TEST_CASE("a whole stay is told, each change once and in its order", "[engine][gate][events]") {
  GateLot lot;
  const std::string code = lot.ticket();
  CHECK(lot.events() == Texts{"booking.created", "slot.changed"});
  lot.forget();
  lot.scan("ENTRY_GATE_01", code);
  CHECK(lot.events() == Texts{"session.opened", "gate.scanned", "slot.changed"});
  lot.forget();
  lot.drive_through();
  CHECK(lot.events().empty());
  lot.advance(50min);
  lot.forget();
  lot.scan("EXIT_GATE_01", code);
  CHECK(lot.events() == Texts{"session.exit_requested", "gate.scanned"});
  lot.forget();
  CHECK(lot.leave(code));
  CHECK(lot.events() ==
        Texts{"payment.succeeded", "session.closed", "gate.scanned", "slot.changed"});
  CHECK(lot.number("SELECT max(sequence) - count(*) FROM outbox") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("a barrier's states are told once each", "[engine][gate][events]") {
  GateLot lot;
  lot.barrier("EXIT_GATE_01", BarrierState::open);
  lot.barrier("EXIT_GATE_01", BarrierState::open, {.vehicle_under_arm = true});
  CHECK(lot.events() == Texts{"barrier.changed"});
  REQUIRE(lot.barriers.size() == 2);
  CHECK(lot.barriers[1].shown.vehicle_under_arm);
}

TEST_CASE("what is told names no vehicle and no owner", "[engine][gate][events]") {
  GateLot lot;
  const std::string code = lot.ticket("A", "DL01AB1234");
  lot.scan("ENTRY_GATE_01", code);
  lot.advance(50min);
  CHECK(lot.leave(code, {.gate = "EXIT_GATE_01"}));
  CHECK(lot.number("SELECT count(*) FROM outbox WHERE data LIKE '%DL01AB1234%' "
                   "OR data LIKE '%driver%' OR data LIKE '%PARK-%'") == 0);
}

TEST_CASE("events are handed out in order, and what was taken is never handed out again",
          "[engine][gate][events]") {
  GateLot lot;
  lot.parked();
  const std::int64_t rows = lot.number("SELECT count(*) FROM outbox");
  const std::int64_t before = cursor(lot);
  ask_events(lot, {});
  REQUIRE(lot.handed_out.size() == 1);
  const auto first = lot.handed_out[0].rows;
  REQUIRE(std::int64_t(first.size()) == rows - before);
  for (std::size_t i = 0; i < first.size(); ++i)
    CHECK(std::int64_t(first[i].sequence) == before + std::int64_t(i) + 1);
  CHECK(cursor(lot) == before);

  const store::OutboxPlace third{first[2].epoch, first[2].sequence};
  ask_events(lot, {.taken = third, .after = third});
  CHECK(lot.handed_out[0].rows.size() == first.size() - 3);
  // Kept with the next change, and after a minute at most.
  CHECK(cursor(lot) == before);
  SECTION("with a change") { lot.sensor("A-003", true); }
  SECTION("after a minute") { lot.advance(60s); }
  CHECK(cursor(lot) == std::int64_t(third.sequence));
  lot.restart();
  ask_events(lot, {});
  CHECK(lot.handed_out[0].rows.front().sequence == third.sequence + 1);

  ask_events(lot, {.taken = store::OutboxPlace{third.epoch, 1}, .after = {}});
  lot.advance(60s);
  CHECK(cursor(lot) == std::int64_t(third.sequence));
}

TEST_CASE("a call is answered once, after its commit", "[engine][gate][calls]") {
  GateLot lot;
  const auto issued = lot.ask(IssueTicket{.vehicle = VehicleNumber::parse("DL01AB1234").value(),
                                          .owner_name = {},
                                          .phone_number = {},
                                          .zone = lot.zone("A"),
                                          .gate = {}});
  REQUIRE(issued);
  CHECK(lot.answers.size() == 1);
  CHECK(lot.number("SELECT count(*) FROM sessions WHERE id = '" +
                   std::get<TicketIssued>(*issued).session_id + "'") == 1);
}

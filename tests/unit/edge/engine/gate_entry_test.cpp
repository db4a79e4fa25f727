// Coming in: tickets, the button, slots that are taken, passages nobody saw
// (docs/contract/mqtt.md, "Decision"; http.md, "Life cycles and sums").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

TEST_CASE("a ticket from the counter holds its slot, and lets its car in",
          "[engine][gate][entry]") {
  GateLot lot;
  const std::string code = lot.ticket("A", "DL01AB1234");
  CHECK(lot.status("A-001") == "reserved");
  CHECK(lot.available("A") == 2);
  const Heard heard = lot.scan("ENTRY_GATE_01", code);
  CHECK(heard.answer == "open/entered");
  CHECK(heard.session_id == lot.session(code).id);
  CHECK(heard.vehicle_number == "DL01AB1234");
  CHECK(heard.zone == "A");
  CHECK(heard.slot == "A-001");
  CHECK(heard.message == "Welcome. Your slot is A-001.");
  CHECK(lot.status("A-001") == "occupied");
  CHECK(lot.session(code).entry_gate == "ENTRY_GATE_01");
  CHECK_FALSE(lot.session(code).entry_confirmed_at);
  lot.drive_through();
  CHECK(lot.session(code).entry_confirmed_at);
  CHECK(lot.violations() == "");
}

TEST_CASE("a ticket from the counter that is not scanned in expires and gives back its slot",
          "[engine][gate][entry][expiry]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.advance(15min - 1s);
  CHECK(lot.state(code) == SessionState::booked);
  lot.forget();
  lot.advance(1s);
  CHECK(lot.state(code) == SessionState::expired);
  CHECK(lot.available("A") == 3);
  CHECK(lot.count_events("booking.expired") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("a booking whose car never came expires, and its fee is earned",
          "[engine][gate][entry][expiry]") {
  GateLot lot;
  const std::string code = lot.booking({});
  lot.advance(60min);
  CHECK(lot.state(code) == SessionState::expired);
  CHECK(lot.books().ledger.balances()[std::size_t(Account::revenue)] == Paise(5'000));
  CHECK(lot.number("SELECT total_paise FROM receipts") == 5'000);
  CHECK(lot.violations() == "");
}

TEST_CASE("a slot that its sensor calls taken is exchanged for another, at the booked price",
          "[engine][gate][entry][slots]") {
  GateLot lot;
  const std::string code = lot.ticket("A");
  lot.sensor("A-001", true);
  SECTION("of its zone first") {
    CHECK(lot.scan("ENTRY_GATE_01", code).slot == "A-002");
    CHECK(lot.slot_of(code) == "A-002");
  }
  SECTION("then of the lane's zones") {
    lot.sensor("A-002", true);
    lot.sensor("A-003", true);
    const Heard heard = lot.scan("ENTRY_GATE_01", code);
    CHECK(heard.answer == "open/entered");
    CHECK(heard.slot == "B-001");
    CHECK(heard.zone == "B");
  }
  CHECK(lot.status("A-001") == "occupied");
  CHECK(lot.session(code).rates == lot.plan().zone(lot.zone("A")).rates);
  CHECK(lot.violations() == "");
}

TEST_CASE("a slot whose sensor is silent is given to nobody", "[engine][gate][entry][slots]") {
  GateLot lot;
  lot.sensor("A-001", false);
  lot.sensor("A-002", false);
  const std::string code = lot.ticket("A");
  CHECK(lot.slot_of(code) == "A-001");
  lot.sensor_online("A-001", false);
  lot.sensor_online("A-002", false);
  CHECK(lot.scan("ENTRY_GATE_01", code).slot == "A-003");
}

TEST_CASE("a booking that finds no slot is cancelled, refunded in full and told to staff",
          "[engine][gate][entry][slots]") {
  GateLot lot;
  const std::string code = lot.booking({});
  for (const char* slot : {"A-001", "A-002", "A-003", "B-001", "B-002"}) lot.sensor(slot, true);
  lot.forget();
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "deny/zone_full");
  CHECK(lot.state(code) == SessionState::cancelled);
  CHECK(lot.openings("ENTRY_GATE_01") == 0);
  CHECK(lot.alerts == std::vector<std::string>{"no_slot_at_entry " + lot.session(code).id});
  CHECK(lot.number("SELECT sum(amount_paise) FROM refunds WHERE status = 'PENDING'") == 5'000);
  CHECK(lot.count_events("booking.cancelled") == 1);
  CHECK(lot.count_events("refund.requested") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("the button issues a ticket, records the entry and opens",
          "[engine][gate][entry][press]") {
  GateLot lot;
  const Heard heard = lot.press("ENTRY_GATE_01", "DL-01-AB-1234", "press-one");
  CHECK(heard.answer == "open/ticket_issued");
  CHECK(heard.scan_id == "press-one");
  CHECK(heard.slot == "A-001");
  CHECK(heard.vehicle_number == "DL01AB1234");
  CHECK(lot.state(heard.code) == SessionState::active);
  CHECK(lot.openings("ENTRY_GATE_01") == 1);
  CHECK(lot.press("ENTRY_GATE_01", "DL-01-AB-1234", "press-one").code == heard.code);
  CHECK(lot.openings("ENTRY_GATE_01") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("presses fill the lane's zones in their order", "[engine][gate][entry][press]") {
  GateLot lot;
  for (const char* slot : {"A-001", "A-002", "A-003", "B-001", "B-002"}) {
    CHECK(lot.press("ENTRY_GATE_01").slot == slot);
    lot.drive_through();
  }
  CHECK(lot.press("ENTRY_GATE_01").answer == "deny/zone_full");
  CHECK(lot.violations() == "");
}

TEST_CASE("until its car has gone through, a further press brings the same ticket",
          "[engine][gate][entry][press]") {
  GateLot lot({.with_presence_loops = true});
  lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
  const std::string code = lot.press("ENTRY_GATE_01").code;
  lot.advance(1s);
  CHECK(lot.press("ENTRY_GATE_01").code == code);
  CHECK(lot.openings("ENTRY_GATE_01") == 2);
  SECTION("the next one is another's") {
    lot.drive_through();
    CHECK(lot.press("ENTRY_GATE_01").code != code);
  }
  SECTION("nor when it has driven off the loop") {
    lot.barrier("ENTRY_GATE_01", BarrierState::closed);
    lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
    CHECK(lot.press("ENTRY_GATE_01").code != code);
  }
  SECTION("also after a restart") {
    lot.end_process();
    lot.begin_process();
    lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
    CHECK(lot.press("ENTRY_GATE_01").code == code);
  }
  SECTION("also after the barrier was out of reach") {
    lot.barrier("ENTRY_GATE_01", BarrierState::unreachable);
    lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
    CHECK(lot.press("ENTRY_GATE_01").code == code);
  }
  SECTION(
      "which opens nothing any more once it was seen open twice again, and takes no second slot") {
    lot.opening(How::seen_open);
    lot.press("ENTRY_GATE_01");
    lot.press("ENTRY_GATE_01");
    CHECK(lot.openings("ENTRY_GATE_01") == 4);
    CHECK(lot.press("ENTRY_GATE_01").answer == "wait/ask_staff");
    lot.advance(3min);
    CHECK(lot.press("ENTRY_GATE_01").answer == "wait/ask_staff");
    CHECK(lot.openings("ENTRY_GATE_01") == 4);
    CHECK(lot.available("A") == 2);
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("without a loop, whoever presses long after an opening is another car",
          "[engine][gate][entry][press]") {
  GateLot lot;
  const std::string code = lot.press("ENTRY_GATE_01").code;
  lot.opening(How::seen_open);
  lot.advance(121s);
  const Heard next = lot.press("ENTRY_GATE_01");
  CHECK(next.answer == "open/ticket_issued");
  CHECK(next.code != code);
}

TEST_CASE("where no arm comes down, pressing twice in a moment brings one ticket",
          "[engine][gate][entry][press]") {
  GateLot lot;
  const std::string gate = GENERATE(as<std::string>{}, "BOTH_GATE", "ENTRY_GATE_01");
  if (gate == "ENTRY_GATE_01") lot.barrier(gate, BarrierState::held);
  const Heard first = lot.press(gate);
  CHECK(first.answer == "open/ticket_issued");
  lot.advance(3s);
  CHECK(lot.press(gate).code == first.code);
  lot.advance(1s);
  CHECK(lot.press(gate).code != first.code);
  CHECK(lot.available("A") == 1);
  CHECK(lot.orders.empty());
  CHECK(lot.violations() == "");
}

TEST_CASE("an unpaid booking never keeps its vehicle out", "[engine][gate][entry]") {
  GateLot lot;
  const std::string code = lot.booking({.state = SessionState::pending_payment, .paid = Paise(0)});
  const std::string vehicle = lot.session(code).vehicle->text();
  CHECK(lot.press("ENTRY_GATE_01", vehicle).answer == "open/ticket_issued");
  CHECK(lot.state(code) == SessionState::cancelled);
  CHECK(lot.violations() == "");
}

TEST_CASE("where the barrier cannot open, an entry is refused and nothing recorded",
          "[engine][gate][entry][barrier]") {
  const auto [state, answer] = GENERATE(table<BarrierState, std::string>({
      {BarrierState::fault, "deny/barrier_fault"},
      {BarrierState::unreachable, "deny/barrier_fault"},
      {BarrierState::locked, "deny/out_of_service"},
  }));
  CAPTURE(answer);
  GateLot lot({.with_presence_loops = true});
  const std::string code = lot.ticket();
  // As the bus tells it: of a barrier that does not answer no loop is seen.
  lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
  lot.barrier("ENTRY_GATE_01", state, {.vehicle_present = state != BarrierState::unreachable});
  lot.forget();
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == answer);
  CHECK(lot.press("ENTRY_GATE_01").answer == answer);
  CHECK(lot.is_refused(
      lot.ask(Enter{.ticket = {code}, .vehicle = {}, .gate = lot.gate("ENTRY_GATE_01")}),
      Refusal::barrier_fault));
  CHECK(lot.state(code) == SessionState::booked);
  CHECK(lot.number("SELECT count(*) FROM sessions") == 1);
  CHECK(lot.orders.empty());
  lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
  lot.advance(4s);
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
}

TEST_CASE("an entry that nobody was seen to make is told to staff, once",
          "[engine][gate][entry][alerts]") {
  GateLot lot;
  const std::string code = lot.ticket();
  const std::string alert = "entry_unconfirmed " + lot.session(code).id;
  lot.scan("ENTRY_GATE_01", code);
  const bool is_seen = GENERATE(true, false);
  if (is_seen) lot.opening(How::seen_open);
  lot.advance(120s);
  CHECK_FALSE(lot.was_alerted(alert));
  lot.advance(1s);
  lot.advance(1s);
  CHECK(lot.alerts == std::vector<std::string>{alert});
  SECTION("and taken back when its car goes through after all") {
    lot.opening(How::passed);
    CHECK(lot.alerts.back() == "cleared " + alert);
    CHECK(lot.session(code).entry_confirmed_at);
  }
  SECTION("and taken back when the stay ends") {
    CHECK(lot.leave(code));
    CHECK(lot.alerts.back() == "cleared " + alert);
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("staff let in by hand", "[engine][gate][entry][staff]") {
  GateLot lot;
  const std::string code = lot.ticket("A", "DL01AB1234");
  const auto enter = [&](std::string_view gate, std::string_view vehicle) {
    Enter asked{.ticket = {code}, .vehicle = {}, .gate = {}};
    if (!gate.empty()) asked.gate = lot.gate(gate);
    if (!vehicle.empty()) asked.vehicle = VehicleNumber::parse(vehicle).value();
    return lot.ask(std::move(asked));
  };
  CHECK(lot.is_refused(enter("", "MH02CD5678"), Refusal::vehicle_mismatch));
  CHECK(lot.is_refused(enter("ENTRY_GATE_02", ""), Refusal::wrong_gate));
  CHECK(lot.is_refused(enter("EXIT_GATE_01", ""), Refusal::wrong_gate));
  CHECK(lot.state(code) == SessionState::booked);
  SECTION("at a gate, which opens") {
    CHECK(enter("ENTRY_GATE_01", "DL-01-AB-1234"));
    CHECK(lot.openings("ENTRY_GATE_01") == 1);
  }
  SECTION("anywhere, and nothing opens") {
    CHECK(enter("", ""));
    CHECK(lot.orders.empty());
    CHECK(lot.session(code).entry_confirmed_at);
  }
  CHECK(lot.state(code) == SessionState::active);
  CHECK(lot.is_refused(enter("", ""), Refusal::already_entered));
  CHECK(lot.is_refused(lot.ask(Enter{.ticket = {"PARK-1"}, .vehicle = {}, .gate = {}}),
                       Refusal::invalid_qr));
  CHECK(lot.violations() == "");
}

TEST_CASE("the counter issues no ticket that could not be used", "[engine][gate][entry][staff]") {
  GateLot lot({.b_takes_walk_ins = false});
  const auto issue = [&](std::string_view zone, std::string_view vehicle, std::string_view gate) {
    IssueTicket asked{.vehicle = VehicleNumber::parse(vehicle).value(),
                      .owner_name = {},
                      .phone_number = {},
                      .zone = lot.zone(zone),
                      .gate = {}};
    if (!gate.empty()) asked.gate = lot.gate(gate);
    return lot.ask(std::move(asked));
  };
  CHECK(lot.is_refused(issue("B", "DL01AB1111", ""), Refusal::zone_closed));
  CHECK(lot.is_refused(issue("A", "DL01AB1111", "ENTRY_GATE_02"), Refusal::wrong_gate));
  CHECK(lot.is_refused(issue("A", "DL01AB1111", "EXIT_GATE_01"), Refusal::wrong_gate));
  CHECK(issue("A", "DL01AB1111", "ENTRY_GATE_01"));
  CHECK(lot.openings("ENTRY_GATE_01") == 1);
  CHECK(lot.is_refused(issue("A", "DL01AB1111", ""), Refusal::vehicle_inside));
  CHECK(issue("A", "DL01AB2222", ""));
  CHECK(issue("A", "DL01AB3333", ""));
  CHECK(lot.is_refused(issue("A", "DL01AB4444", ""), Refusal::zone_full));
  CHECK(lot.violations() == "");
}

// What is out of the ordinary at the counter: a lost ticket, a car let out unpaid, a stay ended by
// staff (docs/contract/http.md, "Staff").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

using Answered = std::expected<CallResult, CallRefused>;

LotRules with_fee() {
  LotRules rules;
  rules.billing.lost_ticket_fee = Paise(10'000);
  return rules;
}

TicketReplaced replaced(const Answered& result) { return std::get<TicketReplaced>(result.value()); }
BillShown bill(const Answered& result) { return std::get<BillShown>(result.value()); }

VehicleNumber vehicle(const std::string& text) { return VehicleNumber::parse(text).value(); }

Answered lose(GateLot& lot, WhichSession which) {
  return lot.ask(LostTicket{std::move(which), "It fell into a drain", {}, {}});
}

/// A car with a number that came in.
std::string parked_as(GateLot& lot, const std::string& number, const std::string& zone = "A") {
  const std::string code = lot.ticket(zone, number);
  REQUIRE(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
  lot.drive_through();
  lot.barrier("ENTRY_GATE_01", BarrierState::closed);
  return code;
}

Answered let_out(GateLot& lot, const std::string& code, const std::string& gate = "EXIT_GATE_01") {
  return lot.ask(LetOut{.which = {lot.session(code).id},
                        .gate = lot.gate(gate),
                        .reason = "The provider does not answer",
                        .reference = "UTR 4711",
                        .stay = {}});
}

Answered terminate(GateLot& lot, const std::string& code, std::optional<StayLength> stay = {}) {
  return lot.ask(Terminate{{lot.session(code).id}, "Towed away", stay});
}

/// The provider says that the money of the newest payment has come.
void confirm_online(GateLot& lot) {
  const std::string now = std::to_string(lot.clock.now().utc.time_since_epoch().count());
  lot.run(
      "UPDATE payments SET status = 'SUCCESS', provider_payment_id = 'pay_1', paid_at = " + now +
      " WHERE key = (SELECT max(key) FROM payments);"
      "INSERT INTO ledger (at, debit, credit, amount_paise, cause, session, payment) "
      "SELECT " +
      now +
      ", 'provider_razorpay', 'customer', amount_paise, 'payment_captured', "
      "session, key FROM payments WHERE key = (SELECT max(key) FROM payments)");
}

std::int64_t acts(GateLot& lot, const std::string& kind) {
  return lot.number("SELECT count(*) FROM staff_acts WHERE kind = '" + kind + "'");
}

Paise balance(GateLot& lot, Account account) {
  return lot.books().ledger.balances()[std::size_t(account)];
}

}  // namespace

TEST_CASE("a lost ticket is another code for the same stay, at a fee", "[engine][gate][lost]") {
  GateLot lot(with_fee());
  const std::string old = parked_as(lot, "DL01AB1234");
  const store::Session before = lot.session(old);
  lot.advance(50min);
  const std::size_t way = GENERATE(0U, 1U, 2U, 3U);
  const std::vector<WhichSession> ways = {ByVehicle{vehicle("DL01AB1234")},
                                          BySlot{lot.slot("A-001")}, ById{before.id}, ById{"1"}};
  const WhichSession& which = ways[way];
  const TicketReplaced lost = replaced(lose(lot, which));
  CHECK_FALSE(lost.is_new);
  CHECK(lost.code != old);
  CHECK(lost.bill.session_id == before.id);
  CHECK(lost.bill.sums.charge == Paise(15'000));
  CHECK(lost.bill.sums.due == Paise(15'000));
  CHECK(lot.scan("EXIT_GATE_01", old).answer == "deny/unknown_code");
  CHECK(lot.is_refused(lot.leave(old), Refusal::invalid_qr));
  CHECK(lot.scan("EXIT_GATE_01", lost.code).amount_due == Paise(15'000));
  CHECK(lot.leave(lost.code, {.amount = Paise(15'000)}));
  CHECK(balance(lot, Account::revenue) == Paise(15'000));
  CHECK(acts(lot, "lost_ticket") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("the old code is void at once, also where it was scanned a moment ago",
          "[engine][gate][lost]") {
  GateLot lot(with_fee());
  const std::string old = lot.parked();
  lot.advance(50min);
  CHECK(lot.scan("EXIT_GATE_01", old).answer == "pay/payment_due");
  const std::string fresh = replaced(lose(lot, BySlot{lot.slot("A-001")})).code;
  CHECK(lot.scan("EXIT_GATE_01", old).answer == "deny/unknown_code");
  CHECK(lot.scan("EXIT_GATE_01", fresh).amount_due == Paise(15'000));
  lot.restart();
  CHECK(lot.scan("EXIT_GATE_01", old).answer == "deny/unknown_code");
  CHECK(lot.violations() == "");
}

TEST_CASE("a ticket lost twice costs its fee once", "[engine][gate][lost]") {
  GateLot lot(with_fee());
  lot.parked();
  const std::string second = replaced(lose(lot, BySlot{lot.slot("A-001")})).code;
  const TicketReplaced third = replaced(lose(lot, BySlot{lot.slot("A-001")}));
  CHECK(third.code != second);
  CHECK(third.bill.sums.charge == Paise(10'000));
  CHECK(lot.session(third.code).surcharge == Paise(10'000));
}

TEST_CASE("a quote that was made before the ticket was lost grows by the fee",
          "[engine][gate][lost]") {
  GateLot lot(with_fee());
  const std::string old = lot.parked();
  lot.advance(50min);
  lot.scan("EXIT_GATE_01", old);
  const std::string code = replaced(lose(lot, BySlot{lot.slot("A-001")})).code;
  CHECK(lot.session(code).quote.value().charge == Paise(15'000));
  CHECK(lot.is_refused(lot.leave(code, {.amount = Paise(5'000)}), Refusal::amount_changed));
  CHECK(lot.leave(code, {.amount = Paise(15'000)}));
  CHECK(lot.violations() == "");
}

TEST_CASE("of a part of a vehicle's number one car is it, and several are asked about",
          "[engine][gate][lost]") {
  GateLot lot(with_fee());
  parked_as(lot, "DL01AB1234");
  parked_as(lot, "MH02AB1234");
  parked_as(lot, "KA05MN7777");
  const Answered several = lose(lot, ByVehicle{vehicle("AB1234")});
  REQUIRE(lot.is_refused(several, Refusal::several_sessions));
  REQUIRE(several.error().matches.size() == 2);
  CHECK(several.error().matches[0].vehicle_number == "DL01AB1234");
  CHECK(several.error().matches[0].slot == "A-001");
  CHECK(several.error().matches[1].number == 2);
  CHECK(replaced(lose(lot, ByVehicle{vehicle("7777")})).bill.vehicle_number == "KA05MN7777");
  CHECK(replaced(lose(lot, ByVehicle{vehicle("DL01AB1234")})).bill.vehicle_number == "DL01AB1234");
  CHECK(acts(lot, "lost_ticket") == 2);
}

TEST_CASE("a car that nobody knows is let in on paper, from when it came", "[engine][gate][lost]") {
  GateLot lot(with_fee());
  lot.advance(10h);
  const Instant came = lot.clock.now().utc - 170min;
  const bool by_slot = GENERATE(true, false);
  CAPTURE(by_slot);
  LostTicket asked{ByVehicle{vehicle("DL01AB1234")}, "No ticket", came, lot.zone("A")};
  if (by_slot) asked.which = BySlot{lot.slot("A-002")};
  const TicketReplaced lost = replaced(lot.ask(asked));
  CHECK(lost.is_new);
  CHECK(lost.bill.entry_time == came);
  CHECK(lost.bill.sums.due == Paise(25'000));
  CHECK(lot.state(lost.code) == SessionState::active);
  CHECK(lot.slot_of(lost.code) == (by_slot ? "A-002" : ""));
  CHECK(lot.status("A-002") == (by_slot ? "occupied" : "free"));
  CHECK(lot.violations() == "");
  // The same call again finds the session that it opened.
  CHECK_FALSE(replaced(lot.ask(asked)).is_new);
  CHECK(lot.number("SELECT count(*) FROM sessions") == 1);
  const std::string code = by_slot ? replaced(lose(lot, BySlot{lot.slot("A-002")})).code
                                   : replaced(lose(lot, ByVehicle{vehicle("DL01AB1234")})).code;
  CHECK(lot.leave(code));
  CHECK(lot.violations() == "");
}

TEST_CASE("nobody is let in on paper without a time, or from one that cannot be",
          "[engine][gate][lost]") {
  GateLot lot;
  const Instant now = lot.clock.now().utc;
  const auto ask = [&](std::optional<Instant> from, std::optional<ZoneIndex> zone) {
    return lot.ask(LostTicket{ByVehicle{vehicle("DL01AB1234")}, "No ticket", from, zone});
  };
  CHECK(lot.is_refused(ask({}, {}), Refusal::invalid_qr));
  CHECK(lot.is_refused(ask(now, {}), Refusal::invalid_qr));
  CHECK(lot.is_refused(ask({}, lot.zone("A")), Refusal::invalid_qr));
  CHECK(lot.is_refused(ask(now + 1s, lot.zone("A")), Refusal::bad_entered_at));
  CHECK(lot.is_refused(ask(now - 31 * 24h, lot.zone("A")), Refusal::bad_entered_at));
  CHECK(lot.is_refused(lot.ask(LostTicket{ById{"no such"}, "x", now, lot.zone("A")}),
                       Refusal::invalid_qr));
  CHECK(lot.number("SELECT count(*) FROM sessions") == 0);
  CHECK(acts(lot, "lost_ticket") == 0);
  CHECK(replaced(ask(now, lot.zone("A"))).is_new);
}

TEST_CASE("a ticket lost before entry costs nothing, and one of a stay that is over is none",
          "[engine][gate][lost]") {
  GateLot lot(with_fee());
  const std::string booked = lot.ticket("A", "DL01AB1234");
  const TicketReplaced fresh = replaced(lose(lot, ByVehicle{vehicle("DL01AB1234")}));
  CHECK(lot.session(fresh.code).surcharge == Paise(0));
  CHECK(lot.scan("ENTRY_GATE_01", booked).answer == "deny/unknown_code");
  CHECK(lot.scan("ENTRY_GATE_01", fresh.code).answer == "open/entered");
  lot.drive_through();
  CHECK(lot.leave(fresh.code));
  CHECK(lot.is_refused(lose(lot, ById{"1"}), Refusal::already_exited));
  CHECK(lot.violations() == "");
}

TEST_CASE("who is let out unpaid gives back the slot, and closes when the money comes",
          "[engine][gate][let-out]") {
  GateLot lot({.takes_online_payments = true});
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.scan("EXIT_GATE_01", code);
  const BillShown shown = bill(let_out(lot, code));
  CHECK(shown.left);
  CHECK(shown.sums.due == Paise(5'000));
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.state(code) == SessionState::exit_pending);
  CHECK(lot.session(code).slot_given_back);
  CHECK(lot.status("A-001") == "free");
  CHECK(lot.number("SELECT count(*) FROM staff_acts WHERE kind = 'let_out' AND reference = "
                   "'UTR 4711'") == 1);
  lot.drive_through();
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "deny/already_exited");
  CHECK(lot.violations() == "");

  // Hours later, and never dearer for it.
  const Instant left = lot.session(code).let_out_at.value();
  lot.advance(5h);
  CHECK(bill(lot.ask(AskBill{ByCode{code}})).sums.due == Paise(5'000));
  confirm_online(lot);
  const bool after_restart = GENERATE(false, true);
  if (after_restart) lot.restart();
  lot.advance(1s);
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.session(code).exit_time == left);
  CHECK(lot.session(code).exit_gate == "EXIT_GATE_01");
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(balance(lot, Account::revenue) == Paise(5'000));
  CHECK(lot.number("SELECT count(*) FROM exceptions") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("who was let out may come again, and pay for before in cash", "[engine][gate][let-out]") {
  GateLot lot;
  const std::string code = parked_as(lot, "DL01AB1234");
  lot.advance(50min);
  REQUIRE(let_out(lot, code));
  lot.drive_through();
  const std::string again = parked_as(lot, "DL01AB1234");
  CHECK(lot.slot_of(again) == "A-001");
  lot.advance(1h);
  const int before = lot.openings("EXIT_GATE_01");
  CHECK(bill(lot.leave(code, {.amount = Paise(5'000), .gate = "EXIT_GATE_01"})).sums.charge ==
        Paise(5'000));
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.openings("EXIT_GATE_01") == before);
  CHECK(lot.slot_of(again) == "A-001");
  CHECK(lot.violations() == "");
}

TEST_CASE("money that has not come after a day waits for a person, until it comes",
          "[engine][gate][let-out]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(let_out(lot, code));
  const std::string id = lot.session(code).id;
  lot.advance(24h - 1s);
  CHECK(lot.number("SELECT count(*) FROM exceptions") == 0);
  lot.advance(1s);
  CHECK(lot.number("SELECT amount_paise FROM exceptions WHERE kind = 'let_out_unpaid'") == 5'000);
  CHECK(lot.was_alerted("let_out_unpaid " + id));
  lot.restart();
  lot.advance(24h);
  CHECK(lot.number("SELECT count(*) FROM exceptions") == 1);
  CHECK(lot.violations() == "");
  SECTION("it comes") { CHECK(lot.leave(code)); }
  SECTION("it is given up") { CHECK(terminate(lot, code)); }
  CHECK(lot.number("SELECT count(*) FROM exceptions WHERE resolved_at IS NULL") == 0);
  CHECK(lot.was_alerted("cleared let_out_unpaid " + id));
  CHECK(lot.violations() == "");
}

TEST_CASE("a car is let out where it can be, once, and again where its opening was lost",
          "[engine][gate][let-out]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  CHECK(lot.is_refused(let_out(lot, code, "ENTRY_GATE_01"), Refusal::wrong_gate));
  CHECK(lot.is_refused(let_out(lot, code, "EXIT_GATE_02"), Refusal::wrong_gate));
  for (const auto state : {BarrierState::locked, BarrierState::fault, BarrierState::unreachable}) {
    lot.barrier("EXIT_GATE_01", state);
    CHECK(lot.is_refused(let_out(lot, code), Refusal::barrier_fault));
  }
  CHECK(lot.state(code) == SessionState::active);
  CHECK(acts(lot, "let_out") == 0);
  lot.barrier("EXIT_GATE_01", BarrierState::closed);
  REQUIRE(let_out(lot, code));
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  lot.opening(How::failed);
  CHECK(bill(let_out(lot, code)).left);
  CHECK(lot.openings("EXIT_GATE_01") == 2);
  lot.drive_through();
  CHECK(lot.is_refused(let_out(lot, code), Refusal::already_exited));
  CHECK(lot.openings("EXIT_GATE_01") == 2);
  CHECK(lot.is_refused(lose(lot, ById{"1"}), Refusal::already_exited));
  CHECK(lot.violations() == "");
}

TEST_CASE("who owes nothing is let out as anybody", "[engine][gate][let-out]") {
  GateLot lot;
  const std::string code = lot.parked();
  CHECK_FALSE(bill(let_out(lot, code)).left);
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.violations() == "");
  CHECK(lot.is_refused(let_out(lot, lot.ticket()), Refusal::not_entered));
}

TEST_CASE("a stay that staff end is written off, gives nothing back and opens nothing",
          "[engine][gate][terminate]") {
  const bool was_quoted = GENERATE(true, false);
  GateLot lot;
  const std::string code = lot.booking({.paid = Paise(5'000)});
  lot.scan("ENTRY_GATE_01", code);
  lot.drive_through();
  lot.advance(170min);
  if (was_quoted) lot.scan("EXIT_GATE_01", code);
  lot.forget();
  const auto ended = std::get<Terminated>(terminate(lot, code).value());
  CHECK(ended.charge == Paise(15'000));
  CHECK(ended.credits == Paise(5'000));
  CHECK(ended.written_off == Paise(10'000));
  CHECK(ended.refund == Paise(0));
  CHECK(lot.orders.empty());
  CHECK(lot.state(code) == SessionState::terminated);
  CHECK(lot.session(code).close_reason == "Towed away");
  CHECK(lot.status("A-001") == "free");
  CHECK(balance(lot, Account::written_off) == Paise(-10'000));
  CHECK(balance(lot, Account::revenue) == Paise(15'000));
  CHECK(lot.number("SELECT count(*) FROM refunds") == 0);
  CHECK(lot.number("SELECT total_paise FROM receipts") == 5'000);
  CHECK(lot.count_events("session.terminated") == 1);
  lot.advance(4s);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "wait/ask_staff");
  CHECK(lot.is_refused(terminate(lot, code), Refusal::already_exited));
  CHECK(lot.orders.empty());
  CHECK(lot.violations() == "");
}

TEST_CASE("an entry that nobody saw is taken back without charge", "[engine][gate][terminate]") {
  GateLot lot;
  const std::string code = lot.booking({.paid = Paise(5'000)});
  lot.scan("ENTRY_GATE_01", code);
  lot.advance(3h);
  CHECK(lot.was_alerted("entry_unconfirmed " + lot.session(code).id));
  lot.forget();
  const auto ended = std::get<Terminated>(terminate(lot, code).value());
  CHECK(ended.charge == Paise(0));
  CHECK(ended.written_off == Paise(0));
  CHECK(ended.refund == Paise(5'000));
  CHECK(lot.orders.empty());
  CHECK(lot.number("SELECT sum(amount_paise) FROM refunds WHERE status = 'PENDING'") == 5'000);
  CHECK(balance(lot, Account::revenue) == Paise(0));
  CHECK(lot.number("SELECT count(*) FROM receipts") == 0);
  CHECK(lot.was_alerted("cleared entry_unconfirmed " + lot.session(code).id));
  // Nothing opens on it any more.
  lot.advance(4s);
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "deny/already_exited");
  CHECK(lot.violations() == "");
}

TEST_CASE("what has not begun or is over is not ended", "[engine][gate][terminate]") {
  GateLot lot;
  CHECK(lot.is_refused(lot.ask(Terminate{{"no such"}, "x", {}}), Refusal::invalid_qr));
  CHECK(lot.is_refused(terminate(lot, lot.ticket()), Refusal::not_entered));
  const std::string code = lot.parked();
  REQUIRE(lot.leave(code));
  CHECK(lot.is_refused(terminate(lot, code), Refusal::already_exited));
  CHECK(acts(lot, "terminated") == 0);
}

TEST_CASE("a suspect stay that is ended costs the shorter of its lengths",
          "[engine][gate][terminate][suspect]") {
  const auto [step, written_off] = GENERATE(table<std::chrono::hours, int>({
      {5h, 5'000},  // by the steady clock
      {-5h, 0},     // by UTC it never came
  }));
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.step_wall_clock(step);
  lot.advance(1s);
  const auto ended = std::get<Terminated>(terminate(lot, code).value());
  CHECK(ended.written_off == Paise(written_off));
  CHECK(lot.violations() == "");
}

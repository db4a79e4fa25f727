// Going out: bills, cash at the counter, quotes, prepaid stays (docs/contract/http.md, "Life cycles
// and sums"; mqtt.md, "Later answers").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

const BillShown& bill(const std::expected<CallResult, CallRefused>& result) {
  return std::get<BillShown>(result.value());
}

Paise balance(GateLot& lot, Account account) {
  return lot.books().ledger.balances()[std::size_t(account)];
}

}  // namespace

TEST_CASE("a walk-in stays free for the grace, and owes an hour a minute later",
          "[engine][gate][exit]") {
  const auto [stay, answer, due] = GENERATE(table<std::chrono::seconds, std::string, int>({
      {3min, "open/nothing_due", 0},
      {5min + 59s, "open/nothing_due", 0},
      {6min, "pay/payment_due", 5'000},
      {65min + 59s, "pay/payment_due", 5'000},
      {66min, "pay/payment_due", 10'000},
  }));
  CAPTURE(stay.count());
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(stay);
  const Heard heard = lot.scan("EXIT_GATE_01", code);
  CHECK(heard.answer == answer);
  CHECK(heard.amount_due == Paise(due));
  CHECK(lot.openings("EXIT_GATE_01") == (due == 0 ? 1 : 0));
  CHECK(lot.state(code) == (due == 0 ? SessionState::completed : SessionState::exit_pending));
  CHECK(lot.available("A") == (due == 0 ? 3 : 2));
  CHECK(lot.violations() == "");
}

TEST_CASE("cash at the counter lets the waiting car go by a later answer",
          "[engine][gate][exit][cash]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  const Heard asked = lot.scan("EXIT_GATE_01", code, {.id = "exit-one"});
  CHECK(asked.answer == "pay/payment_due");
  CHECK(asked.message == "Pay ₹50 in cash at the counter");
  lot.advance(2min);
  const auto result = lot.leave(code, {.amount = Paise(5'000), .tendered = Paise(10'000)});
  CHECK(bill(result).change == Paise(5'000));
  CHECK(bill(result).sums.charge == Paise(5'000));
  CHECK(bill(result).payment_status == SessionPaymentStatus::success);
  const Heard told = lot.newest("EXIT_GATE_01");
  CHECK(told.answer == "open/paid");
  CHECK(told.scan_id == "exit-one");
  CHECK(told.update == 1);
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.session(code).exit_gate == "EXIT_GATE_01");
  CHECK(balance(lot, Account::drawer) == Paise(-5'000));
  CHECK(balance(lot, Account::revenue) == Paise(5'000));
  CHECK(lot.number("SELECT total_paise FROM receipts") == 5'000);
  CHECK(lot.is_refused(lot.leave(code), Refusal::already_exited));
  CHECK(lot.violations() == "");
}

TEST_CASE("without a waiting car a paid stay ends at once, and the next scan opens once",
          "[engine][gate][exit][cash]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  CHECK(lot.leave(code));
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.orders.size() == 1);  // of its entry
  SECTION("within the exit window") {
    lot.advance(15min);
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/paid");
    CHECK(lot.openings("EXIT_GATE_01") == 1);
    lot.drive_through();
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "deny/already_exited");
    CHECK(lot.scan("BOTH_GATE", code).answer == "deny/already_exited");
    CHECK(lot.openings("EXIT_GATE_01") == 1);
  }
  SECTION("at the first gate it comes to, and no other") {
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/paid");
    CHECK(lot.scan("BOTH_GATE", code).answer == "deny/already_exited");
  }
  SECTION("at a gate of its zone only") {
    CHECK(lot.scan("EXIT_GATE_02", code).answer == "deny/wrong_gate");
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/paid");
  }
  SECTION("later a person looks, and nothing opens") {
    lot.advance(15min + 1s);
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "wait/ask_staff");
    CHECK(lot.openings("EXIT_GATE_01") == 0);
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("money opens by itself only for the car that waits", "[engine][gate][exit][waiting]") {
  GateLot lot({.with_presence_loops = true});
  const std::string code = lot.parked();
  const std::string other = lot.parked();
  lot.advance(50min);
  lot.barrier("EXIT_GATE_01", BarrierState::closed, {.vehicle_present = true});
  lot.scan("EXIT_GATE_01", code);
  bool opens = false;
  SECTION("it stands there") { opens = true; }
  SECTION("it waited ten minutes") {
    lot.advance(10min);
    opens = true;
  }
  SECTION("it waited longer") { lot.advance(10min + 1s); }
  SECTION("another car scanned since") { lot.scan("EXIT_GATE_01", other); }
  SECTION("somebody's rubbish was scanned since") { lot.scan("EXIT_GATE_01", "rubbish"); }
  SECTION("the loop went off") { lot.barrier("EXIT_GATE_01", BarrierState::closed); }
  SECTION("the loop went off, and on for another") {
    lot.advance(1s);
    lot.barrier("EXIT_GATE_01", BarrierState::closed);
    lot.barrier("EXIT_GATE_01", BarrierState::closed, {.vehicle_present = true});
  }
  SECTION("nobody looked for a while") {
    lot.advance(1s);
    lot.end_process();
    lot.begin_process();
    lot.barrier("EXIT_GATE_01", BarrierState::closed, {.vehicle_present = true});
  }
  SECTION("it drove on to another gate") { lot.scan("BOTH_GATE", code); }
  lot.forget();
  CHECK(lot.leave(code));
  CHECK(lot.openings("EXIT_GATE_01") == (opens ? 1 : 0));
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.violations() == "");
}

TEST_CASE("a car that drove on is let out where it scanned last", "[engine][gate][exit][waiting]") {
  GateLot lot;
  const std::string code = lot.parked("B");
  lot.advance(50min);
  lot.scan("EXIT_GATE_01", code);
  lot.advance(1min);
  lot.scan("EXIT_GATE_02", code);
  CHECK(lot.leave(code));
  CHECK(lot.openings("EXIT_GATE_01") == 0);
  CHECK(lot.openings("EXIT_GATE_02") == 1);
}

TEST_CASE("staff may name the gate, as if the car had scanned there",
          "[engine][gate][exit][cash]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  CHECK(lot.is_refused(lot.leave(code, {.gate = "ENTRY_GATE_01"}), Refusal::wrong_gate));
  CHECK(lot.is_refused(lot.leave(code, {.gate = "EXIT_GATE_02"}), Refusal::wrong_gate));
  CHECK(lot.state(code) == SessionState::active);
  CHECK(lot.leave(code, {.gate = "EXIT_GATE_01"}));
  CHECK(lot.newest("EXIT_GATE_01").answer == "open/paid");
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.number("SELECT count(*) FROM scans WHERE kind = 'api'") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("an amount that is not due any more settles nothing", "[engine][gate][exit][cash]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(64min);
  const auto shown = lot.ask(AskBill{ByCode{code}});
  CHECK(bill(shown).sums.due == Paise(5'000));
  CHECK(lot.state(code) == SessionState::active);
  lot.advance(2min);
  const auto refused = lot.leave(code, {.amount = Paise(5'000)});
  CHECK(lot.is_refused(refused, Refusal::amount_changed));
  CHECK(refused.error().bill.value().sums.due == Paise(10'000));
  CHECK(lot.is_refused(lot.leave(code, {.tendered = Paise(9'999)}), Refusal::tendered_too_little));
  CHECK(lot.payments(code).empty());
  CHECK(lot.state(code) == SessionState::active);
  CHECK(lot.leave(code, {.amount = Paise(10'000), .tendered = Paise(10'000)}));
  CHECK(lot.violations() == "");
}

TEST_CASE("a quote holds for the exit window, then it is made anew from entry",
          "[engine][gate][exit][quote]") {
  GateLot lot;
  const std::string code = lot.booking({.paid = Paise(5'000)});
  lot.scan("ENTRY_GATE_01", code);
  lot.drive_through();
  lot.advance(118min);
  CHECK(lot.scan("EXIT_GATE_01", code).amount_due == Paise(5'000));
  const Instant first = lot.session(code).billing_time.value();
  lot.advance(15min);
  CHECK(lot.scan("EXIT_GATE_01", code).amount_due == Paise(5'000));
  CHECK(lot.session(code).billing_time == first);
  lot.advance(1s);
  lot.advance(4s);
  CHECK(lot.scan("EXIT_GATE_01", code).amount_due == Paise(10'000));
  CHECK(lot.session(code).billing_time > first);
  CHECK(lot.leave(code, {.amount = Paise(10'000)}));
  CHECK(balance(lot, Account::revenue) == Paise(15'000));
  CHECK(lot.violations() == "");
}

TEST_CASE("online leaves the payment to be made and the arm shut", "[engine][gate][exit][online]") {
  const bool by_default = GENERATE(true, false);
  GateLot lot({.takes_online_payments = by_default});
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.forget();
  const ScanAs as{.method = by_default ? std::optional<PaymentMethod>() : PaymentMethod::online};
  CHECK(lot.scan("EXIT_GATE_01", code, as).answer == "wait/payment_pending");
  REQUIRE(lot.payments(code).size() == 1);
  CHECK(lot.payments(code)[0].state == PaymentState::creating);
  CHECK(lot.payments(code)[0].amount == Paise(5'000));
  CHECK(lot.status("A-001") == "occupied");
  CHECK(lot.count_events("payment.created") == 1);
  SECTION("a further scan asks for no second payment") {
    lot.advance(4s);
    CHECK(lot.scan("EXIT_GATE_01", code, as).answer == "wait/payment_pending");
    CHECK(lot.payments(code).size() == 1);
  }
  SECTION("the driver may change to cash") {
    lot.advance(4s);
    CHECK(lot.scan("EXIT_GATE_01", code, {.method = PaymentMethod::cash}).answer ==
          "pay/payment_due");
    CHECK(lot.orders.empty());
    CHECK(lot.leave(code));
    CHECK(lot.newest("EXIT_GATE_01").answer == "open/paid");
    CHECK(lot.payments(code)[0].state == PaymentState::expired);
    CHECK(lot.payments(code)[1].state == PaymentState::success);
  }
  SECTION("also where cash is taken while the provider is asked") {
    CHECK(lot.leave(code));
    CHECK(lot.newest("EXIT_GATE_01").answer == "open/paid");
    CHECK(lot.newest("EXIT_GATE_01").update == 1);
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("staff may ask for an online payment, and nothing opens",
          "[engine][gate][exit][online]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.forget();
  const auto shown = lot.leave(code, {.method = PaymentMethod::online});
  CHECK(bill(shown).sums.due == Paise(5'000));
  CHECK(bill(shown).payment_status == SessionPaymentStatus::pending);
  CHECK(lot.state(code) == SessionState::exit_pending);
  CHECK(lot.orders.empty());
  CHECK(lot.violations() == "");
}

TEST_CASE("an order that is asked for at a gate waits there, and opens there once nothing is due",
          "[engine][gate][exit][online]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.forget();
  SECTION("brought by a call") {
    lot.leave(code, {.gate = "EXIT_GATE_01", .method = PaymentMethod::online});
    CHECK(lot.newest("EXIT_GATE_01").answer == "wait/payment_pending");
    lot.leave(code, {.gate = "EXIT_GATE_01", .method = PaymentMethod::online});
    CHECK(lot.number("SELECT count(*) FROM payments") == 1);
  }
  SECTION("its driver scans there already: the reader's own scan goes on") {
    lot.scan("EXIT_GATE_01", code);
    lot.leave(code, {.gate = "EXIT_GATE_01", .method = PaymentMethod::online});
    CHECK(lot.number("SELECT count(*) FROM scans WHERE kind = 'api'") == 0);
  }
  CHECK(lot.orders.empty());
  CHECK(lot.leave(code));
  CHECK(lot.newest("EXIT_GATE_01").answer == "open/paid");
  CHECK(lot.orders.size() == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("no shift counts the order that a device asks for", "[engine][gate][exit][online]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  const bool at_reader = GENERATE(true, false);
  const auto asked = lot.ask(Leave{.which = ByCode{code},
                                   .method = PaymentMethod::online,
                                   .amount = {},
                                   .tendered = {},
                                   .gate = lot.gate("EXIT_GATE_01"),
                                   .at_reader = at_reader});
  CHECK(asked);
  CHECK(lot.number("SELECT count(taken_by) FROM payments") == (at_reader ? 0 : 1));
}

TEST_CASE("hours that were prepaid and not used go back, but for the first",
          "[engine][gate][exit][prepaid]") {
  const auto [stay, earned, due] = GENERATE(table<std::chrono::minutes, int, int>({
      {3min, 5'000, 0},
      {50min, 5'000, 0},
      {100min, 10'000, 0},
      {180min, 15'000, 0},
      {200min, 20'000, 5'000},
  }));
  CAPTURE(stay.count());
  GateLot lot;
  const std::string code = lot.booking(
      {.kind = AdmissionKind::prepaid, .paid = Paise(15'000), .hours = std::chrono::hours(3)});
  lot.scan("ENTRY_GATE_01", code);
  lot.drive_through();
  lot.advance(stay);
  const Heard heard = lot.scan("EXIT_GATE_01", code);
  CHECK(heard.answer == (due == 0 ? "open/nothing_due" : "pay/payment_due"));
  CHECK(heard.amount_due == Paise(due));
  if (due > 0) CHECK(lot.leave(code));
  CHECK(balance(lot, Account::revenue) == Paise(earned));
  CHECK(lot.number("SELECT coalesce(sum(amount_paise), 0) FROM refunds") == 15'000 + due - earned);
  CHECK(lot.violations() == "");
}

TEST_CASE("a deposit counts towards the charge and is never given back",
          "[engine][gate][exit][prepaid]") {
  GateLot lot;
  const std::string code = lot.booking({});
  lot.scan("ENTRY_GATE_01", code);
  lot.drive_through();
  lot.advance(3min);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/nothing_due");
  CHECK(balance(lot, Account::revenue) == Paise(5'000));
  CHECK(lot.number("SELECT count(*) FROM refunds") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("a stay during which the clock was set is shown to a person, not billed",
          "[engine][gate][exit][suspect]") {
  const auto [step, answer] = GENERATE(table<std::chrono::seconds, std::string>({
      {-2h, "wait/ask_staff"},
      {-30s, "pay/payment_due"},
      {30s, "pay/payment_due"},
      {62s, "wait/ask_staff"},
      {5h, "wait/ask_staff"},
  }));
  const bool just_now = GENERATE(true, false);
  CAPTURE(step.count(), just_now);
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.step_wall_clock(step);
  if (!just_now) lot.advance(1min);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == answer);
  const bool is_suspect = answer == "wait/ask_staff";
  if (is_suspect) {
    CHECK(lot.state(code) == SessionState::active);
    CHECK(lot.is_refused(lot.leave(code), Refusal::ask_staff));
    CHECK(bill(lot.ask(AskBill{ByCode{code}})).suspicion);
    lot.restart();
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "wait/ask_staff");
  }
  CHECK(lot.openings("EXIT_GATE_01") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("staff find a session by what they have", "[engine][gate][exit][staff]") {
  GateLot lot;
  const std::string code = lot.ticket("A", "DL01AB1234");
  lot.scan("ENTRY_GATE_01", code);
  const store::Session session = lot.session(code);
  const std::string number = std::to_string(std::int64_t(session.key));
  const std::vector<WhichSession> ways = {ByCode{code}, ById{session.id}, ById{number},
                                          ByVehicle{VehicleNumber::parse("DL01AB1234").value()},
                                          BySlot{lot.slot("A-001")}};
  for (const WhichSession& which : ways)
    CHECK(bill(lot.ask(AskBill{which})).session_id == session.id);
  CHECK(lot.is_refused(lot.ask(AskBill{ById{"no such"}}), Refusal::invalid_qr));
  CHECK(lot.is_refused(lot.ask(AskBill{BySlot{lot.slot("B-001")}}), Refusal::invalid_qr));
}

TEST_CASE("who did not enter or is gone already owes nothing to staff",
          "[engine][gate][exit][staff]") {
  GateLot lot;
  const std::string code = lot.ticket();
  CHECK(lot.is_refused(lot.leave(code), Refusal::not_entered));
  lot.advance(16min);
  CHECK(lot.is_refused(lot.leave(code), Refusal::booking_expired));
}

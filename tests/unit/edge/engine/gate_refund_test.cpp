// Money that goes back, and money that waited for a person (docs/contract/http.md, "Admin").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;
using store::ExceptionAction;

namespace {

using Answered = std::expected<CallResult, CallRefused>;

Paise balance(GateLot& lot, Account account) {
  return lot.books().ledger.balances()[std::size_t(account)];
}

/// Somebody stayed for an hour, paid 50 rupees in cash and left.
std::string left_with_cash(GateLot& lot) {
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.amount = Paise(5'000)}));
  return code;
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

std::string left_online(GateLot& lot) {
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.method = PaymentMethod::online}));
  confirm_online(lot);
  REQUIRE(lot.leave(code, {}));
  return code;
}

Answered refund(GateLot& lot, const std::string& payment, std::optional<Paise> amount = {}) {
  return lot.ask(MakeRefund{payment, amount, "The lift was broken"});
}
RefundMade made(const Answered& result) { return std::get<RefundMade>(result.value()); }

/// Money that came from a provider, which nobody could place: 75 rupees, waiting for a person.
void unplaced_money(GateLot& lot) {
  const std::string now = std::to_string(lot.clock.now().utc.time_since_epoch().count());
  lot.run(
      "INSERT INTO payments (id, method, provider, amount_paise, status, provider_payment_id, "
      "  created_at, paid_at) VALUES ('00000000-0000-4000-8000-00000000a001', 'ONLINE', "
      "  'razorpay', 7500, 'SUCCESS', 'pay_lost', " +
      now + ", " + now +
      ");"
      "INSERT INTO ledger (at, debit, credit, amount_paise, cause, payment) SELECT " +
      now +
      ", 'provider_razorpay', 'customer', amount_paise, 'payment_captured', key FROM payments "
      "WHERE provider_payment_id = 'pay_lost';"
      "INSERT INTO exceptions (id, kind, payment, amount_paise, reason, created_at) "
      "SELECT '00000000-0000-4000-8000-00000000e001', 'unmatched', key, 7500, 'Nobody asked', " +
      now + " FROM payments WHERE provider_payment_id = 'pay_lost'");
}
const std::string waiting = "00000000-0000-4000-8000-00000000e001";

Answered resolve(GateLot& lot, ExceptionAction action, const std::string& session = {}) {
  return lot.ask(ResolveException{
      waiting, action, session.empty() ? std::nullopt : std::optional(ById{session}), "As told"});
}

}  // namespace

TEST_CASE("cash goes back out of the drawer of the one who asks, once", "[engine][gate][refund]") {
  GateLot lot;
  const std::string code = left_with_cash(lot);
  const std::string payment = lot.payments(code).front().id;
  const Paise drawer = balance(lot, Account::drawer);
  CHECK(drawer == Paise(-5'000));
  CHECK(lot.is_refused(refund(lot, payment, Paise(5'001)), Refusal::refund_exceeds_payment));
  const RefundMade part = made(refund(lot, payment, Paise(1'500)));
  CHECK(part.refund.state == RefundState::success);
  CHECK(part.payment.state == PaymentState::partially_refunded);
  CHECK(part.credit_note == "C1/2627/0000001");
  CHECK(balance(lot, Account::drawer) == drawer + Paise(1'500));
  CHECK(balance(lot, Account::revenue) == Paise(3'500));
  CHECK(lot.is_refused(refund(lot, payment, Paise(3'501)), Refusal::refund_exceeds_payment));
  const RefundMade rest = made(refund(lot, payment));
  CHECK(rest.refund.amount == Paise(3'500));
  CHECK(rest.payment.state == PaymentState::refunded);
  CHECK(rest.credit_note == "C1/2627/0000002");
  CHECK(lot.is_refused(refund(lot, payment), Refusal::refund_exceeds_payment));
  CHECK(balance(lot, Account::drawer) == Paise(0));
  CHECK(balance(lot, Account::revenue) == Paise(0));
  CHECK(balance(lot, Account::refunds_due) == Paise(0));
  CHECK(lot.count_events("refund.succeeded") == 2);
  CHECK(lot.number("SELECT sum(total_paise) FROM receipts WHERE series = 'C1'") == 5'000);
  CHECK(lot.violations() == "");
}

TEST_CASE("without an open shift no cash goes back", "[engine][gate][refund]") {
  GateLot lot;
  const std::string payment = lot.payments(left_with_cash(lot)).front().id;
  REQUIRE(lot.ask(CloseShift{Paise(5'000)}));
  CHECK(lot.is_refused(refund(lot, payment), Refusal::no_shift));
  CHECK(lot.number("SELECT count(*) FROM refunds") == 0);
  REQUIRE(lot.ask(OpenShift{Paise(10'000)}));
  CHECK(made(refund(lot, payment)).refund.amount == Paise(5'000));
  const auto shift = std::get<ShiftShown>(lot.ask(CloseShift{Paise(5'000)}).value());
  CHECK(shift.expected == Paise(5'000));
  CHECK(shift.takings.cash.refunded == Paise(5'000));
  CHECK(lot.violations() == "");
}

TEST_CASE("what was promised back in cash is paid out before anything else",
          "[engine][gate][refund]") {
  GateLot lot;
  const std::string payment = lot.payments(left_with_cash(lot)).front().id;
  lot.run(
      "INSERT INTO refunds (id, payment, amount_paise, status, reason, created_at) "
      "SELECT '00000000-0000-4000-8000-00000000f001', key, 2000, 'PENDING', 'Hours not used', "
      "  created_at FROM payments;"
      "INSERT INTO ledger (at, debit, credit, amount_paise, cause, session) "
      "SELECT created_at, 'revenue', 'refunds_due', 2000, 'refund_of_revenue', session "
      "FROM payments");
  const auto amount = GENERATE(std::optional<Paise>(), std::optional(Paise(2'000)));
  const RefundMade paid = made(refund(lot, payment, amount));
  CHECK(paid.refund.id == "00000000-0000-4000-8000-00000000f001");
  CHECK(paid.refund.state == RefundState::success);
  CHECK(paid.refund.amount == Paise(2'000));
  CHECK(lot.number("SELECT count(*) FROM refunds") == 1);
  CHECK(balance(lot, Account::refunds_due) == Paise(0));
  CHECK(lot.violations() == "");
  CHECK(made(refund(lot, payment)).refund.amount == Paise(3'000));
  CHECK(lot.violations() == "");
}

TEST_CASE("online money is promised, and left to its provider", "[engine][gate][refund]") {
  GateLot lot({.takes_online_payments = true});
  const std::string code = left_online(lot);
  const std::string payment = lot.payments(code).front().id;
  const RefundMade promised = made(refund(lot, payment, Paise(2'000)));
  CHECK(promised.refund.state == RefundState::pending);
  CHECK(promised.payment.state == PaymentState::success);
  CHECK(balance(lot, Account::refunds_due) == Paise(2'000));
  CHECK(balance(lot, Account::revenue) == Paise(3'000));
  CHECK(lot.is_refused(refund(lot, payment, Paise(3'001)), Refusal::refund_exceeds_payment));
  CHECK(lot.violations() == "");
  // It failed: it is asked for once more, and promised only once.
  lot.run("UPDATE refunds SET status = 'FAILED', ended_at = created_at");
  CHECK(made(refund(lot, payment, Paise(5'000))).refund.amount == Paise(5'000));
  CHECK(balance(lot, Account::refunds_due) == Paise(5'000));
  CHECK(balance(lot, Account::revenue) == Paise(0));
  CHECK(lot.violations() == "");
}

TEST_CASE("money of a stay that goes on comes off its credits", "[engine][gate][refund]") {
  GateLot lot({.takes_online_payments = true});
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.method = PaymentMethod::online}));
  confirm_online(lot);
  const RefundMade promised = made(refund(lot, lot.payments(code).front().id));
  CHECK(promised.credit_note == "");
  CHECK(balance(lot, Account::customer) == Paise(0));
  CHECK(lot.leave(code, {.amount = Paise(5'000)}));
  CHECK(balance(lot, Account::revenue) == Paise(5'000));
  CHECK(lot.violations() == "");
}

TEST_CASE("what never came, or is nobody's, is not given back", "[engine][gate][refund]") {
  GateLot lot({.takes_online_payments = true});
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.method = PaymentMethod::online}));
  CHECK(
      lot.is_refused(refund(lot, lot.payments(code).front().id), Refusal::refund_exceeds_payment));
  CHECK(lot.is_refused(refund(lot, "nothing"), Refusal::not_found));
}

TEST_CASE("money of nobody is applied to a session, and pays its bill",
          "[engine][gate][exception]") {
  GateLot lot;
  unplaced_money(lot);
  const std::string code = lot.parked();
  const std::string id = lot.session(code).id;
  CHECK(lot.is_refused(resolve(lot, ExceptionAction::apply), Refusal::session_required));
  CHECK(lot.is_refused(resolve(lot, ExceptionAction::apply, "4711"), Refusal::invalid_qr));
  const auto resolved =
      std::get<ExceptionResolved>(resolve(lot, ExceptionAction::apply, id).value());
  CHECK(resolved.exception.action == ExceptionAction::apply);
  CHECK(resolved.exception.resolution == "As told");
  CHECK(resolved.user == "staff1");
  CHECK(lot.books().payments.credits(lot.session(code).key) == Paise(7'500));
  CHECK(lot.violations() == "");
  CHECK(lot.is_refused(resolve(lot, ExceptionAction::refund), Refusal::already_resolved));
  lot.advance(50min);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/nothing_due");
  CHECK(lot.violations() == "");
}

TEST_CASE("money of nobody is given back, or kept, once", "[engine][gate][exception]") {
  GateLot lot;
  unplaced_money(lot);
  const auto action = GENERATE(ExceptionAction::refund, ExceptionAction::write_off);
  const auto resolved = std::get<ExceptionResolved>(resolve(lot, action).value());
  CHECK(resolved.refund.has_value() == (action == ExceptionAction::refund));
  CHECK(balance(lot, Account::customer) == Paise(0));
  const bool is_kept = action == ExceptionAction::write_off;
  CHECK(balance(lot, Account::revenue) == Paise(is_kept ? 7'500 : 0));
  CHECK(balance(lot, Account::refunds_due) == Paise(is_kept ? 0 : 7'500));
  CHECK(lot.is_refused(resolve(lot, action), Refusal::already_resolved));
  CHECK(lot.violations() == "");
  if (is_kept) {
    // Its owner turns up after all: it is given back out of what was kept.
    CHECK(made(refund(lot, "00000000-0000-4000-8000-00000000a001")).refund.amount == Paise(7'500));
    CHECK(balance(lot, Account::revenue) == Paise(0));
    CHECK(lot.violations() == "");
  }
}

TEST_CASE("what is left of money of nobody is applied, and nothing of it twice",
          "[engine][gate][exception]") {
  GateLot lot;
  unplaced_money(lot);
  const std::string payment = "00000000-0000-4000-8000-00000000a001";
  const std::string code = lot.parked();
  const std::string id = lot.session(code).id;
  Paise left(7'500);
  SECTION("a part is on its way back, and went back") {
    REQUIRE(refund(lot, payment, Paise(4'000)));
    CHECK(lot.is_refused(resolve(lot, ExceptionAction::apply, id), Refusal::payment_placed));
    lot.run(
        "UPDATE refunds SET status = 'SUCCESS', ended_at = created_at;"
        "UPDATE payments SET status = 'PARTIALLY_REFUNDED';"
        "INSERT INTO ledger (at, debit, credit, amount_paise, cause, payment, refund) SELECT "
        "created_at, 'refunds_due', 'provider_razorpay', 4000, 'refund_paid', payment, key "
        "FROM refunds");
    left = Paise(3'500);
  }
  SECTION("a part was to go back, and failed") {
    REQUIRE(refund(lot, payment, Paise(4'000)));
    lot.run("UPDATE refunds SET status = 'FAILED', ended_at = created_at");
  }
  SECTION("it was kept, by another exception of it") {
    lot.run(
        "INSERT INTO exceptions (id, kind, payment, amount_paise, reason, created_at) SELECT "
        "'00000000-0000-4000-8000-00000000e002', kind, payment, amount_paise, reason, created_at "
        "FROM exceptions");
    REQUIRE(lot.ask(ResolveException{
        "00000000-0000-4000-8000-00000000e002", ExceptionAction::write_off, {}, "As told"}));
    CHECK(balance(lot, Account::revenue) == Paise(7'500));
  }
  lot.forget();
  REQUIRE(resolve(lot, ExceptionAction::apply, id));
  CHECK(lot.count_events("payment.placed") == 1);
  CHECK(lot.count_events("payment.succeeded") == 0);
  CHECK(lot.books().payments.credits(lot.session(code).key) == left);
  CHECK(balance(lot, Account::customer) == left);
  CHECK(balance(lot, Account::revenue) == Paise(0));
  CHECK(balance(lot, Account::refunds_due) == Paise(0));
  lot.advance(50min);
  CHECK(lot.leave(code));
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.violations() == "");
}

TEST_CASE("money that went back as a whole is applied to nothing", "[engine][gate][exception]") {
  GateLot lot;
  unplaced_money(lot);
  REQUIRE(refund(lot, "00000000-0000-4000-8000-00000000a001"));
  lot.run("UPDATE refunds SET status = 'SUCCESS', ended_at = created_at");
  const std::string id = lot.session(lot.parked()).id;
  CHECK(lot.is_refused(resolve(lot, ExceptionAction::apply, id), Refusal::payment_placed));
}

TEST_CASE("a closed session takes no money", "[engine][gate][exception]") {
  GateLot lot;
  unplaced_money(lot);
  const std::string id = lot.session(left_with_cash(lot)).id;
  CHECK(lot.is_refused(resolve(lot, ExceptionAction::apply, id), Refusal::session_closed));
  CHECK(lot.number("SELECT count(*) FROM exceptions WHERE resolved_at IS NULL") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("another amount than was asked for counts as what came", "[engine][gate][exception]") {
  GateLot lot({.takes_online_payments = true});
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.method = PaymentMethod::online}));
  lot.run(
      "UPDATE payments SET status = 'FAILED', provider_payment_id = 'pay_short';"
      "INSERT INTO exceptions (id, kind, payment, session, amount_paise, reason, created_at) "
      "SELECT '" +
      waiting +
      "', 'wrong_amount', key, session, 3000, 'Not 50', created_at "
      "FROM payments");
  const auto action = GENERATE(ExceptionAction::apply, ExceptionAction::refund);
  lot.forget();
  REQUIRE(resolve(lot, action));
  const bool is_applied = action == ExceptionAction::apply;
  // That it came is told once, whatever becomes of it.
  CHECK(lot.count_events("payment.succeeded") == 1);
  CHECK(lot.count_events("payment.placed") == (is_applied ? 1 : 0));
  CHECK(lot.books().payments.credits(lot.session(code).key) == Paise(is_applied ? 3'000 : 0));
  CHECK(lot.number("SELECT count(*) FROM payments WHERE provider_payment_id = 'pay_short' "
                   "AND amount_paise = 3000") == 1);
  CHECK(balance(lot, Account::provider_razorpay) == Paise(-3'000));
  CHECK(balance(lot, Account::refunds_due) == Paise(is_applied ? 0 : 3'000));
  CHECK(lot.violations() == "");
  lot.advance(20min);
  CHECK(lot.leave(code, {.amount = Paise(is_applied ? 7'000 : 10'000)}));
  CHECK(lot.violations() == "");
}

TEST_CASE("what a provider will not give back is asked for again, or kept",
          "[engine][gate][exception]") {
  GateLot lot({.takes_online_payments = true});
  const std::string code = left_online(lot);
  REQUIRE(refund(lot, lot.payments(code).front().id));
  lot.run(
      "UPDATE refunds SET status = 'FAILED', ended_at = created_at;"
      "INSERT INTO exceptions (id, kind, payment, session, amount_paise, reason, created_at) "
      "SELECT '" +
      waiting +
      "', 'unrefundable', key, session, 5000, 'Too old', created_at "
      "FROM payments");
  CHECK(lot.is_refused(resolve(lot, ExceptionAction::apply, "1"), Refusal::action_not_possible));
  const auto action = GENERATE(ExceptionAction::refund, ExceptionAction::write_off);
  REQUIRE(resolve(lot, action));
  const bool is_kept = action == ExceptionAction::write_off;
  CHECK(balance(lot, Account::refunds_due) == Paise(is_kept ? 0 : 5'000));
  CHECK(balance(lot, Account::revenue) == Paise(is_kept ? 5'000 : 0));
  CHECK(lot.number("SELECT count(*) FROM refunds WHERE status = 'PENDING'") == (is_kept ? 0 : 1));
  CHECK(lot.violations() == "");
}

TEST_CASE("a car that never paid is given up", "[engine][gate][exception]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  const std::string id = lot.session(code).id;
  REQUIRE(lot.ask(LetOut{.which = {id},
                         .gate = lot.gate("EXIT_GATE_01"),
                         .reason = "The provider does not answer",
                         .reference = {},
                         .stay = {}}));
  lot.drive_through();
  lot.advance(24h);
  lot.forget();
  const auto waits = lot.books().exceptions.open();
  REQUIRE(waits.size() == 1);
  const auto ask = [&](ExceptionAction action) {
    return lot.ask(ResolveException{waits.front().id, action, {}, "It never came back"});
  };
  CHECK(lot.is_refused(ask(ExceptionAction::refund), Refusal::action_not_possible));
  const auto resolved = std::get<ExceptionResolved>(ask(ExceptionAction::write_off).value());
  CHECK(resolved.exception.resolved_by);
  CHECK(resolved.exception.action == ExceptionAction::write_off);
  CHECK(lot.state(code) == SessionState::terminated);
  CHECK(balance(lot, Account::written_off) == Paise(-5'000));
  CHECK(lot.was_alerted("cleared let_out_unpaid " + id));
  CHECK(lot.number("SELECT count(*) FROM staff_acts WHERE kind = 'terminated'") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("an alert is seen once, by the first who says so", "[engine][gate][alert]") {
  GateLot lot;
  lot.intrusion("EXIT_GATE_01", IntrusionReported::Kind::forced);
  const auto alerts = lot.books().alerts.open();
  REQUIRE(alerts.size() == 1);
  const auto seen =
      std::get<AlertAcknowledged>(lot.ask(AcknowledgeAlert{alerts.front().id}).value());
  CHECK(seen.user == "staff1");
  CHECK_FALSE(seen.alert.cleared_at);
  lot.advance(5min);
  const auto again =
      std::get<AlertAcknowledged>(lot.ask(AcknowledgeAlert{alerts.front().id}).value());
  CHECK(again.alert.acknowledged_at == seen.alert.acknowledged_at);
  CHECK(lot.is_refused(lot.ask(AcknowledgeAlert{"nothing"}), Refusal::not_found));
}

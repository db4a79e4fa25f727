// Payments, refunds, the ledger, receipts and users.
#include "edge/store/ledger.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/receipts.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <numeric>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

Payment online(Parking& parking, SessionKey session, Paise amount = Paise(5'000)) {
  return {.id = uuid(++parking.ids),
          .session = session,
          .provider = "razorpay",
          .amount = amount,
          .created_at = noon};
}

PaymentKey insert(Parking& parking, const Payment& payment) {
  return parking.commit([&](Transaction& t) { return parking->payments.insert(t, payment); });
}

void update(Parking& parking, const Payment& payment) {
  parking.commit([&](Transaction& t) { parking->payments.update(t, payment); });
}

Refund refund(Parking& parking, PaymentKey payment, Paise amount) {
  Refund made{.id = uuid(++parking.ids),
              .payment = payment,
              .amount = amount,
              .reason = "early exit",
              .created_at = noon};
  made.key = parking.commit([&](Transaction& t) { return parking->payments.insert(t, made); });
  return made;
}

void end(Parking& parking, Refund refund, RefundState state) {
  refund.state = state;
  refund.ended_at = noon + 1h;
  parking.commit([&](Transaction& t) { parking->payments.update(t, refund); });
}

Receipt receipt(SessionKey session, const std::string& year = "2627") {
  return {.series = "G1",
          .financial_year = year,
          .session = session,
          .issued_at = noon,
          .total = Paise(10'000),
          .taxable = Paise(8'474),
          .cgst = Paise(763),
          .sgst = Paise(763)};
}

}  // namespace

TEST_CASE("a payment is the same after opening the store again", "[store][payments]") {
  Parking parking;
  const Session session = parking.parked(0);
  Payment payment = online(parking, session.key);
  payment.key = insert(parking, payment);
  CHECK(parking->payments.find(payment.key) == payment);
  payment.state = PaymentState::success;
  payment.order_id = "order_1";
  payment.provider_payment_id = "pay_1";
  payment.expires_at = noon + 5min;
  payment.paid_at = noon + 1min;
  update(parking, payment);
  const Payment cash = parking.paid(session.key, Paise(700));
  parking.reopen();
  CHECK(parking->payments.find(payment.key) == payment);
  CHECK(parking->payments.find_by_id(payment.id) == payment);
  CHECK(parking->payments.find_by_order("razorpay", "order_1") == payment);
  CHECK_FALSE(parking->payments.find_by_order("phonepe", "order_1"));
  CHECK(parking->payments.of_session(session.key) == std::vector{payment, cash});
}

TEST_CASE("payments and refunds that go on are known at the start", "[store][payments]") {
  Parking parking;
  const Session session = parking.parked(0);
  Payment waiting = online(parking, session.key);
  waiting.key = insert(parking, waiting);
  Payment failed = online(parking, session.key);
  failed.state = PaymentState::failed;
  insert(parking, failed);
  const Payment cash = parking.paid(session.key, Paise(700));
  const Refund going_on = refund(parking, cash.key, Paise(100));
  end(parking, refund(parking, cash.key, Paise(200)), RefundState::success);
  CHECK(parking->payments.going_on() == std::vector{waiting});
  CHECK(parking->payments.refunds_going_on() == std::vector{going_on});
  CHECK(parking->payments.refunds_of(cash.key).size() == 2);
  CHECK(parking->payments.refunds_of_session(session.key).size() == 2);
  CHECK(parking->payments.find(going_on.key) == going_on);
}

TEST_CASE("credits are what came, less what goes back", "[store][payments]") {
  Parking parking;
  const Session session = parking.parked(0);
  const auto credits = [&] { return parking->payments.credits(session.key); };
  CHECK(credits() == Paise(0));
  insert(parking, online(parking, session.key));
  CHECK(credits() == Paise(0));
  const Payment first = parking.paid(session.key, Paise(5'000));
  parking.paid(session.key, Paise(2'000));
  parking.paid(parking.parked(1).key, Paise(999));
  CHECK(credits() == Paise(7'000));
  const Refund pending = refund(parking, first.key, Paise(1'000));
  CHECK(credits() == Paise(6'000));
  end(parking, pending, RefundState::failed);
  CHECK(credits() == Paise(7'000));
  end(parking, refund(parking, first.key, Paise(3'000)), RefundState::success);
  CHECK(credits() == Paise(4'000));
}

TEST_CASE("no more goes back than came", "[store][payments]") {
  Parking parking;
  const Session session = parking.parked(0);
  const Payment cash = parking.paid(session.key, Paise(5'000));
  const PaymentKey unpaid = insert(parking, online(parking, session.key));
  CHECK(failure([&] { refund(parking, unpaid, Paise(1)); }));
  CHECK(failure([&] { refund(parking, cash.key, Paise(5'001)); }));
  const Refund first = refund(parking, cash.key, Paise(3'000));
  CHECK(failure([&] { refund(parking, cash.key, Paise(2'001)); }));
  end(parking, first, RefundState::failed);
  CHECK_FALSE(failure([&] { refund(parking, cash.key, Paise(5'000)); }));
}

TEST_CASE("the same money of a provider is credited once", "[store][payments]") {
  Parking parking;
  const Session session = parking.parked(0);
  Payment payment = online(parking, session.key);
  payment.order_id = "order_1";
  payment.provider_payment_id = "pay_1";
  insert(parking, payment);
  Payment again = online(parking, session.key);
  again.provider_payment_id = "pay_1";
  CHECK(failure([&] { insert(parking, again); }));
  again.provider_payment_id = "pay_2";
  again.order_id = "order_1";
  CHECK(failure([&] { insert(parking, again); }));
  again.provider = "phonepe";
  CHECK_FALSE(failure([&] { insert(parking, again); }));
}

TEST_CASE("the ledger is kept as it was written, and sums to nothing", "[store][ledger]") {
  Parking parking;
  const Session session = parking.stayed(0, Paise(10'000));
  parking.reopen();
  const auto rows = parking->ledger.of_session(session.key);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].entry == LedgerEntry{Account::drawer, Account::customer, Paise(10'000)});
  CHECK(rows[0].posting.cause == LedgerCause::payment_captured);
  CHECK(rows[0].posting.payment);
  CHECK(rows[1].entry == LedgerEntry{Account::customer, Account::revenue, Paise(10'000)});
  parking.stayed(1, Paise(500));
  const auto of = [](const Balances& balances, Account account) {
    return balances.at(static_cast<std::size_t>(account));
  };
  const Balances of_session = parking->ledger.balances(session.key);
  const Balances of_all = parking->ledger.balances();
  CHECK(of(of_session, Account::revenue) == Paise(10'000));
  CHECK(of(of_session, Account::customer) == Paise(0));
  CHECK(of(of_all, Account::revenue) == Paise(10'500));
  CHECK(of(of_all, Account::drawer) == Paise(-10'500));
  CHECK(std::accumulate(of_all.begin(), of_all.end(), Paise(0)) == Paise(0));
}

TEST_CASE("receipts are numbered without a gap, each financial year anew", "[store][receipts]") {
  Parking parking;
  const auto issue = [&](const Receipt& wanted) {
    return parking.commit([&](Transaction& t) { return parking->receipts.issue(t, wanted); });
  };
  const Session first = parking.parked(0);
  const Session second = parking.parked(1);
  const Session third = parking.parked(2);
  CHECK(issue(receipt(first.key)).serial() == "G1/2627/0000001");
  {
    Transaction transaction = parking.store->begin();
    CHECK(parking->receipts.issue(transaction, receipt(second.key)).number == 2);
  }
  const Receipt issued = issue(receipt(second.key));
  CHECK(issued.number == 2);
  CHECK(issue(receipt(third.key, "2728")).serial() == "G1/2728/0000001");
  CHECK(failure([&] { issue(receipt(first.key)); }) == StoreError::Kind::unusable);
  parking.reopen();
  CHECK(parking->receipts.find(second.key) == issued);
  CHECK_FALSE(parking->receipts.find(parking.parked(3).key));

  Receipt note = receipt(first.key);
  note.series = "C1";
  note.refund = refund(parking, parking.paid(first.key, Paise(100)).key, Paise(100)).key;
  note = issue(note);
  CHECK(parking->receipts.credit_notes(first.key) == std::vector{note});
  CHECK(parking->receipts.find(first.key)->series == "G1");
}

TEST_CASE("a user is the same after opening the store again", "[store][accounts]") {
  Parking parking;
  User user{.username = "reader-1",
            .role = Role::device,
            .gate = "ENTRY_GATE_01",
            .password_hash = "$argon2id$…",
            .created_at = noon};
  user.key =
      parking.commit([&](Transaction& t) { return parking->accounts.insert(t, user); }).value();
  CHECK_FALSE(parking.commit([&](Transaction& t) { return parking->accounts.insert(t, user); }));
  user.role = Role::admin;
  user.gate = "";
  user.version = 2;
  user.disabled = user.may_refund = user.may_terminate = true;
  user.email = "a@example.org";
  user.phone_number = "+91";
  parking.commit([&](Transaction& t) { parking->accounts.update(t, user); });
  parking.staff("abel");
  parking.reopen();
  CHECK(parking->accounts.find(user.key) == user);
  CHECK(parking->accounts.find("reader-1") == user);
  CHECK_FALSE(parking->accounts.find("READER-1"));
  const auto users = parking->accounts.users();
  REQUIRE(users.size() == 2);
  CHECK(users[0].username == "abel");
}

TEST_CASE("a role is read as it is written", "[store][accounts]") {
  for (const Role role : {Role::admin, Role::staff, Role::user, Role::device}) {
    CHECK(parse_role(name(role)) == role);
  }
  CHECK_FALSE(parse_role("public"));
}

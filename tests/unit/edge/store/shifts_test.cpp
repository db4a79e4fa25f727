// Shifts: what went through a drawer, what its user did, and what the store refuses of both.
#include "edge/store/shifts.hpp"

#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using gatehouse::tests::TempDir;

namespace {

/// A counter with an open shift of 20 rupees.
struct Counter : Parking {
  UserKey user = staff();
  ShiftKey shift = open(Paise(2'000));

  ShiftKey open(Paise cash_float) {
    return commit([&](Transaction& t) {
      const ShiftKey key = classes->shifts.open(t, user, noon, cash_float);
      post(t, shift_opened(cash_float), LedgerCause::shift_opened, key);
      return key;
    });
  }
  Shift close(Paise counted) {
    return commit([&](Transaction& t) {
      post(t, shift_closed(classes->ledger.in_drawer(shift), counted), LedgerCause::shift_closed,
           shift);
      return classes->shifts.close(t, shift, noon + 8h, counted);
    });
  }
  void post(Transaction& t, const LedgerEntries& entries, LedgerCause cause, ShiftKey key) {
    classes->ledger.append(t, entries, {.at = noon, .cause = cause, .shift = key});
  }
  /// Cash given back out of this drawer.
  void refunded(const Payment& payment, Paise amount) {
    commit([&](Transaction& t) {
      Refund refund{.id = uuid(++ids),
                    .payment = payment.key,
                    .amount = amount,
                    .reason = "goodwill",
                    .created_at = noon,
                    .shift = shift};
      refund.key = classes->payments.insert(t, refund);
      refund.state = RefundState::success;
      refund.ended_at = noon + 2h;
      classes->payments.update(t, refund);
      classes->ledger.append(t, refund_of_revenue(amount),
                             {.at = noon,
                              .cause = LedgerCause::refund_of_revenue,
                              .session = payment.session,
                              .refund = refund.key});
      classes->ledger.append(t, refund_paid(Account::drawer, amount),
                             {.at = noon,
                              .cause = LedgerCause::refund_paid,
                              .session = payment.session,
                              .refund = refund.key,
                              .shift = shift});
    });
  }
  void paid_online(SessionKey session, Paise amount, Instant at) {
    commit([&](Transaction& t) {
      classes->payments.insert(t, {.id = uuid(++ids),
                                   .session = session,
                                   .provider = "razorpay",
                                   .amount = amount,
                                   .state = PaymentState::success,
                                   .created_at = at,
                                   .paid_at = at,
                                   .taken_by = user});
    });
  }
};

}  // namespace

TEST_CASE("a shift counts the cash that went through its drawer", "[store][shifts]") {
  Counter counter;
  const Session session = counter.parked(0);
  const Payment payment = counter.paid(session.key, Paise(5'000));
  counter.paid(session.key, Paise(1'000));
  counter.refunded(payment, Paise(300));
  counter.paid_online(session.key, Paise(700), noon + 1h);
  counter.paid_online(session.key, Paise(900), noon + 9h);  // after it
  const Shift open = counter->shifts.find_open(counter.user).value();
  const Takings taken = counter->shifts.takings(open, noon + 8h);
  CHECK(taken.cash == MethodTakings{2, Paise(6'000), 1, Paise(300)});
  CHECK(taken.online == MethodTakings{1, Paise(700), 0, {}});
  CHECK(counter->ledger.in_drawer(counter.shift) == Paise(7'700));

  const Shift closed = counter.close(Paise(7'650));
  CHECK(closed == Shift{.key = counter.shift,
                        .user = counter.user,
                        .opened_at = noon,
                        .cash_float = Paise(2'000),
                        .closed_at = noon + 8h,
                        .counted = Paise(7'650),
                        .z_number = 1});
  counter.reopen();
  CHECK(counter->shifts.find(counter.shift) == closed);
  CHECK_FALSE(counter->shifts.find_open(counter.user));
  CHECK(counter->shifts.takings(closed, noon + 20h) == taken);
  CHECK(counter->ledger.in_drawer(counter.shift) == Paise(0));
  const Balances balances = counter->ledger.balances();
  CHECK(balances[std::size_t(Account::over_short)] == Paise(-50));
  CHECK(balances[std::size_t(Account::safe)] == Paise(2'000 - 7'650));
  CHECK(balances[std::size_t(Account::drawer)] == Paise(0));
}

TEST_CASE("Z reports are numbered without a gap in the order of closing", "[store][shifts]") {
  Counter counter;
  CHECK(counter.close(Paise(2'000)).z_number == 1);
  counter.shift = counter.open(Paise(0));
  {
    Transaction transaction = counter.store->begin();
    CHECK(counter->shifts.close(transaction, counter.shift, noon, Paise(0)).z_number == 2);
  }
  CHECK(counter.close(Paise(0)).z_number == 2);
}

TEST_CASE("a shift is one user's, closed once, and stays as it was", "[store][shifts]") {
  Counter counter;
  CHECK(failure([&] { counter.open(Paise(0)); }) == StoreError::Kind::unusable);
  const Session session = counter.parked(0);
  for (const char* change :
       {"closed_at = 5, counted_paise = 2000, z_number = 1", "z_number = 1", "float_paise = 1",
        "opened_at = 5", "closed_at = 5, counted_paise = 2000"}) {
    CAPTURE(change);
    CHECK(counter.store.refuses("UPDATE shifts SET " + std::string(change)));
  }
  counter.close(Paise(2'000));
  for (const char* change : {"counted_paise = 5", "closed_at = 5", "z_number = 2",
                             "closed_at = NULL, counted_paise = NULL, z_number = NULL"}) {
    CAPTURE(change);
    CHECK(counter.store.refuses("UPDATE shifts SET " + std::string(change)));
  }
  CHECK(counter.store.refuses("DELETE FROM shifts"));
  CHECK(counter.store.refuses(
      "INSERT INTO shifts (user, opened_at, float_paise, closed_at, counted_paise, z_number) "
      "VALUES (1, 0, 0, 1, 0, 2)"));
  // Nothing moves in its drawer any more.
  CHECK(
      counter.store.refuses("INSERT INTO ledger (at, debit, credit, amount_paise, cause, shift) "
                            "VALUES (0, 'drawer', 'safe', 5, 'correction', 1)"));
  CHECK(counter.store.refuses(
      "INSERT INTO payments (id, session, method, amount_paise, status, created_at, paid_at, "
      "shift) VALUES ('00000000-0000-4000-8000-999999999999', " +
      std::to_string(std::to_underlying(session.key)) + ", 'CASH', 5, 'SUCCESS', 0, 0, 1)"));
}

TEST_CASE("what touches a drawer names its shift, and nothing else does", "[store][shifts]") {
  Counter counter;
  for (const char* values :
       {"'drawer', 'safe', 1, 'correction', NULL", "'safe', 'drawer', 1, 'correction', NULL",
        "'safe', 'over_short', 1, 'correction', 1", "'drawer', 'safe', 1, 'correction', 99"}) {
    CAPTURE(values);
    CHECK(counter.store.refuses(
        "INSERT INTO ledger (at, debit, credit, amount_paise, cause, shift) VALUES (0, " +
        std::string(values) + ")"));
  }
}

TEST_CASE("shifts of a store from before they had drawers get theirs", "[store][shifts][migrate]") {
  const TempDir dir;
  {
    Database old = Database::open({.path = dir / "gatehouse.db", .create = true});
    migrate(old, migrations().first(3));
    seed(old, demo_seed(), noon);
    old.raw().exec(
        "INSERT INTO users (username, role, password_hash, created_at) VALUES ('s', 'staff', 'x', "
        "0);"
        "INSERT INTO shifts (user, opened_at, float_paise) VALUES (1, 1, 2000);"
        "INSERT INTO payments (id, method, amount_paise, status, created_at, paid_at, shift) VALUES"
        " ('00000000-0000-4000-8000-000000000001', 'CASH', 500, 'SUCCESS', 1, 1, 1);"
        "INSERT INTO ledger (at, debit, credit, amount_paise, cause, payment) "
        "VALUES (1, 'drawer', 'customer', 500, 'payment_captured', 1);"
        "UPDATE shifts SET closed_at = 9, counted_paise = 2400;"
        "INSERT INTO shifts (user, opened_at, float_paise) VALUES (1, 10, 300);");
  }
  Database database = Database::open({.path = dir / "gatehouse.db"});
  migrate(database);
  Ledger ledger(database);
  Shifts shifts(database);
  CHECK(shifts.find(ShiftKey{1}).value().z_number == 1);
  CHECK_FALSE(shifts.find(ShiftKey{2}).value().z_number);
  CHECK(ledger.in_drawer(ShiftKey{1}) == Paise(0));
  CHECK(ledger.in_drawer(ShiftKey{2}) == Paise(300));
  CHECK(ledger.balances()[std::size_t(Account::over_short)] == Paise(-100));
  CHECK(ledger.balances()[std::size_t(Account::safe)] == Paise(2'300 - 2'400));
}

// What the tables refuse by themselves, whoever writes: the second line of defence.
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

/// A lot with one of everything: session 1 completed, 2 active, 3 billed, 4 a ticket; payment 1.
struct Busy : Parking {
  Busy() {
    stayed(0);
    parked(1);
    billed(parked(2), Paise(5'000));
    insert(ticket_for(3));
    const ScanKey scan = scanned("s1", SessionKey{1});
    answered(scan, DecisionKind::open, Reason::paid);
    store.run(
        "INSERT INTO authorisations (session, gate, direction, at) VALUES (1, 'x', 'exit', 0);"
        "INSERT INTO openings (authorisation, cause, scan, gate, barrier, session, at, status) "
        "VALUES (1, 'scan', 1, 'x', 'b1', 1, 0, 'pending');"
        "INSERT INTO refunds (id, payment, amount_paise, status, reason, created_at) VALUES "
        "('00000000-0000-4000-8000-0000000000r1', 1, 100, 'PENDING', 'late', 0);"
        "INSERT INTO alerts (id, kind, severity, subject, message, raised_at) VALUES "
        "('00000000-0000-4000-8000-0000000000a1', 'forced', 'critical', 'b1', '', 0);");
  }
};

}  // namespace

TEST_CASE("a session that nobody could have is refused", "[store][constraints]") {
  Busy parking;
  for (const char* change : {"status = 'GONE'",
                             "kind = 'WALK_IN'",
                             "kind = 'prepaid'",
                             "prepaid_hours = 2",
                             "vehicle_number = 'DL1'",
                             "zone = 99",
                             "slot = 99",
                             "slot = NULL",
                             "slot = 3",
                             "slot_given_back = 2",
                             "code_body = 'short'",
                             "code_mac = 'short'",
                             "booked_paise = -1",
                             "surcharge_paise = -1",
                             "quote_charge_paise = 5000",
                             "quote_valid_until = 5000",
                             "chosen_stay_ms = -1",
                             "payment_method = 'CARD'",
                             "entry_time = NULL",
                             "let_out_at = 5",
                             "closed_at = 5",
                             "id = 'short'",
                             "created_by = 99",
                             "status = 'EXIT_PENDING'",
                             "status = 'TERMINATED', slot_given_back = 1, closed_at = 5"}) {
    CAPTURE(change);
    CHECK(parking.store.refuses("UPDATE sessions SET " + std::string(change) + " WHERE key = 2"));
  }
}

TEST_CASE("two open sessions never hold one slot, nor stand for one vehicle",
          "[store][constraints]") {
  Busy parking;
  Session second = parking.ticket_for(1);
  CHECK(failure([&] { parking.insert(second); }) == StoreError::Kind::unusable);
  second.slot_given_back = true;
  CHECK_FALSE(failure([&] { parking.insert(second); }));
  Session booked = parking.ticket_for(4);
  booked.vehicle = vehicle("DL01AB1234");
  booked = parking.insert(booked);
  Session twin = parking.ticket_for(0);
  twin.vehicle = booked.vehicle;
  CHECK(failure([&] { parking.insert(twin); }) == StoreError::Kind::unusable);
  twin.vehicle.reset();
  CHECK_FALSE(failure([&] { parking.insert(twin); }));
}

TEST_CASE("one code and one id are one session's", "[store][constraints]") {
  Parking parking;
  const Session first = parking.insert(parking.ticket_for(0));
  Session second = parking.ticket_for(1);
  second.code = first.code;
  CHECK(failure([&] { parking.insert(second); }));
  second = parking.ticket_for(1);
  second.id = first.id;
  CHECK(failure([&] { parking.insert(second); }));
}

TEST_CASE("the store knows the steps of a session, and no others", "[store][constraints]") {
  // The trigger alone: CHECKs and the ledger have tests of their own.
  TestStore store;
  store.run("CREATE TABLE twin (status TEXT)");
  store.run(store.text(
      "SELECT replace(replace(sql, 'sessions_go_forward', 'twin_goes_forward'), ' ON sessions', "
      "' ON twin') FROM sqlite_schema WHERE name = 'sessions_go_forward'"));
  for (std::size_t i = 0; i < session_state_count * session_state_count; ++i) {
    const auto from = SessionState(i / session_state_count);
    const auto to = SessionState(i % session_state_count);
    CAPTURE(name(from), name(to));
    bool is_known = from == to;
    for (std::size_t event = 0; event < session_event_count; ++event) {
      if (next(from, SessionEvent(event)) == to) is_known = true;
    }
    store.run("DELETE FROM twin");
    store.run("INSERT INTO twin VALUES ('" + std::string(name(from)) + "')");
    CHECK(store.refuses("UPDATE twin SET status = '" + std::string(name(to)) + "'") != is_known);
  }
}

TEST_CASE("the store knows the steps of a payment, and no others", "[store][constraints]") {
  Parking parking;
  const Session session = parking.parked(0);
  for (std::size_t i = 0; i < payment_state_count * payment_state_count; ++i) {
    const auto from = PaymentState(i / payment_state_count);
    const auto to = PaymentState(i % payment_state_count);
    CAPTURE(name(from), name(to));
    bool is_known = from == to;
    for (std::size_t event = 0; event < payment_event_count; ++event) {
      if (next(from, PaymentEvent(event)) == to) is_known = true;
    }
    Payment payment{.id = uuid(900 + i),
                    .session = session.key,
                    .provider = "razorpay",
                    .amount = Paise(100),
                    .state = from,
                    .created_at = noon,
                    .paid_at = noon};
    payment.key =
        parking.commit([&](Transaction& t) { return parking->payments.insert(t, payment); });
    payment.state = to;
    const auto failed = failure(
        [&] { parking.commit([&](Transaction& t) { parking->payments.update(t, payment); }); });
    CHECK(failed.has_value() != is_known);
  }
}

TEST_CASE("a session is neither born closed nor deleted", "[store][constraints]") {
  Busy parking;
  Session born = parking.ticket_for(4);
  born.state = SessionState::cancelled;
  born.closed_at = noon;
  CHECK(failure([&] { parking.insert(born); }));
  CHECK(parking.store.refuses("DELETE FROM sessions WHERE key = 4"));
}

TEST_CASE("an unpaid stay cannot be completed", "[store][constraints]") {
  Parking parking;
  Session session = parking.billed(parking.parked(0), Paise(5'000));
  const auto complete = [&] {
    session.state = SessionState::completed;
    session.settled_at = session.exit_time = session.closed_at = noon + 1h;
    return failure([&] { parking.update(session); }).has_value();
  };
  CHECK(complete());  // no money at all
  parking.paid(session.key, Paise(5'000));
  CHECK(complete());  // paid, but nothing earned: the customer still stands at 5,000
  parking.commit([&](Transaction& t) {
    parking->ledger.append(
        t, closed_without_stay(Paise(5'000), Paise(0)),
        {.at = noon, .cause = LedgerCause::closed_without_stay, .session = session.key});
  });
  CHECK(complete());  // balanced, but not as a stay that was paid
  Session paid = parking.billed(parking.parked(1), Paise(5'000));
  parking.paid(paid.key, Paise(4'999));
  CHECK(failure([&] { parking.settled(paid); }));
  parking.paid(paid.key, Paise(1));
  CHECK_FALSE(failure([&] { parking.settled(paid); }));
}

TEST_CASE("a session with money of its customer left cannot be closed", "[store][constraints]") {
  Parking parking;
  Session session = parking.insert(parking.ticket_for(0));
  parking.paid(session.key, Paise(5'000));
  session.state = SessionState::cancelled;
  session.closed_at = noon + 1min;
  CHECK(failure([&] { parking.update(session); }));
  parking.commit([&](Transaction& t) {
    parking->ledger.append(
        t, closed_without_stay(Paise(5'000), Paise(5'000)),
        {.at = noon, .cause = LedgerCause::closed_without_stay, .session = session.key});
  });
  CHECK_FALSE(failure([&] { parking.update(session); }));
}

TEST_CASE("what is written once stays as it was written", "[store][constraints]") {
  Busy parking;
  for (const char* statement :
       {"UPDATE ledger SET amount_paise = 1", "UPDATE ledger SET at = 0", "DELETE FROM ledger",
        "UPDATE receipts SET total_paise = 1, taxable_paise = 1", "UPDATE receipts SET number = 2",
        "DELETE FROM receipts", "UPDATE decisions SET reason = 'pass'",
        "UPDATE payments SET amount_paise = 1", "UPDATE payments SET session = 2",
        "UPDATE payments SET id = '00000000-0000-4000-8000-999999999999'",
        "UPDATE payments SET session = NULL", "DELETE FROM payments",
        "UPDATE refunds SET amount_paise = 1", "DELETE FROM refunds", "DELETE FROM openings"}) {
    CAPTURE(statement);
    CHECK(parking.store.refuses(statement));
  }
}

TEST_CASE("money that nobody could have moved is refused", "[store][constraints]") {
  Busy parking;
  for (const char* values : {"'customer', 'customer', 1, 'correction', NULL, NULL",
                             "'customer', 'revenue', 0, 'correction', NULL, NULL",
                             "'customer', 'revenue', -5, 'correction', NULL, NULL",
                             "'pocket', 'revenue', 1, 'correction', NULL, NULL",
                             "'customer', 'pocket', 1, 'correction', NULL, NULL",
                             "'customer', 'revenue', 1, 'theft', NULL, NULL",
                             "'customer', 'revenue', 1, 'correction', 99, NULL",
                             "'drawer', 'customer', 1, 'payment_captured', NULL, NULL",
                             "'drawer', 'customer', 1, 'payment_captured', NULL, 1",
                             "'refunds_due', 'drawer', 1, 'refund_paid', NULL, NULL"}) {
    CAPTURE(values);
    CHECK(
        parking.store.refuses("INSERT INTO ledger (at, debit, credit, amount_paise, cause, "
                              "session, payment) VALUES (0, " +
                              std::string(values) + ")"));
  }
}

TEST_CASE("a payment or refund that nobody could have made is refused", "[store][constraints]") {
  Busy parking;
  for (const char* change :
       {"payments SET paid_at = NULL", "payments SET shift = NULL", "payments SET provider = 'x'",
        "payments SET shift = 99", "payments SET order_id = ''",
        "payments SET tendered_paise = amount_paise - 1", "payments SET status = 'PENDING'",
        "payments SET method = 'ONLINE'", "refunds SET ended_at = 5",
        "refunds SET status = 'SUCCESS'", "refunds SET payment = 99", "refunds SET reason = ''"}) {
    CAPTURE(change);
    CHECK(parking.store.refuses("UPDATE " + std::string(change)));
  }
}

TEST_CASE("a receipt out of its series is refused", "[store][constraints]") {
  Busy parking;
  // Series, year, number and session; total and its parts. G1/2627/1 is session 1's.
  for (const char* values :
       {"'G1', '2627', 1, 2, 0, 10, 10, 0, 0", "'G1', '2627', 3, 2, 0, 10, 10, 0, 0",
        "'G2', '2627', 2, 2, 0, 10, 10, 0, 0", "'G1', '27', 1, 2, 0, 10, 10, 0, 0",
        "'', '2627', 1, 2, 0, 10, 10, 0, 0", "'G1', '2627', 2, 1, 0, 10, 10, 0, 0",
        "'G1', '2627', 2, 2, 0, 10, 9, 0, 0", "'G1', '2627', 2, 99, 0, 10, 10, 0, 0"}) {
    CAPTURE(values);
    CHECK(parking.store.refuses(
        "INSERT INTO receipts (series, financial_year, number, session, issued_at, total_paise, "
        "taxable_paise, cgst_paise, sgst_paise) VALUES (" +
        std::string(values) + ")"));
  }
  CHECK_FALSE(parking.store.refuses(
      "INSERT INTO receipts (series, financial_year, number, session, issued_at, total_paise, "
      "taxable_paise, cgst_paise, sgst_paise) VALUES ('G1', '2627', 2, 2, 0, 10, 10, 0, 0)"));
}

TEST_CASE("an opening, an authorisation or an alert that makes no sense is refused",
          "[store][constraints]") {
  Busy parking;
  for (const char* change :
       {"openings SET authorisation = NULL", "openings SET cause = 'wind'",
        "openings SET status = 'gone'", "openings SET status = 'passed'",
        "openings SET ended_at = 5", "openings SET scan = 99", "openings SET by_user = 99",
        "authorisations SET direction = 'up'", "authorisations SET confirmed_at = 5",
        "authorisations SET openings_after_seen = 1", "authorisations SET session = 99",
        "alerts SET severity = 'loud'", "alerts SET kind = ''", "scans SET kind = 'look'",
        "scans SET payment_method = 'CARD'", "scans SET session = 99"}) {
    CAPTURE(change);
    CHECK(parking.store.refuses("UPDATE " + std::string(change)));
  }
}

TEST_CASE("users, shifts and cursors that make no sense are refused", "[store][constraints]") {
  Busy parking;
  for (const char* change :
       {"users SET role = 'public'", "users SET role = 'device'", "users SET gate = 'x'",
        "users SET username = ''", "users SET version = 0", "users SET disabled = 2",
        "users SET may_refund = 2", "shifts SET float_paise = -1", "shifts SET closed_at = 5",
        "shifts SET counted_paise = 5", "shifts SET user = 99", "event_cursor SET only_row = 2"}) {
    CAPTURE(change);
    CHECK(parking.store.refuses("UPDATE " + std::string(change)));
  }
  CHECK(parking.store.refuses("DELETE FROM users"));
}

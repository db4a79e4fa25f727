// What `gatehouse audit` proves: nothing to tell of a lot that worked, and each thing that somebody
// did to the file behind the gateway's back told by name.
#include "edge/store/audit.hpp"

#include "tests/unit/edge/store/parking.hpp"
#include "tests/unit/edge/store/tampering.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

/// A day's work: session 1 completed in cash, 2 completed online with an early exit's refund, 3
/// inside and billed, 4 inside, 5 a ticket, 6 cancelled.
struct Day : Parking {
  Payment online;
  Refund returned;

  Day() {
    stayed(0);
    early_exit();
    billed(parked(2), Paise(5'000));
    parked(3);
    insert(ticket_for(4));
    Session cancelled = insert(ticket_for(0));
    cancelled.state = SessionState::cancelled;
    cancelled.closed_at = noon;
    update(cancelled);
    passage();
    commit([&](Transaction& t) {
      for (int i = 0; i < 4; ++i) {
        classes->outbox.append(t, {.type = "t", .subject = "s", .time = noon, .data = "{}"});
      }
      classes->outbox.save_event_cursor(t, {1, 4});
      classes->alerts.raise(
          t, {.id = uuid(800), .kind = "forced", .subject = "b1", .raised_at = noon});
    });
  }

  /// Prepaid 100 rupees, stayed for 50: the rest goes back.
  void early_exit() {
    const Session session = billed(parked(1), Paise(5'000));
    online = {.id = uuid(700),
              .session = session.key,
              .provider = "razorpay",
              .amount = Paise(10'000),
              .state = PaymentState::success,
              .order_id = "order_1",
              .provider_payment_id = "pay_1",
              .created_at = noon,
              .paid_at = noon};
    commit([&](Transaction& t) {
      online.key = classes->payments.insert(t, online);
      classes->ledger.append(t, payment_captured(Account::provider_razorpay, Paise(10'000)),
                             {.at = noon,
                              .cause = LedgerCause::payment_captured,
                              .session = session.key,
                              .payment = online.key});
      classes->ledger.append(
          t,
          settled_stay({.charge = Paise(5'000),
                        .credits = Paise(10'000),
                        .due = {},
                        .refund = Paise(5'000)}),
          {.at = noon, .cause = LedgerCause::settled_stay, .session = session.key});
      Session left = session;
      left.state = SessionState::completed;
      left.settled_at = left.exit_time = left.closed_at = noon + 1h;
      classes->sessions.update(t, left);
      returned = {.id = uuid(701),
                  .payment = online.key,
                  .amount = Paise(5'000),
                  .reason = "early exit",
                  .created_at = noon};
      returned.key = classes->payments.insert(t, returned);
    });
    commit([&](Transaction& t) {
      returned.state = RefundState::success;
      returned.ended_at = noon + 2h;
      classes->payments.update(t, returned);
      online.state = PaymentState::partially_refunded;
      classes->payments.update(t, online);
      classes->ledger.append(t, refund_paid(Account::provider_razorpay, Paise(5'000)),
                             {.at = noon + 2h,
                              .cause = LedgerCause::refund_paid,
                              .session = session.key,
                              .refund = returned.key});
    });
  }

  /// Session 1 left by scan s1.
  void passage() {
    const ScanKey scan = scanned("s1", SessionKey{1});
    answered(scan, DecisionKind::pay, Reason::payment_due);
    answered(scan, DecisionKind::open, Reason::paid);
    commit([&](Transaction& t) {
      const AuthorisationKey key =
          classes->openings.insert(t, Authorisation{.session = SessionKey{1},
                                                    .gate = "EXIT_GATE_01",
                                                    .direction = Passage::exit,
                                                    .at = noon});
      classes->openings.insert(t, Opening{.authorisation = key,
                                          .scan = scan,
                                          .gate = "EXIT_GATE_01",
                                          .barrier = "b1",
                                          .session = SessionKey{1},
                                          .at = noon});
    });
  }

  void tamper(const std::string& sql) { tamper_with(store, sql); }
  Sentences violations() { return audit(*store).violations; }
};

std::string figure(const AuditReport& report, const std::string& name) {
  for (const AuditFigure& figure : report.figures) {
    if (figure.name == name) return figure.value;
  }
  return "none";
}

}  // namespace

TEST_CASE("an audit of a lot that worked has nothing to tell, and counts", "[store][audit]") {
  Day day;
  const AuditReport report = audit(*day.store);
  CHECK(report.violations == Sentences{});
  CHECK(figure(report, "sessions") == "6");
  CHECK(figure(report, "sessions open") == "3");
  CHECK(figure(report, "sessions completed") == "2");
  CHECK(figure(report, "slots held") == "3");
  CHECK(figure(report, "money captured") == "150.00");
  CHECK(figure(report, "money refunded") == "50.00");
  CHECK(figure(report, "account revenue") == "100.00");
  CHECK(figure(report, "account drawer") == "-50.00");
  CHECK(figure(report, "account provider_razorpay") == "-50.00");
  CHECK(figure(report, "account customer") == "0.00");
  CHECK(figure(report, "receipts") == "1");
  CHECK(figure(report, "outbox rows") == "4");
}

TEST_CASE("an audit of an empty store has nothing to tell", "[store][audit]") {
  TestStore store;
  CHECK(audit(*store).violations == Sentences{});
}

TEST_CASE("an audit only looks", "[store][audit]") {
  Day day;
  Database reader = Database::open({.path = day.store.path()});
  CHECK(audit(reader).violations == Sentences{});
  day.scanned("s2");
  CHECK(figure(audit(reader), "scans") == "2");
}

TEST_CASE("a dropped trigger or index alone is no violation", "[store][audit]") {
  Day day;
  day.tamper("");
  CHECK(day.violations() == Sentences{});
}

TEST_CASE("whatever is done to the sessions behind the gateway's back is told", "[store][audit]") {
  const auto done = GENERATE(values<Tampering>({
      {"UPDATE sessions SET slot = 5 WHERE key = 4", "slot B-002 is held by the open sessions"},
      {"UPDATE sessions SET vehicle_number = 'DL01AB1234' WHERE key IN (3, 4)",
       "vehicle DL01AB1234 is inside or booked in the sessions"},
      {"UPDATE sessions SET slot_given_back = 0 WHERE key = 1",
       "session 1 is COMPLETED but still holds a slot"},
      {"UPDATE sessions SET quote_charge_paise = 5001 WHERE key = 1",
       "session 1 is COMPLETED, charged 5001 paise, and earned 5000"},
      {"UPDATE sessions SET status = 'COMPLETED', closed_at = 5, settled_at = 5, exit_time = 5, "
       "slot_given_back = 1 WHERE key = 3",
       "session 3 is COMPLETED, charged 5000 paise, and earned 0"},
      {"UPDATE sessions SET status = 'GONE' WHERE key = 4", "CHECK constraint failed in sessions"},
      {"UPDATE sessions SET zone = 99 WHERE key = 4", "rows of sessions point to rows of zones"},
      {"DELETE FROM sessions WHERE key = 1", "point to rows of sessions that do not exist"},
      {"UPDATE authorisations SET session = 3",
       "session 3 is EXIT_PENDING, was not let out, and its exit at EXIT_GATE_01 was authorised"},
      {"UPDATE authorisations SET session = 5, direction = 'entry'",
       "session 5 never entered and its entry at EXIT_GATE_01 was authorised"},
  }));
  Day day;
  day.tamper(done.sql);
  CAPTURE(done.sql, day.violations());
  CHECK(tells(day.violations(), done.told));
}

TEST_CASE("whatever is done to the money behind the gateway's back is told", "[store][audit]") {
  const auto done = GENERATE(values<Tampering>({
      {"DELETE FROM ledger WHERE cause = 'settled_stay' AND session = 1",
       "session 1 is COMPLETED and its customer account stands at 5000 paise"},
      {"DELETE FROM ledger WHERE session = 1 AND cause = 'payment_captured'",
       "of 5000 paise is SUCCESS and stands 0 times in the ledger"},
      {"INSERT INTO ledger SELECT 100, at, debit, credit, amount_paise, cause, session, payment, "
       "refund, shift FROM ledger WHERE key = 1",
       "was written to the ledger 2 times as captured"},
      {"UPDATE ledger SET amount_paise = 4999 WHERE key = 1", "stands 0 times in the ledger"},
      {"UPDATE ledger SET debit = 'provider_phonepe' WHERE key = 1",
       "stands 0 times in the ledger"},
      {"UPDATE ledger SET session = 2 WHERE key = 1", "stands 0 times in the ledger"},
      {"UPDATE ledger SET amount_paise = -1 WHERE key = 1",
       "moves -1 paise from customer to drawer"},
      {"UPDATE ledger SET debit = 'pocket' WHERE key = 1",
       "the accounts of the ledger together stand at 5000 paise"},
      {"INSERT INTO ledger (at, debit, credit, amount_paise, cause, session) VALUES "
       "(0, 'customer', 'drawer', 5, 'settled_stay', 4)",
       "moves money from drawer to customer as settled_stay"},
      {"UPDATE payments SET status = 'PENDING' WHERE key = 1",
       "is PENDING and stands 1 times in the ledger"},
      {"UPDATE payments SET paid_at = NULL WHERE key = 1", "is SUCCESS and paid_at says otherwise"},
      {"UPDATE payments SET amount_paise = 4000 WHERE key = 1",
       "of 4000 paise is SUCCESS and stands 0 times"},
      {"UPDATE payments SET status = 'REFUNDED' WHERE key = 2",
       "of 10000 paise is REFUNDED and 5000 of it went back"},
      {"UPDATE payments SET status = 'SUCCESS' WHERE key = 2",
       "of 10000 paise is SUCCESS and 5000 of it went back"},
      {"UPDATE refunds SET amount_paise = 10001", "of 10000 paise has refunds of 10001"},
      {"UPDATE refunds SET status = 'PENDING', ended_at = NULL",
       "is PENDING and stands 1 times in the ledger as paid"},
      {"UPDATE refunds SET status = 'PENDING', ended_at = NULL",
       "session 2 owes refunds of 0 paise, and 5000 are on their way"},
      {"DELETE FROM ledger WHERE cause = 'refund_paid'",
       "is SUCCESS and stands 0 times in the ledger as paid"},
      {"UPDATE receipts SET number = 2", "the receipts G1/2627 are 1 and numbered 2 to 2"},
      {"INSERT INTO receipts SELECT 9, series, financial_year, 2, session, refund, issued_at, "
       "total_paise, taxable_paise, cgst_paise, sgst_paise FROM receipts",
       "session 1 has 2 receipts"},
      {"UPDATE receipts SET total_paise = 1", "CHECK constraint failed in receipts"},
      {"INSERT INTO shifts (user, opened_at, float_paise) SELECT user, 0, 0 FROM shifts",
       "user staff1 has 2 open shifts"},
  }));
  Day day;
  day.tamper(done.sql);
  CAPTURE(done.sql, day.violations());
  CHECK(tells(day.violations(), done.told));
}

TEST_CASE("whatever is done to gates and outbox behind the gateway's back is told",
          "[store][audit]") {
  const auto done = GENERATE(values<Tampering>({
      {"CREATE TABLE copy AS SELECT * FROM openings; DROP TABLE openings; "
       "ALTER TABLE copy RENAME TO openings; INSERT INTO openings SELECT 9, authorisation, cause, "
       "scan, gate, barrier, session, by_user, reason, at, status, ended_at FROM openings",
       "scan s1 at EXIT_GATE_01 has 2 openings"},
      {"UPDATE openings SET authorisation = NULL",
       "opening 1 at EXIT_GATE_01 has neither an authorisation nor a reason"},
      {"DELETE FROM decisions WHERE update_number = 0",
       "scan s1 at EXIT_GATE_01 counts its answers to 1 and has 1"},
      {"UPDATE scans SET update_number = 7", "counts its answers to 7 and has 2"},
      {"UPDATE decisions SET decision = 'open'",
       "scan s1 at EXIT_GATE_01 was answered open 2 times"},
      {"INSERT INTO alerts (key, id, kind, severity, subject, message, raised_at, cleared_at) "
       "SELECT 9, '00000000-0000-4000-8000-999999999999', kind, severity, subject, message, "
       "raised_at, cleared_at FROM alerts",
       "alert forced of b1 is open 2 times"},
      {"DELETE FROM outbox WHERE sequence = 2",
       "the outbox of epoch 1 lacks 1 rows between 1 and 4"},
      {"DELETE FROM outbox WHERE sequence = 4", "ends at 3 but counted to 4"},
      {"UPDATE event_cursor SET sequence = 5",
       "events went out up to 1/5, the outbox counted to 1/4"},
      {"UPDATE outbox_size SET bytes = bytes + 1", "the outbox counts 4 rows of"},
      {"DELETE FROM scans", "rows of decisions point to rows of scans that do not exist"},
  }));
  Day day;
  day.tamper(done.sql);
  CAPTURE(done.sql, day.violations());
  CHECK(tells(day.violations(), done.told));
}

TEST_CASE("a range of the outbox that was thinned counts as all of it", "[store][audit]") {
  Day day;
  day.tamper(
      "DELETE FROM outbox WHERE sequence IN (2, 3); UPDATE outbox SET "
      "type = 'parking.outbox.thinned.v1', data = '{\"from\":2,\"to\":4}' "
      "WHERE sequence = 4; UPDATE outbox_size SET rows = 2, bytes = (SELECT sum(length(type) "
      "+ length(subject) + length(data) + 24) FROM outbox)");
  CHECK(day.violations() == Sentences{});
  CHECK(figure(audit(*day.store), "outbox ranges thinned") == "1");
  day.tamper("UPDATE outbox SET data = '{\"from\":3,\"to\":4}' WHERE sequence = 4");
  CHECK(tells(day.violations(), "lacks 1 rows"));
}

TEST_CASE("a rule that is broken a thousand times is told in twenty sentences and a count",
          "[store][audit]") {
  Day day;
  day.tamper(
      "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1099) "
      "INSERT INTO ledger (at, debit, credit, amount_paise, cause) "
      "SELECT 0, 'drawer', 'drawer', i, 'correction' FROM n");
  const Sentences told = day.violations();
  CHECK(told.size() < 90);
  CHECK(tells(told, "and 980 more of the same kind"));
}

// What `gatehouse audit` proves of the counter: nothing to tell of shifts that were worked, and
// each thing that somebody did to them behind the gateway's back told by name.
#include "edge/store/audit.hpp"
#include "tests/unit/edge/store/parking.hpp"
#include "tests/unit/edge/store/tampering.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

/// Shift 1 closed, 50 paise short; shift 2 open with a float of 10 rupees and one payment. Session
/// 3 was ended by staff, 4 let out unpaid after its ticket was lost and its length chosen.
struct Counter : Parking {
  Counter() {
    open(Paise(2'000));
    stayed(0);
    close(Paise(6'950), noon + 2h);
    open(Paise(1'000), noon);
    stayed(1);
    terminated(parked(2));
    let_out(parked(3));
  }

  void act(Transaction& t, const Session& session, ActKind kind) {
    classes->staff_acts.append(
        t, {.at = noon, .user = user, .session = session.key, .kind = kind, .reason = "a reason"});
  }
  void terminated(Session session) {
    commit([&](Transaction& t) {
      act(t, session, ActKind::terminated);
      classes->ledger.append(
          t, terminated_stay(Paise(5'000), Paise(0)),
          {.at = noon, .cause = LedgerCause::terminated_stay, .session = session.key});
      session.state = SessionState::terminated;
      session.close_reason = "a reason";
      session.closed_at = noon + 1h;
      classes->sessions.update(t, session);
    });
  }
  void let_out(Session session) {
    session = billed(std::move(session), Paise(15'000));
    commit([&](Transaction& t) {
      for (const auto kind : {ActKind::lost_ticket, ActKind::stay_chosen, ActKind::let_out})
        act(t, session, kind);
      session.surcharge = Paise(10'000);
      session.chosen_stay = 1h;
      session.let_out_at = noon + 1h;
      session.slot_given_back = true;
      classes->sessions.update(t, session);
      classes->exceptions.insert(t, {.id = uuid(900),
                                     .kind = ExceptionKind::let_out_unpaid,
                                     .session = session.key,
                                     .amount = Paise(15'000),
                                     .reason = "never paid",
                                     .created_at = noon + 25h});
    });
    store.run("INSERT OR REPLACE INTO heartbeat VALUES (1, " +
              std::to_string((noon + 40h).time_since_epoch().count()) + ")");
  }

  ShiftKey open(Paise cash_float, Instant at = noon) {
    return commit([&](Transaction& t) {
      const ShiftKey key = classes->shifts.open(t, user, at, cash_float);
      classes->ledger.append(t, shift_opened(cash_float),
                             {.at = at, .cause = LedgerCause::shift_opened, .shift = key});
      return key;
    });
  }
  void close(Paise counted, Instant at) {
    const ShiftKey open = shift();
    commit([&](Transaction& t) {
      classes->ledger.append(t, shift_closed(classes->ledger.in_drawer(open), counted),
                             {.at = at, .cause = LedgerCause::shift_closed, .shift = open});
      static_cast<void>(classes->shifts.close(t, open, at, counted));
    });
  }
  Sentences violations() { return audit(*store).violations; }
  UserKey user = staff();
};

}  // namespace

TEST_CASE("an audit of shifts that were worked has nothing to tell", "[store][audit][staff]") {
  Counter counter;
  CHECK(counter.violations() == Sentences{});
  tamper_with(counter.store, "");
  CHECK(counter.violations() == Sentences{});
}

TEST_CASE("whatever is done to a drawer behind the gateway's back is told",
          "[store][audit][staff]") {
  const auto done = GENERATE(values<Tampering>({
      {"UPDATE shifts SET float_paise = 1001 WHERE key = 2",
       "shift 2 should hold 6001 paise before its count, and its drawer stands at 6000"},
      {"DELETE FROM ledger WHERE cause = 'shift_opened' AND shift = 2",
       "shift 2 should hold 6000 paise before its count, and its drawer stands at 5000"},
      {"UPDATE ledger SET amount_paise = 4000 WHERE cause = 'payment_captured' AND shift = 1",
       "shift 1 should hold 7000 paise before its count, and its drawer stands at 6000"},
      {"DELETE FROM ledger WHERE cause = 'shift_closed' AND debit = 'over_short'",
       "shift 1 is closed and its drawer stands at 50 paise"},
      {"UPDATE shifts SET counted_paise = 7000 WHERE key = 1",
       "shift 1 counted 7000 paise, and 6950 went to the safe"},
      {"UPDATE ledger SET debit = 'customer' WHERE cause = 'shift_closed' AND debit = 'safe'",
       "shift 1 counted 6950 paise, and 0 went to the safe"},
      {"UPDATE ledger SET debit = 'safe' WHERE cause = 'payment_captured' AND shift = 2",
       "moves money from customer to safe as payment_captured"},
      {"UPDATE ledger SET shift = NULL WHERE cause = 'payment_captured' AND shift = 2",
       "touches a drawer and names no shift"},
      {"UPDATE ledger SET shift = 1 WHERE cause = 'payment_captured'",
       "is of shift 2, and stands in the drawer of 1"},
      {"UPDATE ledger SET key = 1000 WHERE cause = 'payment_captured' AND shift = 1",
       "ledger row 1000 moves money in the drawer of shift 1 after its count"},
      {"UPDATE shifts SET z_number = 2 WHERE key = 1", "the Z reports are 1 and numbered 2 to 2"},
      {"UPDATE staff_acts SET kind = 'lost_ticket' WHERE kind = 'terminated'",
       "session 3 was TERMINATED, and nobody said why"},
      {"DELETE FROM staff_acts WHERE kind = 'let_out'",
       "session 4 was let out unpaid, and nobody said why"},
      {"DELETE FROM staff_acts WHERE kind = 'stay_chosen'",
       "session 4 is billed by a length that nobody chose"},
      {"DELETE FROM staff_acts WHERE kind = 'lost_ticket'",
       "session 4 is charged 10000 paise for a ticket that nobody called lost"},
      {"UPDATE staff_acts SET session = 1 WHERE kind = 'terminated'",
       "session 1 is COMPLETED, and was ended by staff"},
      {"DELETE FROM exceptions",
       "session 4 was let out unpaid for more than a day, and waits for nobody"},
      {"UPDATE exceptions SET session = 1", "waits, and session 1 is COMPLETED"},
      {"INSERT INTO ledger (at, debit, credit, amount_paise, cause, session) VALUES "
       "(0, 'revenue', 'refunds_due', 5, 'terminated_stay', 3)",
       "session 3 is TERMINATED, and 5 paise were promised back of it"},
      {"UPDATE shifts SET closed_at = NULL, counted_paise = NULL, z_number = NULL WHERE key = 1",
       "user staff1 has 2 open shifts"},
  }));
  Counter counter;
  tamper_with(counter.store, done.sql);
  CAPTURE(done.sql, counter.violations());
  CHECK(tells(counter.violations(), done.told));
}

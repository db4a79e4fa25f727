#include "edge/engine/bill.hpp"

namespace gatehouse::engine {
namespace {

/// With how UTC ran away since the entry.
StayFacts facts_of(Turn& turn, const store::Session& session) {
  StayFacts facts{.credits = turn.books.payments.credits(session.key)};
  const bool length_is_known = session.chosen_stay || is_quoted(session, turn.now.utc);
  if (length_is_known || !session.entry_clock_note) return facts;
  const store::ClockSpan span = turn.books.clock_notes.since(*session.entry_clock_note);
  facts.drift = span.drift;
  facts.net = span.net;
  facts.steady_is_known = span.complete;
  return facts;
}

std::vector<StayShown> stays_shown(Turn& turn, const store::Session& session) {
  std::vector<StayShown> shown;
  for (const StayOffered& each : stays_to_choose(turn, session))
    shown.push_back({each.length, each.bill.stayed, each.bill.charge.hours, each.bill.sums.charge,
                     each.bill.sums.due});
  return shown;
}

}  // namespace

Bill bill_of(Turn& turn, const store::Session& session) {
  return bill_stay(turn.premises, session, facts_of(turn, session), turn.now.utc);
}

std::vector<StayOffered> stays_to_choose(Turn& turn, const store::Session& session) {
  return stays_to_choose(turn.premises, session, facts_of(turn, session), turn.now.utc);
}

BillShown show_bill(Turn& turn, const store::Session& session) {
  BillShown shown{.session_id = session.id,
                  .vehicle_number = session.vehicle ? session.vehicle->text() : "",
                  .slot = session.slot ? turn.premises.plan.slot(*session.slot).id.text() : "",
                  .entry_time = session.entry_time.value_or(session.created_at),
                  .exit_time = session.exit_time,
                  .quoted_at = turn.now.utc,
                  .surcharge = session.surcharge,
                  .method = session.payment_method,
                  .change = {},
                  .suspicion = {}};
  Paise asked = session.booked;
  if (is_inside(session.state)) {
    const Bill bill = bill_of(turn, session);
    shown.quoted_at = bill.billing_time;
    shown.stayed = bill.stayed;
    shown.charge = bill.charge;
    shown.sums = bill.sums;
    shown.suspicion = bill.suspicion;
    shown.left = session.let_out_at.has_value();
    if (bill.suspicion) shown.stays = stays_shown(turn, session);
    asked = bill.sums.charge;
  } else if (session.state == SessionState::completed) {
    const BillingRules& rules = turn.premises.billing;
    const Instant until =
        session.chosen_stay ? *session.entry_time + *session.chosen_stay : *session.billing_time;
    shown.quoted_at = *session.billing_time;
    shown.stayed = elapsed_minutes(*session.entry_time, until, rules.minute);
    shown.charge =
        charge_until({session.rates, turn.premises.local}, rules, *session.entry_time, until);
    shown.sums.charge = session.quote->charge;
    shown.sums.credits = turn.books.payments.credits(session.key);
    asked = shown.sums.charge;
  }
  shown.payment_status =
      session_payment_status(asked, turn.books.payments.credits(session.key),
                             attempts_in(turn.books.payments.of_session(session.key)));
  return shown;
}

}  // namespace gatehouse::engine

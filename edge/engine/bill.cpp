#include "edge/engine/bill.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>

namespace gatehouse::engine {
namespace {

/// What an early exit keeps of a booking prepaid by hours.
Paise kept_at_least(const Turn& turn, const store::Session& session) {
  if (!session.prepaid_hours) return Paise(0);
  const BillingRules& rules = turn.premises.billing;
  return quote({session.rates, turn.premises.local}, rules, session.created_at,
               std::min(rules.prepaid_min, *session.prepaid_hours));
}

Stay stay_until(Turn& turn, const store::Session& session, Instant until) {
  Stay stay{.entry = *session.entry_time, .until = until};
  if (session.entry_clock_note)
    stay.drift = turn.books.clock_notes.since(*session.entry_clock_note).drift;
  return stay;
}

PaymentAttempts attempts_of(Turn& turn, const store::Session& session) {
  PaymentAttempts attempts;
  for (const store::Payment& payment : turn.books.payments.of_session(session.key)) {
    attempts.last_failed =
        payment.state == PaymentState::failed || payment.state == PaymentState::expired;
    attempts.any_pending = attempts.any_pending || payment.state == PaymentState::pending ||
                           payment.state == PaymentState::creating;
  }
  return attempts;
}

}  // namespace

Bill bill_of(Turn& turn, const store::Session& session) {
  require(session.entry_time.has_value(), "a bill is made of a stay");
  const BillingRules& rules = turn.premises.billing;
  Bill bill;
  bill.is_quoted = session.billing_time && session.quote &&
                   turn.now.utc <= session.quote->valid_until &&
                   turn.now.utc >= *session.billing_time;
  bill.billing_time = bill.is_quoted ? *session.billing_time : turn.now.utc;
  Instant until = bill.billing_time;
  if (session.chosen_stay) {
    until = *session.entry_time + *session.chosen_stay;
  } else if (!bill.is_quoted) {
    bill.suspicion = suspicion(stay_until(turn, session, until), rules.stay_max);
  }
  bill.stayed = elapsed_minutes(*session.entry_time, until, rules.minute);
  if (!bill.suspicion) {
    bill.charge =
        charge_until({session.rates, turn.premises.local}, rules, *session.entry_time, until);
  }
  bill.sums = settle(session.kind, bill.charge.total + session.surcharge,
                     turn.books.payments.credits(session.key), kept_at_least(turn, session));
  bill.valid_until = bill.is_quoted ? session.quote->valid_until : turn.now.utc + rules.exit_window;
  return bill;
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
  shown.payment_status = session_payment_status(asked, turn.books.payments.credits(session.key),
                                                attempts_of(turn, session));
  return shown;
}

}  // namespace gatehouse::engine

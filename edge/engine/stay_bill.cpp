#include "edge/engine/stay_bill.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>

namespace gatehouse::engine {
namespace {

/// What an early exit keeps of a booking prepaid by hours.
Paise kept_at_least(const Premises& premises, const store::Session& session) {
  if (!session.prepaid_hours) return Paise(0);
  return quote({session.rates, premises.local}, premises.billing, session.created_at,
               std::min(premises.billing.prepaid_min, *session.prepaid_hours));
}

}  // namespace

bool is_quoted(const store::Session& session, Instant now) {
  return session.billing_time && session.quote && now <= session.quote->valid_until &&
         now >= *session.billing_time;
}

Bill bill_stay(const Premises& premises, const store::Session& session, const StayFacts& facts,
               Instant now) {
  require(session.entry_time.has_value(), "a bill is made of a stay");
  const BillingRules& rules = premises.billing;
  Bill bill;
  bill.is_quoted = is_quoted(session, now);
  bill.billing_time = bill.is_quoted ? *session.billing_time : now;
  Instant until = bill.billing_time;
  if (session.chosen_stay) {
    until = *session.entry_time + *session.chosen_stay;
  } else if (!bill.is_quoted) {
    bill.suspicion = suspicion({.entry = *session.entry_time, .until = until, .drift = facts.drift},
                               rules.stay_max);
  }
  bill.stayed = elapsed_minutes(*session.entry_time, until, rules.minute);
  if (!bill.suspicion) {
    bill.charge = charge_until({session.rates, premises.local}, rules, *session.entry_time, until);
  }
  bill.sums = settle(session.kind, bill.charge.total + session.surcharge, facts.credits,
                     kept_at_least(premises, session));
  bill.valid_until = bill.is_quoted ? session.quote->valid_until : now + rules.exit_window;
  return bill;
}

PaymentAttempts attempts_in(std::span<const store::Payment> payments) {
  PaymentAttempts attempts;
  for (const store::Payment& payment : payments) {
    attempts.last_failed =
        payment.state == PaymentState::failed || payment.state == PaymentState::expired;
    attempts.any_pending = attempts.any_pending || payment.state == PaymentState::pending ||
                           payment.state == PaymentState::creating;
  }
  return attempts;
}

}  // namespace gatehouse::engine

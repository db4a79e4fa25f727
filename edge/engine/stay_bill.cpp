#include "edge/engine/stay_bill.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::engine {
namespace {

/// What an early exit keeps of a booking prepaid by hours.
Paise kept_at_least(const Premises& premises, const store::Session& session) {
  if (!session.prepaid_hours) return Paise(0);
  return quote({session.rates, premises.local}, premises.billing, session.created_at,
               std::min(premises.billing.prepaid_min, *session.prepaid_hours));
}

Stay stay_until(const store::Session& session, const StayFacts& facts, Instant until) {
  return {.entry = *session.entry_time, .until = until, .drift = facts.drift, .net = facts.net};
}

}  // namespace

bool is_quoted(const store::Session& session, Instant now) {
  if (!session.billing_time || !session.quote) return false;
  if (session.let_out_at) return true;
  return now <= session.quote->valid_until && now >= *session.billing_time;
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
    // It was chosen when the session was billed last, and has gone on since.
    const Instant chosen_at = session.billing_time.value_or(bill.billing_time);
    const auto since = std::max(bill.billing_time - chosen_at, Instant::duration(0));
    bill.chosen_stay = *session.chosen_stay + since;
    until = *session.entry_time + *bill.chosen_stay;
  } else if (!bill.is_quoted) {
    bill.suspicion = suspicion(stay_until(session, facts, until), rules.stay_max);
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

std::vector<StayOffered> stays_to_choose(const Premises& premises, const store::Session& session,
                                         const StayFacts& facts, Instant now) {
  const Stay stay = stay_until(session, facts, now);
  std::vector<StayOffered> offered;
  const auto offer = [&](StayLength length, std::chrono::milliseconds lasted) {
    if (lasted > stay_to_choose_max) return;
    store::Session chosen = session;
    chosen.quote.reset();
    chosen.billing_time = now;
    chosen.chosen_stay = std::max(lasted, std::chrono::milliseconds(0));
    Bill bill = bill_stay(premises, chosen, facts, now);
    bill.stayed = elapsed_minutes(stay.entry, stay.entry + lasted, premises.billing.minute);
    offered.push_back({length, std::move(bill)});
  };
  offer(StayLength::utc, stay.utc_length());
  if (facts.steady_is_known) offer(StayLength::steady, stay.steady_length());
  return offered;
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

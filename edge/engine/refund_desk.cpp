// Money that an administrator gives back, and alerts that one has seen.
#include "edge/engine/desks.hpp"
#include "edge/engine/refunds.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::engine {
namespace {

std::string session_id_of(Turn& turn, const store::Payment& payment) {
  const auto session = payment.session ? turn.books.sessions.find(*payment.session) : std::nullopt;
  return session ? session->id : std::string();
}

/// One that was promised and waits for somebody at a drawer: of this amount, or the oldest.
std::optional<store::Refund> find_promised(Turn& turn, const store::Payment& payment,
                                           const std::optional<Paise>& amount) {
  for (const store::Refund& refund : turn.books.payments.refunds_of(payment.key)) {
    if (refund.state == RefundState::pending && (!amount || *amount == refund.amount))
      return refund;
  }
  return std::nullopt;
}

std::string name_of(Turn& turn, const std::optional<store::UserKey>& user) {
  const auto account = user ? turn.books.accounts.find(*user) : std::nullopt;
  return account ? account->username : std::string();
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const MakeRefund& asked) {
  auto payment = turn.books.payments.find_by_id(asked.payment_id);
  if (!payment) return refused(Refusal::not_found);
  const bool is_cash = payment->method == PaymentMethod::cash;
  const auto shift = is_cash ? turn.books.shifts.find_open(actor.user) : std::nullopt;
  if (is_cash && !shift) return refused(Refusal::no_shift);
  auto promised = is_cash ? find_promised(turn, *payment, asked.amount) : std::nullopt;
  std::string credit_note;
  if (!promised) {
    const Paise left = refundable(turn, *payment);
    const Paise amount = asked.amount.value_or(left);
    if (amount <= Paise(0) || amount > left) return refused(Refusal::refund_exceeds_payment);
    Promise made = promise_refund(turn, *payment, {amount, asked.reason, actor.user});
    promised = std::move(made.refund);
    credit_note = std::move(made.credit_note);
  }
  if (is_cash) pay_out(turn, *payment, *promised, shift->key, actor.user);
  return RefundMade{std::move(*promised), *payment, session_id_of(turn, *payment),
                    std::move(credit_note)};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor,
                   const AcknowledgeAlert& asked) {
  auto alert = turn.books.alerts.find_by_id(asked.id);
  if (!alert) return refused(Refusal::not_found);
  if (!alert->acknowledged_at) {
    turn.books.alerts.acknowledge(turn.transaction, alert->key, turn.now.utc, actor.user);
    alert->acknowledged_at = turn.now.utc;
    alert->acknowledged_by = actor.user;
  }
  return AlertAcknowledged{*alert, name_of(turn, alert->acknowledged_by)};
}

}  // namespace gatehouse::engine

// Money that waited for a person: an administrator says whose it is, gives it back, or gives it up.
#include "edge/domain/ledger.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/money.hpp"
#include "edge/engine/refunds.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::engine {
namespace {

using store::Exception;
using store::ExceptionAction;
using store::ExceptionKind;
using store::LedgerCause;

/// What was decided about one: a refusal, or what is told beside it.
using Decided = std::expected<std::optional<RefundMade>, CallRefused>;

Decided refuse(Refusal why) { return std::unexpected(CallRefused{why, {}}); }

store::Posting correction(const Turn& turn, const store::Payment& payment,
                          std::optional<store::SessionKey> session) {
  return {.at = turn.now.utc,
          .cause = LedgerCause::correction,
          .session = session,
          .payment = payment.key,
          .refund = {},
          .shift = {}};
}

Account source_of(const store::Payment& payment) {
  return payment.provider == "phonepe" ? Account::provider_phonepe : Account::provider_razorpay;
}

std::string session_id_of(Turn& turn, const store::Payment& payment) {
  const auto session = payment.session ? turn.books.sessions.find(*payment.session) : std::nullopt;
  return session ? session->id : std::string();
}

/// What stands to the account of whoever paid it, and no session has.
Paise unplaced_of(Turn& turn, const store::Payment& payment) {
  return at_least_nothing(
      turn.books.ledger.balances_of_unplaced(payment.key)[std::size_t(Account::customer)]);
}

/// The money is there, a person says so: a payment that was not counted yet is, as what came; and
/// that is told here, once, whatever becomes of it.
/// What came is not what was asked for: then it is a payment of its own, and the one that was asked
/// for stays unpaid.
store::Payment counted(Turn& turn, const Exception& exception, store::Payment payment) {
  if (is_captured(payment.state)) return payment;
  if (payment.amount == exception.amount) {
    payment.state = PaymentState::success;
    payment.paid_at = turn.now.utc;
    turn.books.payments.update(turn.transaction, payment);
  } else {
    store::Payment came = payment;
    payment.provider_payment_id.clear();
    turn.books.payments.update(turn.transaction, payment);
    came.id = turn.tickets.make_id();
    came.amount = exception.amount;
    came.order_id.clear();
    came.session.reset();
    came.state = PaymentState::success;
    came.created_at = turn.now.utc;
    came.paid_at = turn.now.utc;
    came.expires_at.reset();
    came.failure.clear();
    came.key = turn.books.payments.insert(turn.transaction, came);
    payment = std::move(came);
  }
  turn.books.ledger.append(turn.transaction, payment_captured(source_of(payment), payment.amount),
                           {.at = turn.now.utc,
                            .cause = LedgerCause::payment_captured,
                            .session = payment.session,
                            .payment = payment.key,
                            .refund = {},
                            .shift = {}});
  announce_payment(turn, "payment.succeeded", session_id_of(turn, payment), payment);
  return payment;
}

/// Whether nothing of it can be a session's: it is on its way back, or went back as a whole.
bool is_given_back(Turn& turn, const store::Payment& payment) {
  if (!is_captured(payment.state)) return false;
  const auto is_pending = [](const store::Refund& refund) {
    return refund.state == RefundState::pending;
  };
  return std::ranges::any_of(turn.books.payments.refunds_of(payment.key), is_pending) ||
         refundable(turn, payment) <= Paise(0);
}

/// What is left of it becomes the session's: taken from whoever it stood to, be that the one who
/// paid, a refund that failed, or the lot, which had kept it.
void place(Turn& turn, store::Payment& payment, const store::Session& session) {
  const Paise left = refundable(turn, payment);
  const Paise promised = std::min(unclaimed(turn, payment), left);
  const Paise held = std::min(unplaced_of(turn, payment), left - promised);
  const store::Posting of_nobody = correction(turn, payment, std::nullopt);
  turn.books.ledger.append(turn.transaction, refund_given_up(promised), of_nobody);
  turn.books.ledger.append(turn.transaction, kept(held), of_nobody);
  payment.session = session.key;
  turn.books.payments.update(turn.transaction, payment);
  turn.books.ledger.append(turn.transaction, given_to_customer(left),
                           correction(turn, payment, session.key));
  announce_payment(turn, "payment.placed", session.id, payment);
}

/// It counts for a session that goes on. A payment that is a session's already stays so.
Decided apply(Turn& turn, const Exception& exception, const store::Payment& before,
              const std::optional<ById>& named) {
  auto session = named ? find(turn, *named) : std::nullopt;
  if (named && !session) return refuse(Refusal::invalid_qr);
  const bool is_new_row = !is_captured(before.state) && before.amount != exception.amount;
  const auto owner = is_new_row ? std::nullopt : before.session;
  if (!session && before.session) session = turn.books.sessions.find(*before.session);
  if (!session) return refuse(Refusal::session_required);
  if (owner && *owner != session->key) return refuse(Refusal::payment_placed);
  if (!is_open(*session) || session->state == SessionState::pending_payment)
    return refuse(Refusal::session_closed);
  if (is_given_back(turn, before)) return refuse(Refusal::payment_placed);
  store::Payment payment = counted(turn, exception, before);
  if (!payment.session) place(turn, payment, *session);
  return std::optional<RefundMade>();
}

/// Back to where it came from. What its provider would not give back is asked for once more.
Decided give_back_money(Turn& turn, const Actor& actor, const Exception& exception,
                        const store::Payment& before, const std::string& reason) {
  const bool is_cash = before.method == PaymentMethod::cash;
  const auto shift = is_cash ? turn.books.shifts.find_open(actor.user) : std::nullopt;
  if (is_cash && !shift) return refuse(Refusal::no_shift);
  store::Payment payment = counted(turn, exception, before);
  const Paise amount = std::min(exception.amount, refundable(turn, payment));
  if (amount <= Paise(0)) return refuse(Refusal::refund_exceeds_payment);
  Promise made = promise_refund(turn, payment, {amount, reason, actor.user});
  if (is_cash) pay_out(turn, payment, made.refund, shift->key, actor.user);
  return RefundMade{std::move(made.refund), payment, session_id_of(turn, payment),
                    std::move(made.credit_note)};
}

/// The lot keeps what nobody wants back: money of nobody, or a promise that cannot be kept.
Decided keep(Turn& turn, const Exception& exception, const store::Payment& before) {
  if (exception.kind == ExceptionKind::unrefundable) {
    const Paise amount = std::min(exception.amount, unclaimed(turn, before));
    turn.books.ledger.append(turn.transaction, refund_given_up(amount),
                             correction(turn, before, before.session));
    return std::optional<RefundMade>();
  }
  // What stands to the account of a session's customer is theirs until the session ends.
  if (is_captured(before.state) && before.session) return refuse(Refusal::payment_placed);
  const bool is_late = !is_captured(before.state) && before.amount == exception.amount;
  if (is_late && before.session) return refuse(Refusal::payment_placed);
  const store::Payment payment = counted(turn, exception, before);
  turn.books.ledger.append(turn.transaction, kept(unplaced_of(turn, payment)),
                           correction(turn, payment, std::nullopt));
  return std::optional<RefundMade>();
}

/// A car that was let out and never paid for: what is due is written off.
Decided give_up_let_out(Turn& turn, const Actor& actor, const Exception& exception,
                        const std::string& reason) {
  auto session = turn.books.sessions.find(exception.session.value());
  if (!session || !is_inside(session->state)) return refuse(Refusal::session_closed);
  const Bill bill = bill_of(turn, *session);
  // Before the session is closed, which would resolve it as nobody's doing.
  turn.books.exceptions.resolve(turn.transaction, exception.key, turn.now.utc,
                                {ExceptionAction::write_off, actor.user, reason});
  record_act(turn, actor, *session, store::ActKind::terminated, reason,
             std::to_string(bill.sums.due.count()) + " paise written off");
  terminate(turn, *session, bill, reason);
  return std::optional<RefundMade>();
}

Decided decide_by_kind(Turn& turn, const Actor& actor, const Exception& exception,
                       const ResolveException& asked) {
  if (exception.kind == ExceptionKind::let_out_unpaid) {
    // Whoever comes back to pay does so at the counter, and that resolves it by itself.
    if (asked.action != ExceptionAction::write_off) return refuse(Refusal::action_not_possible);
    return give_up_let_out(turn, actor, exception, asked.reason);
  }
  const auto payment =
      exception.payment ? turn.books.payments.find(*exception.payment) : std::nullopt;
  if (!payment) return refuse(Refusal::action_not_possible);
  // Nothing came: there is no payment of nothing.
  if (!is_captured(payment->state) && exception.amount <= Paise(0))
    return refuse(Refusal::action_not_possible);
  switch (asked.action) {
    case ExceptionAction::apply:
      if (exception.kind == ExceptionKind::unrefundable)
        return refuse(Refusal::action_not_possible);
      return apply(turn, exception, *payment, asked.session);
    case ExceptionAction::refund:
      return give_back_money(turn, actor, exception, *payment, asked.reason);
    case ExceptionAction::write_off:
      return keep(turn, exception, *payment);
  }
  return refuse(Refusal::action_not_possible);
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor,
                   const ResolveException& asked) {
  auto exception = turn.books.exceptions.find(asked.id);
  if (!exception) return refused(Refusal::not_found);
  if (exception->resolved_at) return refused(Refusal::already_resolved);
  auto decided = decide_by_kind(turn, actor, *exception, asked);
  if (!decided) return std::unexpected(std::move(decided.error()));
  if (exception->kind != ExceptionKind::let_out_unpaid) {
    turn.books.exceptions.resolve(turn.transaction, exception->key, turn.now.utc,
                                  {asked.action, actor.user, asked.reason});
  }
  exception = turn.books.exceptions.find(asked.id);
  const auto payment =
      exception->payment ? turn.books.payments.find(*exception->payment) : std::nullopt;
  const auto session =
      exception->session ? turn.books.sessions.find(*exception->session) : std::nullopt;
  return ExceptionResolved{.exception = *exception,
                           .payment_id = payment ? payment->id : std::string(),
                           .session_id = session ? session->id : std::string(),
                           .user = actor.name,
                           .refund = std::move(*decided)};
}

}  // namespace gatehouse::engine

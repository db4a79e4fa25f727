#include "edge/engine/refunds.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/ledger.hpp"
#include "edge/domain/tax.hpp"
#include "edge/engine/announce.hpp"

#include <algorithm>

namespace gatehouse::engine {
namespace {

using store::LedgerCause;

std::optional<store::Session> session_of(Turn& turn, const store::Payment& payment) {
  return payment.session ? turn.books.sessions.find(*payment.session) : std::nullopt;
}

std::string id_of(const std::optional<store::Session>& session) {
  return session ? session->id : std::string();
}

store::Balances balances_of(Turn& turn, const store::Payment& payment) {
  return payment.session ? turn.books.ledger.balances(*payment.session)
                         : turn.books.ledger.balances_of_unplaced(payment.key);
}

Paise balance(const store::Balances& balances, Account account) {
  return balances.at(static_cast<std::size_t>(account));
}

store::Posting posting(const Turn& turn, LedgerCause cause, const store::Payment& payment,
                       const store::Refund& refund) {
  return {.at = turn.now.utc,
          .cause = cause,
          .session = payment.session,
          .payment = payment.key,
          .refund = refund.key,
          .shift = {}};
}

/// What had been earned and is taken back: the receipt stands, and this beside it.
std::string write_credit_note(Turn& turn, const store::Payment& payment,
                              const store::Refund& refund, Paise total) {
  if (total <= Paise(0) || !payment.session || !turn.books.receipts.find(*payment.session))
    return {};
  const TaxRules& tax = turn.premises.billing.tax;
  const TaxSplit split = tax_split(total, tax.percent);
  return turn.books.receipts
      .issue(turn.transaction,
             {.series = credit_note_series(tax.invoice_series),
              .financial_year = financial_year(turn.premises.local(turn.now.utc).date),
              .session = *payment.session,
              .refund = refund.key,
              .issued_at = turn.now.utc,
              .total = total,
              .taxable = split.taxable,
              .cgst = split.cgst,
              .sgst = split.sgst})
      .serial();
}

}  // namespace

Paise refundable(Turn& turn, const store::Payment& payment) {
  if (!is_captured(payment.state)) return Paise(0);
  Paise left = payment.amount;
  for (const store::Refund& refund : turn.books.payments.refunds_of(payment.key)) {
    if (refund.state != RefundState::failed) left -= refund.amount;
  }
  return left;
}

Paise unclaimed(Turn& turn, const store::Payment& payment) {
  Paise left = balance(balances_of(turn, payment), Account::refunds_due);
  const auto refunds = payment.session ? turn.books.payments.refunds_of_session(*payment.session)
                                       : turn.books.payments.refunds_of(payment.key);
  for (const store::Refund& refund : refunds) {
    if (refund.state == RefundState::pending) left -= refund.amount;
  }
  return at_least_nothing(left);
}

Promise promise_refund(Turn& turn, const store::Payment& payment, const RefundOrder& order) {
  require(order.amount > Paise(0) && order.amount <= refundable(turn, payment),
          "no more is given back than came");
  // What a failed refund left promised is not promised a second time; then what stands to the
  // customer's account goes back, and only then what the lot had earned.
  const Paise promised = std::min(unclaimed(turn, payment), order.amount);
  const Paise held = at_least_nothing(balance(balances_of(turn, payment), Account::customer));
  const Paise of_customer = std::min(order.amount - promised, held);
  const Paise of_revenue = order.amount - promised - of_customer;
  Promise made{.refund = {.id = turn.tickets.make_id(),
                          .payment = payment.key,
                          .amount = order.amount,
                          .reason = order.reason,
                          .provider_refund_id = {},
                          .created_at = turn.now.utc,
                          .created_by = order.by,
                          .shift = {},
                          .ended_at = {}},
               .credit_note = {}};
  made.refund.key = turn.books.payments.insert(turn.transaction, made.refund);
  turn.books.ledger.append(turn.transaction, refund_requested(of_customer),
                           posting(turn, LedgerCause::refund_requested, payment, made.refund));
  turn.books.ledger.append(turn.transaction, refund_of_revenue(of_revenue),
                           posting(turn, LedgerCause::refund_of_revenue, payment, made.refund));
  made.credit_note = write_credit_note(turn, payment, made.refund, of_revenue);
  announce_refund(turn, "refund.requested", id_of(session_of(turn, payment)), payment, made.refund);
  return made;
}

void pay_out(Turn& turn, store::Payment& payment, store::Refund& refund, store::ShiftKey drawer,
             store::UserKey by) {
  require(payment.method == PaymentMethod::cash, "only cash goes out of a drawer");
  const auto then = next(refund.state, RefundEvent::succeeded);
  require(then.has_value(), "a refund that is paid out was promised");
  refund.state = *then;
  refund.shift = drawer;
  refund.ended_at = turn.now.utc;
  if (!refund.created_by) refund.created_by = by;
  turn.books.payments.update(turn.transaction, refund);
  store::Posting paid = posting(turn, LedgerCause::refund_paid, payment, refund);
  paid.shift = drawer;
  turn.books.ledger.append(turn.transaction, refund_paid(Account::drawer, refund.amount), paid);

  Paise returned;
  for (const store::Refund& each : turn.books.payments.refunds_of(payment.key)) {
    if (each.state == RefundState::success) returned += each.amount;
  }
  const auto becomes =
      next(payment.state,
           returned == payment.amount ? PaymentEvent::all_returned : PaymentEvent::part_returned);
  require(becomes.has_value(), "what is given back had come");
  payment.state = *becomes;
  turn.books.payments.update(turn.transaction, payment);
  announce_refund(turn, "refund.succeeded", id_of(session_of(turn, payment)), payment, refund);
}

}  // namespace gatehouse::engine

#include "edge/engine/money.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/ledger.hpp"
#include "edge/domain/tax.hpp"
#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/let_out.hpp"
#include "edge/engine/long_stays.hpp"
#include "edge/engine/passages.hpp"
#include "edge/engine/shifts.hpp"

#include <algorithm>
#include <ranges>

namespace gatehouse::engine {
namespace {

using store::LedgerCause;

void move_to(store::Session& session, SessionEvent event) {
  const auto then = next(session.state, event);
  require(then.has_value(), "a session goes on as its life cycle allows");
  session.state = *then;
}

/// Promises money back to where it came from, the newest payment first.
void request_refunds(Turn& turn, const store::Session& session, Paise amount,
                     const std::string& reason) {
  const auto payments = turn.books.payments.of_session(session.key);
  for (const store::Payment& payment : std::views::reverse(payments)) {
    if (amount <= Paise(0)) return;
    if (!is_captured(payment.state)) continue;
    Paise left = payment.amount;
    for (const store::Refund& refund : turn.books.payments.refunds_of(payment.key)) {
      if (refund.state != RefundState::failed) left -= refund.amount;
    }
    const Paise part = std::min(left, amount);
    if (part <= Paise(0)) continue;
    store::Refund refund{.id = turn.tickets.make_id(),
                         .payment = payment.key,
                         .amount = part,
                         .reason = reason,
                         .provider_refund_id = {},
                         .created_at = turn.now.utc,
                         .created_by = {},
                         .shift = {},
                         .ended_at = {}};
    refund.key = turn.books.payments.insert(turn.transaction, refund);
    announce_refund(turn, "refund.requested", session.id, payment, refund);
    amount -= part;
  }
  require(amount == Paise(0), "no more is given back than came");
}

void write_receipt(Turn& turn, const store::Session& session, Paise total) {
  if (total <= Paise(0)) return;
  const TaxRules& tax = turn.premises.billing.tax;
  const TaxSplit split = tax_split(total, tax.percent);
  static_cast<void>(turn.books.receipts.issue(
      turn.transaction, {.series = tax.invoice_series,
                         .financial_year = financial_year(turn.premises.local(turn.now.utc).date),
                         .session = session.key,
                         .refund = {},
                         .issued_at = turn.now.utc,
                         .total = total,
                         .taxable = split.taxable,
                         .cgst = split.cgst,
                         .sgst = split.sgst}));
}

/// Orders that nobody needs any more: money that comes on them all the same is late money.
void drop_open_orders(Turn& turn, const store::Session& session) {
  for (store::Payment& payment : turn.books.payments.of_session(session.key)) {
    const auto then = next(payment.state, PaymentEvent::expired);
    if (!then || is_captured(payment.state) || payment.state == *then) continue;
    payment.state = *then;
    turn.books.payments.update(turn.transaction, payment);
  }
}

void close(Turn& turn, store::Session& session) {
  give_back(turn, session);
  session.closed_at = turn.now.utc;
  turn.books.sessions.update(turn.transaction, session);
  drop_open_orders(turn, session);
  close_authorisation(turn, session, store::Passage::entry);
  clear(turn, "entry_unconfirmed", session.id);
  clear(turn, long_stay_alert, session.id);
  if (session.let_out_at) no_longer_waited_for(turn, session);
}

/// Ended by staff, at whatever gate it may stand.
void end_by_staff(Turn& turn, store::Session& session, SessionEvent how,
                  const std::string& reason) {
  move_to(session, how);
  session.close_reason = reason;
  close(turn, session);
  close_authorisation(turn, session, store::Passage::exit);
  announce_session(turn, "session.terminated", session);
}

}  // namespace

void take_cash(Turn& turn, store::Session& session, Paise amount, store::UserKey taken_by,
               std::optional<Paise> tendered) {
  const store::ShiftKey shift = shift_of(turn, taken_by);
  store::Payment payment{.id = turn.tickets.make_id(),
                         .session = session.key,
                         .method = PaymentMethod::cash,
                         .provider = {},
                         .amount = amount,
                         .state = PaymentState::success,
                         .order_id = {},
                         .provider_payment_id = {},
                         .created_at = turn.now.utc,
                         .expires_at = {},
                         .paid_at = turn.now.utc,
                         .shift = shift,
                         .taken_by = taken_by,
                         .tendered = tendered,
                         .failure = {}};
  payment.key = turn.books.payments.insert(turn.transaction, payment);
  turn.books.ledger.append(turn.transaction, payment_captured(Account::drawer, amount),
                           {.at = turn.now.utc,
                            .cause = LedgerCause::payment_captured,
                            .session = session.key,
                            .payment = payment.key,
                            .refund = {},
                            .shift = shift});
  session.payment_method = PaymentMethod::cash;
  announce_payment(turn, "payment.succeeded", session.id, payment);
}

store::Payment ask_online(Turn& turn, const store::Session& session, Paise amount,
                          const OnlineOrder& order) {
  for (const store::Payment& payment : turn.books.payments.of_session(session.key)) {
    const bool is_under_way =
        payment.state == PaymentState::creating || payment.state == PaymentState::pending;
    if (is_under_way && payment.amount == amount) return payment;
  }
  drop_open_orders(turn, session);
  store::Payment payment{
      .id = turn.tickets.make_id(),
      .session = session.key,
      .method = PaymentMethod::online,
      .provider = order.provider.empty() ? turn.premises.provider : order.provider,
      .amount = amount,
      .state = PaymentState::creating,
      .order_id = {},
      .provider_payment_id = {},
      .created_at = turn.now.utc,
      .expires_at = order.expires_at,
      .paid_at = {},
      .shift = {},
      .taken_by = {},
      .tendered = {},
      .failure = {}};
  payment.key = turn.books.payments.insert(turn.transaction, payment);
  announce_payment(turn, "payment.created", session.id, payment);
  return payment;
}

void quote_exit(Turn& turn, store::Session& session, const Bill& bill) {
  const bool is_first = session.state == SessionState::active;
  move_to(session, SessionEvent::request_exit);
  session.billing_time = bill.billing_time;
  if (bill.chosen_stay) session.chosen_stay = bill.chosen_stay;
  session.quote = {bill.sums.charge, bill.valid_until};
  turn.books.sessions.update(turn.transaction, session);
  if (is_first) announce_session(turn, "session.exit_requested", session);
}

void settle_exit(Turn& turn, store::Session& session, const Bill& bill, const std::string& gate) {
  require(bill.sums.nothing_due(), "nobody leaves who owes something");
  quote_exit(turn, session, bill);
  turn.books.ledger.append(turn.transaction, settled_stay(bill.sums),
                           {.at = turn.now.utc,
                            .cause = LedgerCause::settled_stay,
                            .session = session.key,
                            .payment = {},
                            .refund = {}});
  request_refunds(turn, session, bill.sums.refund, "Prepaid hours that were not used");
  write_receipt(turn, session, bill.sums.earned());
  move_to(session, SessionEvent::settle_and_leave);
  session.settled_at = turn.now.utc;
  session.exit_time = session.let_out_at.value_or(turn.now.utc);
  session.exit_gate = gate;
  close(turn, session);
  announce_session(turn, "session.closed", session);
}

void terminate(Turn& turn, store::Session& session, const Bill& bill, const std::string& reason) {
  turn.books.ledger.append(turn.transaction, terminated_stay(bill.sums.charge, bill.sums.credits),
                           {.at = turn.now.utc,
                            .cause = LedgerCause::terminated_stay,
                            .session = session.key,
                            .payment = {},
                            .refund = {}});
  write_receipt(turn, session, bill.sums.credits);
  end_by_staff(turn, session, SessionEvent::terminate, reason);
}

Paise take_back_entry(Turn& turn, store::Session& session, const std::string& reason) {
  const Paise credits = turn.books.payments.credits(session.key);
  turn.books.ledger.append(turn.transaction, closed_without_stay(credits, credits),
                           {.at = turn.now.utc,
                            .cause = LedgerCause::closed_without_stay,
                            .session = session.key,
                            .payment = {},
                            .refund = {}});
  request_refunds(turn, session, credits, "The entry was taken back");
  end_by_staff(turn, session, SessionEvent::take_back, reason);
  return credits;
}

void close_unentered(Turn& turn, store::Session& session, SessionEvent how, Paise refund,
                     const std::string& reason) {
  const Paise credits = turn.books.payments.credits(session.key);
  turn.books.ledger.append(turn.transaction, closed_without_stay(credits, refund),
                           {.at = turn.now.utc,
                            .cause = LedgerCause::closed_without_stay,
                            .session = session.key,
                            .payment = {},
                            .refund = {}});
  request_refunds(turn, session, refund, reason);
  write_receipt(turn, session, credits - refund);
  move_to(session, how);
  session.close_reason = reason;
  close(turn, session);
  announce_session(turn, how == SessionEvent::expire ? "booking.expired" : "booking.cancelled",
                   session);
}

}  // namespace gatehouse::engine

#include "simulators/payments/book.hpp"

#include "simulators/random.hpp"

#include <string_view>
#include <utility>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t amount_min = 100;
constexpr auto bank_patience = 10min;
constexpr auto authorization_life = std::chrono::hours(5 * 24);

template <class Map>
std::optional<std::size_t> find_in(const Map& map, const std::string& id) {
  const auto found = map.find(id);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t held(const SimPayment& payment) {
  return payment.state == SimPaymentState::captured ? payment.amount - payment.refunded : 0;
}

}  // namespace

ProviderBook::ProviderBook(BookRules rules, std::uint64_t seed)
    : rules_(std::move(rules)), next_id_(seed) {}

/// Fourteen letters and digits, as Razorpay's: no two alike, none to be guessed from the last.
std::string ProviderBook::make_id(const std::string& prefix) {
  constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr int characters = 14;
  Random random(++next_id_);
  std::string id = prefix;
  for (int i = 0; i < characters; ++i) id += alphabet[random.below(alphabet.size())];
  return id;
}

ProviderBook::Outcome<ProviderBook::Index> ProviderBook::add_order(const NewOrder& order,
                                                                   Instant now) {
  if (order.amount < amount_min) return std::unexpected(BookRefusal::amount_too_small);
  // QR codes have no id of the merchant's: two with the same notes are two.
  const bool is_named = order.kind != SimOrderKind::qr || rules_.qr_prefix.empty();
  if (is_named && our_ids_.contains(order.our_id)) return std::unexpected(BookRefusal::id_taken);
  const std::string& prefix = order.kind == SimOrderKind::order  ? rules_.order_prefix
                              : order.kind == SimOrderKind::link ? rules_.link_prefix
                                                                 : rules_.qr_prefix;
  const Index index = orders_.size();
  orders_.push_back({.id = make_id(prefix.empty() ? rules_.order_prefix : prefix),
                     .our_id = order.our_id,
                     .kind = order.kind,
                     .amount = order.amount,
                     .created_at = now,
                     .expires_at = order.expires_at,
                     .description = order.description,
                     .return_url = order.return_url,
                     .notify_url = order.notify_url,
                     .notes = order.notes});
  order_ids_.emplace(orders_[index].id, index);
  our_ids_.emplace(order.our_id, index);
  if (order.kind == SimOrderKind::qr) tell(BookEventKind::qr_created, now, index, std::nullopt);
  return index;
}

ProviderBook::Outcome<ProviderBook::Index> ProviderBook::pay(Index order, SimOutcome outcome,
                                                             Instant now,
                                                             std::optional<std::int64_t> amount) {
  pass(now);
  if (order >= orders_.size()) return std::unexpected(BookRefusal::unknown_order);
  if (orders_[order].state != SimOrderState::open) return std::unexpected(BookRefusal::not_payable);
  const Index index = payments_.size();
  payments_.push_back(
      {.id = make_id(rules_.payment_prefix),
       .order = order,
       .amount = amount.value_or(orders_[order].amount),
       .created_at = now,
       .reference = std::to_string(100'000'000'000 + static_cast<std::int64_t>(index))});
  payment_ids_.emplace(payments_[index].id, index);
  orders_[order].payments.push_back(index);
  if (orders_[order].kind == SimOrderKind::link && orders_[order].order_id.empty()) {
    // A link's payments hang on an order of its own; it is found by either id.
    orders_[order].order_id = make_id(rules_.order_prefix);
    order_ids_.emplace(orders_[order].order_id, order);
  }
  switch (outcome) {
    case SimOutcome::captured:
      settle(index, SimPaymentState::captured, now);
      break;
    case SimOutcome::authorized:
      settle(index, SimPaymentState::authorized, now);
      break;
    case SimOutcome::failed:
      settle(index, SimPaymentState::failed, now);
      break;
    case SimOutcome::waiting:
      break;
    case SimOutcome::late_success:
      settle(index, SimPaymentState::failed, now);
      payments_[index].answers_at = now + rules_.late_answer_after;
      break;
  }
  return index;
}

ProviderBook::Outcome<ProviderBook::Index> ProviderBook::answer_late(Index payment,
                                                                     SimOutcome outcome,
                                                                     Instant now) {
  pass(now);
  if (payment >= payments_.size()) return std::unexpected(BookRefusal::unknown_payment);
  const auto state = payments_[payment].state;
  if (state != SimPaymentState::created && state != SimPaymentState::failed)
    return std::unexpected(BookRefusal::already_captured);
  payments_[payment].answers_at.reset();
  if (outcome == SimOutcome::captured) settle(payment, SimPaymentState::captured, now);
  if (outcome == SimOutcome::authorized) settle(payment, SimPaymentState::authorized, now);
  if (outcome == SimOutcome::failed) settle(payment, SimPaymentState::failed, now);
  return payment;
}

void ProviderBook::settle(Index index, SimPaymentState state, Instant now) {
  SimPayment& payment = payments_[index];
  SimOrder& order = orders_[payment.order];
  payment.state = state;
  payment.failure = state == SimPaymentState::failed ? "payment_failed" : "";
  if (state == SimPaymentState::authorized)
    return tell(BookEventKind::payment_authorized, now, payment.order, index);
  if (state == SimPaymentState::failed)
    return tell(BookEventKind::payment_failed, now, payment.order, index);
  order.state = SimOrderState::paid;
  if (!order.closed_at) order.closed_at = now;
  tell(BookEventKind::payment_captured, now, payment.order, index);
  if (order.kind == SimOrderKind::order) tell(BookEventKind::order_paid, now, payment.order, index);
  if (order.kind == SimOrderKind::link) tell(BookEventKind::link_paid, now, payment.order, index);
  if (order.kind == SimOrderKind::qr) tell(BookEventKind::qr_credited, now, payment.order, index);
}

ProviderBook::Outcome<ProviderBook::Index> ProviderBook::capture(Index payment, std::int64_t amount,
                                                                 Instant now) {
  if (payment >= payments_.size()) return std::unexpected(BookRefusal::unknown_payment);
  if (payments_[payment].state == SimPaymentState::captured)
    return std::unexpected(BookRefusal::already_captured);
  if (payments_[payment].state != SimPaymentState::authorized)
    return std::unexpected(BookRefusal::not_authorized);
  if (payments_[payment].amount != amount) return std::unexpected(BookRefusal::capture_amount);
  settle(payment, SimPaymentState::captured, now);
  return payment;
}

ProviderBook::Outcome<ProviderBook::Index> ProviderBook::refund(Index payment, std::int64_t amount,
                                                                const std::string& our_id,
                                                                Instant now) {
  if (payment >= payments_.size()) return std::unexpected(BookRefusal::unknown_payment);
  SimPayment& paid = payments_[payment];
  if (amount < amount_min) return std::unexpected(BookRefusal::amount_too_small);
  if (paid.state != SimPaymentState::captured) return std::unexpected(BookRefusal::not_captured);
  if (paid.refunded == paid.amount) return std::unexpected(BookRefusal::fully_refunded);
  if (amount > paid.amount - paid.refunded) return std::unexpected(BookRefusal::refund_too_much);
  if (!our_id.empty() && our_refund_ids_.contains(our_id))
    return std::unexpected(BookRefusal::id_taken);
  const Index index = refunds_.size();
  refunds_.push_back({.id = make_id(rules_.refund_prefix),
                      .our_id = our_id,
                      .payment = payment,
                      .amount = amount,
                      .created_at = now,
                      .settles_at = now + rules_.refund_takes,
                      .will_fail = std::exchange(fails_next_refund_, false)});
  paid.refunded += amount;
  refund_ids_.emplace(refunds_[index].id, index);
  if (!our_id.empty()) our_refund_ids_.emplace(our_id, index);
  tell(BookEventKind::refund_created, now, std::nullopt, payment, index);
  return index;
}

ProviderBook::Outcome<ProviderBook::Index> ProviderBook::cancel(Index order, Instant now) {
  pass(now);
  if (order >= orders_.size()) return std::unexpected(BookRefusal::unknown_order);
  if (orders_[order].state != SimOrderState::open)
    return std::unexpected(BookRefusal::already_ended);
  orders_[order].state = SimOrderState::cancelled;
  orders_[order].closed_at = now;
  if (orders_[order].kind == SimOrderKind::link)
    tell(BookEventKind::link_cancelled, now, order, std::nullopt);
  if (orders_[order].kind == SimOrderKind::qr)
    tell(BookEventKind::qr_closed, now, order, std::nullopt);
  return order;
}

void ProviderBook::pass(Instant now) {
  expire_orders(now);
  answer_for_banks(now);
  settle_refunds(now);
}

void ProviderBook::expire_orders(Instant now) {
  for (Index i = 0; i < orders_.size(); ++i) {
    SimOrder& order = orders_[i];
    if (order.state != SimOrderState::open || !order.expires_at || now < *order.expires_at)
      continue;
    order.state = SimOrderState::expired;
    order.closed_at = order.expires_at;
    // A QR code ends without a word.
    if (order.kind == SimOrderKind::link)
      tell(BookEventKind::link_expired, *order.expires_at, i, std::nullopt);
    else if (rules_.tells_of_expired_orders)
      tell(BookEventKind::order_expired, *order.expires_at, i, std::nullopt);
  }
}

void ProviderBook::answer_for_banks(Instant now) {
  for (Index i = 0; i < payments_.size(); ++i) {
    SimPayment& payment = payments_[i];
    if (payment.answers_at && now >= *payment.answers_at) {
      const Instant at = *std::exchange(payment.answers_at, std::nullopt);
      const bool is_second = orders_[payment.order].state == SimOrderState::paid;
      settle(i, SimPaymentState::captured, at);
      // What comes late for an order that was paid otherwise goes back by itself.
      if (is_second) static_cast<void>(refund(i, payment.amount, "", at));
    } else if (payment.state == SimPaymentState::created &&
               now >= payment.created_at + bank_patience) {
      settle(i, SimPaymentState::failed, payment.created_at + bank_patience);
      payment.failure = "payment_timed_out";
    } else if (payment.state == SimPaymentState::authorized && payment.refunded == 0 &&
               now >= payment.created_at + authorization_life) {
      // Never taken: the bank lets go of it, which is no refund of ours.
      settle(i, SimPaymentState::failed, payment.created_at + authorization_life);
    }
  }
}

void ProviderBook::settle_refunds(Instant now) {
  for (Index i = 0; i < refunds_.size(); ++i) {
    SimRefund& refund = refunds_[i];
    if (refund.state != SimRefundState::pending || now < refund.settles_at) continue;
    refund.state = refund.will_fail ? SimRefundState::failed : SimRefundState::processed;
    if (refund.will_fail) payments_[refund.payment].refunded -= refund.amount;
    tell(refund.will_fail ? BookEventKind::refund_failed : BookEventKind::refund_processed,
         refund.settles_at, std::nullopt, refund.payment, i);
  }
}

void ProviderBook::tell(BookEventKind kind, Instant at, std::optional<Index> order,
                        std::optional<Index> payment, std::optional<Index> refund) {
  BookEvent event{.kind = kind, .at = at};
  if (payment) event.payment = payments_[*payment];
  if (order)
    event.order = orders_[*order];
  else if (payment)
    event.order = orders_[payments_[*payment].order];
  if (refund) event.refund = refunds_[*refund];
  events_.push_back(std::move(event));
}

std::vector<BookEvent> ProviderBook::take_events() { return std::exchange(events_, {}); }

std::optional<ProviderBook::Index> ProviderBook::order_by_id(const std::string& id) const {
  return find_in(order_ids_, id);
}
std::optional<ProviderBook::Index> ProviderBook::order_by_our_id(const std::string& our_id) const {
  return find_in(our_ids_, our_id);
}
std::optional<ProviderBook::Index> ProviderBook::payment_by_id(const std::string& id) const {
  return find_in(payment_ids_, id);
}
std::optional<ProviderBook::Index> ProviderBook::refund_by_our_id(const std::string& our_id) const {
  return find_in(our_refund_ids_, our_id);
}
std::optional<ProviderBook::Index> ProviderBook::refund_by_id(const std::string& id) const {
  return find_in(refund_ids_, id);
}

std::int64_t ProviderBook::balance() const {
  std::int64_t sum = 0;
  for (const SimPayment& payment : payments_) sum += held(payment);
  return sum;
}

std::string ProviderBook::fault() const {
  std::vector<std::int64_t> given_back(payments_.size(), 0);
  for (const SimRefund& refund : refunds_) {
    if (refund.state != SimRefundState::failed) given_back[refund.payment] += refund.amount;
  }
  for (Index i = 0; i < payments_.size(); ++i) {
    const SimPayment& payment = payments_[i];
    if (given_back[i] != payment.refunded) return payment.id + ": refunds do not add up";
    if (payment.refunded < 0 || payment.refunded > payment.amount)
      return payment.id + ": more refunded than captured";
    if (payment.refunded > 0 && payment.state != SimPaymentState::captured)
      return payment.id + ": refunded without having been captured";
    if (payment.state == SimPaymentState::captured &&
        orders_[payment.order].state != SimOrderState::paid)
      return payment.id + ": captured, yet its order is not paid";
  }
  return "";
}

}  // namespace gatehouse::simulators

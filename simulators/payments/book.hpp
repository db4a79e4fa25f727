// What a payment provider knows: orders, attempts to pay them, refunds, and its own ledger of the
// money. Pure: time arrives as a value, nothing is sent, the same calls give the same book.
//
//   ProviderBook book(ids);
//   const auto order = book.add_order({.our_id = "p-1", .kind = SimOrderKind::order, .amount =
//   5000}, now); book.pay(*order, SimOutcome::captured, now); for (const BookEvent& event :
//   book.take_events()) … book.pass(now);            // what became due: expiries, late answers of
//   banks, refunds
//
// Razorpay's rules and PhonePe's are one set here; what each of them words differently is its
// desk's. One thread. Sources: the providers' API references.
#pragma once

#include "edge/domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::simulators {

enum class SimOrderKind : std::uint8_t { order, link, qr };
enum class SimOrderState : std::uint8_t { open, paid, cancelled, expired };
enum class SimPaymentState : std::uint8_t { created, authorized, captured, failed };
enum class SimRefundState : std::uint8_t { pending, processed, failed };

/// What becomes of an attempt to pay.
enum class SimOutcome : std::uint8_t {
  captured,
  authorized,  // held by the bank: for capture(), or back after five days
  failed,
  waiting,       // no answer of the bank's: failed after ten minutes
  late_success,  // failed, and captured after all some time later
};

struct SimOrder {
  std::string id;      // the provider's
  std::string our_id;  // receipt, reference_id, merchantTransactionId …
  SimOrderKind kind = SimOrderKind::order;
  std::int64_t amount = 0;
  SimOrderState state = SimOrderState::open;
  Instant created_at;
  std::optional<Instant> expires_at = std::nullopt;
  std::optional<Instant> closed_at = std::nullopt;
  std::string description;
  std::string return_url;
  std::string notify_url;
  std::string notes;     // as JSON, as it came
  std::string order_id;  // of a link that somebody tried to pay: its order
  std::vector<std::size_t> payments = {};
};

struct SimPayment {
  std::string id;
  std::size_t order = 0;
  std::int64_t amount = 0;
  std::string currency = "INR";
  SimPaymentState state = SimPaymentState::created;
  std::int64_t refunded = 0;
  Instant created_at;
  std::string reference;                             // RRN or UTR
  std::string failure;                               // payment_failed, payment_timed_out …
  std::optional<Instant> answers_at = std::nullopt;  // the bank, late: then it is captured
};

struct SimRefund {
  std::string id;
  std::string our_id;
  std::size_t payment = 0;
  std::int64_t amount = 0;
  SimRefundState state = SimRefundState::pending;
  Instant created_at;
  Instant settles_at;
  bool will_fail = false;
};

enum class BookEventKind : std::uint8_t {
  payment_authorized,
  payment_captured,
  payment_failed,
  order_paid,
  link_paid,
  link_cancelled,
  link_expired,
  order_expired,  // where the rules tell of it
  qr_created,
  qr_credited,
  qr_closed,
  refund_created,
  refund_processed,
  refund_failed,
};

/// Something to be told. Copies, as things stood then: a notification is a snapshot.
struct BookEvent {
  BookEventKind kind = BookEventKind::payment_captured;
  Instant at;
  std::optional<SimOrder> order = std::nullopt;
  std::optional<SimPayment> payment = std::nullopt;
  std::optional<SimRefund> refund = std::nullopt;
};

enum class BookRefusal : std::uint8_t {
  unknown_order,
  unknown_payment,
  amount_too_small,
  id_taken,
  not_payable,  // paid, cancelled or expired
  already_captured,
  not_authorized,  // capture of what the bank does not hold
  capture_amount,  // another than authorized
  not_captured,    // refund of what is not ours
  refund_too_much,
  fully_refunded,
  already_ended,  // cancelling what is over
};

struct NewOrder {
  std::string our_id;
  SimOrderKind kind = SimOrderKind::order;
  std::int64_t amount = 0;
  std::optional<Instant> expires_at = std::nullopt;
  std::string description;
  std::string return_url;
  std::string notify_url;
  std::string notes;
};

/// How ids of one provider look, and how long its refunds take.
struct BookRules {
  std::string order_prefix = "order_";
  std::string link_prefix = "plink_";
  std::string qr_prefix = "qr_";
  std::string payment_prefix = "pay_";
  std::string refund_prefix = "rfnd_";
  bool tells_of_expired_orders = false;
  std::chrono::seconds refund_takes{5};
  std::chrono::seconds late_answer_after{60};
};

class ProviderBook {
 public:
  using Index = std::size_t;
  template <class T>
  using Outcome = std::expected<T, BookRefusal>;

  /// The seed makes the ids, which look drawn and are the same each time.
  ProviderBook(BookRules rules, std::uint64_t seed);

  Outcome<Index> add_order(const NewOrder& order, Instant now);
  /// By the order's amount, or by `amount` where a bank gets it wrong.
  Outcome<Index> pay(Index order, SimOutcome outcome, Instant now,
                     std::optional<std::int64_t> amount = std::nullopt);
  /// A bank that answers after all: for a payment that waits or has failed.
  Outcome<Index> answer_late(Index payment, SimOutcome outcome, Instant now);
  Outcome<Index> capture(Index payment, std::int64_t amount, Instant now);
  Outcome<Index> refund(Index payment, std::int64_t amount, const std::string& our_id, Instant now);
  Outcome<Index> cancel(Index order, Instant now);
  /// The next refund that settles fails.
  void fail_next_refund() { fails_next_refund_ = true; }
  /// Does what is due until `now`.
  void pass(Instant now);

  [[nodiscard]] std::optional<Index> order_by_id(const std::string& id) const;
  [[nodiscard]] std::optional<Index> order_by_our_id(const std::string& our_id) const;
  [[nodiscard]] std::optional<Index> payment_by_id(const std::string& id) const;
  [[nodiscard]] std::optional<Index> refund_by_our_id(const std::string& our_id) const;
  [[nodiscard]] std::optional<Index> refund_by_id(const std::string& id) const;
  [[nodiscard]] const SimOrder& order(Index index) const { return orders_[index]; }
  [[nodiscard]] const SimPayment& payment(Index index) const { return payments_[index]; }
  [[nodiscard]] const SimRefund& refund(Index index) const { return refunds_[index]; }
  [[nodiscard]] const std::deque<SimOrder>& orders() const { return orders_; }
  [[nodiscard]] const std::deque<SimPayment>& payments() const { return payments_; }
  [[nodiscard]] const std::deque<SimRefund>& refunds() const { return refunds_; }
  [[nodiscard]] std::vector<BookEvent> take_events();

  /// What the merchant has: captured less refunded, failed refunds back again.
  [[nodiscard]] std::int64_t balance() const;
  /// Empty, or what does not add up: the book's own check.
  [[nodiscard]] std::string fault() const;

 private:
  void settle(Index payment, SimPaymentState state, Instant now);
  void tell(BookEventKind kind, Instant at, std::optional<Index> order,
            std::optional<Index> payment, std::optional<Index> refund = std::nullopt);
  void expire_orders(Instant now);
  void answer_for_banks(Instant now);
  void settle_refunds(Instant now);
  std::string make_id(const std::string& prefix);

  BookRules rules_;
  std::uint64_t next_id_;
  bool fails_next_refund_ = false;
  std::deque<SimOrder> orders_;
  std::deque<SimPayment> payments_;
  std::deque<SimRefund> refunds_;
  std::map<std::string, Index> order_ids_;
  std::map<std::string, Index> our_ids_;
  std::map<std::string, Index> payment_ids_;
  std::map<std::string, Index> refund_ids_;
  std::map<std::string, Index> our_refund_ids_;
  std::vector<BookEvent> events_;
};

}  // namespace gatehouse::simulators

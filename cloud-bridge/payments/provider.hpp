// A payment provider as the gateway needs one: plain values in, plain values out.
//
//   Razorpay razorpay(settings, http, clock);      // one for each worker thread
//   const auto order = razorpay.create({.our_id = id, .kind = OrderKind::lane_qr, …});
//   if (order) show(order->upi_uri);
//   else if (order.error().kind == TroubleKind::unknown) … ask({.our_id = id, …}) …
//
// Every call blocks for as long as the HttpCaller allows (5 s) and belongs on a worker's thread; an
// object is used by one thread at a time. Nothing here decides what an amount is worth: what the
// provider says is told as it is, and who asked compares it with what is due. Sources: Razorpay's
// and PhonePe's API references.
#pragma once

#include "cloud-bridge/payments/trouble.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::payments {

enum class ProviderName : std::uint8_t { razorpay, phonepe };

/// The word on the wire: `razorpay`, `phonepe`.
constexpr std::string_view name(ProviderName provider) {
  return provider == ProviderName::razorpay ? "razorpay" : "phonepe";
}

/// What is made at the provider for somebody to pay.
enum class OrderKind : std::uint8_t {
  order,    // Razorpay: an order for its checkout. PhonePe: its payment page
  link,     // a page of the provider's, reached by its address
  lane_qr,  // one UPI QR code for one payment, shown on a gate's display
};

struct OrderRequest {
  // Ours, written down before the first send; 4–34 characters of [A-Za-z0-9_-], used once.
  // Razorpay's `receipt` or `reference_id`, PhonePe's merchantTransactionId or merchantOrderId.
  std::string our_id;
  OrderKind kind = OrderKind::order;
  Paise amount;             // ₹1.00 at least
  std::string description;  // for the payer, without personal data
  Instant expires_at;       // what a provider cannot do this soon, it is told later; see OrderSeen
  std::string return_url;   // where the browser comes back to; "": nowhere
  std::string notify_url;   // where PhonePe v1 sends its callback; "": it sends none
};

/// Which of the provider's orders. Without `provider_order_id` it is looked for by ours.
struct OrderKey {
  std::string our_id;
  std::string provider_order_id;
  OrderKind kind = OrderKind::order;
  Instant sent_at;  // when create() was first called
};

enum class OrderState : std::uint8_t {
  open,    // can be paid
  paid,    // at least one payment was captured
  closed,  // expired, cancelled or failed: nobody can begin to pay, one who began may succeed yet
};

enum class MoneyState : std::uint8_t {
  waiting,     // begun, no answer of the bank's
  authorized,  // the bank holds it for us: capture() takes it, or it goes back by itself
  captured,    // ours, whatever was given back since (`refunded`)
  failed,      // no; may still become authorized or captured, days later
};

/// One attempt to pay, as the provider tells it.
struct MoneySeen {
  std::string provider_payment_id;
  std::string provider_order_id;  // order_…, plink_…, qr_…; "": not told (a Razorpay QR's payment)
  std::string our_id;             // "": not told
  MoneyState state = MoneyState::waiting;
  Paise amount;
  std::string currency;  // three capitals, told; PhonePe knows rupees only
  Paise refunded;
  Paise fee;                                 // what the provider keeps, with tax; 0 until it says
  std::string method;                        // upi, card, wallet …
  std::string reference;                     // the bank's: RRN or UTR
  std::string failure;                       // the provider's words of why not
  std::optional<Instant> at = std::nullopt;  // the provider's time of it
  bool operator==(const MoneySeen&) const = default;
};

/// An order as the provider tells it.
struct OrderSeen {
  std::string our_id;
  std::string provider_order_id;  // PhonePe v1 has none: ours, as it goes over the line
  OrderKind kind = OrderKind::order;
  OrderState state = OrderState::open;
  Paise amount;
  std::string pay_url;                               // the provider's page; "" if it has none
  std::string upi_uri;                               // upi://pay?…; "" if it has none
  std::optional<Instant> expires_at = std::nullopt;  // the provider's; may lie after what was asked
  std::optional<Instant> created_at = std::nullopt;
  std::vector<MoneySeen> payments = {};  // of ask() and close() only
  bool operator==(const OrderSeen&) const = default;
};

struct RefundRequest {
  // Ours, one for each (payment, reason), written down before the first send; a UUID, or 10–34
  // characters of [A-Za-z0-9_-]. The provider's idempotency key: the same request again does
  // nothing again.
  std::string our_id;
  std::string our_order_id;  // of the order that was paid
  std::string provider_payment_id;
  Paise amount;
  std::string notify_url;  // PhonePe v1's callback; "": none
};

struct RefundKey {
  std::string our_id;
  std::string provider_refund_id;  // "": looked for by ours
  std::string provider_payment_id;
};

enum class RefundProgress : std::uint8_t { pending, done, failed };

struct RefundSeen {
  std::string our_id;
  std::string provider_refund_id;
  std::string provider_payment_id;  // "": not told
  RefundProgress progress = RefundProgress::pending;
  Paise amount;
  std::string reference;  // the bank's: ARN or UTR
  std::string failure;
  std::optional<Instant> at = std::nullopt;
  bool operator==(const RefundSeen&) const = default;
};

/// A webhook or callback as it came: the very bytes, for the signature is over them.
struct RawNotification {
  std::string body;
  std::string signature;  // X-Razorpay-Signature; X-VERIFY (v1); Authorization (v2)
  std::string event_id;   // x-razorpay-event-id
};

struct Notification {
  std::string event_id;  // the same for every copy of one event: what to deduplicate by
  std::string event;     // the provider's word: payment.captured, qr_code.credited …
  // The signature binds nothing or too little: nothing is true before ask() or ask_refund() says
  // so.
  bool is_hint = true;
  std::optional<Instant> at = std::nullopt;
  std::optional<OrderSeen> order = std::nullopt;
  std::optional<MoneySeen> payment = std::nullopt;
  std::optional<RefundSeen> refund = std::nullopt;
};

enum class NotificationTrouble : std::uint8_t {
  bad_signature,  // answer 400, change nothing
  unreadable,     // signed, yet not what the provider says it sends
};

/// What the browser brings back from Razorpay's pages.
struct BrowserProof {
  std::string provider_order_id;  // ours from the store, never the browser's
  std::string provider_payment_id;
  std::string signature;
  // Of a payment link's callback only.
  std::string our_id;  // its reference_id, ours from the store
  std::string link_status;
};

/// What a provider counts for one span of time, by when each began.
struct MoneyList {
  std::vector<MoneySeen> payments;
  std::vector<RefundSeen> refunds;
};

class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual ProviderName provider() const = 0;

  /// Makes an order. After `unknown`, ask() until it answers: never create() again before.
  virtual Asked<OrderSeen> create(const OrderRequest& request) = 0;

  /// The order with all attempts to pay it; nullopt: the provider knows none. Asked by our id
  /// within seconds of a create() whose answer was lost, nullopt is no proof: the request may still
  /// be on its way, so ask again later before creating anew.
  virtual Asked<std::optional<OrderSeen>> ask(const OrderKey& key) = 0;

  /// Makes it unpayable where the provider can (Razorpay's links and QR codes), then asks: the
  /// answer says what it came to, which may be that it was paid meanwhile.
  virtual Asked<std::optional<OrderSeen>> close(const OrderKey& key) = 0;

  /// Takes money that is authorized; the answer is the payment. A second time tells the same.
  /// PhonePe takes it by itself: `refused`.
  virtual Asked<MoneySeen> capture(const std::string& provider_payment_id, Paise amount) = 0;

  /// Gives money back. The same request may be sent again after any trouble: it is done once.
  virtual Asked<RefundSeen> refund(const RefundRequest& request) = 0;

  /// nullopt: the provider knows of no such refund; as with ask(), no proof within seconds.
  virtual Asked<std::optional<RefundSeen>> ask_refund(const RefundKey& key) = 0;

  /// Everything that began in [from, to), for a day's reconciliation; nullopt where the provider
  /// has no such list (PhonePe): then ask for each of ours.
  virtual Asked<std::optional<MoneyList>> list(Instant from, Instant to) = 0;

  /// Any thread; sends nothing.
  [[nodiscard]] virtual std::expected<Notification, NotificationTrouble> read(
      const RawNotification& raw) const = 0;

  /// Whether the provider signed that this order was paid by this payment. True makes it worth
  /// asking at once, and no more; PhonePe has no such proof. Any thread; sends nothing.
  [[nodiscard]] virtual bool is_proven(const BrowserProof& proof) const = 0;
};

/// Whether an id of ours can stand for an order and, if it has ten characters, for a refund at any
/// provider.
[[nodiscard]] bool is_order_id(std::string_view text);
[[nodiscard]] bool is_refund_id(std::string_view text);

}  // namespace gatehouse::payments

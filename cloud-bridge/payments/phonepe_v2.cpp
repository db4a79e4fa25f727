#include "cloud-bridge/payments/phonepe_v2.hpp"

#include "cloud-bridge/payments/reading.hpp"
#include "cloud-bridge/payments/signatures.hpp"
#include "edge/engine/ports.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::payments {
namespace {

using namespace std::chrono_literals;

constexpr Paise amount_min(100);
constexpr auto life_min = 300s;
constexpr auto life_max = 3'600s;

std::string order_path(OrderKind kind, const std::string& our_id) {
  return fmt::format("/{}/v2/order/{}/status?details=true&errorContext=false",
                     kind == OrderKind::lane_qr ? "payments" : "checkout", our_id);
}

Asked<MoneySeen> read_attempt(const Json& json, const OrderSeen& order) {
  const auto amount = paise_of(json, "amount");
  const auto state = phonepe_money_state(text_of(json, "state"));
  MoneySeen money{.provider_payment_id = id_of(json, "transactionId"),
                  .provider_order_id = order.provider_order_id,
                  .our_id = order.our_id,
                  .currency = "INR",
                  .method = phonepe_method(text_of(json, "paymentMode")),
                  .reference = presentable(text_of(json["rail"], "utr")),
                  .at = milliseconds_of(json, "timestamp")};
  if (money.provider_payment_id.empty() || !amount || !state)
    return std::unexpected(contradiction("An attempt without id, amount or known state"));
  money.amount = *amount;
  money.state = *state;
  if (*state == MoneyState::failed) {
    money.failure = text_of(json, "detailedErrorCode");
    if (money.failure.empty()) money.failure = text_of(json, "errorCode");
    money.failure = presentable(money.failure);
  }
  return money;
}

/// The order's own state decides; attempts are told as they are, but no attempt of an order that is
/// not COMPLETED is money.
Asked<OrderSeen> read_order(const Json& json, const std::string& our_id, OrderKind kind) {
  const auto amount = paise_of(json, "amount");
  const auto state = phonepe_money_state(text_of(json, "state"));
  if (!amount || !state)
    return std::unexpected(contradiction("An order without a whole amount or a known state"));
  OrderSeen order{.our_id = our_id,
                  .provider_order_id = id_of(json, "orderId"),
                  .kind = kind,
                  .amount = *amount,
                  .expires_at = milliseconds_of(json, "expireAt")};
  if (order.provider_order_id.empty())
    return std::unexpected(contradiction("An order without an id"));
  if (*state == MoneyState::captured) order.state = OrderState::paid;
  if (*state == MoneyState::failed) order.state = OrderState::closed;
  for (const Json& item : json["paymentDetails"].items()) {
    auto money = read_attempt(item, order);
    if (!money) return std::unexpected(money.error());
    if (money->state == MoneyState::captured && order.state != OrderState::paid)
      money->state = MoneyState::waiting;
    order.payments.push_back(std::move(*money));
  }
  const auto is_captured = [](const MoneySeen& money) {
    return money.state == MoneyState::captured;
  };
  if (order.state == OrderState::paid && std::ranges::none_of(order.payments, is_captured))
    return std::unexpected(contradiction("Paid, yet by no transaction"));
  return order;
}

Asked<RefundSeen> read_refund(const Json& json, const std::string& our_id) {
  const auto amount = paise_of(json, "amount");
  const auto progress = phonepe_refund_progress(text_of(json, "state"));
  RefundSeen refund{.our_id = our_id,
                    .provider_refund_id = id_of(json, "refundId"),
                    .at = milliseconds_of(json, "timestamp")};
  if (refund.provider_refund_id.empty() || !amount || !progress)
    return std::unexpected(contradiction("A refund without id, amount or known state"));
  const auto told = json["merchantRefundId"].text();
  if (told && *told != our_id)
    return std::unexpected(contradiction("Another refund than was asked about"));
  refund.amount = *amount;
  refund.progress = *progress;
  if (*progress == RefundProgress::failed) refund.failure = presentable(text_of(json, "errorCode"));
  return refund;
}

}  // namespace

PhonePeV2::PhonePeV2(PhonePeSettings settings, PhonePePaths paths, HttpCaller& http,
                     const engine::Clock& clock, TokenShelf& tokens)
    : settings_(std::move(settings)),
      paths_(std::move(paths)),
      http_(http),
      clock_(clock),
      tokens_(tokens) {}

Asked<OrderSeen> PhonePeV2::create(const OrderRequest& request) {
  if (!is_order_id(request.our_id))
    return std::unexpected(refused_here("The id cannot be a merchantOrderId"));
  if (request.amount < amount_min)
    return std::unexpected(refused_here("The amount must be at least INR 1.00"));
  const bool is_qr = request.kind == OrderKind::lane_qr;
  const auto life = std::chrono::ceil<std::chrono::seconds>(request.expires_at - clock_.now().utc);
  Json flow = Json::object();
  if (is_qr) {
    flow.set("type", "PG").set("paymentMode", Json::object().set("type", "UPI_QR"));
  } else {
    flow.set("type", "PG_CHECKOUT").set("message", presentable(request.description));
    if (!request.return_url.empty())
      flow.set("merchantUrls", Json::object().set("redirectUrl", request.return_url));
  }
  const auto body =
      Json::object()
          .set("merchantOrderId", request.our_id)
          .set("amount", request.amount.count())
          .set("expireAfter", std::clamp<std::chrono::seconds>(life, life_min, life_max).count())
          .set("paymentFlow", std::move(flow));
  const auto answer = post(is_qr ? "/payments/v2/pay" : "/checkout/v2/pay", body);
  if (!answer) return std::unexpected(answer.error());
  OrderSeen order{.our_id = request.our_id,
                  .provider_order_id = id_of(*answer, "orderId"),
                  .kind = request.kind,
                  .amount = request.amount,
                  .pay_url = text_of(*answer, "redirectUrl"),
                  .expires_at = milliseconds_of(*answer, "expireAt")};
  for (const std::string_view name : {"intentUrl", "qrData"}) {
    if (const auto text = text_of(*answer, name); text.starts_with("upi://")) order.upi_uri = text;
  }
  if (order.provider_order_id.empty() || text_of(*answer, "state") != "PENDING")
    return std::unexpected(contradiction("The order made is not one that waits"));
  if (is_qr ? order.upi_uri.empty() : !order.pay_url.starts_with("http"))
    return std::unexpected(contradiction("An order without its page or QR code"));
  return order;
}

Asked<std::optional<OrderSeen>> PhonePeV2::ask(const OrderKey& key) {
  if (!is_order_id(key.our_id)) return std::unexpected(refused_here("The order's id is none"));
  const auto answer = get(order_path(key.kind, key.our_id));
  if (!answer && is_phonepe_not_found(answer.error())) return std::nullopt;
  if (!answer) return std::unexpected(answer.error());
  auto order = read_order(*answer, key.our_id, key.kind);
  if (!order) return std::unexpected(order.error());
  if (!key.provider_order_id.empty() && order->provider_order_id != key.provider_order_id)
    return std::unexpected(contradiction("Another order than was asked about"));
  return std::optional(std::move(*order));
}

Asked<std::optional<OrderSeen>> PhonePeV2::close(const OrderKey& key) { return ask(key); }

Asked<MoneySeen> PhonePeV2::capture(const std::string& /*provider_payment_id*/, Paise /*amount*/) {
  return std::unexpected(refused_here("PhonePe takes the money by itself"));
}

Asked<RefundSeen> PhonePeV2::refund(const RefundRequest& request) {
  if (!is_refund_id(request.our_id) || !is_order_id(request.our_order_id))
    return std::unexpected(refused_here("The refund's or the order's id is none"));
  if (request.amount < amount_min)
    return std::unexpected(refused_here("The amount must be at least INR 1.00"));
  const auto answer =
      post("/payments/v2/refund", Json::object()
                                      .set("merchantRefundId", request.our_id)
                                      .set("originalMerchantOrderId", request.our_order_id)
                                      .set("amount", request.amount.count()));
  return phonepe_refund(
      request, answer, [&] { return ask_refund({.our_id = request.our_id}); },
      [&](const auto& told) { return read_refund(told, request.our_id); });
}

Asked<std::optional<RefundSeen>> PhonePeV2::ask_refund(const RefundKey& key) {
  if (!is_order_id(key.our_id)) return std::unexpected(refused_here("The refund's id is none"));
  const auto answer = get(fmt::format("/payments/v2/refund/{}/status", key.our_id));
  if (!answer && is_phonepe_not_found(answer.error())) return std::nullopt;
  if (!answer) return std::unexpected(answer.error());
  auto refund = read_refund(*answer, key.our_id);
  if (!refund) return std::unexpected(refund.error());
  return std::optional(std::move(*refund));
}

Asked<std::optional<MoneyList>> PhonePeV2::list(Instant /*from*/, Instant /*to*/) {
  return std::nullopt;
}

std::expected<Notification, NotificationTrouble> PhonePeV2::read(const RawNotification& raw) const {
  if (!is_phonepe_webhook(settings_.webhook_username, settings_.webhook_password, raw.signature))
    return std::unexpected(NotificationTrouble::bad_signature);
  const auto json = Json::parse(raw.body);
  if (!json) return std::unexpected(NotificationTrouble::unreadable);
  const Json& payload = (*json)["payload"];
  Notification notification{.event_id = sha256_hex(raw.body),
                            .event = presentable(text_of(*json, "event"))};
  if (notification.event.empty()) return std::unexpected(NotificationTrouble::unreadable);
  if (const auto refund_id = id_of(payload, "merchantRefundId"); !refund_id.empty()) {
    auto refund = read_refund(payload, refund_id);
    if (!refund) return std::unexpected(NotificationTrouble::unreadable);
    notification.refund = std::move(*refund);
    return notification;
  }
  const auto our_id = id_of(payload, "merchantOrderId");
  if (our_id.empty()) return std::unexpected(NotificationTrouble::unreadable);
  const auto kind = notification.event.starts_with("pg.") ? OrderKind::lane_qr : OrderKind::order;
  auto order = read_order(payload, our_id, kind);
  if (!order) return std::unexpected(NotificationTrouble::unreadable);
  if (!order->payments.empty()) notification.payment = order->payments.back();
  order->payments.clear();
  notification.order = std::move(*order);
  return notification;
}

bool PhonePeV2::is_proven(const BrowserProof& /*proof*/) const { return false; }

}  // namespace gatehouse::payments

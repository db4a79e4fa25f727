#include "cloud-bridge/payments/razorpay_reading.hpp"

#include "cloud-bridge/payments/reading.hpp"
#include "cloud-bridge/payments/signatures.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::payments {
namespace {

constexpr std::string_view rupees = "INR";

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<MoneyState> money_state(std::string_view status) {
  if (status == "created") return MoneyState::waiting;
  if (status == "authorized") return MoneyState::authorized;
  if (status == "captured" || status == "refunded") return MoneyState::captured;
  if (status == "failed") return MoneyState::failed;
  return std::nullopt;
}

/// Nothing that has no id, no amount or a foreign currency is an order of ours.
Asked<OrderSeen> begin_order(const Json& json, OrderKind kind, std::string_view amount_name,
                             std::string_view prefix) {
  OrderSeen order{.provider_order_id = id_of(json, "id"), .kind = kind};
  if (!order.provider_order_id.starts_with(prefix))
    return std::unexpected(contradiction("An order without an id of its kind"));
  const auto amount = paise_of(json, amount_name);
  if (!amount) return std::unexpected(contradiction("An order without a whole amount"));
  order.amount = *amount;
  // A QR code is for rupees and does not say so.
  const auto currency = json["currency"].text();
  if (currency ? *currency != rupees : kind != OrderKind::lane_qr)
    return std::unexpected(contradiction("An order in another currency than rupees"));
  order.created_at = seconds_of(json, "created_at");
  return order;
}

}  // namespace

Asked<MoneySeen> read_razorpay_payment(const Json& json) {
  MoneySeen money{.provider_payment_id = id_of(json, "id"),
                  .provider_order_id = id_of(json, "order_id"),
                  .our_id = id_of(json["notes"], "payment_id"),
                  .currency = text_of(json, "currency"),
                  .refunded = paise_or_nothing(json, "amount_refunded"),
                  .fee = paise_or_nothing(json, "fee"),
                  .method = small_letters(presentable(text_of(json, "method"))),
                  .reference = presentable(text_of(json["acquirer_data"], "rrn")),
                  .failure = presentable(text_of(json, "error_description")),
                  .at = seconds_of(json, "created_at")};
  const auto amount = paise_of(json, "amount");
  const auto state = money_state(text_of(json, "status"));
  if (!money.provider_payment_id.starts_with("pay_"))
    return std::unexpected(contradiction("A payment without an id"));
  if (!amount || !is_currency(money.currency))
    return std::unexpected(contradiction("A payment without a whole amount and a currency"));
  if (!state) return std::unexpected(contradiction("A payment of an unknown status"));
  money.amount = *amount;
  money.state = *state;
  return money;
}

Asked<MoneySeen> read_razorpay_link_payment(const Json& json) {
  MoneySeen money{.provider_payment_id = id_of(json, "payment_id"),
                  .provider_order_id = id_of(json, "plink_id"),
                  .currency = std::string(rupees),
                  .method = small_letters(presentable(text_of(json, "method"))),
                  .at = seconds_of(json, "created_at")};
  const auto amount = paise_of(json, "amount");
  const auto state = money_state(text_of(json, "status"));
  if (!money.provider_payment_id.starts_with("pay_") || !amount || !state)
    return std::unexpected(contradiction("A link's payment without id, amount or status"));
  money.amount = *amount;
  money.state = *state;
  return money;
}

Asked<OrderSeen> read_razorpay_order(const Json& json) {
  auto order = begin_order(json, OrderKind::order, "amount", "order_");
  if (!order) return order;
  order->our_id = text_of(json, "receipt");
  order->state = text_of(json, "status") == "paid" ? OrderState::paid : OrderState::open;
  return order;
}

Asked<OrderSeen> read_razorpay_link(const Json& json) {
  auto order = begin_order(json, OrderKind::link, "amount", "plink_");
  if (!order) return order;
  order->our_id = text_of(json, "reference_id");
  order->pay_url = text_of(json, "short_url");
  order->expires_at = seconds_of(json, "expire_by");
  const auto status = text_of(json, "status");
  // partially_paid cannot be, for we never allow parts; if it is, the amount shows it.
  if (status == "paid" || status == "partially_paid")
    order->state = OrderState::paid;
  else if (status == "expired" || status == "cancelled")
    order->state = OrderState::closed;
  return order;
}

Asked<OrderSeen> read_razorpay_qr(const Json& json) {
  auto order = begin_order(json, OrderKind::lane_qr, "payment_amount", "qr_");
  if (!order) return order;
  order->our_id = text_of(json["notes"], "payment_id");
  order->upi_uri = text_of(json, "image_content");
  if (!order->upi_uri.starts_with("upi://")) order->upi_uri.clear();
  order->expires_at = seconds_of(json, "close_by");
  const auto received = json["payments_count_received"].whole().value_or(0);
  if (received > 0 || text_of(json, "close_reason") == "paid")
    order->state = OrderState::paid;
  else if (text_of(json, "status") == "closed")
    order->state = OrderState::closed;
  return order;
}

Asked<RefundSeen> read_razorpay_refund(const Json& json) {
  RefundSeen refund{.our_id = id_of(json, "receipt"),
                    .provider_refund_id = id_of(json, "id"),
                    .provider_payment_id = id_of(json, "payment_id"),
                    .reference = presentable(text_of(json["acquirer_data"], "arn")),
                    .at = seconds_of(json, "created_at")};
  const auto amount = paise_of(json, "amount");
  const auto currency = json["currency"].text();
  const auto status = text_of(json, "status");
  if (!refund.provider_refund_id.starts_with("rfnd_") || !amount)
    return std::unexpected(contradiction("A refund without an id or a whole amount"));
  if (currency && *currency != rupees)
    return std::unexpected(contradiction("A refund in another currency than rupees"));
  refund.amount = *amount;
  if (status == "processed")
    refund.progress = RefundProgress::done;
  else if (status == "failed")
    refund.progress = RefundProgress::failed;
  else if (status != "pending" && status != "created")
    return std::unexpected(contradiction("A refund of an unknown status"));
  return refund;
}

std::expected<Notification, NotificationTrouble> read_razorpay_notification(
    const RawNotification& raw) {
  const auto unreadable = std::unexpected(NotificationTrouble::unreadable);
  const auto json = Json::parse(raw.body);
  if (!json) return unreadable;
  Notification notification{
      .event = text_of(*json, "event"), .is_hint = false, .at = seconds_of(*json, "created_at")};
  if (notification.event.empty() || notification.event.size() > 64) return unreadable;
  // Without their header, copies are known by their bytes.
  notification.event_id = is_plain_id(raw.event_id) ? raw.event_id : sha256_hex(raw.body);
  const Json& payload = (*json)["payload"];
  const auto read_into = [&payload](std::string_view name, auto read, auto& into) {
    const Json& entity = payload[name]["entity"];
    if (entity.is_null()) return true;
    auto value = read(entity);
    if (!value) return false;
    into = std::move(*value);
    return true;
  };
  const bool is_whole = read_into("payment", read_razorpay_payment, notification.payment) &&
                        read_into("refund", read_razorpay_refund, notification.refund) &&
                        read_into("order", read_razorpay_order, notification.order) &&
                        read_into("payment_link", read_razorpay_link, notification.order) &&
                        read_into("qr_code", read_razorpay_qr, notification.order);
  if (!is_whole) return unreadable;
  return notification;
}

ProviderTrouble read_razorpay_error(const HttpReply& reply) {
  const auto json = Json::parse(reply.body).value_or(Json());
  const Json& error = json["error"];
  auto trouble = trouble_of(reply, text_of(error, "code"), text_of(error, "description"));
  // The first of two refunds under one key is still under way: not done by this one, come again.
  if (reply.status == 409 && trouble.words.find("still in progress") != std::string::npos)
    trouble.kind = TroubleKind::busy;
  if (trouble.words == "Authentication failed") trouble.kind = TroubleKind::misconfigured;
  if (reply.status >= 400 && reply.status < 500 &&
      (trouble.code == "SERVER_ERROR" || trouble.code == "GATEWAY_ERROR"))
    trouble.kind = TroubleKind::unknown;
  return trouble;
}

}  // namespace gatehouse::payments

#include "cloud-bridge/payments/razorpay.hpp"

#include "cloud-bridge/payments/razorpay_reading.hpp"
#include "cloud-bridge/payments/reading.hpp"
#include "cloud-bridge/payments/signatures.hpp"
#include "edge/engine/ports.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::payments {
namespace {

using namespace std::chrono_literals;

constexpr Paise amount_min(100);
// Razorpay refuses what ends sooner; the minute is for clocks that differ.
constexpr auto link_life_min = 15min + 60s;
constexpr auto qr_life_min = 2min + 10s;
constexpr auto qr_life_max = 2h;
constexpr std::size_t description_characters_max = 200;

std::string_view path_of(OrderKind kind) {
  switch (kind) {
    case OrderKind::order:
      return "/v1/orders";
    case OrderKind::link:
      return "/v1/payment_links";
    case OrderKind::lane_qr:
      return "/v1/payments/qr_codes";
  }
  return "";
}

Asked<OrderSeen> read_entity(OrderKind kind, const Json& json) {
  switch (kind) {
    case OrderKind::order:
      return read_razorpay_order(json);
    case OrderKind::link:
      return read_razorpay_link(json);
    case OrderKind::lane_qr:
      return read_razorpay_qr(json);
  }
  return std::unexpected(not_understood("No kind of order"));
}

/// Ours, of an entity that may be no order to be relied on: it is found all the same.
std::string our_id_in(OrderKind kind, const Json& json) {
  switch (kind) {
    case OrderKind::order:
      return text_of(json, "receipt");
    case OrderKind::link:
      return text_of(json, "reference_id");
    case OrderKind::lane_qr:
      return text_of(json["notes"], "payment_id");
  }
  return "";
}

/// Without what a receipt, a display or a bank's list would choke on.
std::string described(const OrderRequest& request) {
  return presentable(request.description).substr(0, description_characters_max);
}

Json notes_of(const std::string& our_id) { return Json::object().set("payment_id", our_id); }

/// "The id provided does not exist" is no trouble, it is an answer.
bool is_not_found(const ProviderTrouble& trouble) {
  return trouble.status == 404 ||
         (trouble.status == 400 && trouble.words.find("does not exist") != std::string::npos);
}

}  // namespace

Razorpay::Razorpay(RazorpaySettings settings, HttpCaller& http, const engine::Clock& clock)
    : settings_(std::move(settings)), http_(http), clock_(clock) {}

Json Razorpay::order_body(const OrderRequest& request) const {
  constexpr int automatic_capture_minutes = 12;
  constexpr int manual_capture_minutes = 7'200;
  return Json::object()
      .set("amount", request.amount.count())
      .set("currency", "INR")
      .set("receipt", request.our_id)
      .set("payment", Json::object()
                          .set("capture", "automatic")
                          .set("capture_options",
                               Json::object()
                                   .set("automatic_expiry_period", automatic_capture_minutes)
                                   .set("manual_expiry_period", manual_capture_minutes)
                                   .set("refund_speed", "normal")))
      .set("notes", notes_of(request.our_id));
}

Json Razorpay::link_body(const OrderRequest& request) const {
  const Instant earliest = clock_.now().utc + link_life_min;
  Json body = Json::object()
                  .set("amount", request.amount.count())
                  .set("currency", "INR")
                  .set("accept_partial", false)
                  .set("expire_by", to_unix_seconds(std::max(request.expires_at, earliest)))
                  .set("reference_id", request.our_id)
                  .set("description", described(request))
                  .set("notify", Json::object().set("sms", false).set("email", false))
                  .set("reminder_enable", false)
                  .set("notes", notes_of(request.our_id));
  if (!request.return_url.empty())
    body.set("callback_url", request.return_url).set("callback_method", "get");
  return body;
}

Json Razorpay::qr_body(const OrderRequest& request) const {
  const Instant now = clock_.now().utc;
  const Instant close_by = std::clamp(request.expires_at, now + Instant::duration(qr_life_min),
                                      now + Instant::duration(qr_life_max));
  return Json::object()
      .set("type", "upi_qr")
      .set("name", "Parking")
      .set("usage", "single_use")
      .set("fixed_amount", true)
      .set("payment_amount", request.amount.count())
      .set("description", described(request))
      .set("close_by", to_unix_seconds(close_by))
      .set("notes", notes_of(request.our_id));
}

Asked<OrderSeen> Razorpay::create(const OrderRequest& request) {
  if (!is_order_id(request.our_id))
    return std::unexpected(refused_here("The id cannot be a receipt"));
  if (request.amount < amount_min)
    return std::unexpected(refused_here("The amount must be at least INR 1.00"));
  Json body;
  switch (request.kind) {
    case OrderKind::order:
      body = order_body(request);
      break;
    case OrderKind::link:
      body = link_body(request);
      break;
    case OrderKind::lane_qr:
      body = qr_body(request);
      break;
  }
  const auto answer = post(std::string(path_of(request.kind)), body);
  if (!answer) return std::unexpected(answer.error());
  auto order = read_entity(request.kind, *answer);
  if (!order) return order;
  if (order->our_id != request.our_id || order->amount != request.amount)
    return std::unexpected(contradiction("The order made is not the one that was asked for"));
  if (request.kind == OrderKind::lane_qr && order->upi_uri.empty())
    return std::unexpected(contradiction("A QR code without its content: is the feature on?"));
  if (request.kind == OrderKind::link && !order->pay_url.starts_with("http"))
    return std::unexpected(contradiction("A payment link without its address"));
  return order;
}

Asked<std::optional<Json>> Razorpay::find_entity(const OrderKey& key) {
  if (key.provider_order_id.empty()) return find_by_our_id(key);
  if (!is_plain_id(key.provider_order_id))
    return std::unexpected(refused_here("The order's id is none"));
  auto answer = get(fmt::format("{}/{}", path_of(key.kind), key.provider_order_id));
  if (!answer && is_not_found(answer.error())) return std::nullopt;
  if (!answer) return std::unexpected(answer.error());
  return std::optional(std::move(*answer));
}

/// Receipts are unique at Razorpay; QR codes have none, so theirs is looked for in the notes of all
/// that were made since.
Asked<std::optional<Json>> Razorpay::find_by_our_id(const OrderKey& key) {
  if (!is_order_id(key.our_id)) return std::unexpected(refused_here("The order's id is none"));
  constexpr auto clocks_differ_by = 10min;
  std::vector<Json> items;
  if (key.kind == OrderKind::lane_qr) {
    const auto from = to_unix_seconds(key.sent_at - clocks_differ_by);
    const auto to = to_unix_seconds(clock_.now().utc + clocks_differ_by);
    auto all = all_items("/v1/payments/qr_codes", fmt::format("from={}&to={}", from, to));
    if (!all) return std::unexpected(all.error());
    items = std::move(*all);
  } else {
    const std::string_view filter = key.kind == OrderKind::link ? "reference_id" : "receipt";
    const auto answer = get(fmt::format("{}?{}={}", path_of(key.kind), filter, key.our_id));
    if (!answer) return std::unexpected(answer.error());
    const std::string_view list = key.kind == OrderKind::link ? "payment_links" : "items";
    if (!(*answer)[list].is_array()) return std::unexpected(not_understood("A list that is none"));
    items = (*answer)[list].items();
  }
  std::optional<Json> found;
  for (const Json& item : items) {
    if (our_id_in(key.kind, item) != key.our_id) continue;
    if (found) return std::unexpected(contradiction("Two orders under one id of ours"));
    found = item;
  }
  return found;
}

Asked<std::optional<OrderSeen>> Razorpay::ask(const OrderKey& key) {
  const auto entity = find_entity(key);
  if (!entity) return std::unexpected(entity.error());
  if (!*entity) return std::nullopt;
  auto order = read_entity(key.kind, **entity);
  if (!order) return std::unexpected(order.error());
  if (!key.our_id.empty() && order->our_id != key.our_id)
    return std::unexpected(contradiction("The order stands under another id of ours"));
  auto payments = payments_of(*order, **entity);
  if (!payments) return std::unexpected(payments.error());
  order->payments = std::move(*payments);
  for (MoneySeen& money : order->payments) {
    money.our_id = order->our_id;
    money.provider_order_id = order->provider_order_id;
    // The entity is a little older than its payments.
    if (money.state == MoneyState::captured) order->state = OrderState::paid;
  }
  return std::optional(std::move(*order));
}

Asked<std::vector<MoneySeen>> Razorpay::payments_of(const OrderSeen& order, const Json& entity) {
  if (order.kind != OrderKind::link)
    return payments_at(fmt::format("{}/{}/payments", path_of(order.kind), order.provider_order_id));
  // A link lists what was captured; its order, once there is one, lists every attempt.
  if (const auto order_id = id_of(entity, "order_id"); !order_id.empty())
    return payments_at(fmt::format("/v1/orders/{}/payments", order_id));
  std::vector<MoneySeen> payments;
  for (const Json& item : entity["payments"].items()) {
    auto money = read_razorpay_link_payment(item);
    if (!money) return std::unexpected(money.error());
    payments.push_back(std::move(*money));
  }
  return payments;
}

Asked<std::vector<MoneySeen>> Razorpay::payments_at(const std::string& target) {
  const auto answer = get(target);
  if (!answer) return std::unexpected(answer.error());
  if (!(*answer)["items"].is_array()) return std::unexpected(not_understood("A list that is none"));
  std::vector<MoneySeen> payments;
  for (const Json& item : (*answer)["items"].items()) {
    auto money = read_razorpay_payment(item);
    if (!money) return std::unexpected(money.error());
    payments.push_back(std::move(*money));
  }
  return payments;
}

Asked<std::optional<OrderSeen>> Razorpay::close(const OrderKey& key) {
  auto order = ask(key);
  if (!order || !*order || (*order)->state != OrderState::open || key.kind == OrderKind::order)
    return order;
  const std::string_view verb = key.kind == OrderKind::link ? "cancel" : "close";
  const auto answer =
      post(fmt::format("{}/{}/{}", path_of(key.kind), (*order)->provider_order_id, verb),
           Json::object());
  // Refused: it was paid or ended meanwhile. Whatever it was, the order itself says how it stands.
  if (!answer && answer.error().kind != TroubleKind::refused)
    return std::unexpected(answer.error());
  return ask({.our_id = key.our_id,
              .provider_order_id = (*order)->provider_order_id,
              .kind = key.kind,
              .sent_at = key.sent_at});
}

Asked<MoneySeen> Razorpay::capture(const std::string& provider_payment_id, Paise amount) {
  if (!is_plain_id(provider_payment_id))
    return std::unexpected(refused_here("The payment's id is none"));
  const auto body = Json::object().set("amount", amount.count()).set("currency", "INR");
  auto answer = post(fmt::format("/v1/payments/{}/capture", provider_payment_id), body);
  if (!answer && answer.error().words.find("already been captured") != std::string::npos)
    answer = get("/v1/payments/" + provider_payment_id);
  if (!answer) return std::unexpected(answer.error());
  auto money = read_razorpay_payment(*answer);
  if (money && (money->provider_payment_id != provider_payment_id || money->amount != amount))
    return std::unexpected(contradiction("Another payment was captured than was asked for"));
  return money;
}

Asked<RefundSeen> Razorpay::refund(const RefundRequest& request) {
  if (!is_refund_id(request.our_id) || !is_plain_id(request.provider_payment_id))
    return std::unexpected(refused_here("The refund's or the payment's id is none"));
  if (request.amount < amount_min)
    return std::unexpected(refused_here("The amount must be at least INR 1.00"));
  // The very same bytes each time: another body under one key is refused.
  const auto body = Json::object()
                        .set("amount", request.amount.count())
                        .set("speed", "normal")
                        .set("receipt", request.our_id);
  const auto answer = post(fmt::format("/v1/payments/{}/refund", request.provider_payment_id), body,
                           {"X-Refund-Idempotency: " + request.our_id});
  if (!answer) return std::unexpected(answer.error());
  auto refund = read_razorpay_refund(*answer);
  if (refund && (refund->amount != request.amount || refund->our_id != request.our_id ||
                 refund->provider_payment_id != request.provider_payment_id))
    return std::unexpected(contradiction("The refund made is not the one that was asked for"));
  return refund;
}

Asked<std::optional<RefundSeen>> Razorpay::ask_refund(const RefundKey& key) {
  if (!is_plain_id(key.provider_payment_id))
    return std::unexpected(refused_here("The payment's id is none"));
  const auto all = all_items(fmt::format("/v1/payments/{}/refunds", key.provider_payment_id), "");
  if (!all && is_not_found(all.error())) return std::nullopt;
  if (!all) return std::unexpected(all.error());
  for (const Json& item : *all) {
    auto refund = read_razorpay_refund(item);
    if (!refund) return std::unexpected(refund.error());
    const bool is_it = key.provider_refund_id.empty()
                           ? refund->our_id == key.our_id
                           : refund->provider_refund_id == key.provider_refund_id;
    if (is_it) return std::optional(std::move(*refund));
  }
  return std::nullopt;
}

Asked<std::optional<MoneyList>> Razorpay::list(Instant from, Instant to) {
  // `to` is the last second that counts.
  const auto span = fmt::format("from={}&to={}", to_unix_seconds(from), to_unix_seconds(to) - 1);
  MoneyList list;
  const auto payments = all_items("/v1/payments", span);
  if (!payments) return std::unexpected(payments.error());
  for (const Json& item : *payments) {
    auto money = read_razorpay_payment(item);
    if (!money) return std::unexpected(money.error());
    list.payments.push_back(std::move(*money));
  }
  const auto refunds = all_items("/v1/refunds", span);
  if (!refunds) return std::unexpected(refunds.error());
  for (const Json& item : *refunds) {
    auto refund = read_razorpay_refund(item);
    if (!refund) return std::unexpected(refund.error());
    list.refunds.push_back(std::move(*refund));
  }
  return std::optional(std::move(list));
}

std::expected<Notification, NotificationTrouble> Razorpay::read(const RawNotification& raw) const {
  const std::array secrets = {settings_.webhook_secret, settings_.webhook_secret_previous};
  if (!is_razorpay_webhook(secrets, raw.body, raw.signature))
    return std::unexpected(NotificationTrouble::bad_signature);
  return read_razorpay_notification(raw);
}

bool Razorpay::is_proven(const BrowserProof& proof) const {
  if (proof.link_status.empty())
    return is_razorpay_checkout(settings_.key_secret, proof.provider_order_id,
                                proof.provider_payment_id, proof.signature);
  return proof.link_status == "paid" &&
         is_razorpay_link_callback(settings_.key_secret, proof.provider_order_id, proof.our_id,
                                   proof.link_status, proof.provider_payment_id, proof.signature);
}

}  // namespace gatehouse::payments

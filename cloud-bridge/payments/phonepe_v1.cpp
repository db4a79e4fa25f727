#include "cloud-bridge/payments/phonepe_v1.hpp"

#include "cloud-bridge/payments/reading.hpp"
#include "cloud-bridge/payments/signatures.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::payments {
namespace {

constexpr Paise amount_min(100);

/// `state`; older answers say `paymentState`, the oldest nothing beside their code.
std::string state_of(const Json& answer) {
  const Json& data = answer["data"];
  if (auto state = text_of(data, "state"); !state.empty()) return state;
  if (auto state = text_of(data, "paymentState"); !state.empty()) return state;
  const auto code = text_of(answer, "code");
  if (code == "PAYMENT_SUCCESS") return "COMPLETED";
  if (code == "PAYMENT_PENDING") return "PENDING";
  if (code == "PAYMENT_ERROR" || code == "PAYMENT_DECLINED" || code == "TIMED_OUT") return "FAILED";
  return "";
}

/// Said by code, by state and as a whole: where one of the three disagrees nothing is believed.
Asked<MoneySeen> read_money(const Json& answer) {
  const Json& data = answer["data"];
  const auto state = phonepe_money_state(state_of(answer));
  const auto amount = paise_of(data, "amount");
  // One that nobody has paid may do without an amount; money may not.
  if (!state || (!amount && (*state == MoneyState::captured || !data["amount"].is_null())))
    return std::unexpected(contradiction("A payment without a whole amount or a known state"));
  const bool says_success =
      text_of(answer, "code") == "PAYMENT_SUCCESS" && answer["success"].flag().value_or(false);
  if ((*state == MoneyState::captured) != says_success)
    return std::unexpected(contradiction("Code and state of a payment disagree"));
  const Json& instrument = data["paymentInstrument"];
  auto reference = text_of(instrument, "utr");
  if (reference.empty()) reference = text_of(instrument, "pgTransactionId");
  const auto failure = text_of(data, "responseCode");
  return MoneySeen{.provider_payment_id = id_of(data, "transactionId"),
                   .provider_order_id = id_of(data, "merchantTransactionId"),
                   .our_id = our_id_of_phonepe_v1(id_of(data, "merchantTransactionId")),
                   .state = *state,
                   .amount = amount.value_or(Paise(0)),
                   .currency = "INR",
                   .method = phonepe_method(text_of(instrument, "type")),
                   .reference = presentable(reference),
                   .failure = *state == MoneyState::failed ? presentable(failure) : ""};
}

OrderState order_state(MoneyState state) {
  switch (state) {
    case MoneyState::captured:
      return OrderState::paid;
    case MoneyState::failed:
      return OrderState::closed;
    case MoneyState::waiting:
    case MoneyState::authorized:
      return OrderState::open;
  }
  return OrderState::open;
}

Asked<RefundSeen> read_refund(const Json& answer, const std::string& our_id) {
  const auto id = phonepe_v1_id(our_id);
  const Json& data = answer["data"];
  // A refund that timed out may have begun: it is not over.
  const bool is_timed_out = text_of(answer, "code") == "TIMED_OUT";
  const auto progress = phonepe_refund_progress(is_timed_out ? "PENDING" : state_of(answer));
  const auto amount = paise_of(data, "amount");
  if (!progress || !amount)
    return std::unexpected(contradiction("A refund without a whole amount or a known state"));
  if (!id || text_of(data, "merchantTransactionId") != *id)
    return std::unexpected(contradiction("Another refund than was asked about"));
  return RefundSeen{.our_id = our_id,
                    .provider_refund_id = id_of(data, "transactionId"),
                    .progress = *progress,
                    .amount = *amount,
                    .reference = presentable(text_of(data["paymentInstrument"], "utr")),
                    .failure = *progress == RefundProgress::failed
                                   ? presentable(text_of(data, "responseCode"))
                                   : ""};
}

}  // namespace

PhonePeV1::PhonePeV1(PhonePeSettings settings, PhonePePaths paths, HttpCaller& http)
    : settings_(std::move(settings)), paths_(std::move(paths)), http_(http) {}

Asked<OrderSeen> PhonePeV1::create(const OrderRequest& request) {
  const auto id = phonepe_v1_id(request.our_id);
  if (!id) return std::unexpected(refused_here("The id cannot be a merchantTransactionId"));
  if (request.amount < amount_min)
    return std::unexpected(refused_here("The amount must be at least INR 1.00"));
  const bool is_qr = request.kind == OrderKind::lane_qr;
  Json body = Json::object()
                  .set("merchantId", settings_.merchant_id)
                  .set("merchantTransactionId", *id)
                  .set("merchantUserId", "gatehouse")
                  .set("amount", request.amount.count());
  if (!request.return_url.empty() && !is_qr)
    body.set("redirectUrl", request.return_url).set("redirectMode", "REDIRECT");
  if (!request.notify_url.empty()) body.set("callbackUrl", request.notify_url);
  body.set("paymentInstrument", Json::object().set("type", is_qr ? "UPI_QR" : "PAY_PAGE"));
  const auto answer = post("/pg/v1/pay", body);
  if (!answer) return std::unexpected(answer.error());
  const Json& data = (*answer)["data"];
  if (text_of(data, "merchantTransactionId") != *id ||
      text_of(data, "merchantId") != settings_.merchant_id)
    return std::unexpected(contradiction("The payment begun is not the one that was asked for"));
  const Json& instrument = data["instrumentResponse"];
  OrderSeen order{.our_id = request.our_id,
                  .provider_order_id = *id,
                  .kind = request.kind,
                  .amount = request.amount};
  // qrData is a picture of intentUrl, or its text: the display wants the text.
  order.upi_uri = text_of(instrument, "intentUrl");
  if (!order.upi_uri.starts_with("upi://")) order.upi_uri = text_of(instrument, "qrData");
  if (!order.upi_uri.starts_with("upi://")) order.upi_uri.clear();
  order.pay_url = text_of(instrument["redirectInfo"], "url");
  if (is_qr ? order.upi_uri.empty() : !order.pay_url.starts_with("http"))
    return std::unexpected(contradiction("A payment without its page or QR code"));
  return order;
}

Asked<std::optional<OrderSeen>> PhonePeV1::ask(const OrderKey& key) {
  const auto answer = status(key.our_id);
  if (!answer && is_phonepe_not_found(answer.error())) return std::nullopt;
  if (!answer) return std::unexpected(answer.error());
  auto money = read_money(*answer);
  if (!money) return std::unexpected(money.error());
  if (money->provider_order_id != phonepe_v1_id(key.our_id) ||
      text_of((*answer)["data"], "merchantId") != settings_.merchant_id)
    return std::unexpected(contradiction("Another payment than was asked about"));
  money->our_id = key.our_id;
  OrderSeen order{.our_id = key.our_id,
                  .provider_order_id = money->provider_order_id,
                  .kind = key.kind,
                  .state = order_state(money->state),
                  .amount = money->amount};
  // Before anybody tried to pay there is no transaction.
  if (!money->provider_payment_id.empty()) order.payments.push_back(std::move(*money));
  if (order.state == OrderState::paid && order.payments.empty())
    return std::unexpected(contradiction("Paid, yet without a transaction id"));
  return std::optional(std::move(order));
}

Asked<std::optional<OrderSeen>> PhonePeV1::close(const OrderKey& key) { return ask(key); }

Asked<MoneySeen> PhonePeV1::capture(const std::string& /*provider_payment_id*/, Paise /*amount*/) {
  return std::unexpected(refused_here("PhonePe takes the money by itself"));
}

Asked<RefundSeen> PhonePeV1::refund(const RefundRequest& request) {
  const auto id = phonepe_v1_id(request.our_id);
  const auto order_id = phonepe_v1_id(request.our_order_id);
  if (!id || !order_id || !is_refund_id(request.our_id))
    return std::unexpected(refused_here("The refund's or the order's id is none"));
  if (request.amount < amount_min)
    return std::unexpected(refused_here("The amount must be at least INR 1.00"));
  Json body = Json::object()
                  .set("merchantId", settings_.merchant_id)
                  .set("merchantUserId", "gatehouse")
                  .set("originalTransactionId", *order_id)
                  .set("merchantTransactionId", *id)
                  .set("amount", request.amount.count());
  if (!request.notify_url.empty()) body.set("callbackUrl", request.notify_url);
  const auto answer = post("/pg/v1/refund", body);
  return phonepe_refund(
      request, answer, [&] { return ask_refund({.our_id = request.our_id}); },
      [&](const auto& told) { return read_refund(told, request.our_id); });
}

Asked<std::optional<RefundSeen>> PhonePeV1::ask_refund(const RefundKey& key) {
  const auto answer = status(key.our_id);
  if (!answer && is_phonepe_not_found(answer.error())) return std::nullopt;
  if (!answer) return std::unexpected(answer.error());
  auto refund = read_refund(*answer, key.our_id);
  if (!refund) return std::unexpected(refund.error());
  return std::optional(std::move(*refund));
}

Asked<std::optional<MoneyList>> PhonePeV1::list(Instant /*from*/, Instant /*to*/) {
  return std::nullopt;
}

std::expected<Notification, NotificationTrouble> PhonePeV1::read(const RawNotification& raw) const {
  const auto envelope = Json::parse(raw.body);
  const auto encoded = envelope ? (*envelope)["response"].text() : std::nullopt;
  if (!encoded ||
      !is_phonepe_x_verify(settings_.salt_key, settings_.salt_index, *encoded, raw.signature))
    return std::unexpected(NotificationTrouble::bad_signature);
  const auto decoded = from_base64(*encoded);
  const auto answer = decoded ? Json::parse(*decoded) : std::nullopt;
  if (!answer || text_of((*answer)["data"], "merchantId") != settings_.merchant_id)
    return std::unexpected(NotificationTrouble::unreadable);
  const auto id = id_of((*answer)["data"], "merchantTransactionId");
  if (id.empty()) return std::unexpected(NotificationTrouble::unreadable);
  Notification notification{.event_id = sha256_hex(raw.body),
                            .event = presentable(text_of(*answer, "code"))};
  // Of a payment or of a refund: both look alike, and our id tells them apart.
  notification.order = OrderSeen{.our_id = our_id_of_phonepe_v1(id), .provider_order_id = id};
  if (auto money = read_money(*answer)) {
    notification.order->amount = money->amount;
    notification.order->state = order_state(money->state);
    notification.payment = std::move(*money);
  }
  return notification;
}

bool PhonePeV1::is_proven(const BrowserProof& /*proof*/) const { return false; }

Asked<Json> PhonePeV1::post(const std::string& path, const Json& body) {
  const auto encoded = to_base64(body.dump());
  return call({.method = HttpMethod::post,
               .target = paths_.calls + path,
               .headers = {"Content-Type: application/json",
                           "X-VERIFY: " + phonepe_x_verify(settings_.salt_key, settings_.salt_index,
                                                           encoded + path)},
               .body = Json::object().set("request", encoded).dump()});
}

Asked<Json> PhonePeV1::status(const std::string& our_id) {
  const auto id = phonepe_v1_id(our_id);
  if (!id) return std::unexpected(refused_here("The id is none"));
  const auto path = fmt::format("/pg/v1/status/{}/{}", settings_.merchant_id, *id);
  return call(
      {.method = HttpMethod::get,
       .target = paths_.calls + path,
       .headers = {"Content-Type: application/json",
                   "X-VERIFY: " + phonepe_x_verify(settings_.salt_key, settings_.salt_index, path),
                   "X-MERCHANT-ID: " + settings_.merchant_id}});
}

/// The answer where it tells of a payment or refund, good or bad; else the trouble.
Asked<Json> PhonePeV1::call(HttpRequest request) {
  const bool is_question = request.method == HttpMethod::get;
  const auto reply = http_.call(request);
  if (!reply) return std::unexpected(reply.error());
  auto json = Json::parse(reply->body);
  if (!json || text_of(*json, "code").empty()) {
    if (reply->status == 200) return std::unexpected(not_understood("No answer of PhonePe's"));
    return std::unexpected(read_phonepe_error(*reply));
  }
  const bool is_success = reply->status == 200 && (*json)["success"].flag().value_or(false);
  // That a payment failed, or waits, is an answer to the question about it.
  const bool is_told =
      is_question && reply->status < 500 && !state_of(*json).empty() && (*json)["data"].is_object();
  if (is_success || is_told) return std::move(*json);
  return std::unexpected(read_phonepe_error(*reply));
}

}  // namespace gatehouse::payments

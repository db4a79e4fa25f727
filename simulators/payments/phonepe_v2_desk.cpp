// PhonePe's second interface: tokens, orders, refunds, webhooks.
#include "simulators/payments/crypto.hpp"
#include "simulators/payments/phonepe_desk.hpp"
#include "simulators/payments/razorpay_views.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using payments::Json;

SimReply refuse(int status, std::string_view code, std::string_view message) {
  return {.status = status,
          .body = Json::object().set("code", code).set("message", message).dump()};
}

SimReply bad_request() { return refuse(400, "BAD_REQUEST", "Bad Request - Api Mapping Not Found"); }

std::int64_t milliseconds(Instant instant) { return instant.time_since_epoch().count(); }

bool is_id(std::string_view text) {
  constexpr std::size_t characters_max = 63;
  return !text.empty() && text.size() <= characters_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string_view attempt_state(SimPaymentState state) {
  switch (state) {
    case SimPaymentState::created:
    case SimPaymentState::authorized:
      return "PENDING";
    case SimPaymentState::captured:
      return "COMPLETED";
    case SimPaymentState::failed:
      return "FAILED";
  }
  return "";
}

std::string_view refund_state(SimRefundState state) {
  switch (state) {
    case SimRefundState::pending:
      return "PENDING";
    case SimRefundState::processed:
      return "COMPLETED";
    case SimRefundState::failed:
      return "FAILED";
  }
  return "";
}

}  // namespace

SimReply PhonePeDesk::token(const SimRequest& request, Instant now) {
  if (!request.header("content-type").starts_with("application/x-www-form-urlencoded"))
    return refuse(415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported media type");
  auto form = form_values(request.body);
  if (form["client_id"] != keys_.client_id || form["client_secret"] != keys_.client_secret ||
      form["client_version"] != std::to_string(keys_.client_version))
    return refuse(401, "INVALID_CLIENT", "Client authentication failed");
  if (form["grant_type"] != "client_credentials")
    return refuse(400, "INVALID_REQUEST", "Unsupported grant type");
  const auto text = sim_sha256(fmt::format("{}:{}", keys_.client_secret, tokens_.size()));
  const Instant end = now + keys_.token_life;
  tokens_[text] = end;
  return {.body = Json::object()
                      .set("access_token", text)
                      .set("encrypted_access_token", text)
                      .set("expires_in", keys_.token_life.count())
                      .set("issued_at", unix_seconds(now))
                      .set("expires_at", unix_seconds(end))
                      .set("session_expires_at", unix_seconds(end))
                      .set("token_type", "O-Bearer")
                      .dump()};
}

bool PhonePeDesk::is_token(const std::string& header, Instant now) const {
  constexpr std::string_view scheme = "O-Bearer ";
  if (!header.starts_with(scheme)) return false;
  const auto found = tokens_.find(header.substr(scheme.size()));
  return found != tokens_.end() && now < found->second;
}

SimReply PhonePeDesk::answer_v2(const SimRequest& request, const std::string& path, Instant now) {
  if (!is_token(request.header("authorization"), now))
    return {.status = 401,
            .body = Json::object()
                        .set("success", false)
                        .set("code", "AUTHORIZATION_FAILED")
                        .set("message", "Authorization failed [token]")
                        .set("data", Json::object())
                        .dump()};
  const auto words = path_words(path);
  if (request.method == "POST") {
    if (!request.header("content-type").starts_with("application/json")) return bad_request();
    const auto body = Json::parse(request.body).value_or(Json());
    if (path == "/checkout/v2/pay") return pay_v2(body, SimOrderKind::order, now);
    if (path == "/payments/v2/pay") return pay_v2(body, SimOrderKind::qr, now);
    if (path == "/payments/v2/refund") return refund_v2(body, now);
    return bad_request();
  }
  if (words.size() != 5 || words[4] != "status") return bad_request();
  if (words[2] == "order") {
    const auto order = book_.order_by_our_id(words[3]);
    const bool is_checkout = order && book_.order(*order).kind == SimOrderKind::order;
    if (!order || !v2_orders_.contains(words[3]) || is_checkout != (words[0] == "checkout"))
      return refuse(404, "ORDER_NOT_FOUND", "No entry found for the given order id");
    return {.body = order_v2(book_.order(*order)).dump()};
  }
  const auto refund = words[2] == "refund" ? book_.refund_by_our_id(words[3]) : std::nullopt;
  if (!refund) return refuse(404, "REFUND_NOT_FOUND", "No entry found for the given refund id");
  return {.body = refund_v2_view(book_.refund(*refund)).dump()};
}

SimReply PhonePeDesk::pay_v2(const Json& body, SimOrderKind kind, Instant now) {
  constexpr std::int64_t life_min = 300;
  constexpr std::int64_t page_life_max = 3'600;
  constexpr std::int64_t qr_life_max = 5'184'000;
  const bool is_qr = kind == SimOrderKind::qr;
  const auto id = body["merchantOrderId"].text().value_or("");
  const auto amount = body["amount"].whole();
  const Json& flow = body["paymentFlow"];
  const auto life = body["expireAfter"].is_null() ? std::optional<std::int64_t>(480)
                                                  : body["expireAfter"].whole();
  const bool is_flow =
      is_qr ? flow["type"].text() == "PG" && flow["paymentMode"]["type"].text() == "UPI_QR"
            : flow["type"].text() == "PG_CHECKOUT";
  const bool is_life = life && *life >= life_min && *life <= (is_qr ? qr_life_max : page_life_max);
  if (!is_id(id) || !amount || *amount < 100 || !is_flow || !is_life)
    return refuse(400, "BAD_REQUEST", "Please check the inputs you have provided.");
  const auto made =
      book_.add_order({.our_id = id,
                       .kind = kind,
                       .amount = *amount,
                       .expires_at = now + std::chrono::seconds(*life),
                       .return_url = flow["merchantUrls"]["redirectUrl"].text().value_or("")},
                      now);
  if (!made) return refuse(400, "DUPLICATE_ORDER", "An order of this id exists");
  v2_orders_.insert(id);
  const SimOrder& order = book_.order(*made);
  Json reply = Json::object()
                   .set("orderId", order.id)
                   .set("state", "PENDING")
                   .set("expireAt", milliseconds(*order.expires_at));
  if (is_qr)
    reply.set("intentUrl", upi_uri(*made)).set("qrData", upi_uri(*made));
  else
    reply.set("redirectUrl", place_.public_url + "/pay/" + order.id);
  return {.body = reply.dump()};
}

Json PhonePeDesk::order_v2(const SimOrder& order) const {
  const bool is_paid = paid_by(order).has_value();
  const bool is_over = order.state == SimOrderState::expired;
  Json details = Json::array();
  for (const auto index : order.payments) {
    const SimPayment& attempt = book_.payment(index);
    Json detail = Json::object()
                      .set("paymentMode", "UPI_QR")
                      .set("transactionId", attempt.id)
                      .set("timestamp", milliseconds(attempt.created_at))
                      .set("amount", attempt.amount)
                      .set("state", attempt_state(attempt.state));
    if (attempt.state == SimPaymentState::captured)
      detail.set("rail", Json::object().set("type", "UPI").set("utr", attempt.reference));
    if (attempt.state == SimPaymentState::failed)
      detail.set("errorCode", "PAYMENT_ERROR").set("detailedErrorCode", "TXN_AUTO_FAILED");
    details.push(detail);
  }
  Json json = Json::object()
                  .set("orderId", order.id)
                  .set("merchantOrderId", order.our_id)
                  .set("state", is_paid   ? "COMPLETED"
                                : is_over ? "FAILED"
                                          : "PENDING")
                  .set("amount", order.amount)
                  .set("paymentDetails", details);
  if (order.expires_at) json.set("expireAt", milliseconds(*order.expires_at));
  if (is_over && !is_paid) json.set("errorCode", "ORDER_EXPIRED");
  return json;
}

Json PhonePeDesk::refund_v2_view(const SimRefund& refund) const {
  return Json::object()
      .set("refundId", refund.id)
      .set("merchantRefundId", refund.our_id)
      .set("originalMerchantOrderId", book_.order(book_.payment(refund.payment).order).our_id)
      .set("amount", refund.amount)
      .set("state", refund_state(refund.state))
      .set("timestamp", milliseconds(refund.created_at));
}

SimReply PhonePeDesk::refund_v2(const Json& body, Instant now) {
  const auto id = body["merchantRefundId"].text().value_or("");
  const auto amount = body["amount"].whole();
  const auto original = book_.order_by_our_id(body["originalMerchantOrderId"].text().value_or(""));
  if (!is_id(id) || !amount || *amount < 100)
    return refuse(400, "BAD_REQUEST", "Please check the inputs you have provided.");
  if (!original) return refuse(404, "ORDER_NOT_FOUND", "No entry found for the given order id");
  const auto paid = paid_by(book_.order(*original));
  if (!paid) return refuse(400, "INVALID_TRANSACTION", "The order was not paid");
  const auto made = book_.refund(*paid, *amount, id, now);
  if (!made && made.error() == BookRefusal::id_taken)
    return refuse(400, "DUPLICATE_REFUND", "A refund of this id exists");
  if (!made) return refuse(400, "EXCESS_REFUND_AMOUNT", "Refund amount exceeds what was paid");
  const SimRefund& refund = book_.refund(*made);
  return {.body = Json::object()
                      .set("refundId", refund.id)
                      .set("amount", refund.amount)
                      .set("state", "PENDING")
                      .dump()};
}

/// PhonePe v2 tells of ends and of attempts that failed; its header is the same for all.
std::optional<SimNotice> PhonePeDesk::webhook(const BookEvent& event) const {
  if (place_.webhook_url.empty() || !event.order) return std::nullopt;
  const std::string family = event.order->kind == SimOrderKind::qr ? "pg" : "checkout";
  std::string name;
  switch (event.kind) {
    case BookEventKind::payment_captured:
      name = family + ".order.completed";
      break;
    case BookEventKind::order_expired:
      name = family + ".order.failed";
      break;
    case BookEventKind::payment_failed:
      name = family + ".transaction.attempt.failed";
      break;
    case BookEventKind::refund_created:
      name = "pg.refund.accepted";
      break;
    case BookEventKind::refund_processed:
      name = "pg.refund.completed";
      break;
    case BookEventKind::refund_failed:
      name = "pg.refund.failed";
      break;
    case BookEventKind::payment_authorized:
    case BookEventKind::order_paid:
    case BookEventKind::link_paid:
    case BookEventKind::link_cancelled:
    case BookEventKind::link_expired:
    case BookEventKind::qr_created:
    case BookEventKind::qr_credited:
    case BookEventKind::qr_closed:
      return std::nullopt;
  }
  const auto payload = event.refund ? refund_v2_view(*event.refund) : order_v2(*event.order);
  const auto body = Json::object().set("event", name).set("payload", payload).dump();
  return SimNotice{.url = place_.webhook_url,
                   .event = name,
                   .event_id = sim_sha256(body).substr(0, 16),
                   .body = body,
                   .headers = {{"Content-Type", "application/json"},
                               {"Authorization", sim_sha256(keys_.webhook_username + ":" +
                                                            keys_.webhook_password)}}};
}

}  // namespace gatehouse::simulators

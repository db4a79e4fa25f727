#include "simulators/payments/phonepe_desk.hpp"

#include "simulators/payments/crypto.hpp"
#include "simulators/payments/razorpay_views.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;
using payments::Json;

// Nobody waits longer on PhonePe's page.
constexpr auto page_life = 20min;

SimReply refuse(int status, std::string_view code, std::string_view message) {
  return {.status = status,
          .body = Json::object()
                      .set("success", false)
                      .set("code", code)
                      .set("message", message)
                      .set("data", Json::object())
                      .dump()};
}

bool is_id(std::string_view text, std::size_t characters_max) {
  return !text.empty() && text.size() <= characters_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// The path after what stands before it: hosts of tests and of money have different ones.
std::string own_path(const std::string& path) {
  constexpr std::array<std::string_view, 4> prefixes = {"/apis/pg-sandbox", "/apis/hermes",
                                                        "/apis/identity-manager", "/apis/pg"};
  for (const auto prefix : prefixes) {
    if (path.starts_with(std::string(prefix) + "/")) return path.substr(prefix.size());
  }
  return path;
}

BookRules phonepe_rules() {
  return {.order_prefix = "OMO",
          .link_prefix = "OMO",
          .qr_prefix = "",
          .payment_prefix = "T",
          .refund_prefix = "OMR",
          .tells_of_expired_orders = true};
}

std::string upi_uri_of(const SimOrder& order) {
  return fmt::format(
      "upi://pay?pa=GATEHOUSE@ybl&pn=Gatehouse%20Demo&tr={}&am={}&cu=INR&mc=7523&mode=22", order.id,
      rupees_text(order.amount));
}

}  // namespace

PhonePeDesk::PhonePeDesk(PhonePeKeys keys, DeskPlace place, std::uint64_t seed)
    : keys_(std::move(keys)), place_(std::move(place)), book_(phonepe_rules(), seed) {}

std::string PhonePeDesk::x_verify(std::string_view message) const {
  return fmt::format("{}###{}", sim_sha256(std::string(message) + keys_.salt_key),
                     keys_.salt_index);
}

SimReply PhonePeDesk::answer(const SimRequest& request, Instant now) {
  book_.pass(now);
  const auto path = own_path(request.path);
  if (path == "/v1/oauth/token" && request.method == "POST") return token(request, now);
  if (path.starts_with("/checkout/v2/") || path.starts_with("/payments/v2/"))
    return answer_v2(request, path, now);
  if (request.method == "GET" && path.starts_with("/pg/v1/status/")) return status(request, path);
  if (request.method == "POST" && (path == "/pg/v1/pay" || path == "/pg/v1/refund"))
    return envelope(request, path, now);
  return refuse(404, "NOT_FOUND", "Api Mapping Not Found");
}

SimReply PhonePeDesk::envelope(const SimRequest& request, const std::string& path, Instant now) {
  const auto outer = Json::parse(request.body).value_or(Json());
  const auto encoded = outer["request"].text();
  if (!encoded) return refuse(400, "BAD_REQUEST", "Please check the inputs you have provided.");
  if (request.header("x-verify") != x_verify(*encoded + path))
    return refuse(401, "AUTHORIZATION_FAILED", "Authorization failed");
  const auto decoded = sim_from_base64(*encoded);
  const auto body = decoded ? Json::parse(*decoded).value_or(Json()) : Json();
  if (body["merchantId"].text() != keys_.merchant_id)
    return refuse(404, "KEY_NOT_CONFIGURED", "Key not found for the merchant");
  return path == "/pg/v1/pay" ? pay(body, now) : refund(body, now);
}

SimReply PhonePeDesk::pay(const Json& body, Instant now) {
  const auto id = body["merchantTransactionId"].text().value_or("");
  const auto amount = body["amount"].whole();
  const auto type = body["paymentInstrument"]["type"].text().value_or("");
  const bool has_user = is_id(body["merchantUserId"].text().value_or(""), 35);
  if (!is_id(id, 34) || !amount || *amount < 100 || !has_user ||
      (type != "PAY_PAGE" && type != "UPI_QR"))
    return refuse(400, "BAD_REQUEST", "Please check the inputs you have provided.");
  const bool is_qr = type == "UPI_QR";
  const auto made = book_.add_order({.our_id = id,
                                     .kind = is_qr ? SimOrderKind::qr : SimOrderKind::order,
                                     .amount = *amount,
                                     .expires_at = now + page_life,
                                     .return_url = body["redirectUrl"].text().value_or(""),
                                     .notify_url = body["callbackUrl"].text().value_or("")},
                                    now);
  if (!made) return refuse(417, "DUPLICATE_TXN_REQUEST", "Duplicate transaction request");
  const SimOrder& order = book_.order(*made);
  Json instrument = Json::object().set("type", type);
  if (is_qr)
    instrument.set("qrData", upi_uri_of(order)).set("intentUrl", upi_uri_of(order));
  else
    instrument.set(
        "redirectInfo",
        Json::object().set("url", place_.public_url + "/pay/" + order.id).set("method", "GET"));
  return {.body = Json::object()
                      .set("success", true)
                      .set("code", "PAYMENT_INITIATED")
                      .set("message", "Payment initiated")
                      .set("data", Json::object()
                                       .set("merchantId", keys_.merchant_id)
                                       .set("merchantTransactionId", id)
                                       .set("instrumentResponse", instrument))
                      .dump()};
}

std::optional<std::size_t> PhonePeDesk::paid_by(const SimOrder& order) const {
  for (const auto index : order.payments) {
    if (book_.payment(index).state == SimPaymentState::captured) return index;
  }
  return std::nullopt;
}

/// One transaction has one answer: the money if there is any, else the last attempt.
Json PhonePeDesk::payment_status(const SimOrder& order) const {
  const auto paid = paid_by(order);
  const SimPayment* attempt = paid                     ? &book_.payment(*paid)
                              : order.payments.empty() ? nullptr
                                                       : &book_.payment(order.payments.back());
  const bool has_failed = !paid && (attempt ? attempt->state == SimPaymentState::failed
                                            : order.state == SimOrderState::expired);
  Json data = Json::object()
                  .set("merchantId", keys_.merchant_id)
                  .set("merchantTransactionId", order.our_id)
                  .set("amount", attempt ? attempt->amount : order.amount)
                  .set("state", paid         ? "COMPLETED"
                                : has_failed ? "FAILED"
                                             : "PENDING")
                  .set("responseCode", paid         ? "SUCCESS"
                                       : has_failed ? "PAYMENT_ERROR"
                                                    : "PENDING");
  if (attempt) data.set("transactionId", attempt->id);
  if (paid)
    data.set("paymentInstrument", Json::object().set("type", "UPI").set("utr", attempt->reference));
  return Json::object()
      .set("success", !has_failed)
      .set("code", paid         ? "PAYMENT_SUCCESS"
                   : has_failed ? "PAYMENT_ERROR"
                                : "PAYMENT_PENDING")
      .set("message",
           has_failed ? "Payment Failed" : "Your request has been successfully completed.")
      .set("data", data);
}

Json PhonePeDesk::refund_status(const SimRefund& refund) const {
  const bool is_done = refund.state == SimRefundState::processed;
  const bool has_failed = refund.state == SimRefundState::failed;
  return Json::object()
      .set("success", !has_failed)
      .set("code", is_done      ? "PAYMENT_SUCCESS"
                   : has_failed ? "PAYMENT_ERROR"
                                : "PAYMENT_PENDING")
      .set("message", "Your request has been successfully completed.")
      .set("data", Json::object()
                       .set("merchantId", keys_.merchant_id)
                       .set("merchantTransactionId", refund.our_id)
                       .set("transactionId", refund.id)
                       .set("amount", refund.amount)
                       .set("state", is_done      ? "COMPLETED"
                                     : has_failed ? "FAILED"
                                                  : "PENDING")
                       .set("responseCode", is_done      ? "SUCCESS"
                                            : has_failed ? "REFUND_FAILED"
                                                         : "PENDING"));
}

SimReply PhonePeDesk::status(const SimRequest& request, const std::string& path) {
  if (request.header("x-verify") != x_verify(path))
    return refuse(401, "AUTHORIZATION_FAILED", "Authorization failed");
  const auto words = path_words(path);
  if (words.size() != 5 || words[3] != keys_.merchant_id ||
      request.header("x-merchant-id") != keys_.merchant_id)
    return refuse(400, "BAD_REQUEST", "Please check the inputs you have provided.");
  if (const auto refund = book_.refund_by_our_id(words[4]))
    return {.body = refund_status(book_.refund(*refund)).dump()};
  const auto order = book_.order_by_our_id(words[4]);
  if (!order || v2_orders_.contains(words[4]))
    return refuse(404, "TRANSACTION_NOT_FOUND", "No transaction found");
  return {.body = payment_status(book_.order(*order)).dump()};
}

SimReply PhonePeDesk::refund(const Json& body, Instant now) {
  const auto id = body["merchantTransactionId"].text().value_or("");
  const auto amount = body["amount"].whole();
  const auto original = book_.order_by_our_id(body["originalTransactionId"].text().value_or(""));
  if (!is_id(id, 34) || !amount || *amount < 100)
    return refuse(400, "BAD_REQUEST", "Please check the inputs you have provided.");
  if (!original) return refuse(404, "TRANSACTION_NOT_FOUND", "Original transaction not found");
  const auto paid = paid_by(book_.order(*original));
  if (!paid) return refuse(400, "PAYMENT_ERROR", "Original transaction is not successful");
  const auto made = book_.refund(*paid, *amount, id, now);
  // A repetition is refused like a refund of too much, which it would be.
  if (!made) return refuse(400, "PAYMENT_ERROR", "EXCESS_REFUND_AMOUNT");
  refund_urls_[id] = body["callbackUrl"].text().value_or("");
  return {.body = refund_status(book_.refund(*made)).dump()};
}

SimNotice PhonePeDesk::callback(const std::string& url, const Json& status) const {
  const auto encoded = sim_base64(status.dump());
  return {.url = url,
          .event = status["code"].text().value_or(""),
          .event_id = sim_sha256(encoded).substr(0, 16),
          .body = Json::object().set("response", encoded).dump(),
          .headers = {{"Content-Type", "application/json"}, {"X-VERIFY", x_verify(encoded)}}};
}

std::vector<SimNotice> PhonePeDesk::take_notices(Instant now) {
  book_.pass(now);
  std::vector<SimNotice> notices;
  for (const BookEvent& event : book_.take_events()) {
    if (event.order && v2_orders_.contains(event.order->our_id)) {
      if (auto notice = webhook(event)) notices.push_back(std::move(*notice));
      continue;
    }
    const bool is_payment = event.kind == BookEventKind::payment_captured ||
                            event.kind == BookEventKind::payment_failed;
    const bool is_refund =
        event.kind == BookEventKind::refund_processed || event.kind == BookEventKind::refund_failed;
    if (is_payment && event.order && !event.order->notify_url.empty())
      notices.push_back(callback(event.order->notify_url, payment_status(*event.order)));
    if (!is_refund || !event.refund) continue;
    const auto url = refund_urls_.find(event.refund->our_id);
    if (url != refund_urls_.end() && !url->second.empty())
      notices.push_back(callback(url->second, refund_status(*event.refund)));
  }
  return notices;
}

std::string PhonePeDesk::return_address(std::size_t order,
                                        std::optional<std::size_t> /*payment*/) const {
  return book_.order(order).return_url;
}

std::string PhonePeDesk::upi_uri(std::size_t order) const {
  const SimOrder& each = book_.order(order);
  return each.kind == SimOrderKind::qr ? upi_uri_of(each) : "";
}

}  // namespace gatehouse::simulators

#include "simulators/payments/razorpay_views.hpp"

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using payments::Json;

/// Empty notes come back as an array, as Razorpay's do.
Json notes_of(const std::string& notes) {
  const auto json = Json::parse(notes);
  return json && json->is_object() && !json->members().empty() ? *json : Json::array();
}

Json seconds_or_null(const std::optional<Instant>& instant) {
  return instant ? Json(unix_seconds(*instant)) : Json();
}

std::int64_t sum(const std::vector<SimPayment>& captured) {
  std::int64_t paise = 0;
  for (const SimPayment& payment : captured) paise += payment.amount;
  return paise;
}

std::string_view status_of(const SimPayment& payment) {
  if (payment.refunded > 0 && payment.refunded == payment.amount) return "refunded";
  switch (payment.state) {
    case SimPaymentState::created:
      return "created";
    case SimPaymentState::authorized:
      return "authorized";
    case SimPaymentState::captured:
      return "captured";
    case SimPaymentState::failed:
      return "failed";
  }
  return "";
}

std::string_view link_status(SimOrderState state) {
  switch (state) {
    case SimOrderState::open:
      return "created";
    case SimOrderState::paid:
      return "paid";
    case SimOrderState::cancelled:
      return "cancelled";
    case SimOrderState::expired:
      return "expired";
  }
  return "";
}

}  // namespace

std::int64_t unix_seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

std::string rupees_text(std::int64_t paise) {
  return fmt::format("{}.{:02}", paise / 100, paise % 100);
}

std::string razorpay_upi_uri(const SimOrder& qr) {
  return fmt::format(
      "upi://"
      "pay?ver=01&mode=15&pa=gatehouse.razorpay@icici&pn=Gatehouse%20Demo&tr={}&tn={}&cu=INR&mc="
      "7523&qrMedium=04&am={}",
      qr.id, url_encoded(qr.description), rupees_text(qr.amount));
}

Json razorpay_order(const SimOrder& order, std::int64_t paid, std::size_t attempts) {
  const auto status = order.state == SimOrderState::paid ? "paid"
                      : attempts > 0                     ? "attempted"
                                                         : "created";
  return Json::object()
      .set("id", order.id)
      .set("entity", "order")
      .set("amount", order.amount)
      .set("amount_paid", paid)
      .set("amount_due", order.amount - paid)
      .set("currency", "INR")
      .set("receipt", order.our_id)
      .set("offer_id", Json())
      .set("status", status)
      .set("attempts", attempts)
      .set("notes", notes_of(order.notes))
      .set("created_at", unix_seconds(order.created_at));
}

Json razorpay_link(const SimOrder& link, const std::string& public_url,
                   const std::vector<SimPayment>& captured) {
  Json listed;
  for (const SimPayment& payment : captured)
    listed.push(Json::object()
                    .set("payment_id", payment.id)
                    .set("plink_id", link.id)
                    .set("amount", payment.amount)
                    .set("status", "captured")
                    .set("method", "upi")
                    .set("created_at", unix_seconds(payment.created_at)));
  Json json = Json::object()
                  .set("id", link.id)
                  .set("accept_partial", false)
                  .set("amount", link.amount)
                  .set("amount_paid", sum(captured))
                  .set("currency", "INR")
                  .set("description", link.description)
                  .set("reference_id", link.our_id)
                  .set("short_url", public_url + "/pay/" + link.id)
                  .set("status", link_status(link.state))
                  .set("expire_by", seconds_or_null(link.expires_at))
                  .set("callback_url", link.return_url)
                  .set("callback_method", link.return_url.empty() ? "" : "get")
                  .set("notes", notes_of(link.notes))
                  .set("payments", listed)
                  .set("created_at", unix_seconds(link.created_at));
  if (!link.order_id.empty()) json.set("order_id", link.order_id);
  return json;
}

Json razorpay_qr(const SimOrder& qr, const std::string& public_url,
                 const std::vector<SimPayment>& captured) {
  Json close_reason;
  if (qr.state == SimOrderState::paid) close_reason = "paid";
  if (qr.state == SimOrderState::cancelled) close_reason = "on_demand";
  return Json::object()
      .set("id", qr.id)
      .set("entity", "qr_code")
      .set("created_at", unix_seconds(qr.created_at))
      .set("name", "Parking")
      .set("usage", "single_use")
      .set("type", "upi_qr")
      .set("image_url", public_url + "/pay/" + qr.id)
      .set("image_content", razorpay_upi_uri(qr))
      .set("payment_amount", qr.amount)
      .set("status", qr.state == SimOrderState::open ? "active" : "closed")
      .set("description", qr.description)
      .set("fixed_amount", true)
      .set("payments_amount_received", sum(captured))
      .set("payments_count_received", captured.size())
      .set("notes", notes_of(qr.notes))
      .set("customer_id", Json())
      .set("close_by", seconds_or_null(qr.expires_at))
      .set("closed_at", seconds_or_null(qr.closed_at))
      .set("close_reason", close_reason);
}

Json razorpay_payment(const SimPayment& payment, const SimOrder& order) {
  const bool has_failed = payment.state == SimPaymentState::failed;
  const bool is_captured = payment.state == SimPaymentState::captured;
  Json order_id;
  if (order.kind == SimOrderKind::order) order_id = order.id;
  if (order.kind == SimOrderKind::link) order_id = order.order_id;
  Json refund_status;
  if (payment.refunded > 0) refund_status = payment.refunded == payment.amount ? "full" : "partial";
  const auto fee = is_captured ? payment.amount * 2 / 100 : 0;
  return Json::object()
      .set("id", payment.id)
      .set("entity", "payment")
      .set("amount", payment.amount)
      .set("currency", payment.currency)
      .set("status", status_of(payment))
      .set("order_id", order_id)
      .set("invoice_id", Json())
      .set("international", false)
      .set("method", "upi")
      .set("amount_refunded", payment.refunded)
      .set("refund_status", refund_status)
      .set("captured", is_captured)
      .set("description", order.description)
      .set("vpa", "success@razorpay")
      .set("email", "void@razorpay.com")
      .set("contact", "+919999999999")
      .set("notes", notes_of(order.notes))
      .set("fee", is_captured ? Json(fee) : Json())
      .set("tax", is_captured ? Json(fee * 18 / 118) : Json())
      .set("error_code", has_failed ? Json("BAD_REQUEST_ERROR") : Json())
      .set("error_description", has_failed ? Json("Payment failed") : Json())
      .set("error_source", has_failed ? Json("issuer") : Json())
      .set("error_step", has_failed ? Json("payment_authorization") : Json())
      .set("error_reason", has_failed ? Json(payment.failure) : Json())
      .set("acquirer_data",
           Json::object().set("rrn", is_captured ? Json(payment.reference) : Json()))
      .set("created_at", unix_seconds(payment.created_at))
      .set("upi", Json::object().set("vpa", "success@razorpay"));
}

Json razorpay_refund(const SimRefund& refund, const std::string& payment_id) {
  const bool is_processed = refund.state == SimRefundState::processed;
  return Json::object()
      .set("id", refund.id)
      .set("entity", "refund")
      .set("amount", refund.amount)
      .set("currency", "INR")
      .set("payment_id", payment_id)
      .set("notes", Json::array())
      .set("receipt", refund.our_id.empty() ? Json() : Json(refund.our_id))
      .set("acquirer_data",
           Json::object().set("arn", is_processed ? Json("10000000000000") : Json()))
      .set("created_at", unix_seconds(refund.created_at))
      .set("batch_id", Json())
      .set("status", is_processed                              ? "processed"
                     : refund.state == SimRefundState::pending ? "pending"
                                                               : "failed")
      .set("speed_processed", "normal")
      .set("speed_requested", "normal");
}

Json razorpay_collection(const std::vector<Json>& items) {
  Json list = Json::array();
  for (const Json& item : items) list.push(item);
  return Json::object().set("entity", "collection").set("count", items.size()).set("items", list);
}

SimReply razorpay_error(int status, std::string_view description, std::string_view field) {
  Json error = Json::object()
                   .set("code", status >= 500 ? "SERVER_ERROR" : "BAD_REQUEST_ERROR")
                   .set("description", description)
                   .set("source", "business")
                   .set("step", "payment_initiation")
                   .set("reason", "input_validation_failed")
                   .set("metadata", Json::object());
  if (!field.empty()) error.set("field", field);
  return {.status = status, .body = Json::object().set("error", error).dump()};
}

}  // namespace gatehouse::simulators

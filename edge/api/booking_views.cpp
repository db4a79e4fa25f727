#include "edge/api/booking_views.hpp"

#include "edge/domain/invariant.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<Instant>& at) {
  return at ? Json(format_rfc3339(*at)) : Json();
}

Json payment_object(const engine::PaymentAsked& payment) {
  Json object;
  object["payment_id"] = payment.payment_id;
  object["provider"] = payment.provider;
  object["status"] = name(payment.state);
  // Until the provider has answered there is none.
  if (!payment.order_id.empty()) object["order_id"] = payment.order_id;
  object["amount_paise"] = payment.amount.count();
  object["expires_at"] = time_or_null(payment.expires_at);
  return object;
}

}  // namespace

Response booking_response(const engine::CallResult& result) {
  const auto* const made = std::get_if<engine::BookingMade>(&result);
  require(made != nullptr, "the engine answers what it was asked");
  Json data;
  data["booking_id"] = made->session_id;
  data["session_id"] = made->session_id;
  data["qr_code"] = made->code;
  data["qr_svg"] = made->qr_svg;
  data["slot_number"] = made->slot;
  data["zone_name"] = made->zone_name;
  data["vehicle_number"] = made->vehicle_number;
  data["status"] = name(made->state);
  // Rupees as the first clients knew them. Only on their way out; nothing reckons with it.
  data["amount"] = static_cast<double>(made->amount.count()) / 100.0;
  data["expires_at"] = time_or_null(made->expires_at);
  if (made->payment) data["payment"] = payment_object(*made->payment);
  Json body;
  body["success"] = true;
  body["message"] = "Slot allocated: " + made->slot;
  body["data"] = std::move(data);
  Response response;
  response.status = 201;
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

}  // namespace gatehouse::api

#include "edge/api/booking_views.hpp"

#include "edge/api/fields.hpp"
#include "edge/domain/invariant.hpp"

namespace gatehouse::api {
namespace {

Fields payment_fields(const engine::PaymentAsked& payment) {
  Fields fields;
  fields.text("payment_id", payment.payment_id)
      .text("provider", payment.provider)
      .text("status", name(payment.state));
  // Until the provider has answered there is none.
  if (!payment.order_id.empty()) fields.text("order_id", payment.order_id);
  fields.number("amount_paise", payment.amount.count()).time("expires_at", payment.expires_at);
  return fields;
}

}  // namespace

Response booking_response(const engine::CallResult& result) {
  const auto* const made = std::get_if<engine::BookingMade>(&result);
  require(made != nullptr, "the engine answers what it was asked");
  Fields fields;
  fields.text("booking_id", made->session_id)
      .text("session_id", made->session_id)
      .text("qr_code", made->code)
      .text("qr_svg", made->qr_svg)
      .text("slot_number", made->slot)
      .text("zone_name", made->zone_name)
      .text("vehicle_number", made->vehicle_number)
      .text("status", name(made->state))
      .rupees("amount", made->amount)
      .time("expires_at", made->expires_at);
  if (made->payment) fields.nested("payment", payment_fields(*made->payment).json());
  Response response = success("Slot allocated: " + made->slot, fields.json());
  response.status = 201;
  return response;
}

}  // namespace gatehouse::api

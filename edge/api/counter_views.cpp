#include "edge/api/counter_views.hpp"

#include "edge/api/results.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<Instant>& at) { return at ? Json(format_rfc3339(*at)) : Json(); }

Response success(int status, std::string_view message, Json data, Json pagination = {}) {
  Json body;
  body["success"] = true;
  body["message"] = message;
  body["data"] = std::move(data);
  if (!pagination.is_null()) body["pagination"] = std::move(pagination);
  Response response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

Json takings(PaymentMethod method, const store::MethodTakings& taken) {
  return {{"method", name(method)},
          {"payments", taken.payments},
          {"amount", rupees(taken.amount)},
          {"refunds", taken.refunds},
          {"refunded", rupees(taken.refunded)}};
}

Json shift_object(const engine::ShiftShown& shown) {
  const store::Shift& shift = shown.shift;
  Json data;
  data["shift_id"] = std::to_underlying(shift.key);
  data["user"] = shown.user;
  data["opened_at"] = format_rfc3339(shift.opened_at);
  data["closed_at"] = or_null(shift.closed_at);
  data["z_number"] = shift.z_number ? Json(*shift.z_number) : Json();
  data["float"] = rupees(shift.cash_float);
  data["takings"] = Json::array({takings(PaymentMethod::cash, shown.takings.cash),
                                 takings(PaymentMethod::online, shown.takings.online)});
  data["expected"] = rupees(shown.expected);
  data["counted"] = shift.counted ? Json(rupees(*shift.counted)) : Json();
  data["over"] = Json();
  data["short"] = Json();
  if (shift.counted) {
    data["over"] = rupees(at_least_nothing(*shift.counted - shown.expected));
    data["short"] = rupees(at_least_nothing(shown.expected - *shift.counted));
  }
  data["lost_tickets"] = shown.acts.lost_tickets;
  data["stays_chosen"] = shown.acts.stays_chosen;
  data["let_outs"] = shown.acts.let_outs;
  data["terminations"] = shown.acts.terminations;
  data["openings_by_hand"] = shown.acts.openings_by_hand;
  return data;
}

/// How a count turned out, for the one who counted.
std::string sentence_of(const engine::ShiftShown& shown) {
  if (!shown.shift.counted) return "The shift is open";
  const Paise over = *shown.shift.counted - shown.expected;
  if (over > Paise(0)) return "The shift is closed, ₹" + over.rupees() + " over";
  if (over < Paise(0)) return "The shift is closed, ₹" + (-over).rupees() + " short";
  return "The shift is closed, and the drawer fits";
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json incident_object(const store::Incident& incident) {
  return {{"incident_id", incident.id},
          {"created_at", format_rfc3339(incident.at)},
          {"user", incident.username},
          {"kind", store::name(incident.kind)},
          {"description", incident.description},
          {"gate", or_null(incident.gate)},
          {"slot", or_null(incident.slot)},
          {"session_id", or_null(incident.session_id)},
          {"vehicle_number", incident.vehicle ? Json(incident.vehicle->text()) : Json()}};
}

Json cancelled_object(const engine::BookingCancelled& cancelled) {
  return {{"session_id", cancelled.session_id},
          {"vehicle_number", cancelled.vehicle_number},
          {"refund_eligible", cancelled.refund_eligible},
          {"refund_amount", rupees(cancelled.refund)},
          {"refund_reason", cancelled.reason},
          {"status", name(cancelled.state)},
          {"slot_number", cancelled.slot}};
}

}  // namespace

Response shift_response(const engine::CallResult& result) {
  const auto& shown = result_of<engine::ShiftShown>(result);
  return success(200, sentence_of(shown), shift_object(shown));
}

Response shift_opened_response(const engine::CallResult& result) {
  const auto& shown = result_of<engine::ShiftShown>(result);
  return success(201, sentence_of(shown), shift_object(shown));
}

Response terminated_response(const engine::CallResult& result) {
  const auto& ended = result_of<engine::Terminated>(result);
  return success(200, "Session terminated",
                 {{"session_id", ended.session_id},
                  {"vehicle_number", ended.vehicle_number},
                  {"slot_number", ended.slot},
                  {"status", name(ended.state)},
                  {"amount_charged", rupees(ended.charge)},
                  {"amount_prepaid", rupees(ended.credits)},
                  {"written_off", rupees(ended.written_off)},
                  {"refund_amount", rupees(ended.refund)}});
}

Response incident_response(const engine::CallResult& result) {
  return success(201, "Noted", incident_object(result_of<engine::IncidentNoted>(result).incident));
}

Response incidents_response(const engine::CallResult& result) {
  const auto& shown = result_of<engine::IncidentsShown>(result);
  Json data;
  data["incidents"] = Json::array();
  for (const store::Incident& each : shown.incidents)
    data["incidents"].push_back(incident_object(each));
  return success(200, "Incidents", std::move(data),
                 {{"page", shown.page}, {"page_size", shown.page_size}, {"total", shown.total}});
}

Response cancelled_response(const engine::CallResult& result) {
  return success(200, "Session cancelled",
                 cancelled_object(result_of<engine::BookingCancelled>(result)));
}

Response refund_asked_response(const engine::CallResult& result) {
  const auto& asked = result_of<engine::BookingCancelled>(result);
  return success(200, asked.reason, cancelled_object(asked));
}

}  // namespace gatehouse::api

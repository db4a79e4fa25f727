#include "edge/api/gate_views.hpp"

#include "edge/api/results.hpp"
#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response success(std::string_view message, Json data) {
  Json body;
  body["success"] = true;
  body["message"] = message;
  body["data"] = std::move(data);
  Response response;
  response.body = text_of(body);
  return response;
}

Json rate_lines(const Charge& charge) {
  Json lines = Json::array();
  for (const RateLine& line : charge.lines) {
    lines.push_back({{"hourly_rate", line.hourly_rate.rupees()},
                     {"hours", line.hours.count()},
                     {"amount", rupees(line.amount)}});
  }
  return lines;
}

/// The lengths a person may choose from.
Json stays(const std::vector<engine::StayShown>& offered) {
  Json list = Json::array();
  for (const engine::StayShown& each : offered) {
    list.push_back({{"stay", name(each.length)},
                    {"duration_minutes", each.stayed.count()},
                    {"billed_hours", each.billed_hours.count()},
                    {"amount_charged", rupees(each.charge)},
                    {"amount_due", rupees(each.due)}});
  }
  return list;
}

/// Whose a lost ticket may be.
Json sessions(const std::vector<engine::SessionMatch>& matches) {
  Json list = Json::array();
  for (const engine::SessionMatch& each : matches) {
    list.push_back(
        {{"session_id", each.session_id},
         {"number", each.number},
         {"vehicle_number", each.vehicle_number},
         {"slot_number", each.slot},
         {"zone_name", each.zone_name},
         {"status", name(each.state)},
         {"entry_time", each.entry_time ? Json(format_rfc3339(*each.entry_time)) : Json()}});
  }
  return list;
}

Json bill_object(const engine::BillShown& bill) {
  Json data;
  data["session_id"] = bill.session_id;
  data["vehicle_number"] = bill.vehicle_number;
  data["entry_time"] = format_rfc3339(bill.entry_time);
  data["exit_time"] = bill.exit_time ? Json(format_rfc3339(*bill.exit_time)) : Json();
  data["duration_minutes"] = bill.stayed.count();
  data["billed_hours"] = bill.charge.hours.count();
  data["rate_lines"] = rate_lines(bill.charge);
  data["amount_charged"] = rupees(bill.sums.charge);
  data["amount_prepaid"] = rupees(bill.sums.credits);
  data["amount_due"] = rupees(bill.sums.due);
  data["refund_amount"] = rupees(bill.sums.refund);
  data["payment_method"] = bill.method ? Json(name(*bill.method)) : Json();
  data["payment_status"] = name(bill.payment_status);
  data["is_paid"] = bill.payment_status == SessionPaymentStatus::success;
  data["slot_number"] = bill.slot;
  if (bill.change) data["change"] = rupees(*bill.change);
  // Why a person has to judge the length of this stay first.
  if (bill.suspicion) {
    data["suspicion"] = name(*bill.suspicion);
    data["stays"] = stays(bill.stays);
  }
  if (bill.left) data["left"] = true;
  return data;
}

// Somebody has to make room first.
constexpr int retry_after_full_disk_s = 60;
// An unpaid booking is paid or over within minutes.
constexpr int retry_after_holds_s = 60;

struct Words {
  int status;
  std::string_view sentence;
};

struct Refused {
  engine::Refusal why;
  Words words;
};

using enum engine::Refusal;

/// docs/contract/http.md, "Words of refusal", in the order of the enumeration.
constexpr auto refusals = std::to_array<Refused>({
    {invalid_qr, {404, "Invalid QR code. Session not found."}},
    {already_entered, {400, "Entry QR already scanned. Cannot scan twice!"}},
    {not_entered, {400, "Entry QR not scanned. Cannot exit!"}},
    {already_exited, {400, "Exit already scanned. Cannot scan twice!"}},
    {zone_full, {409, "No slots available in this zone"}},
    {zone_closed, {400, "This zone gives out no tickets"}},
    {vehicle_inside, {409, "This vehicle has an open session or booking"}},
    {vehicle_mismatch, {400, "This ticket belongs to another vehicle"}},
    {booking_expired, {400, "Booking expired, please rebook"}},
    {booking_unpaid, {400, "This booking is not paid yet"}},
    {booking_cancelled, {400, "This booking was cancelled"}},
    {amount_changed, {409, "The amount has changed meanwhile. Please look at it again"}},
    {tendered_too_little, {400, "What was tendered is less than what is due"}},
    {wrong_gate, {400, "This gate does not lead there"}},
    {ask_staff, {400, "The length of this stay is not sure. A person decides it first"}},
    {barrier_fault, {400, "The barrier of this gate cannot open now"}},
    {invalid_payment_method, {400, "Invalid payment method. Use CASH or ONLINE"}},
    {out_of_service,
     {503, "Nobody new can be let in at the moment. Whoever is inside can pay and leave"}},
    {shift_open, {409, "You have an open shift already"}},
    {no_shift, {404, "There is no such shift open"}},
    {not_suspect, {400, "The length of this stay is sure. There is nothing to choose"}},
    {several_sessions, {409, "Several sessions match. Please name one of them by its session_id"}},
    {bad_entered_at, {400, "entered_at is in the future or longer ago than anybody stays"}},
    {cannot_cancel, {400, no_refund_after_entry}},
    {not_found, {404, "There is nothing of this id"}},
    {refund_exceeds_payment,
     {400, "More than came of this payment and is left of it cannot be given back"}},
    {already_resolved, {409, "This was resolved already"}},
    {action_not_possible, {400, "This cannot be done here, or not any more"}},
    {session_required, {400, "session_id is required"}},
    {session_closed, {400, "This session takes no money any more"}},
    {payment_placed, {400, "This money is a session's already"}},
    {zone_not_found, {404, "Zone not found"}},
    {slot_not_found, {404, "Slot not found"}},
    {id_taken, {409, "Something else has this id"}},
    {slot_in_use,
     {409, "A session holds this slot. Take it out of service, and close it once it is free"}},
    {lot_full, {400, "A lot has no room for so many slots or zones"}},
    {too_many_holds,
     {429, "Too many bookings wait for their payment. Please pay or cancel one first"}},
    {emergency, {403, "After an emergency opening an administrator releases the barriers"}},
    {name_taken, {409, "This user name is taken"}},
    {last_administrator, {409, "This is the last administrator. Make another one first"}},
    {gate_mismatch, {400, "A device has a gate, and nobody else has one"}},
    {not_staff, {400, "Only members of staff are given rights"}},
    {too_many_vehicles, {409, "No more than 20 vehicles can be kept"}},
    {session_open, {409, "A session of theirs is open, or ended within the hour"}},
    {key_reused, {422, "This Idempotency-Key stands for another request"}},
});
static_assert(std::ranges::all_of(refusals, [](const Refused& each) {
  return &each - refusals.data() == std::to_underlying(each.why);
}));

Words words_of(engine::Refusal refusal) {
  const auto place = std::size_t{std::to_underlying(refusal)};
  require(place < refusals.size(), "every refusal has its words");
  return refusals[place].words;
}

}  // namespace

Response ticket_response(const engine::CallResult& result) {
  const auto& ticket = result_of<engine::TicketIssued>(result);
  return success("Slot allocated: " + ticket.slot, {{"session_id", ticket.session_id},
                                                    {"qr_code", ticket.code},
                                                    {"slot_number", ticket.slot},
                                                    {"zone_name", ticket.zone_name},
                                                    {"vehicle_number", ticket.vehicle_number}});
}

Response walk_in_response(const engine::CallResult& result) {
  Response response = ticket_response(result);
  response.status = 201;
  return response;
}

Response entry_response(const engine::CallResult& result) {
  const auto& entered = result_of<engine::Entered>(result);
  return success("Entry QR scanned successfully",
                 {{"session_id", entered.session_id},
                  {"vehicle_number", entered.vehicle_number},
                  {"entry_time", format_rfc3339(entered.entry_time)},
                  {"slot_number", entered.slot},
                  {"zone_name", entered.zone_name}});
}

Response bill_response(const engine::CallResult& result) {
  const auto& bill = result_of<engine::BillShown>(result);
  Json data = bill_object(bill);
  data["quoted_at"] = format_rfc3339(bill.quoted_at);
  const bool is_due = bill.sums.due > Paise(0);
  return success(is_due ? "₹" + bill.sums.due.rupees() + " due" : "Nothing due", std::move(data));
}

Response exit_response(const engine::CallResult& result) {
  const auto& bill = result_of<engine::BillShown>(result);
  const bool is_paid = bill.payment_status == SessionPaymentStatus::success;
  return success(is_paid ? "Exit processed successfully"
                         : "Waiting for the online payment. The slot stays taken until then",
                 bill_object(bill));
}

Response lost_ticket_response(const engine::CallResult& result) {
  const auto& replaced = result_of<engine::TicketReplaced>(result);
  Json data = bill_object(replaced.bill);
  data["quoted_at"] = format_rfc3339(replaced.bill.quoted_at);
  data["qr_code"] = replaced.code;
  Response response =
      success("A new ticket stands for this stay. The old one is void", std::move(data));
  if (replaced.is_new) response.status = 201;
  return response;
}

Response let_out_response(const engine::CallResult& result) {
  const auto& bill = result_of<engine::BillShown>(result);
  return success(bill.left ? "Let out. The stay is closed when its money is confirmed"
                           : "Exit processed successfully",
                 bill_object(bill));
}

Response barrier_response(const engine::CallResult& result) {
  static_cast<void>(result_of<engine::BarrierMoved>(result));
  return success("The barrier was told", Json::object());
}

Response refusal_response(const engine::CallRefused& refused, Manner manner) {
  const Words words = words_of(refused.why);
  const int status = manner == Manner::older && words.status == 409 ? 400 : words.status;
  Response response = failure(status, name(refused.why), words.sentence);
  if (status == 503 || status == 429) {
    const int wait_s = status == 503 ? retry_after_full_disk_s : retry_after_holds_s;
    response = failure_retry_after(status, name(refused.why), words.sentence, wait_s);
  }
  if (refused.why == engine::Refusal::bad_entered_at)
    return validation_failure(
        {{"entered_at", "is in the future or longer ago than anybody stays"}});
  if (refused.why == engine::Refusal::session_required)
    return validation_failure({{"session_id", "is required"}});
  if (!refused.bill && refused.matches.empty()) return response;
  Json body = Json::parse(response.body);
  if (refused.bill) body["data"] = bill_object(*refused.bill);
  if (!refused.matches.empty()) body["data"]["sessions"] = sessions(refused.matches);
  response.body = text_of(body);
  return response;
}

Response login_response(const TokenPair& tokens, store::Role role) {
  Json body;
  body["success"] = true;
  body["message"] = "Signed in";
  body["access"] = tokens.access;
  body["refresh"] = tokens.refresh;
  body["role"] = role_word(role);
  body["expires_in"] = std::chrono::seconds(access_lasts).count();
  Response response;
  response.body = text_of(body);
  return response;
}

}  // namespace gatehouse::api

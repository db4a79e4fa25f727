// docs/contract/http.md, "Staff": entry, walk-in, bill and exit at the counter.
#include "edge/api/counter_form.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/which_session.hpp"
#include "edge/domain/limits.hpp"

#include <array>
#include <utility>

namespace gatehouse::api {
namespace {

Parsed parse_entry(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto code = form->text("qr_code", Need::required, code_characters_max);
  auto vehicle = form->vehicle("vehicle_number", Need::optional);
  const auto gate = form->gate("gate", desk.gates);
  if (!code || !form->is_good()) return std::unexpected(form->refusal());
  return engine::Enter{.ticket = {std::move(*code)}, .vehicle = std::move(vehicle), .gate = gate};
}

Parsed parse_bill(const Desk& desk, const Call& call) {
  constexpr std::array<std::string_view, 4> members = {"qr_code", "session_id", "vehicle_number",
                                                       "slot"};
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto which = session_in(*form, desk.plan, members);
  if (!which || !form->is_good()) return std::unexpected(form->refusal());
  return engine::AskBill{std::move(*which)};
}

Parsed parse_exit(const Desk& desk, const Call& call) {
  constexpr std::array<std::string_view, 2> members = {"qr_code", "session_id"};
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto which = session_in(*form, desk.plan, members);
  const auto method_word =
      form->text("payment_method", Need::required, payment_word_characters_max);
  const auto amount = form->rupees("amount");
  const auto tendered = form->rupees("tendered");
  const auto gate = form->gate("gate", desk.gates);
  const auto stay = stay_in(*form);
  auto reason = reason_in(*form, stay ? Need::required : Need::optional);
  if (reason && !stay) form->wrong("reason", "is for the choice of a `stay`");
  const auto method = method_word ? parse_payment_method(*method_word) : std::nullopt;
  if (tendered && method == PaymentMethod::online) form->wrong("tendered", "is for CASH only");
  if (!which || !form->is_good()) return std::unexpected(form->refusal());
  if (!method) return std::unexpected(unknown_payment_method());
  return engine::Leave{.which = std::move(*which),
                       .method = *method,
                       .amount = amount,
                       .tendered = tendered,
                       .gate = gate,
                       .stay = stay,
                       .reason = std::move(reason).value_or("")};
}

Parsed parse_walk_in(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto vehicle = form->vehicle("vehicle_number", Need::required);
  auto owner = form->text("owner_name", Need::optional, gatehouse::limits::name_characters_max);
  const auto zone_id = form->id("zone_id", Need::required);
  const auto gate = form->gate("gate", desk.gates);
  if (!vehicle || !zone_id || !form->is_good()) return std::unexpected(form->refusal());
  const auto zone = desk.plan.find_zone(*zone_id);
  if (!zone) return std::unexpected(failure(404, "zone_not_found", "Zone not found"));
  return engine::IssueTicket{.vehicle = *vehicle,
                             .owner_name = std::move(owner).value_or(""),
                             .phone_number = {},
                             .zone = *zone,
                             .gate = gate};
}

}  // namespace

void add_staff_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/staff/entry/", Access::staff,
                    asking(desk, parse_entry, entry_response)});
  routes.push_back({Method::post, "/api/staff/walk-in/", Access::staff,
                    asking(desk, parse_walk_in, walk_in_response)});
  routes.push_back(
      {Method::get, "/api/staff/bill/", Access::staff, asking(desk, parse_bill, bill_response)});
  routes.push_back(
      {Method::post, "/api/staff/exit/", Access::staff, asking(desk, parse_exit, exit_response)});
}

}  // namespace gatehouse::api

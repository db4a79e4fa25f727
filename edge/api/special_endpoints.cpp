// docs/contract/http.md, "Staff": what is out of the ordinary about a session: its ticket is lost,
// its car is let out unpaid, it is ended.
#include "edge/api/counter_form.hpp"
#include "edge/api/counter_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/which_session.hpp"

#include <array>
#include <utility>

namespace gatehouse::api {
namespace {

/// A zone that a session would be opened in: a slot's own, where a slot is named.
std::optional<ZoneIndex> zone_in(Form& form, const LotPlan& plan,
                                 const std::optional<engine::WhichSession>& which) {
  const auto zone_id = form.id("zone_id", Need::optional);
  if (!zone_id) return std::nullopt;
  const auto zone = plan.find_zone(*zone_id);
  if (!zone) form.wrong("zone_id", "is no zone of this lot");
  const auto* const by = which ? std::get_if<engine::BySlot>(&*which) : nullptr;
  if (zone && by != nullptr && plan.slot(by->slot).zone != *zone)
    form.wrong("zone_id", "is not the zone of this slot");
  return zone;
}

Parsed parse_lost_ticket(const Desk& desk, const Call& call) {
  constexpr std::array<std::string_view, 3> members = {"vehicle_number", "slot", "session_id"};
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto which = session_in(*form, desk.plan, members);
  auto reason = reason_in(*form, Need::required);
  const auto entered_at = form->instant("entered_at");
  const auto zone = zone_in(*form, desk.plan, which);
  if (form->has("entered_at") != form->has("zone_id"))
    form->wrong(form->has("zone_id") ? "entered_at" : "zone_id", "is required with the other");
  if (!which || !reason || !form->is_good()) return std::unexpected(form->refusal());
  return engine::LostTicket{.which = std::move(*which),
                            .reason = std::move(*reason),
                            .entered_at = entered_at,
                            .zone = zone};
}

Parsed parse_terminate(const Desk& /*desk*/, const Call& call) {
  if (!call.account().may_terminate) {
    return std::unexpected(
        failure(403, "forbidden", "Your account has not been given the right to end sessions"));
  }
  auto id = session_id_in_path(call);
  if (!id) return std::unexpected(std::move(id.error()));
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto reason = reason_in(*form, Need::required);
  const auto stay = stay_in(*form);
  if (!reason || !form->is_good()) return std::unexpected(form->refusal());
  return engine::Terminate{.which = {std::move(*id)}, .reason = std::move(*reason), .stay = stay};
}

Parsed parse_let_out(const Desk& desk, const Call& call) {
  auto id = session_id_in_path(call);
  if (!id) return std::unexpected(std::move(id.error()));
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto gate = form->gate("gate", desk.gates);
  if (!form->has("gate")) form->wrong("gate", "is required");
  auto reason = reason_in(*form, Need::required);
  auto reference = reference_in(*form);
  const auto stay = stay_in(*form);
  if (!gate || !reason || !form->is_good()) return std::unexpected(form->refusal());
  return engine::LetOut{.which = {std::move(*id)},
                        .gate = *gate,
                        .reason = std::move(*reason),
                        .reference = std::move(reference).value_or(""),
                        .stay = stay};
}

}  // namespace

void add_special_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/staff/lost-ticket/", Access::staff,
                    asking(desk, parse_lost_ticket, lost_ticket_response)});
  routes.push_back({Method::post, "/api/staff/sessions/{id}/terminate/", Access::staff,
                    asking(desk, parse_terminate, terminated_response)});
  routes.push_back({Method::post, "/api/staff/sessions/{id}/let-out/", Access::staff,
                    asking(desk, parse_let_out, let_out_response)});
}

}  // namespace gatehouse::api

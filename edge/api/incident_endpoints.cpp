// docs/contract/http.md, "Staff": the log of incidents.
#include "edge/api/counter_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/which_session.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

constexpr int page_size_usual = 20;
constexpr int page_size_max = 200;
constexpr int page_max = 1'000'000;

std::optional<store::IncidentKind> kind_in(Form& form) {
  constexpr std::size_t characters_max = 40;
  const auto word = form.text("kind", Need::required, characters_max);
  if (!word) return std::nullopt;
  const auto kind = store::parse_incident_kind(*word);
  if (!kind) {
    form.wrong("kind",
               "is to be accident, damage, theft, dispute, equipment, unauthorised_parking, safety "
               "or other");
  }
  return kind;
}

std::optional<engine::ById> session_of(Form& form) {
  auto id = form.id("session_id", Need::optional);
  if (!id) return std::nullopt;
  auto session = session_id_of(std::move(*id), Ids::uuid_or_number);
  if (session) return engine::ById{std::move(*session)};
  form.wrong("session_id", "is no id of a session");
  return std::nullopt;
}

std::string slot_of(Form& form, const LotPlan& plan) {
  const auto name = form.id("slot", Need::optional);
  if (!name) return {};
  if (!plan.find_slot(*name)) form.wrong("slot", "is no slot of this lot");
  return *name;
}

Parsed parse_note(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto kind = kind_in(*form);
  auto description =
      form->text("description", Need::required, store::incident_description_characters_max);
  const auto gate = form->gate("gate", desk.gates);
  auto slot = slot_of(*form, desk.plan);
  auto session = session_of(*form);
  auto vehicle = form->vehicle("vehicle_number", Need::optional);
  if (!kind || !description || !form->is_good()) return std::unexpected(form->refusal());
  return engine::NoteIncident{.kind = *kind,
                              .description = std::move(*description),
                              .gate = gate ? desk.gates.lane(*gate).id.text() : std::string(),
                              .slot = std::move(slot),
                              .session = std::move(session),
                              .vehicle = std::move(vehicle)};
}

Parsed parse_page(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto page = form->number("page", 1, page_max);
  const auto page_size = form->number("page_size", 1, page_size_max);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return engine::AskIncidents{page.value_or(1), page_size.value_or(page_size_usual)};
}

}  // namespace

void add_incident_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/staff/incidents/", Access::staff,
                    asking(desk, parse_note, incident_response)});
  routes.push_back({Method::get, "/api/staff/incidents/", Access::staff,
                    asking(desk, parse_page, incidents_response)});
}

}  // namespace gatehouse::api

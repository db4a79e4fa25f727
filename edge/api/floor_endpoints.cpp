// docs/contract/http.md, "Staff": what stands on the lot and at its gates now.
#include "edge/api/endpoints.hpp"
#include "edge/api/floor_views.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"

#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

std::optional<SessionState> parse_open_state(std::string_view text) {
  const auto state = parse_session_state(text);
  return state && !is_final(*state) ? state : std::nullopt;
}

/// Longer than what was prepaid, or than the lot calls usual.
bool overstays(const SessionSeen& seen, const BillingRules& rules) {
  if (!is_inside(seen.session.state)) return false;
  const auto hours = seen.session.prepaid_hours.value_or(rules.long_stay);
  return seen.stayed > hours + rules.grace;
}

Asked ask_active(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::none);
  const store::OpenFilter filter{.state = word_in(*form, "status", parse_open_state),
                                 .zone = zone_in(*form, "zone_id", room.premises.plan)};
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, paging, filter](store::Reader& reader) {
    const Instant now = room.clock.now().utc;
    const auto found = reader.lists.open_sessions(filter, paging.rows());
    Listed listed{.plural = "sessions", .total = found.total};
    for (const store::SessionKey key : found.keys) {
      auto session = reader.sessions.find(key);
      if (!session) continue;
      const SessionSeen seen = look_at(reader, room.premises, std::move(*session), now);
      Fields fields = session_fields(room.premises.plan, seen, Viewer::staff);
      listed.rows.push_back(
          std::move(fields.flag("overstay", overstays(seen, room.premises.billing))));
    }
    return list_response(paging, std::move(listed));
  };
}

/// The oldest clients' list: what it does not know it passes over.
Asked ask_old_sessions(const ReadingRoom& room, const Call& call) {
  Request as_form = call.request;
  as_form.body = std::exchange(as_form.query, {});
  as_form.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  auto form = Form::of_older_form(as_form);
  if (!form) return std::unexpected(failure(400, "malformed_query", "The query cannot be read"));
  const Paging paging = paging_in(*form, Export::none);
  store::SessionFilter filter;
  filter.state = word_in(*form, "status", parse_session_state);
  filter.vehicle = form->vehicle("vehicle_number", Need::optional);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, paging, filter](store::Reader& reader) {
    return sessions_response(room, reader, paging, filter, Viewer::staff);
  };
}

Asked ask_slots(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const std::string zone = zone_in(*form, "zone_id", room.premises.plan);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, zone](store::Reader& reader) { return slots_response(room, reader, zone); };
}

Asked ask_gates(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room](store::Reader& reader) { return gates_response(room, reader); };
}

}  // namespace

void add_floor_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  const auto add = [&](std::string pattern, auto ask) {
    routes.push_back({Method::get, std::move(pattern), Access::staff, reading(room, ask)});
  };
  add("/api/staff/active-sessions/", ask_active);
  add("/api/staff/slot-status/", ask_slots);
  add("/api/staff/gates/", ask_gates);
  add("/api/parking/sessions-old/", ask_old_sessions);
}

}  // namespace gatehouse::api

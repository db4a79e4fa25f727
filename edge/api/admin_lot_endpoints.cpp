// docs/contract/http.md, "Admin": zones, slots and settings, changed. What they may be is said
// once, for lot.toml and for here (lot_rules.hpp).
#include "edge/api/admin_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/lot_rules.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

bool is_given(const Members& members, std::string_view name) {
  return std::ranges::any_of(members, [name](const Member& member) {
    return member.name == name && member.kind != Member::Kind::null;
  });
}

/// Takes a member out that lot.toml does not have; nullopt: it is not there.
std::optional<Member> take(Members& members, std::string_view name) {
  const auto found = std::ranges::find(members, name, &Member::name);
  if (found == members.end()) return std::nullopt;
  Member taken = std::move(*found);
  members.erase(found);
  return taken;
}

std::optional<bool> active_in(const std::optional<Member>& member, Wrongs& wrongs) {
  if (!member || member->kind == Member::Kind::null) return std::nullopt;
  if (member->kind == Member::Kind::boolean) return member->text == "true";
  wrongs.emplace_back("is_active", "is to be true or false");
  return std::nullopt;
}

/// What is wrong with a zone's own members, and with what lot.toml does not know.
template <class Read>
Wrongs all_wrongs(const Read& zone, Wrongs others) {
  if (!zone) others.insert(others.end(), zone.error().begin(), zone.error().end());
  return others;
}

/// A change that names nothing would read the whole lot anew for nothing.
std::optional<Response> refuse_no_change(const Members& members) {
  if (!members.empty()) return std::nullopt;
  return validation_failure({{"body", "names nothing that is to be changed"}});
}

Parsed parse_add_zone(const Desk& desk, const Call& call) {
  auto members = read_body(call.request, Accepts::json);
  if (!members) return std::unexpected(std::move(members.error()));
  Wrongs wrongs;
  const auto id = take(*members, "zone_id");
  const auto active = active_in(take(*members, "is_active"), wrongs);
  const bool has_id = id && (id->kind == Member::Kind::text || id->kind == Member::Kind::number);
  if (!has_id) wrongs.emplace_back("zone_id", "is required");
  auto zone = desk.rules->read_zone(*members, has_id ? id->text : "-");
  wrongs = all_wrongs(zone, std::move(wrongs));
  if (!wrongs.empty()) return std::unexpected(validation_failure(wrongs));
  zone->zone.active = active.value_or(true);
  return engine::AddZone{std::move(zone->zone), std::move(zone->slots)};
}

Parsed parse_change_zone(const Desk& desk, const Call& call) {
  auto members = read_body(call.request, Accepts::json);
  if (!members) return std::unexpected(std::move(members.error()));
  if (auto refusal = refuse_no_change(*members)) return std::unexpected(std::move(*refusal));
  Wrongs wrongs;
  const auto active = active_in(take(*members, "is_active"), wrongs);
  for (const std::string_view fixed : {"zone_id", "id", "slots"}) {
    if (take(*members, fixed)) wrongs.emplace_back(fixed, "cannot be changed here");
  }
  const auto read = desk.rules->read_zone(*members, std::string(call.parameter("id")));
  wrongs = all_wrongs(read, std::move(wrongs));
  if (!wrongs.empty()) return std::unexpected(validation_failure(wrongs));
  const ZonePlan& zone = read->zone;
  const auto given = [&members](std::string_view name, auto value) {
    return is_given(*members, name) ? std::optional(std::move(value)) : std::nullopt;
  };
  return engine::ChangeZone{.id = std::string(call.parameter("id")),
                            .name = given("name", zone.name),
                            .hourly_rate = given("hourly_rate", zone.rates.hourly_rate),
                            .bands = given("rates", zone.rates.bands),
                            .active = active,
                            .walk_in = given("walk_in", zone.walk_in),
                            .operating_hours = given("operating_hours", zone.operating_hours),
                            .contact = given("contact", zone.contact),
                            .location = given("location", zone.location),
                            .features = given("features", zone.features)};
}

/// A body without members.
std::optional<Response> refuse_members(const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::move(form.error());
  if (!form->is_good()) return form->refusal();
  return std::nullopt;
}

Parsed parse_remove_zone(const Desk& /*desk*/, const Call& call) {
  if (auto refusal = refuse_members(call)) return std::unexpected(std::move(*refusal));
  return engine::RemoveZone{std::string(call.parameter("id"))};
}

Parsed parse_add_slot(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto zone = form->id("zone_id", Need::required);
  std::optional<SlotId> slot;
  if (const auto id = form->id("slot_id", Need::optional)) {
    if (auto parsed = SlotId::parse(*id)) {
      slot = std::move(*parsed);
    } else {
      form->wrong(
          "slot_id",
          "is 1 to 64 letters, digits, '_' and '-', and no name the broker keeps for others");
    }
  }
  if (!zone || !form->is_good()) return std::unexpected(form->refusal());
  return engine::AddSlot{.zone = std::move(*zone), .slot = std::move(slot)};
}

std::optional<engine::PlannedOutage> outage_in(Form& form) {
  auto within = form.object("out_of_service");
  if (!within) return std::nullopt;
  const auto from = within->instant("from");
  const auto to = within->instant("to");
  auto reason = within->text("reason", Need::required, store::outage_reason_characters_max);
  if (from && to && *to <= *from) within->wrong("to", "is to be later than `from`");
  form.merge("out_of_service", *within);
  return engine::PlannedOutage{from, to, std::move(reason).value_or("")};
}

Parsed parse_change_slot(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto closed = form->flag("closed");
  const bool ends = form->is_null("out_of_service");
  auto outage = outage_in(*form);
  if (outage && outage->to && *outage->to <= desk.clock.now().utc)
    form->wrong("out_of_service.to", "is over already");
  if (!closed && !ends && !outage && form->is_good())
    form->wrong("body", "names nothing that is to be changed");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return engine::ChangeSlot{.id = std::string(call.parameter("id")),
                            .closed = closed,
                            .ends_outage = ends,
                            .outage = std::move(outage)};
}

Parsed parse_remove_slot(const Desk& /*desk*/, const Call& call) {
  if (auto refusal = refuse_members(call)) return std::unexpected(std::move(*refusal));
  return engine::RemoveSlot{std::string(call.parameter("id"))};
}

Parsed parse_settings(const Desk& desk, const Call& call) {
  auto members = read_body(call.request, Accepts::json);
  if (!members) return std::unexpected(std::move(members.error()));
  if (auto refusal = refuse_no_change(*members)) return std::unexpected(std::move(*refusal));
  auto changes = desk.rules->read_settings(*members);
  if (!changes) return std::unexpected(validation_failure(changes.error()));
  return engine::ChangeSettings{std::move(changes->set), std::move(changes->reset)};
}

/// By the rules of lot.toml, for which all of it is read anew: a worker does that, and the server's
/// thread goes on.
Handler asking_by_rules(const Desk& desk, Parsed (*parse)(const Desk&, const Call&),
                        Response (*show)(const engine::CallResult&)) {
  return asking_slowly(
      desk, [parse, show](const Desk& at, const Call& call) -> std::expected<SlowParse, Response> {
        return [&at, call, parse, show]() -> std::expected<Prepared, Response> {
          auto command = parse(at, call);
          if (!command) return std::unexpected(std::move(command.error()));
          return Prepared{std::move(*command), show};
        };
      });
}

}  // namespace

void add_admin_lot_endpoints(std::vector<Route>& routes, const Desk& desk) {
  const auto add = [&](Method method, std::string pattern, auto parse, auto show) {
    routes.push_back({method, std::move(pattern), Access::admin, asking(desk, parse, show)});
  };
  add(Method::delete_, "/api/admin/zones/{id}/", parse_remove_zone, removed_response);
  add(Method::post, "/api/admin/slots/", parse_add_slot, slot_response);
  add(Method::patch, "/api/admin/slots/{id}/", parse_change_slot, slot_response);
  add(Method::delete_, "/api/admin/slots/{id}/", parse_remove_slot, removed_response);
  if (desk.rules == nullptr) return;
  const auto add_by_rules = [&](Method method, std::string pattern, auto parse, auto show) {
    routes.push_back(
        {method, std::move(pattern), Access::admin, asking_by_rules(desk, parse, show)});
  };
  add_by_rules(Method::post, "/api/admin/zones/", parse_add_zone, zone_response);
  add_by_rules(Method::patch, "/api/admin/zones/{id}/", parse_change_zone, zone_response);
  add_by_rules(Method::patch, "/api/admin/settings/", parse_settings, settings_response);
}

}  // namespace gatehouse::api

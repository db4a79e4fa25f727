// docs/contract/http.md, "Admin": zones, slots and settings as the store has them.
#include "edge/api/admin_views.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/lot_rules.hpp"
#include "edge/api/reading.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t id_characters_max = 64;

Response no_zone() { return failure(404, "zone_not_found", "Zone not found"); }
Response no_slot() { return failure(404, "slot_not_found", "Slot not found"); }

/// The part of `all` that a page shows.
template <class Row>
std::vector<Row> page_of(std::vector<Row> all, const Paging& paging) {
  const store::Page page = paging.rows();
  const std::size_t begin = std::min<std::size_t>(page.skipped, all.size());
  const std::size_t end = std::min<std::size_t>(begin + page.rows, all.size());
  return {std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(begin)),
          std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(end))};
}

Asked ask_zones(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::none);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging](store::Reader& reader) {
    auto zones = reader.plan_rows.zones();
    Listed listed{.plural = "zones", .total = zones.size()};
    for (const store::ZoneRow& zone : page_of(std::move(zones), paging))
      listed.rows.push_back(zone_row_fields(zone));
    return list_response(paging, std::move(listed));
  };
}

Asked ask_zone(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [id = std::string(call.parameter("id"))](store::Reader& reader) {
    const auto zone = reader.plan_rows.find_zone(id);
    if (!zone || zone->removed) return no_zone();
    return success("Zone", zone_row_fields(*zone).json());
  };
}

Asked ask_slots(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::none);
  const auto zone = form->text("zone_id", Need::optional, id_characters_max).value_or("");
  const auto planned = flag_in(*form, "out_of_service");
  const auto closed = flag_in(*form, "closed");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, zone, planned, closed](store::Reader& reader) {
    if (!zone.empty() && !reader.plan_rows.find_zone(zone)) return no_zone();
    auto slots = reader.plan_rows.slots(zone);
    std::erase_if(slots, [&](const store::SlotRow& slot) {
      return (closed && *closed != slot.closed) ||
             (planned && *planned != reader.outages.find(slot.id.text()).has_value());
    });
    Listed listed{.plural = "slots", .total = slots.size()};
    for (const store::SlotRow& slot : page_of(std::move(slots), paging))
      listed.rows.push_back(slot_row_fields(slot, reader.outages.find(slot.id.text())));
    return list_response(paging, std::move(listed));
  };
}

Asked ask_slot(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [id = std::string(call.parameter("id"))](store::Reader& reader) {
    const auto slot = reader.plan_rows.find_slot(id);
    if (!slot || slot->removed) return no_slot();
    return success("Slot", slot_row_fields(*slot, reader.outages.find(id)).json());
  };
}

Asked ask_settings(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room](store::Reader& reader) {
    return success("Settings", room.rules->settings_json(reader.settings.all()));
  };
}

}  // namespace

void add_admin_plan_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  const auto add = [&](std::string pattern, auto ask) {
    routes.push_back({Method::get, std::move(pattern), Access::admin, reading(room, ask)});
  };
  add("/api/admin/zones/", ask_zones);
  add("/api/admin/zones/{id}/", ask_zone);
  add("/api/admin/slots/", ask_slots);
  add("/api/admin/slots/{id}/", ask_slot);
  if (room.rules != nullptr) add("/api/admin/settings/", ask_settings);
}

}  // namespace gatehouse::api

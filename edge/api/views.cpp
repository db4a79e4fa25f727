#include "edge/api/views.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::ordered_json;

/// Bytes of a name that are no UTF-8 are shown as replacement characters, never an error.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json zone_object(const ZonePlan& plan, const engine::Availability& now) {
  const std::uint32_t total = now.counts.total();
  Json zone;
  zone["zone_id"] = plan.id.text();
  zone["name"] = plan.name;
  zone["hourly_rate"] = now.hourly_rate.rupees();
  zone["is_active"] = now.active;
  zone["total_slots"] = total;
  // Here, as the first clients knew it: everything that cannot be had (docs/contract/http.md).
  zone["occupied_slots"] = total - now.available;
  zone["reserved_slots"] = now.counts.of(SlotStatus::reserved);
  zone["available_slots"] = now.available;
  zone["occupancy_percent"] = now.counts.occupancy_permille() / 10.0;
  zone["operating_hours"] = plan.operating_hours;
  zone["contact"] = plan.contact;
  zone["location"] = plan.location;
  zone["features"] = plan.features;
  return zone;
}

std::string_view word(ServiceState state) {
  switch (state) {
    case ServiceState::ok:
      return "ok";
    case ServiceState::down:
      return "down";
    case ServiceState::off:
      return "off";
  }
  return "";
}

std::string_view word(Overall state) {
  switch (state) {
    case Overall::ok:
      return "ok";
    case Overall::degraded:
      return "degraded";
    case Overall::failing:
      return "failing";
  }
  return "";
}

std::string_view sentence(Overall state) {
  switch (state) {
    case Overall::ok:
      return "Everything works";
    case Overall::degraded:
      return "The lot works, but something it uses does not";
    case Overall::failing:
      return "The gateway cannot record anything at the moment";
  }
  return "";
}

}  // namespace

std::string zones_json(const engine::LotView& view) {
  const auto& plans = view.plan().zones();
  Json zones = Json::array();
  for (std::size_t i = 0; i < plans.size(); ++i) {
    zones.push_back(zone_object(plans[i], view.zone(ZoneIndex(i))));
  }
  Json body;
  body["success"] = true;
  body["message"] = plans.size() == 1 ? "1 zone" : std::to_string(plans.size()) + " zones";
  body["data"]["zones"] = std::move(zones);
  return text_of(body);
}

Overall overall(const Health& health) {
  if (health.store != ServiceState::ok || !health.loop_alive) return Overall::failing;
  for (const ServiceState state : {health.broker, health.barriers, health.payments, health.cloud}) {
    if (state == ServiceState::down) return Overall::degraded;
  }
  return Overall::ok;
}

std::string health_json(const Health& health, Instant now) {
  const Overall state = overall(health);
  Json body;
  body["success"] = state != Overall::failing;
  if (state == Overall::failing) {
    body["error"] = sentence(state);
    body["code"] = word(state);
  }
  body["message"] = sentence(state);
  body["status"] = word(state);
  body["version"] = GATEHOUSE_VERSION;
  body["timestamp"] = format_rfc3339(now);
  body["services"] = {{"store", word(health.store)},
                      {"broker", word(health.broker)},
                      {"barriers", word(health.barriers)},
                      {"payments", word(health.payments)},
                      {"cloud", word(health.cloud)}};
  return text_of(body);
}

}  // namespace gatehouse::api

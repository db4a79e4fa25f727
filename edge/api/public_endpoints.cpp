// docs/contract/http.md, "Public": what anybody may know of the lot.
#include "edge/api/endpoints.hpp"
#include "edge/api/fields.hpp"
#include "edge/api/views.hpp"

namespace gatehouse::api {
namespace {

Response zones(const Sources& sources, const Request&) {
  Response response;
  response.body = zones_json(sources.view);
  return response;
}

/// As the first clients knew it: members at the top, and everything that cannot be had is occupied.
Response zone_status(const Sources& sources, const Call& call) {
  const LotPlan& plan = sources.view.plan();
  const auto zone = plan.find_zone(call.parameter("id"));
  if (!zone) return failure(404, "zone_not_found", "Zone not found");
  const engine::Availability now = sources.view.zone(*zone);
  const std::uint32_t total = now.counts.total();
  Fields fields;
  fields.text("zone_name", plan.zone(*zone).name)
      .number("total_slots", total)
      .number("occupied_slots", std::int64_t{total} - now.available)
      .number("available_slots", now.available)
      .tenths("occupancy_percent", now.counts.occupancy_permille())
      .text("hourly_rate", now.hourly_rate.rupees());
  return success_at_top(fields);
}

Response health(const Sources& sources, const Request&) {
  const Health health = sources.health.health();
  Response response;
  response.body = health_json(health, sources.clock.now().utc);
  if (overall(health) == Overall::failing) {
    response.status = 503;
    response.headers.push_back({"Retry-After", "10"});
  }
  return response;
}

}  // namespace

void add_public_endpoints(std::vector<Route>& routes, const Sources& sources) {
  const auto answer = [&](std::string pattern, Response (*view)(const Sources&, const Request&),
                          Counted counted) {
    routes.push_back(
        {Method::get, std::move(pattern), Access::anyone,
         immediate([sources, view](const Call& call) { return view(sources, call.request); }),
         counted});
  };
  for (const auto* address : {"/api/public/zones/", "/api/user/zones/", "/parking/api/zones/"})
    answer(address, zones, Counted::by_caller);
  for (const auto* address : {"/api/public/health/", "/parking/health/"})
    answer(address, health, Counted::not_at_all);
  for (const auto* address : {"/parking/zone/{id}/status/", "/parking/api/zone/{id}/status/"})
    routes.push_back({Method::get, address, Access::anyone, immediate([sources](const Call& call) {
                        return zone_status(sources, call);
                      })});
}

}  // namespace gatehouse::api

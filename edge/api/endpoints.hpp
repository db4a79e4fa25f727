// The groups of endpoints, one file each. Each adds its rows to the table of routes.
#pragma once

#include "edge/api/health.hpp"
#include "edge/api/router.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <functional>
#include <vector>

namespace gatehouse::api {

/// What the endpoints read from. Outlives the router.
struct Sources {
  const engine::LotView& view;
  const HealthSource& health;
  const engine::Clock& clock;
  std::vector<const engine::MetricsSource*> metrics;
  std::function<bool()> streams_full;
};

void add_public_endpoints(std::vector<Route>& routes, const Sources& sources);
void add_metrics_endpoint(std::vector<Route>& routes, const Sources& sources);
void add_console_endpoints(std::vector<Route>& routes);

/// The whole table of the server.
std::vector<Route> all_routes(const Sources& sources);

}  // namespace gatehouse::api

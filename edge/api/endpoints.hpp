// The groups of endpoints, one file each. Each adds its rows to the table of routes.
#pragma once

#include "edge/api/crowds.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/health.hpp"
#include "edge/api/router.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace gatehouse::api {

struct ReadingRoom;

/// What the endpoints read from. Outlives the router.
struct Sources {
  const engine::LotView& view;
  const HealthSource& health;
  const engine::Clock& clock;
  std::vector<const engine::MetricsSource*> metrics;
  // For a stream to this client; null: there is no room.
  std::function<Crowds::Place(StreamKind kind, std::string_view address)> stream_place;
  const Desk* desk = nullptr;            // null: a lot of sensors alone, where nobody signs in
  const ReadingRoom* reading = nullptr;  // null: no store to read from
};

void add_public_endpoints(std::vector<Route>& routes, const Sources& sources);
void add_stream_endpoints(std::vector<Route>& routes, const Sources& sources);
void add_metrics_endpoint(std::vector<Route>& routes, const Sources& sources);
void add_console_endpoints(std::vector<Route>& routes);

// Of people who sign in. The desk outlives the router.
void add_auth_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_user_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_profile_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_erasure_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_staff_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_scan_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_special_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_incident_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_booking_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_cancel_endpoints(std::vector<Route>& routes, const Desk& desk);
/// `room`: where reports are printed from; null: nothing is printed.
void add_shift_endpoints(std::vector<Route>& routes, const Desk& desk, const ReadingRoom* room);
void add_admin_money_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_admin_lot_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_barrier_endpoints(std::vector<Route>& routes, const Desk& desk);
void add_older_forms_endpoints(std::vector<Route>& routes, const Desk& desk);

// Which only read. The room outlives the router.
void add_session_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_user_list_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_profile_reading_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_erasure_list_endpoint(std::vector<Route>& routes, const ReadingRoom& room);
void add_floor_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_admin_list_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_admin_report_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_audit_endpoint(std::vector<Route>& routes, const ReadingRoom& room);
void add_admin_shift_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
void add_admin_plan_endpoints(std::vector<Route>& routes, const ReadingRoom& room);
/// A member of staff's own shift, or an earlier one, on paper.
Handler printing_own_shift(const ReadingRoom& room);
void add_fiware_endpoint(std::vector<Route>& routes, const ReadingRoom& room);

/// After all others: it describes them.
void add_description_endpoints(std::vector<Route>& routes);

/// The whole table of the server.
std::vector<Route> all_routes(const Sources& sources);

}  // namespace gatehouse::api

#include "edge/api/endpoints.hpp"

namespace gatehouse::api {

std::vector<Route> all_routes(const Sources& sources) {
  std::vector<Route> routes;
  add_public_endpoints(routes, sources);
  add_metrics_endpoint(routes, sources);
  add_console_endpoints(routes);
  if (sources.reading != nullptr) {
    add_session_endpoints(routes, *sources.reading);
    add_floor_endpoints(routes, *sources.reading);
    add_admin_list_endpoints(routes, *sources.reading);
    add_admin_report_endpoints(routes, *sources.reading);
    add_fiware_endpoint(routes, *sources.reading);
  }
  if (sources.desk == nullptr) return routes;
  add_auth_endpoints(routes, *sources.desk);
  add_staff_endpoints(routes, *sources.desk);
  add_special_endpoints(routes, *sources.desk);
  add_incident_endpoints(routes, *sources.desk);
  add_booking_endpoints(routes, *sources.desk);
  add_cancel_endpoints(routes, *sources.desk);
  add_shift_endpoints(routes, *sources.desk);
  add_barrier_endpoints(routes, *sources.desk);
  add_older_forms_endpoints(routes, *sources.desk);
  return routes;
}

}  // namespace gatehouse::api

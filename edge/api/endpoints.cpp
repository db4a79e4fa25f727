#include "edge/api/endpoints.hpp"

namespace gatehouse::api {

std::vector<Route> all_routes(const Sources& sources) {
  std::vector<Route> routes;
  add_public_endpoints(routes, sources);
  add_stream_endpoints(routes, sources);
  add_metrics_endpoint(routes, sources);
  add_console_endpoints(routes);
  if (sources.reading != nullptr) {
    add_session_endpoints(routes, *sources.reading);
    add_user_list_endpoints(routes, *sources.reading);
    add_profile_reading_endpoints(routes, *sources.reading);
    add_erasure_list_endpoint(routes, *sources.reading);
    add_floor_endpoints(routes, *sources.reading);
    add_admin_list_endpoints(routes, *sources.reading);
    add_admin_report_endpoints(routes, *sources.reading);
    add_audit_endpoint(routes, *sources.reading);
    add_admin_shift_endpoints(routes, *sources.reading);
    add_admin_plan_endpoints(routes, *sources.reading);
    add_fiware_endpoint(routes, *sources.reading);
  }
  if (sources.desk != nullptr) {
    add_auth_endpoints(routes, *sources.desk);
    add_user_endpoints(routes, *sources.desk);
    add_profile_endpoints(routes, *sources.desk);
    add_erasure_endpoints(routes, *sources.desk);
    add_staff_endpoints(routes, *sources.desk);
    add_scan_endpoints(routes, *sources.desk);
    add_special_endpoints(routes, *sources.desk);
    add_incident_endpoints(routes, *sources.desk);
    add_booking_endpoints(routes, *sources.desk);
    add_cancel_endpoints(routes, *sources.desk);
    add_shift_endpoints(routes, *sources.desk, sources.reading);
    add_admin_money_endpoints(routes, *sources.desk);
    add_admin_lot_endpoints(routes, *sources.desk);
    add_barrier_endpoints(routes, *sources.desk);
    add_older_forms_endpoints(routes, *sources.desk);
  }
  add_description_endpoints(routes);
  return routes;
}

}  // namespace gatehouse::api

// docs/contract/http.md: the live streams, the public one and that of staff.
#include "edge/api/endpoints.hpp"
#include "edge/store/database.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

/// `may_go_on`: as in Response.
Response stream(const Sources& sources, const Request& request, StreamKind kind,
                std::function<bool()> may_go_on) {
  // A connection that is about to become something else cannot be a stream.
  if (request.header("Upgrade")) {
    return failure(400, "upgrade_not_offered", "This address offers no other protocol");
  }
  auto place = sources.stream_place(kind, request.peer_address);
  if (!place) {
    return failure_retry_after(503, "too_many_streams",
                               "Too many live displays are open. Please try again", 30);
  }
  Response response;
  response.content_type = "text/event-stream";
  response.stream = kind;
  response.may_go_on = [place = std::move(place), may = std::move(may_go_on)] { return may(); };
  // Reverse proxies of the nginx family would otherwise gather events before passing them on.
  response.headers.push_back({"X-Accel-Buffering", "no"});
  return response;
}

/// Whether the token still is one of staff. A store that cannot be asked says no.
bool is_still_staff(const Desk& desk, const std::string& token) {
  try {
    const auto user = identify(desk.tokens, desk.accounts, token);
    return user && is_enough(user->role, Access::staff);
  } catch (const store::StoreError&) {
    return false;
  }
}

}  // namespace

void add_stream_endpoints(std::vector<Route>& routes, const Sources& sources) {
  routes.push_back({Method::get, "/api/public/stream/", Access::anyone,
                    immediate([sources](const Call& call) {
                      return stream(sources, call.request, StreamKind::lot, [] { return true; });
                    }),
                    Counted::not_at_all});
  if (sources.desk == nullptr) return;
  routes.push_back({Method::get, "/api/staff/stream/", Access::staff,
                    immediate([sources, &desk = *sources.desk](const Call& call) {
                      return stream(
                          sources, call.request, StreamKind::staff,
                          [&desk, token = call.token] { return is_still_staff(desk, token); });
                    }),
                    Counted::not_at_all});
}

}  // namespace gatehouse::api

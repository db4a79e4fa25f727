// docs/contract/http.md, "User", "Older forms": a booking or a ticket is given back before entry by
// whoever holds its id or its code. No account is needed; the secret is what they hold.
#include "edge/api/counter_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/which_session.hpp"

#include <array>
#include <utility>

namespace gatehouse::api {
namespace {

bool is_user(const Call& call) { return call.user && call.user->role == store::Role::user; }

/// The short number is staff's.
Ids ids_for(const Call& call) {
  const bool is_staff = call.user && is_enough(call.user->role, Access::staff);
  return is_staff ? Ids::uuid_or_number : Ids::uuid_only;
}

Parsed parse_cancel(const Desk& desk, const Call& call) {
  constexpr std::array<std::string_view, 3> members = {"session_id", "booking_id", "qr_code"};
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto which = session_in(*form, desk.plan, members, ids_for(call));
  if (!which || !form->is_good()) return std::unexpected(form->refusal());
  return engine::CancelBooking{
      .which = std::move(*which), .only_asks = false, .by_user = is_user(call)};
}

Parsed parse_older(const Desk& /*desk*/, const Call& call, bool only_asks) {
  auto form = Form::of_older_form(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto code = form->text("qr_code", Need::required, code_characters_max);
  if (!code || !form->is_good()) return std::unexpected(form->refusal());
  return engine::CancelBooking{
      .which = engine::ByCode{std::move(*code)}, .only_asks = only_asks, .by_user = is_user(call)};
}

Parsed parse_older_cancel(const Desk& desk, const Call& call) {
  return parse_older(desk, call, false);
}
Parsed parse_older_question(const Desk& desk, const Call& call) {
  return parse_older(desk, call, true);
}

}  // namespace

void add_cancel_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/user/cancel-booking/", Access::holder,
                    asking(desk, parse_cancel, cancelled_response)});
  routes.push_back({Method::post, "/parking/cancel-booking/", Access::holder,
                    asking(desk, parse_older_cancel, cancelled_response, Manner::older)});
  routes.push_back({Method::post, "/api/parking/refund-old/", Access::holder,
                    asking(desk, parse_older_question, refund_asked_response, Manner::older)});
}

}  // namespace gatehouse::api

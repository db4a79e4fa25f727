// docs/contract/http.md, "Admin": money that goes back or waited for a person, alerts that somebody
// has seen.
#include "edge/api/admin_views.hpp"
#include "edge/api/counter_form.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/which_session.hpp"

#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

Parsed parse_refund(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto payment = form->id("payment_id", Need::required);
  const auto amount = form->rupees("amount");
  if (amount && *amount <= Paise(0)) form->wrong("amount", "is to be more than nothing");
  auto reason = reason_in(*form, Need::required);
  if (!payment || !reason || !form->is_good()) return std::unexpected(form->refusal());
  return engine::MakeRefund{
      .payment_id = std::move(*payment), .amount = amount, .reason = std::move(*reason)};
}

Parsed parse_resolve(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto action = word_in(*form, "action", store::parse_exception_action);
  if (!form->has("action")) form->wrong("action", "is required");
  std::optional<engine::ById> session;
  if (auto id = form->id("session_id", Need::optional)) {
    auto known = session_id_of(std::move(*id), Ids::uuid_or_number);
    if (known) session = engine::ById{std::move(*known)};
    if (!known) form->wrong("session_id", "is no id of a session");
    if (action && *action != store::ExceptionAction::apply)
      form->wrong("session_id", "is for `apply`");
  }
  auto reason = reason_in(*form, Need::required);
  if (!action || !reason || !form->is_good()) return std::unexpected(form->refusal());
  return engine::ResolveException{.id = std::string(call.parameter("id")),
                                  .action = *action,
                                  .session = std::move(session),
                                  .reason = std::move(*reason)};
}

Parsed parse_acknowledge(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return engine::AcknowledgeAlert{std::string(call.parameter("id"))};
}

}  // namespace

void add_admin_money_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/admin/refunds/", Access::admin,
                    asking(desk, parse_refund, refund_response)});
  routes.push_back({Method::post, "/api/admin/exceptions/{id}/resolve/", Access::admin,
                    asking(desk, parse_resolve, exception_response)});
  routes.push_back({Method::post, "/api/admin/alerts/{id}/acknowledge/", Access::admin,
                    asking(desk, parse_acknowledge, alert_response)});
}

}  // namespace gatehouse::api

// docs/contract/http.md, "Older forms": the addresses that the first clients know.
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/which_session.hpp"
#include "edge/domain/limits.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

Parsed parse_ticket(const Desk& desk, const Call& call) {
  auto form = Form::of_older_form(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto vehicle = form->vehicle("vehicle_number", Need::required);
  auto owner = form->text("owner_name", Need::required, gatehouse::limits::name_characters_max);
  const auto zone_id = form->id("zone_id", Need::required);
  if (!vehicle || !owner || !zone_id || !form->is_good()) return std::unexpected(form->refusal());
  const auto zone = desk.plan.find_zone(*zone_id);
  if (!zone) return std::unexpected(failure(404, "zone_not_found", "Zone not found"));
  return engine::IssueTicket{.vehicle = *vehicle,
                             .owner_name = std::move(*owner),
                             .phone_number = {},
                             .zone = *zone,
                             .gate = {}};
}

Parsed parse_entry(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_older_form(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto code = form->text("qr_code", Need::required, code_characters_max);
  if (!code || !form->is_good()) return std::unexpected(form->refusal());
  return engine::Enter{.ticket = {std::move(*code)}, .vehicle = {}, .gate = {}};
}

Parsed parse_exit(const Desk& /*desk*/, const Call& call) {
  constexpr std::size_t word_characters_max = 20;
  auto form = Form::of_older_form(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto code = form->text("qr_code", Need::required, code_characters_max);
  const auto word = form->text("payment_method", Need::required, word_characters_max);
  const auto method = word ? parse_payment_method(*word) : std::nullopt;
  if (!code || !form->is_good()) return std::unexpected(form->refusal());
  if (!method) {
    return std::unexpected(
        failure(400, "invalid_payment_method", "Invalid payment method. Use CASH or ONLINE"));
  }
  return engine::Leave{.which = engine::ByCode{std::move(*code)},
                       .method = *method,
                       .amount = {},
                       .tendered = {},
                       .gate = {},
                       .stay = {},
                       .reason = {}};
}

}  // namespace

void add_older_forms_endpoints(std::vector<Route>& routes, const Desk& desk) {
  for (const auto* address : {"/parking/entry/", "/api/parking/book/", "/api/parking/book-old/"}) {
    routes.push_back({Method::post, address, Access::staff,
                      asking(desk, parse_ticket, ticket_response, Manner::older)});
  }
  for (const auto* address : {"/parking/entry-qr-scan/", "/entry-qr-scan/",
                              "/api/parking/scan-entry/", "/api/parking/scan-entry-old/"}) {
    routes.push_back({Method::post, address, Access::staff,
                      asking(desk, parse_entry, entry_response, Manner::older)});
  }
  for (const auto* address : {"/parking/exit-qr-scan/", "/exit-qr-scan/", "/api/parking/scan-exit/",
                              "/api/parking/scan-exit-old/"}) {
    routes.push_back({Method::post, address, Access::staff,
                      asking(desk, parse_exit, exit_response, Manner::older)});
  }
}

}  // namespace gatehouse::api

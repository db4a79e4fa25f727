// docs/contract/http.md, "Booking by guests": a scan brought over HTTP, by the device that stands
// at a gate or by staff. Its barrier opens, as with `gate` in the calls of staff.
#include "edge/api/counter_form.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/which_session.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

bool is_device(const Call& call) { return call.account().role == store::Role::device; }

Response forbidden(std::string_view sentence) { return failure(403, "forbidden", sentence); }

/// What both directions are told.
struct Scan {
  std::string code;
  GateIndex gate{};
  std::optional<PaymentMethod> method;
};

std::expected<Scan, Response> scan_in(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto code = form->text("qr_code", Need::required, code_characters_max);
  const auto gate = form->gate("scanner_device_id", desk.gates);
  const auto word = form->text("payment_method", Need::optional, payment_word_characters_max);
  if (!form->has("scanner_device_id")) form->wrong("scanner_device_id", "is required");
  if (!code || !gate || !form->is_good()) return std::unexpected(form->refusal());
  if (is_device(call) && desk.gates.lane(*gate).id.text() != call.account().gate)
    return std::unexpected(forbidden("This device may bring scans of its own gate only"));
  const auto method = word ? parse_payment_method(*word) : std::nullopt;
  if (word && !method) return std::unexpected(unknown_payment_method());
  if (is_device(call) && method == PaymentMethod::cash)
    return std::unexpected(forbidden("Only staff take cash"));
  return Scan{std::move(*code), *gate, method};
}

Parsed parse_entry_scan(const Desk& desk, const Call& call) {
  auto scan = scan_in(desk, call);
  if (!scan) return std::unexpected(std::move(scan.error()));
  return engine::Enter{.ticket = {std::move(scan->code)}, .vehicle = {}, .gate = scan->gate};
}

/// Money in the drawer is said, never assumed: without a method it is ONLINE.
Parsed parse_exit_scan(const Desk& desk, const Call& call) {
  auto scan = scan_in(desk, call);
  if (!scan) return std::unexpected(std::move(scan.error()));
  return engine::Leave{.which = engine::ByCode{std::move(scan->code)},
                       .method = scan->method.value_or(PaymentMethod::online),
                       .amount = {},
                       .tendered = {},
                       .gate = scan->gate,
                       .at_reader = is_device(call)};
}

}  // namespace

void add_scan_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/parking/api/scan/entry/", Access::scanner,
                    asking(desk, parse_entry_scan, entry_response)});
  routes.push_back({Method::post, "/parking/api/scan/exit/", Access::scanner,
                    asking(desk, parse_exit_scan, exit_response)});
}

}  // namespace gatehouse::api

// docs/contract/http.md, "Staff": barriers moved by hand, with a reason. Sessions are not touched.
#include "edge/api/counter_form.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"

#include <array>
#include <utility>
#include <vector>

namespace gatehouse::api {
namespace {

using engine::BarrierOrderKind;

std::expected<std::string, Response> reason_of(const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto reason = reason_in(*form, Need::required);
  if (!reason || !form->is_good()) return std::unexpected(form->refusal());
  return std::move(*reason);
}

Parsed parse_move(const Desk& desk, const Call& call, BarrierOrderKind kind) {
  const auto gate = desk.gates.find_gate(call.parameter("gate"));
  if (!gate) return std::unexpected(failure(404, "gate_not_found", "There is no such gate"));
  auto reason = reason_of(call);
  if (!reason) return std::unexpected(std::move(reason.error()));
  if (!desk.gates.lane(*gate).barrier)
    return std::unexpected(failure(400, "no_barrier", "There is no barrier at this gate"));
  return engine::MoveBarrier{.gate = gate, .kind = kind, .reason = std::move(*reason)};
}

Parsed parse_emergency(const Desk& /*desk*/, const Call& call) {
  auto reason = reason_of(call);
  if (!reason) return std::unexpected(std::move(reason.error()));
  return engine::MoveBarrier{.gate = {},
                             .kind = BarrierOrderKind::hold,
                             .reason = std::move(*reason),
                             .is_emergency = true};
}

}  // namespace

void add_barrier_endpoints(std::vector<Route>& routes, const Desk& desk) {
  struct Move {
    const char* word;
    BarrierOrderKind kind;
  };
  constexpr std::array<Move, 5> moves{{{"open", BarrierOrderKind::open},
                                       {"close", BarrierOrderKind::close},
                                       {"hold", BarrierOrderKind::hold},
                                       {"lock", BarrierOrderKind::lock},
                                       {"release", BarrierOrderKind::release}}};
  for (const auto& [word, kind] : moves) {
    routes.push_back(
        {Method::post, std::string("/api/staff/gates/{gate}/") + word + '/', Access::staff,
         asking(
             desk, [kind](const Desk& at, const Call& call) { return parse_move(at, call, kind); },
             barrier_response)});
  }
  const auto open_all = asking(desk, parse_emergency, barrier_response);
  routes.push_back({Method::post, "/api/staff/emergency-open/", Access::staff, open_all});
  routes.push_back({Method::post, "/api/admin/emergency-open/", Access::admin, open_all});
}

}  // namespace gatehouse::api

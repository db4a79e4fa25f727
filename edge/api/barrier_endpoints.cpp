// docs/contract/http.md, "Staff": barriers moved by hand, with a reason. Sessions are not touched.
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

namespace gatehouse::api {
namespace {

using engine::BarrierOrderKind;

constexpr std::size_t reason_characters_max = 200;

/// Which gates an emergency opened and no administrator has released since. What is raised then
/// stays up until ADMIN says so.
class Emergency {
 public:
  explicit Emergency(std::size_t gates) : raised_(gates) {}
  void raise() {
    for (auto& gate : raised_) gate = true;
  }
  [[nodiscard]] bool is_raised(GateIndex gate) const { return raised_[at(gate)]; }
  void release(GateIndex gate) { raised_[at(gate)] = false; }

 private:
  std::vector<std::atomic<bool>> raised_;
};

std::expected<std::string, Response> reason_in(const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto reason = form->text("reason", Need::required, reason_characters_max);
  if (!reason || !form->is_good()) return std::unexpected(form->refusal());
  return std::move(*reason);
}

Parsed parse_move(const Desk& desk, const Call& call, BarrierOrderKind kind, Emergency& emergency) {
  const auto gate = desk.gates.find_gate(call.parameter("gate"));
  if (!gate) return std::unexpected(failure(404, "gate_not_found", "There is no such gate"));
  auto reason = reason_in(call);
  if (!reason) return std::unexpected(std::move(reason.error()));
  if (!desk.gates.lane(*gate).barrier)
    return std::unexpected(failure(400, "no_barrier", "There is no barrier at this gate"));
  // Only opening leaves the arm where the emergency put it.
  if (emergency.is_raised(*gate) && kind != BarrierOrderKind::open) {
    if (call.account().role != store::Role::admin) {
      return std::unexpected(failure(
          403, "forbidden", "After an emergency opening an administrator releases the barriers"));
    }
    emergency.release(*gate);
  }
  return engine::MoveBarrier{.gate = gate, .kind = kind, .reason = std::move(*reason)};
}

Parsed parse_emergency(const Call& call, Emergency& emergency) {
  auto reason = reason_in(call);
  if (!reason) return std::unexpected(std::move(reason.error()));
  emergency.raise();
  return engine::MoveBarrier{
      .gate = {}, .kind = BarrierOrderKind::hold, .reason = std::move(*reason)};
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
  const auto emergency = std::make_shared<Emergency>(desk.gates.lanes().size());
  for (const auto& [word, kind] : moves) {
    routes.push_back({Method::post, std::string("/api/staff/gates/{gate}/") + word + '/',
                      Access::staff,
                      asking(
                          desk,
                          [emergency, kind](const Desk& at, const Call& call) {
                            return parse_move(at, call, kind, *emergency);
                          },
                          barrier_response)});
  }
  const auto open_all = asking(
      desk,
      [emergency](const Desk& /*at*/, const Call& call) {
        return parse_emergency(call, *emergency);
      },
      barrier_response);
  routes.push_back({Method::post, "/api/staff/emergency-open/", Access::staff, open_all});
  routes.push_back({Method::post, "/api/admin/emergency-open/", Access::admin, open_all});
}

}  // namespace gatehouse::api

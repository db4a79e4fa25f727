// What cars, barriers and people bring into the lot of gate_lot.hpp.
#include "edge/domain/invariant.hpp"
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <algorithm>

namespace gatehouse::engine::tests {

void GateLot::put(UrgentEvent event) {
  require(inbox_->put(std::move(event)), "a test's inbox has room");
}

std::string GateLot::put_scan(std::string_view at_gate, const std::string& code, const ScanAs& as) {
  const std::string id = as.id.empty() ? next_id("scan") : as.id;
  put(GateScanned{.gate = gate(at_gate),
                  .kind = ScanKind::scan,
                  .scan_id = id,
                  .code = code,
                  .payment_method = as.method,
                  .vehicle = {},
                  .device_ts = as.device_ts,
                  .received = clock.now()});
  return id;
}

Heard GateLot::scan(std::string_view at_gate, const std::string& code, const ScanAs& as) {
  put_scan(at_gate, code, as);
  turn();
  return newest(at_gate);
}

Heard GateLot::frame(std::string_view at_gate, std::optional<std::string> code) {
  put(GateScanned{.gate = gate(at_gate),
                  .kind = ScanKind::frame,
                  .scan_id = next_id("frame"),
                  .code = std::move(code),
                  .payment_method = {},
                  .vehicle = {},
                  .device_ts = {},
                  .received = clock.now()});
  turn();
  return newest(at_gate);
}

Heard GateLot::press(std::string_view at_gate, std::string_view vehicle, const std::string& id) {
  GateScanned pressed{.gate = gate(at_gate),
                      .kind = ScanKind::press,
                      .scan_id = id.empty() ? next_id("press") : id,
                      .code = {},
                      .payment_method = {},
                      .vehicle = {},
                      .device_ts = {},
                      .received = clock.now()};
  if (!vehicle.empty()) pressed.vehicle = VehicleNumber::parse(vehicle).value();
  put(std::move(pressed));
  turn();
  return newest(at_gate);
}

void GateLot::sensor(std::string_view id, bool occupied) {
  inbox_->put(SlotReported{.slot = slot(id),
                           .reading = {.occupied = occupied},
                           .retained = false,
                           .received = clock.now()});
  turn();
}

void GateLot::sensor_online(std::string_view id, bool online) {
  inbox_->put(
      SensorReported{.slot = slot(id), .online = online, .firmware = {}, .received = clock.now()});
  turn();
}

void GateLot::barrier(std::string_view at_gate, BarrierState state, Loops loops) {
  put(BarrierReported{.barrier = premises_->gates.lane(gate(at_gate)).barrier.value(),
                      .shown = {.state = state,
                                .vehicle_present = loops.vehicle_present,
                                .vehicle_under_arm = loops.vehicle_under_arm,
                                .cycles = {},
                                .has_presence_loop = rules_.with_presence_loops},
                      .at = clock.now()});
  turn();
}

void GateLot::opening(OpeningId id, How how) {
  put(OpeningReported{
      .barrier = newest_open_.value().barrier, .opening = id, .how = how, .at = clock.now()});
  turn();
}

void GateLot::intrusion(std::string_view at_gate, IntrusionReported::Kind kind) {
  put(IntrusionReported{.barrier = premises_->gates.lane(gate(at_gate)).barrier.value(),
                        .kind = kind,
                        .at = clock.now()});
  turn();
}

void GateLot::drive_through() {
  opening(How::seen_open);
  opening(How::passed);
}

int GateLot::openings(std::string_view at_gate) const {
  const auto barrier = premises_->gates.lane(gate(at_gate)).barrier;
  return static_cast<int>(std::ranges::count_if(orders, [&](const BarrierOrder& order) {
    return order.kind == BarrierOrderKind::open && order.barrier == barrier;
  }));
}

std::expected<CallResult, CallRefused> GateLot::ask(decltype(Call::what) what) {
  put(CallMade{std::make_shared<const Call>(Call{.id = ++ids_,
                                                 .actor = {staff_, "staff1", is_administrator},
                                                 .what = std::move(what),
                                                 .received = clock.now()})});
  turn();
  return answers.back()->result;
}

std::string GateLot::ticket(std::string_view zone_id, std::string_view vehicle) {
  const std::string number =
      vehicle.empty() ? "DL01AB" + std::to_string(1000 + ++ids_) : std::string(vehicle);
  const auto issued = ask(IssueTicket{.vehicle = VehicleNumber::parse(number).value(),
                                      .owner_name = "A driver",
                                      .phone_number = {},
                                      .zone = zone(zone_id),
                                      .gate = {}});
  require(issued.has_value(), "the counter has a ticket left");
  return std::get<TicketIssued>(*issued).code;
}

std::expected<CallResult, CallRefused> GateLot::leave(const std::string& code, const LeaveBy& by) {
  Leave asked{.which = ByCode{code},
              .method = by.method,
              .amount = by.amount,
              .tendered = by.tendered,
              .gate = {}};
  if (!by.gate.empty()) asked.gate = gate(by.gate);
  return ask(std::move(asked));
}

std::string GateLot::parked(std::string_view zone_id) {
  const std::string code = ticket(zone_id);
  require(scan("ENTRY_GATE_01", code).answer == "open/entered", "a ticket lets in");
  drive_through();
  barrier("ENTRY_GATE_01", BarrierState::closed);
  return code;
}

}  // namespace gatehouse::engine::tests

#include "edge/api/floor_views.hpp"

#include "edge/engine/gate_payloads.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::uint32_t decisions_shown = 5;

/// By SlotIndex: who holds it.
std::vector<std::optional<store::Session>> holders(const LotPlan& plan, store::Reader& reader) {
  std::vector<std::optional<store::Session>> by_slot(plan.slots().size());
  for (store::Session& session : reader.sessions.open()) {
    if (!holds_slot(session)) continue;
    const SlotIndex slot = *session.slot;
    by_slot[at(slot)] = std::move(session);
  }
  return by_slot;
}

Claim claim_of(const std::optional<store::Session>& holder) {
  if (!holder) return Claim::none;
  return is_inside(holder->state) ? Claim::active : Claim::held;
}

Fields sensor_fields(const store::SlotState& state, SensorState says) {
  const SensorMemory& memory = state.sensor;
  Fields fields;
  fields.text("state", name(says))
      .flag("online", says != SensorState::none_ever && says != SensorState::unknown)
      .time("heard_at", memory.spoke ? std::optional(memory.heard_at) : std::nullopt);
  if (memory.battery_percent) fields.number("battery_percent", *memory.battery_percent);
  if (memory.rssi_dbm) fields.number("rssi_dbm", *memory.rssi_dbm);
  if (!state.firmware.empty()) fields.text("firmware", state.firmware);
  return fields;
}

Fields zone_fields(const ZonePlan& plan, const engine::Availability& now) {
  Fields fields;
  fields.text("zone_id", plan.id.text())
      .text("name", plan.name)
      .flag("is_active", now.active)
      .number("total_slots", now.counts.total())
      .number("available_slots", now.available)
      .number("free", now.counts.of(SlotStatus::free))
      .number("reserved", now.counts.of(SlotStatus::reserved))
      .number("occupied", now.counts.of(SlotStatus::occupied))
      .number("unknown", now.counts.of(SlotStatus::unknown))
      .number("out_of_service", now.counts.of(SlotStatus::out_of_service))
      .tenths("occupancy_percent", now.counts.occupancy_permille());
  return fields;
}

Fields decision_fields(store::Reader& reader, const store::Scan& scan) {
  Fields fields;
  fields.text("scan_id", scan.scan_id)
      .text("kind", store::name(scan.source))
      .time("received_at", scan.received_at)
      .text_or_null("session_id", scan.session ? reader.lists.id_of(*scan.session) : "")
      .text_or_null("decision", scan.answer ? name(scan.answer->decision) : "")
      .text_or_null("reason", scan.answer ? name(scan.answer->reason) : "");
  return fields;
}

/// Whoever stands there now: the newest scan, when it was told to pay or to wait, not long ago.
std::string waiting_session(const ReadingRoom& room, store::Reader& reader,
                            const std::optional<store::Scan>& newest, Instant now) {
  if (!newest || !newest->session || !newest->answer) return "null";
  const bool waits = newest->answer->decision == DecisionKind::pay ||
                     newest->answer->decision == DecisionKind::wait;
  if (!waits || now - newest->received_at > room.premises.gate_rules.pay_wait) return "null";
  auto session = reader.sessions.find(*newest->session);
  if (!session || !is_open(*session)) return "null";
  const SessionSeen seen = look_at(reader, room.premises, std::move(*session), now);
  return session_fields(room.premises.plan, seen, Viewer::staff).json();
}

std::string_view name(LaneDirection direction) {
  switch (direction) {
    case LaneDirection::entry:
      return "entry";
    case LaneDirection::exit:
      return "exit";
    case LaneDirection::both:
      return "both";
  }
  return "";
}

std::string barrier_of(const ReadingRoom& room, GateIndex gate) {
  const GatePlan& gates = room.premises.gates;
  const auto barrier = gates.lane(gate).barrier;
  if (!barrier) return "null";
  const engine::BarrierShown shown = room.gates.barrier(gate);
  Fields fields;
  fields.text("barrier", gates.barrier(*barrier).text())
      .text("state", engine::name(shown.state))
      .flag("vehicle_present", shown.vehicle_present)
      .flag("vehicle_under_arm", shown.vehicle_under_arm)
      .flag("has_presence_loop", shown.has_presence_loop);
  if (shown.cycles) fields.number("cycles", *shown.cycles);
  return fields.json();
}

Fields gate_fields(const ReadingRoom& room, store::Reader& reader, GateIndex gate, Instant now) {
  const LanePlan& lane = room.premises.gates.lane(gate);
  std::vector<std::string> zones;
  for (const ZoneIndex zone : lane.zones)
    zones.push_back(json_text(room.premises.plan.zone(zone).id.text()));
  std::vector<Fields> decisions;
  std::optional<store::Scan> newest;
  for (const store::ScanKey key : reader.lists.newest_at(lane.id.text(), decisions_shown)) {
    const auto scan = reader.scans.find(key);
    if (!scan) continue;
    decisions.push_back(decision_fields(reader, *scan));
    if (!newest) newest = scan;
  }
  Fields fields;
  fields.text("gate", lane.id.text())
      .text("direction", name(lane.direction))
      .nested("zones", json_array(zones))
      .nested("barrier", barrier_of(room, gate))
      .nested("waiting_session", waiting_session(room, reader, newest, now))
      .nested("decisions", json_array(decisions));
  return fields;
}

}  // namespace

std::string_view name(SensorState state) {
  switch (state) {
    case SensorState::none_ever:
      return "none";
    case SensorState::free:
      return "free";
    case SensorState::occupied:
      return "occupied";
    case SensorState::unknown:
      return "unknown";
  }
  return "";
}

SensorState sensor_now(const SensorMemory& memory, Instant now,
                       std::chrono::milliseconds stale_after) {
  return sensor_state(memory, now - memory.heard_at > stale_after);
}

std::string_view discrepancy(SensorState sensor, Claim claim, bool has_arrived) {
  const bool is_taken = sensor == SensorState::occupied;
  if (is_taken && claim == Claim::none) return "car_without_session";
  if (is_taken && claim == Claim::held) return "taken_before_entry";
  if (sensor == SensorState::free && claim == Claim::active && has_arrived)
    return "session_without_car";
  return {};
}

Response slots_response(const ReadingRoom& room, store::Reader& reader, const std::string& zone) {
  const LotPlan& plan = room.premises.plan;
  const Instant now = room.clock.now().utc;
  const engine::LotView::Snapshot shown = room.view.snapshot();
  const auto states = reader.slots.load(now);
  const auto held = holders(plan, reader);
  // In a lot without lanes cars come without sessions, and none of them is out of place.
  const bool sessions_tell = !room.premises.gates.lanes().empty();
  std::int64_t discrepancies = 0;
  std::vector<Fields> slots;
  for (std::size_t i = 0; i < plan.slots().size(); ++i) {
    const SlotPlan& slot = plan.slots()[i];
    if (!zone.empty() && plan.zone(slot.zone).id.text() != zone) continue;
    const auto& holder = held[i];
    const SensorState says = sensor_now(states[i].sensor, now, room.about.stale_after);
    const std::string_view wrong =
        sessions_tell
            ? discrepancy(says, claim_of(holder), holder && holder->arrived_in_slot_at.has_value())
            : std::string_view();
    if (!wrong.empty()) ++discrepancies;
    Fields fields;
    fields.text("slot_number", slot.id.text())
        .text("zone_id", plan.zone(slot.zone).id.text())
        .text("status", gatehouse::name(shown.slots[i].status))
        .time("since", shown.slots[i].since)
        .text_or_null("session_id", holder ? holder->id : "")
        .text_or_null("vehicle_number", holder && holder->vehicle ? holder->vehicle->text() : "")
        .nested("sensor", sensor_fields(states[i], says).json())
        .text_or_null("discrepancy", wrong);
    slots.push_back(std::move(fields));
  }
  std::vector<Fields> zones;
  for (std::size_t i = 0; i < plan.zones().size(); ++i) {
    if (zone.empty() || plan.zones()[i].id.text() == zone)
      zones.push_back(zone_fields(plan.zones()[i], shown.zones[i]));
  }
  Fields data;
  data.nested("zones", json_array(zones))
      .nested("slots", json_array(slots))
      .number("discrepancies", discrepancies);
  return success(std::to_string(slots.size()) + " slots", data.json());
}

Response gates_response(const ReadingRoom& room, store::Reader& reader) {
  const Instant now = room.clock.now().utc;
  std::vector<Fields> gates;
  for (std::size_t i = 0; i < room.premises.gates.lanes().size(); ++i)
    gates.push_back(gate_fields(room, reader, GateIndex(static_cast<std::uint32_t>(i)), now));
  Fields data;
  data.nested("gates", json_array(gates));
  return success(std::to_string(gates.size()) + " gates", data.json());
}

}  // namespace gatehouse::api

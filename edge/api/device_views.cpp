#include "edge/api/device_views.hpp"

#include "edge/api/floor_views.hpp"
#include "edge/domain/words.hpp"
#include "edge/engine/gate_payloads.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

constexpr Words<2> kind_names = {"sensor", "barrier"};
constexpr Words<6> state_names = {"ok", "low_battery", "fault", "offline", "silent", "never"};

constexpr int battery_low_percent = 20;

struct Device {
  DeviceKind kind = DeviceKind::sensor;
  DeviceState state = DeviceState::ok;
  std::string zone;  // of a sensor
  Fields fields;
};

DeviceState state_of(const SensorMemory& memory, Instant now,
                     std::chrono::milliseconds stale_after) {
  if (memory.offline) return DeviceState::offline;
  if (!memory.spoke) return DeviceState::never;
  if (now - memory.heard_at > stale_after) return DeviceState::silent;
  if (memory.battery_percent && *memory.battery_percent <= battery_low_percent)
    return DeviceState::low_battery;
  return DeviceState::ok;
}

DeviceState state_of(const engine::BarrierShown& barrier) {
  if (barrier.state == engine::BarrierState::unreachable) return DeviceState::offline;
  if (barrier.state == engine::BarrierState::fault) return DeviceState::fault;
  return DeviceState::ok;
}

Fields base_fields(std::string_view id, DeviceKind kind, std::string_view place,
                   DeviceState state) {
  Fields fields;
  fields.text("device", id)
      .text("kind", word_of(kind_names, kind))
      .text("place", place)
      .text("state", name(state));
  return fields;
}

Device sensor_device(const SlotPlan& slot, const std::string& zone, const store::SlotState& known,
                     DeviceState state) {
  const SensorMemory& memory = known.sensor;
  const auto number = [](Fields& fields, std::string_view name, const auto& value) {
    if (value) fields.number(name, *value);
    if (!value) fields.null(name);
  };
  Device device{DeviceKind::sensor, state, zone,
                base_fields(slot.id.text(), DeviceKind::sensor, zone, state)};
  device.fields.time("heard_at", memory.spoke ? std::optional(memory.heard_at) : std::nullopt)
      .time("device_ts", memory.ts);
  number(device.fields, "battery_percent", memory.battery_percent);
  number(device.fields, "rssi_dbm", memory.rssi_dbm);
  device.fields.text("firmware", known.firmware).null("barrier_state").null("cycles");
  return device;
}

Device barrier_device(const ReadingRoom& room, GateIndex gate, BarrierIndex barrier) {
  const engine::BarrierShown shown = room.gates.barrier(gate);
  const DeviceState state = state_of(shown);
  const GatePlan& gates = room.premises.gates;
  Device device{DeviceKind::barrier, state, "",
                base_fields(gates.barrier(barrier).text(), DeviceKind::barrier,
                            gates.lane(gate).id.text(), state)};
  device.fields.null("heard_at")
      .null("device_ts")
      .null("battery_percent")
      .null("rssi_dbm")
      .text("firmware", "")
      .text("barrier_state", engine::name(shown.state));
  if (shown.cycles) device.fields.number("cycles", *shown.cycles);
  if (!shown.cycles) device.fields.null("cycles");
  return device;
}

bool is_wanted(const DeviceFilter& filter, DeviceKind kind, DeviceState state,
               const std::string& zone) {
  return (!filter.kind || *filter.kind == kind) && (!filter.state || *filter.state == state) &&
         (filter.zone.empty() || filter.zone == zone);
}

}  // namespace

std::string_view name(DeviceState state) { return word_of(state_names, state); }
std::optional<DeviceKind> parse_device_kind(std::string_view text) {
  return read_word<DeviceKind>(kind_names, text);
}
std::optional<DeviceState> parse_device_state(std::string_view text) {
  return read_word<DeviceState>(state_names, text);
}

DeviceCounts count_devices(const ReadingRoom& room, store::Reader& reader) {
  const Instant now = room.clock.now().utc;
  DeviceCounts counts{};
  const auto count = [&](DeviceState state) { ++counts.at(std::to_underlying(state)); };
  for (const store::SlotState& slot : reader.slots.load(now))
    count(state_of(slot.sensor, now, room.about.stale_after));
  const auto& lanes = room.premises.gates.lanes();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    if (lanes[i].barrier)
      count(state_of(room.gates.barrier(GateIndex(static_cast<std::uint32_t>(i)))));
  }
  return counts;
}

Listed page_of_devices(const ReadingRoom& room, store::Reader& reader, const DeviceFilter& filter,
                       const Paging& paging) {
  const LotPlan& plan = room.premises.plan;
  const Instant now = room.clock.now().utc;
  const store::Page page = paging.rows();
  Listed listed{.plural = "devices"};
  const auto offer = [&](const auto& make) {
    const std::uint64_t place = listed.total++;
    if (place >= page.skipped && place < page.skipped + page.rows)
      listed.rows.push_back(make().fields);
  };
  const auto states = reader.slots.load(now);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const SlotPlan& slot = plan.slots()[i];
    const std::string& zone = plan.zone(slot.zone).id.text();
    const DeviceState state = state_of(states[i].sensor, now, room.about.stale_after);
    if (is_wanted(filter, DeviceKind::sensor, state, zone))
      offer([&] { return sensor_device(slot, zone, states[i], state); });
  }
  const auto& lanes = room.premises.gates.lanes();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    if (!lanes[i].barrier) continue;
    const DeviceState state = state_of(room.gates.barrier(gate));
    if (is_wanted(filter, DeviceKind::barrier, state, ""))
      offer([&] { return barrier_device(room, gate, *lanes[i].barrier); });
  }
  listed.empty = base_fields("", DeviceKind::sensor, "", DeviceState::ok);
  return listed;
}

Fields alert_fields(const store::Alert& alert) {
  Fields fields;
  fields.text("id", alert.id)
      .text("kind", alert.kind)
      .text("severity", store::name(alert.severity))
      .text("subject", alert.subject)
      .text("message", alert.message)
      .time("ts", alert.cleared_at.value_or(alert.raised_at))
      .flag("cleared", alert.cleared_at.has_value())
      .time("raised_at", alert.raised_at)
      .time("cleared_at", alert.cleared_at);
  return fields;
}

}  // namespace gatehouse::api

#include "edge/gateway/intake.hpp"

#include "edge/domain/limits.hpp"

#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace gatehouse::gateway {

using broker::TopicKind;
using devices::Rejection;

Intake::Intake(const LotPlan& plan, const GatePlan& gates, const broker::Topics& topics,
               engine::Inbox& inbox, const engine::Clock& clock, broker::LotPublisher& publisher,
               broker::Pump& pump)
    : plan_(plan),
      gates_(gates),
      topics_(topics),
      inbox_(inbox),
      clock_(clock),
      publisher_(publisher),
      pump_(pump),
      rejections_log_(clock) {}

void Intake::use_profiles(std::vector<devices::ProfileReader> profiles) {
  const std::scoped_lock lock(profiles_mutex_);
  profiles_ = std::move(profiles);
}

std::vector<broker::Subscription> Intake::subscriptions() const {
  // An act that was published to be kept comes again with every connection: it is none.
  const auto act = [this](TopicKind kind) {
    return broker::Subscription{.filter = topics_.filter(kind), .tells_retained = true};
  };
  // A retained status must be known before the retained state that it makes count again.
  std::vector<broker::Subscription> all = {{topics_.filter(TopicKind::device_status)},
                                           {topics_.filter(TopicKind::slot_state)},
                                           act(TopicKind::gate_scan),
                                           act(TopicKind::gate_button),
                                           act(TopicKind::gate_frame)};
  for (const std::string& filter : topics_.retained_filters()) all.push_back({filter});
  const std::scoped_lock lock(profiles_mutex_);
  for (const auto& profile : profiles_) all.push_back({profile.subscription()});
  return all;
}

void Intake::received(std::string_view topic, std::string_view payload, bool retained,
                      std::span<const broker::UserProperty> properties) noexcept {
  received_.fetch_add(1, std::memory_order_relaxed);
  const auto parsed = topics_.parse(topic);
  if (parsed && broker::is_from_gateway(parsed->kind)) {
    if (!payload.empty()) publisher_.on_own_topic(*parsed);
    return;
  }
  const Outcome outcome = parsed ? take(*parsed, payload, retained, properties)
                                 : take_profiled(topic, payload, retained);
  if (!outcome) reject(outcome.error(), topic);
}

Intake::Outcome Intake::take(const broker::ParsedTopic& topic, std::string_view payload,
                             bool retained, Properties properties) {
  const bool is_json = topic.kind != TopicKind::gate_frame;
  if (is_json && payload.size() > limits::json_bytes_max)
    return std::unexpected(Rejection::oversize);
  switch (topic.kind) {
    case TopicKind::slot_state:
      return take_state(topic.name, payload, retained);
    case TopicKind::device_status:
      return take_status(topic.name, payload);
    case TopicKind::gate_scan:
    case TopicKind::gate_button:
    case TopicKind::gate_frame:
      return take_at_gate(topic, payload, retained, properties);
    case TopicKind::gateway_status:
    case TopicKind::lot_availability:
    case TopicKind::zone_availability:
    case TopicKind::slot_status:
    case TopicKind::gate_decision:
    case TopicKind::gate_barrier:
    case TopicKind::event:
    case TopicKind::alert:
      break;
  }
  return std::unexpected(Rejection::unknown_topic);
}

Intake::Outcome Intake::take_state(std::string_view slot, std::string_view payload, bool retained) {
  const auto index = plan_.find_slot(slot);
  if (!index) return std::unexpected(Rejection::unknown_slot);
  const auto reading = sensors_.read_state(payload, {slot, plan_.lot().text()});
  if (!reading) return std::unexpected(reading.error());
  inbox_.put(engine::SlotReported{
      .slot = *index, .reading = *reading, .retained = retained, .received = clock_.now()});
  return {};
}

Intake::Outcome Intake::take_at_gate(const broker::ParsedTopic& topic, std::string_view payload,
                                     bool retained, Properties properties) {
  const auto gate = gates_.find_gate(topic.name);
  if (!gate) return std::unexpected(Rejection::unknown_gate);
  // A scan is an act, not a state: one out of the broker's memory is nobody's.
  if (retained) return std::unexpected(Rejection::retained_command);
  if (topic.kind == TopicKind::gate_frame) return take_frame(*gate, payload, properties);
  if (topic.kind == TopicKind::gate_button) return take_press(*gate, topic.name, payload);
  return take_scan(*gate, topic.name, payload);
}

Intake::Outcome Intake::take_scan(GateIndex gate, std::string_view name, std::string_view payload) {
  auto scan = gate_messages_.read_scan(payload, {name, plan_.lot().text()});
  if (!scan) return std::unexpected(scan.error());
  put({.gate = gate,
       .kind = engine::ScanKind::scan,
       .scan_id = std::move(scan->scan_id),
       .code = std::move(scan->code),
       .payment_method = scan->payment_method,
       .vehicle = {},
       .device_ts = scan->ts,
       .received = clock_.now()});
  return {};
}

Intake::Outcome Intake::take_press(GateIndex gate, std::string_view name,
                                   std::string_view payload) {
  auto press = gate_messages_.read_press(payload, {name, plan_.lot().text()});
  if (!press) return std::unexpected(press.error());
  put({.gate = gate,
       .kind = engine::ScanKind::press,
       .scan_id = std::move(press->press_id),
       .code = {},
       .payment_method = {},
       .vehicle = std::move(press->vehicle),
       .device_ts = press->ts,
       .received = clock_.now()});
  return {};
}

Intake::Outcome Intake::take_frame(GateIndex gate, std::string_view payload,
                                   Properties properties) {
  if (payload.empty()) return std::unexpected(Rejection::empty);
  if (payload.size() > devices::image_bytes_max) return std::unexpected(Rejection::oversize);
  devices::Frame frame{.gate = gate,
                       .bytes = std::string(payload),
                       .scan_id = {},
                       .ts = {},
                       .received = clock_.now()};
  for (const broker::UserProperty& property : properties) {
    if (property.name == "scan_id") {
      if (!devices::is_scan_id(property.value)) return std::unexpected(Rejection::wrong_type);
      frame.scan_id = property.value;
    } else if (property.name == "ts") {
      frame.ts = parse_rfc3339(property.value);
      if (!frame.ts) return std::unexpected(Rejection::bad_time);
    }
  }
  // A pool that is full counts it; the reader comes again.
  if (frames_ != nullptr) static_cast<void>(frames_->offer(std::move(frame)));
  return {};
}

void Intake::put(engine::GateScanned scanned) {
  // A full lane drops and counts it; the reader comes again.
  static_cast<void>(inbox_.put(engine::UrgentEvent(std::move(scanned))));
}

Intake::Outcome Intake::take_status(std::string_view device, std::string_view payload) {
  const auto index = plan_.find_slot(device);
  const auto gate = gates_.find_gate(device);
  if (!index && !gate) return std::unexpected(Rejection::unknown_slot);
  auto status = sensors_.read_status(payload, {device, plan_.lot().text()});
  if (!status) return std::unexpected(status.error());
  if (gate) {
    static_cast<void>(inbox_.put(engine::UrgentEvent(engine::ReaderReported{
        .gate = *gate, .online = status->online, .received = clock_.now()})));
    return {};
  }
  inbox_.put(engine::SensorReported{.slot = *index,
                                    .online = status->online,
                                    .firmware = std::move(status->firmware),
                                    .received = clock_.now()});
  return {};
}

Intake::Outcome Intake::take_profiled(std::string_view topic, std::string_view payload,
                                      bool retained) {
  if (payload.size() > limits::json_bytes_max) return std::unexpected(Rejection::oversize);
  const std::scoped_lock lock(profiles_mutex_);
  for (devices::ProfileReader& profile : profiles_) {
    const auto device = profile.match(topic);
    if (!device) continue;
    const auto slot = plan_.find_slot(profile.slot_name(*device));
    if (!slot) return std::unexpected(Rejection::unknown_slot);
    const auto reading = profile.read(payload);
    if (!reading) return std::unexpected(reading.error());
    inbox_.put(engine::SlotReported{
        .slot = *slot, .reading = *reading, .retained = retained, .received = clock_.now()});
    return {};
  }
  return std::unexpected(Rejection::unknown_topic);
}

void Intake::reject(Rejection reason, std::string_view topic) {
  rejected_[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  // Logging a topic that anyone may choose: its beginning is enough, and the limiter bounds the
  // rest.
  constexpr std::size_t topic_characters_max = 128;
  const std::string_view shown = topic.substr(0, topic_characters_max);
  const auto held_back = rejections_log_.admit(fmt::format("{} {}", devices::name(reason), shown));
  if (!held_back) return;
  spdlog::warn("dropped a message on {}: {} ({} more since the last time)", shown,
               devices::describe(reason), *held_back);
}

void Intake::collect(std::vector<engine::Sample>& samples) const {
  using enum engine::Sample::Kind;
  samples.push_back({"gatehouse_mqtt_received_total",
                     "Messages from the lot's broker",
                     counter,
                     static_cast<double>(received_.load(std::memory_order_relaxed)),
                     {}});
  for (std::size_t i = 0; i < rejected_.size(); ++i) {
    samples.push_back({"gatehouse_mqtt_rejected_total",
                       "Messages dropped because they could not be used",
                       counter,
                       static_cast<double>(rejected_[i].load(std::memory_order_relaxed)),
                       {{"reason", std::string(devices::name(Rejection(i)))}}});
  }
}

}  // namespace gatehouse::gateway

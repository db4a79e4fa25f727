// What the lot's MQTT says, turned into events: topic → slot, payload → reading, into the inbox.
//
// Sensors' payloads are decoded right here, on the broker's thread: it costs less than copying
// them, never waits, and the inbox holds small values only. A message that cannot be used is
// counted by reason and logged once a minute and device; nothing else changes
// (docs/contract/mqtt.md).
//
// The link calls; use_profiles() and collect() from any thread.
#pragma once

#include "broker/link.hpp"
#include "broker/lot_publisher.hpp"
#include "broker/pump.hpp"
#include "broker/topics.hpp"
#include "devices/readers/frame_pool.hpp"
#include "devices/readers/messages.hpp"
#include "devices/sensors/native.hpp"
#include "devices/sensors/profile_reader.hpp"
#include "devices/sensors/rejection.hpp"
#include "edge/domain/gates.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/engine/ports.hpp"
#include "edge/gateway/log.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace gatehouse::gateway {

class Intake final : public broker::LinkListener, public engine::MetricsSource {
 public:
  /// All that is referred to outlives the intake.
  Intake(const LotPlan& plan, const GatePlan& gates, const broker::Topics& topics,
         engine::Inbox& inbox, const engine::Clock& clock, broker::LotPublisher& publisher,
         broker::Pump& pump);
  /// Where camera frames are read; before the link starts.
  void use(devices::FramePool& frames) { frames_ = &frames; }

  /// Other makers' formats, instead of those before.
  void use_profiles(std::vector<devices::ProfileReader> profiles);
  /// What to subscribe to, in this order: statuses of devices before states of slots.
  [[nodiscard]] std::vector<broker::Subscription> subscriptions() const;

  void connected() noexcept override { pump_.on_connected(); }
  void disconnected() noexcept override { pump_.on_disconnected(); }
  void received(std::string_view topic, std::string_view payload, bool retained,
                std::span<const broker::UserProperty> properties) noexcept override;
  void window_open() noexcept override { pump_.run(); }

  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  using Outcome = std::expected<void, devices::Rejection>;
  using Properties = std::span<const broker::UserProperty>;
  Outcome take(const broker::ParsedTopic& topic, std::string_view payload, bool retained,
               Properties properties);
  Outcome take_state(std::string_view slot, std::string_view payload, bool retained);
  Outcome take_status(std::string_view device, std::string_view payload);
  Outcome take_at_gate(const broker::ParsedTopic& topic, std::string_view payload, bool retained,
                       Properties properties);
  Outcome take_scan(GateIndex gate, std::string_view name, std::string_view payload);
  Outcome take_press(GateIndex gate, std::string_view name, std::string_view payload);
  Outcome take_frame(GateIndex gate, std::string_view payload, Properties properties);
  void put(engine::GateScanned scanned);
  Outcome take_profiled(std::string_view topic, std::string_view payload, bool retained);
  void reject(devices::Rejection reason, std::string_view topic);

  const LotPlan& plan_;
  const GatePlan& gates_;
  const broker::Topics& topics_;
  engine::Inbox& inbox_;
  const engine::Clock& clock_;
  broker::LotPublisher& publisher_;
  broker::Pump& pump_;
  devices::FramePool* frames_ = nullptr;
  devices::SensorReader sensors_;      // the link's message thread only
  devices::GateReader gate_messages_;  // the link's message thread only
  LogLimiter rejections_log_;

  mutable std::mutex profiles_mutex_;
  std::vector<devices::ProfileReader> profiles_;  // protected by profiles_mutex_

  std::atomic<std::uint64_t> received_{0};
  std::array<std::atomic<std::uint64_t>, devices::rejection_count> rejected_{};
};

}  // namespace gatehouse::gateway

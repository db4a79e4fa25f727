// Tells gates what was decided, shows their barriers, and publishes alerts.
//
// Decisions and alerts are messages, not states: each goes out once, in order. While the broker is
// away a first answer is forgotten (its reader asks again; docs/contract/mqtt.md, "Retries"); a
// later one waits for a minute, and alerts wait until it is back. A barrier's state is retained:
// the newest, and all of them after a (re)connect.
//
// act() on the engine's thread; the pump's threads call the rest. It never waits.
#pragma once

#include "broker/pump.hpp"
#include "broker/topics.hpp"
#include "edge/domain/gates.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace gatehouse::broker {

class GatePublisher final : public engine::Outside, public Source, public engine::MetricsSource {
 public:
  GatePublisher(const GatePlan& gates, const Topics& topics, const engine::Clock& clock);

  /// Once, before the link starts.
  void use(Pump& pump) { pump_ = &pump; }

  void act(const store::Committed<engine::Effects>& effects) override;

  void connected() override;
  void disconnected() override;
  std::optional<Message> next() override;

  /// Any thread.
  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  struct Waiting {
    Message message;
    bool is_asked_for_again = false;
    Steady expires = Steady::max();  // not said any more to a broker that comes back after it
  };
  void add(Waiting message);

  const GatePlan& gates_;
  const Topics& topics_;
  const engine::Clock& clock_;
  Pump* pump_ = nullptr;

  std::mutex mutex_;
  // Protected by mutex_.
  bool connected_ = false;
  std::deque<Waiting> messages_;
  std::vector<std::optional<engine::BarrierShown>> barriers_;  // by GateIndex
  std::vector<bool> barrier_waits_;                            // by GateIndex

  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace gatehouse::broker

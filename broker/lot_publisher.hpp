// Shows the lot on MQTT: availability, slots' statuses and the gateway's own, retained.
//
// Told what changed after each commit; sends the newest value of each topic when the link has
// room, availability before slots, so that under load a state in between is left out and never
// queued. After a (re)connect everything is shown anew, and retained topics of slots, zones and
// gates that no longer exist are cleared (docs/contract/mqtt.md).
//
// act() on the engine's thread; the link's and the pump's threads call the rest. It never waits.
#pragma once

#include "broker/pump.hpp"
#include "broker/topics.hpp"
#include "edge/domain/gates.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/engine/ports.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::broker {

/// Who this process is, on `…/gateway/status`.
struct Identity {
  std::string instance;  // made at each start
  std::string version;
  Instant started{};
};

/// The payload of `…/gateway/status`; also the last will and the farewell.
std::string gateway_status_json(const Identity& identity, bool online, Instant now);

class LotPublisher final : public engine::Outside, public Source {
 public:
  LotPublisher(const engine::LotView& view, const GatePlan& gates, const Topics& topics,
               Identity identity, const engine::Clock& clock);

  /// Once, before the link starts.
  void use(Pump& pump) { pump_ = &pump; }

  void act(const store::Committed<engine::Effects>& effects) override;

  void connected() override;
  void disconnected() override;
  std::optional<Message> next() override;

  /// A retained message on a topic that the gateway owns: cleared when its thing is gone.
  void on_own_topic(const ParsedTopic& topic);

 private:
  /// Things that wait to be shown: each at most once, in the order they changed.
  class Queue {
   public:
    explicit Queue(std::size_t things) : waits_(things, false) {}
    void add(std::size_t thing);
    std::optional<std::size_t> take();
    void clear();

   private:
    std::vector<bool> waits_;
    std::deque<std::size_t> order_;
  };
  enum class What : std::uint8_t { birth, clearing, zone, lot, slot };
  struct Next {
    What what;
    std::size_t thing = 0;
    std::string topic;  // of a clearing
  };

  std::optional<Next> take_next();
  [[nodiscard]] Message compose(const Next& next) const;
  [[nodiscard]] bool is_gone(const ParsedTopic& topic) const;

  const engine::LotView& view_;
  const GatePlan& gates_;
  const Topics& topics_;
  const Identity identity_;
  const engine::Clock& clock_;
  Pump* pump_ = nullptr;

  std::mutex mutex_;
  // Protected by mutex_.
  bool connected_ = false;
  bool birth_waits_ = false;
  bool lot_waits_ = false;
  std::deque<std::string> clearings_;
  Queue zones_;
  Queue slots_;
};

}  // namespace gatehouse::broker

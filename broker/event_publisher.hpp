// Publishes the lot's events from the outbox: in order, at least once, none left out
// (docs/contract/mqtt.md, "Events").
//
// Asks the engine for the rows after those that the broker surely has, and hands them on when
// nothing more urgent waits. A row counts as taken once so many later ones were handed over that
// the link's window cannot hold it any more: after a crash a few come twice.
//
// act() on the engine's thread; the pump's threads call the rest. It never waits.
#pragma once

#include "broker/pump.hpp"
#include "broker/topics.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/engine/ports.hpp"
#include "edge/store/outbox.hpp"

#include <deque>
#include <mutex>
#include <optional>

namespace gatehouse::broker {

class EventPublisher final : public engine::Outside, public Source {
 public:
  EventPublisher(const LotId& lot, const Topics& topics, engine::Inbox& inbox);

  /// Once, before the link starts.
  void use(Pump& pump) { pump_ = &pump; }

  void act(const store::Committed<engine::Effects>& effects) override;

  void connected() override;
  void disconnected() override;
  std::optional<Message> next() override;

 private:
  void take(const engine::EventsHandedOut& events);
  void pass_over_what_is_for_the_cloud();
  void ask();

  const LotId& lot_;
  const Topics& topics_;
  engine::Inbox& inbox_;
  Pump* pump_ = nullptr;

  std::mutex mutex_;
  // Protected by mutex_.
  bool connected_ = false;
  bool asked_ = false;  // and not answered yet
  bool there_is_more_ = false;
  std::deque<store::StoredOutboxRow> rows_;
  std::deque<store::OutboxPlace> in_the_window_;  // handed over, perhaps not taken yet
  std::optional<store::OutboxPlace> taken_;
  std::optional<store::OutboxPlace> handed_over_;
};

}  // namespace gatehouse::broker

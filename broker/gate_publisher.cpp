#include "broker/gate_publisher.hpp"

#include "edge/engine/gate_payloads.hpp"

#include <chrono>
#include <utility>

namespace gatehouse::broker {
namespace {

// More than the gates of a lot can say while a broker takes a breath. Beyond, the oldest goes: its
// reader asks again.
constexpr std::size_t messages_max = 4'096;
// A lane's display must not show what was decided about a car of long ago.
constexpr std::chrono::seconds decision_lasts{60};

}  // namespace

GatePublisher::GatePublisher(const GatePlan& gates, const Topics& topics,
                             const engine::Clock& clock)
    : gates_(gates),
      topics_(topics),
      clock_(clock),
      barriers_(gates.lanes().size()),
      barrier_waits_(gates.lanes().size(), false) {}

void GatePublisher::act(const store::Committed<engine::Effects>& effects) {
  if (effects->decisions.empty() && effects->barriers.empty() && effects->alerts.empty()) return;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& change : effects->barriers) {
      barriers_[at(change.gate)] = change.shown;
      barrier_waits_[at(change.gate)] = true;
    }
    for (const auto& decision : effects->decisions) {
      add({.message = {topics_.gate_decision(gates_.lane(decision.gate).id), decision.payload,
                       false},
           .is_asked_for_again = !decision.is_later,
           .expires = clock_.now().steady + decision_lasts});
    }
    for (const auto& alert : effects->alerts)
      add({.message = {topics_.alert(alert.kind), alert.payload, false}});
  }
  pump_->run();
}

void GatePublisher::add(Waiting message) {
  if (!connected_ && message.is_asked_for_again) return;
  if (messages_.size() >= messages_max) {
    messages_.pop_front();
    dropped_.fetch_add(1, std::memory_order_relaxed);
  }
  messages_.push_back(std::move(message));
}

void GatePublisher::connected() {
  const std::scoped_lock lock(mutex_);
  connected_ = true;
  const Steady now = clock_.now().steady;
  std::erase_if(messages_, [now](const Waiting& each) { return each.expires <= now; });
  for (std::size_t i = 0; i < barriers_.size(); ++i) barrier_waits_[i] = barriers_[i].has_value();
}

void GatePublisher::disconnected() {
  const std::scoped_lock lock(mutex_);
  connected_ = false;
  std::erase_if(messages_, [](const Waiting& each) { return each.is_asked_for_again; });
}

std::optional<Message> GatePublisher::next() {
  const std::scoped_lock lock(mutex_);
  if (!connected_) return std::nullopt;
  if (!messages_.empty()) {
    Message message = std::move(messages_.front().message);
    messages_.pop_front();
    return message;
  }
  for (std::size_t i = 0; i < barrier_waits_.size(); ++i) {
    if (!barrier_waits_[i]) continue;
    barrier_waits_[i] = false;
    const LanePlan& lane = gates_.lanes()[i];
    return Message{topics_.gate_barrier(lane.id),
                   engine::barrier_json(gates_.barrier(*lane.barrier).text(), *barriers_[i],
                                        clock_.now().utc)};
  }
  return std::nullopt;
}

void GatePublisher::collect(std::vector<engine::Sample>& samples) const {
  samples.push_back({"gatehouse_decisions_dropped_total",
                     "Decisions and alerts dropped because the broker did not take them in time",
                     engine::Sample::Kind::counter,
                     static_cast<double>(dropped_.load(std::memory_order_relaxed)),
                     {}});
}

}  // namespace gatehouse::broker

#include "broker/lot_publisher.hpp"

#include "edge/engine/payloads.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::broker {
namespace {

// Retained leftovers of a plan that shrank by more than this are cleared over several connects.
constexpr std::size_t clearings_max = 100'000;

}  // namespace

std::string gateway_status_json(const Identity& identity, bool online, Instant now) {
  return fmt::format(R"({{"online":{},"instance":"{}","version":"{}","started":"{}","ts":"{}"}})",
                     online, identity.instance, identity.version, format_rfc3339(identity.started),
                     format_rfc3339(now));
}

void LotPublisher::Queue::add(std::size_t thing) {
  if (waits_[thing]) return;
  waits_[thing] = true;
  order_.push_back(thing);
}

std::optional<std::size_t> LotPublisher::Queue::take() {
  if (order_.empty()) return std::nullopt;
  const std::size_t thing = order_.front();
  order_.pop_front();
  waits_[thing] = false;
  return thing;
}

void LotPublisher::Queue::clear() {
  waits_.assign(waits_.size(), false);
  order_.clear();
}

LotPublisher::LotPublisher(const engine::LotView& view, const GatePlan& gates, const Topics& topics,
                           Identity identity, const engine::Clock& clock)
    : view_(view),
      gates_(gates),
      topics_(topics),
      identity_(std::move(identity)),
      clock_(clock),
      zones_(view.plan().zones().size()),
      slots_(view.plan().slots().size()) {}

void LotPublisher::act(const store::Committed<engine::Effects>& effects) {
  {
    const std::scoped_lock lock(mutex_);
    // While the broker is away nothing is noted: connecting shows everything.
    if (!connected_) return;
    for (const auto& change : effects->zones) zones_.add(at(change.zone));
    if (effects->lot) lot_waits_ = true;
    for (const auto& change : effects->slots) slots_.add(at(change.slot));
  }
  pump_->run();
}

void LotPublisher::connected() {
  const std::scoped_lock lock(mutex_);
  connected_ = true;
  birth_waits_ = true;
  lot_waits_ = true;
  for (std::size_t i = 0; i < view_.plan().zones().size(); ++i) zones_.add(i);
  for (std::size_t i = 0; i < view_.plan().slots().size(); ++i) slots_.add(i);
}

void LotPublisher::disconnected() {
  const std::scoped_lock lock(mutex_);
  connected_ = false;
  birth_waits_ = false;
  lot_waits_ = false;
  clearings_.clear();
  zones_.clear();
  slots_.clear();
}

void LotPublisher::on_own_topic(const ParsedTopic& topic) {
  if (!is_gone(topic)) return;
  {
    const std::scoped_lock lock(mutex_);
    if (clearings_.size() >= clearings_max) return;
    clearings_.push_back(topics_.spell(topic.kind, topic.name));
  }
  pump_->run();
}

std::optional<Message> LotPublisher::next() {
  const auto next = take_next();
  if (!next) return std::nullopt;
  return compose(*next);
}

std::optional<LotPublisher::Next> LotPublisher::take_next() {
  const std::scoped_lock lock(mutex_);
  if (!connected_) return std::nullopt;
  if (std::exchange(birth_waits_, false)) return Next{What::birth};
  if (!clearings_.empty()) {
    Next next{What::clearing, 0, std::move(clearings_.front())};
    clearings_.pop_front();
    return next;
  }
  if (const auto zone = zones_.take()) return Next{What::zone, *zone};
  if (std::exchange(lot_waits_, false)) return Next{What::lot};
  if (const auto slot = slots_.take()) return Next{What::slot, *slot};
  return std::nullopt;
}

Message LotPublisher::compose(const Next& next) const {
  const LotPlan& plan = view_.plan();
  switch (next.what) {
    case What::birth:
      return {topics_.gateway_status(), gateway_status_json(identity_, true, clock_.now().utc)};
    case What::clearing:
      return {next.topic, {}};
    case What::zone: {
      const ZoneIndex zone{static_cast<std::uint32_t>(next.thing)};
      return {topics_.zone_availability(plan.zone(zone).id),
              engine::availability_json(plan, zone, view_.zone(zone))};
    }
    case What::lot:
      return {topics_.lot_availability(),
              engine::availability_json(plan, std::nullopt, view_.lot())};
    case What::slot: {
      const SlotIndex slot{static_cast<std::uint32_t>(next.thing)};
      return {topics_.slot_status(plan.slot(slot).id),
              engine::slot_status_json(plan, slot, view_.slot(slot), clock_.now().utc)};
    }
  }
  return {};
}

bool LotPublisher::is_gone(const ParsedTopic& topic) const {
  const LotPlan& plan = view_.plan();
  if (topic.kind == TopicKind::slot_status) return !plan.find_slot(topic.name);
  if (topic.kind == TopicKind::zone_availability) return !plan.find_zone(topic.name);
  if (topic.kind != TopicKind::gate_barrier) return false;
  const auto gate = gates_.find_gate(topic.name);
  return !gate || !gates_.lane(*gate).barrier;
}

}  // namespace gatehouse::broker

#include "broker/event_publisher.hpp"

#include "edge/engine/gate_payloads.hpp"

#include <utility>

namespace gatehouse::broker {
namespace {

bool is_for_the_cloud_alone(std::string_view type) {
  return type == "parking.outbox.thinned.v1" || type == "parking.lot.restored.v1";
}

}  // namespace

EventPublisher::EventPublisher(const LotId& lot, const Topics& topics, engine::Inbox& inbox)
    : lot_(lot), topics_(topics), inbox_(inbox) {}

void EventPublisher::act(const store::Committed<engine::Effects>& effects) {
  if (!effects->outbox_grew && !effects->events) return;
  {
    const std::scoped_lock lock(mutex_);
    if (effects->events) take(*effects->events);
    if (effects->outbox_grew) there_is_more_ = true;
    if (connected_ && !asked_ && rows_.empty() && there_is_more_) ask();
  }
  pump_->run();
}

void EventPublisher::take(const engine::EventsHandedOut& events) {
  asked_ = false;
  // An answer to a question of an earlier connection leaves out what was lost with it.
  if (!connected_ || events.after != handed_over_) return;
  rows_.assign(events.rows.begin(), events.rows.end());
  there_is_more_ = !rows_.empty();
}

void EventPublisher::connected() {
  const std::scoped_lock lock(mutex_);
  connected_ = true;
  there_is_more_ = true;
  if (!asked_) ask();
}

void EventPublisher::disconnected() {
  const std::scoped_lock lock(mutex_);
  connected_ = false;
  // What the broker may not have taken is asked for again.
  rows_.clear();
  in_the_window_.clear();
  handed_over_ = taken_;
}

std::optional<Message> EventPublisher::next() {
  const std::scoped_lock lock(mutex_);
  if (!connected_) return std::nullopt;
  pass_over_what_is_for_the_cloud();
  if (rows_.empty()) return std::nullopt;
  const store::StoredOutboxRow row = std::move(rows_.front());
  rows_.pop_front();
  const store::OutboxPlace place{row.epoch, row.sequence};
  in_the_window_.push_back(place);
  if (in_the_window_.size() > static_cast<std::size_t>(Link::window_max)) {
    taken_ = in_the_window_.front();
    in_the_window_.pop_front();
  }
  handed_over_ = place;
  if (rows_.empty() && !asked_) ask();
  return Message{topics_.event(row.type),
                 engine::event_json({.lot = lot_.text(),
                                     .epoch = row.epoch,
                                     .sequence = row.sequence,
                                     .type = row.type,
                                     .subject = row.subject,
                                     .time = row.time,
                                     .data = row.data}),
                 false};
}

/// What tells the cloud about the outbox itself tells nobody on the lot anything.
void EventPublisher::pass_over_what_is_for_the_cloud() {
  bool has_passed_over = false;
  while (!rows_.empty() && is_for_the_cloud_alone(rows_.front().type)) {
    handed_over_ = store::OutboxPlace{rows_.front().epoch, rows_.front().sequence};
    rows_.pop_front();
    has_passed_over = true;
  }
  if (has_passed_over && rows_.empty() && !asked_) ask();
}

void EventPublisher::ask() {
  asked_ = true;
  there_is_more_ = false;
  inbox_.put(engine::EventsAsked{taken_, handed_over_});
}

}  // namespace gatehouse::broker

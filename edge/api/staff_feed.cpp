#include "edge/api/staff_feed.hpp"

#include "edge/api/limits.hpp"
#include "edge/engine/gate_payloads.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

std::string event_text(std::string_view event, std::string_view data) {
  return std::string("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
}

}  // namespace

StaffFeed::StaffFeed(const GatePlan& gates) : StaffFeed(gates, limits::staff_journal_bytes_max) {}

StaffFeed::StaffFeed(const GatePlan& gates, std::size_t journal_bytes_max)
    : gates_(gates), journal_bytes_max_(journal_bytes_max), barriers_(gates.lanes().size()) {
  marks_.barriers.resize(gates.lanes().size());
}

bool StaffFeed::mark(const engine::Effects& effects) {
  if (effects.scans.empty() && effects.decisions.empty() && effects.barriers.empty() &&
      effects.alerts.empty())
    return false;
  const std::scoped_lock lock(mutex_);
  for (const engine::BarrierChange& change : effects.barriers)
    barriers_.at(at(change.gate)) = change.shown;
  for (const engine::AlertShown& alert : effects.alerts) note_alert(alert);
  if (!listening_) return false;
  for (const engine::ScanShown& scan : effects.scans) note("scan", scan.payload);
  for (const engine::DecisionShown& decision : effects.decisions)
    note("decision", decision.payload);
  for (const engine::AlertShown& alert : effects.alerts) note("alert", alert.payload);
  for (const engine::BarrierChange& change : effects.barriers)
    marks_.barriers.at(at(change.gate)) = true;
  return !std::exchange(marks_.any, true);
}

void StaffFeed::note(std::string_view event, const std::string& data) {
  // Beyond, the oldest goes: what happened to it stands in the lists.
  if (marks_.events.size() >= limits::staff_events_waiting_max) marks_.events.pop_front();
  marks_.events.push_back({event, data});
}

void StaffFeed::note_alert(const engine::AlertShown& alert) {
  if (alert.cleared) {
    open_alerts_.erase(alert.id);
    if (!has_remembered_) cleared_before_remembering_.insert(alert.id);
  } else {
    open_alerts_[alert.id] = alert.payload;
  }
}

void StaffFeed::remember(const std::vector<store::Alert>& open) {
  const std::scoped_lock lock(mutex_);
  for (const store::Alert& alert : open) {
    if (!cleared_before_remembering_.contains(alert.id))
      open_alerts_.try_emplace(alert.id, engine::alert_json(alert));
  }
  has_remembered_ = true;
  cleared_before_remembering_.clear();
}

StaffFeed::Marks StaffFeed::take_marks() {
  Marks empty;
  empty.barriers.resize(barriers_.size());
  return std::exchange(marks_, std::move(empty));
}

void StaffFeed::listen(bool anybody) {
  {
    const std::scoped_lock lock(mutex_);
    listening_ = anybody;
    if (anybody) return;
    static_cast<void>(take_marks());
  }
  first_ = end();
  journal_.clear();
  journal_bytes_ = 0;
}

StaffFeed::Reader StaffFeed::begin(Instant now) {
  return {.state = std::make_shared<const std::vector<Chunk>>(render_state(now)),
          .piece = 0,
          .position = end()};
}

std::string StaffFeed::barrier_event(GateIndex gate, const engine::BarrierShown& shown,
                                     Instant now) const {
  const LanePlan& lane = gates_.lane(gate);
  std::string data = engine::barrier_json(gates_.barrier(*lane.barrier).text(), shown, now);
  // As on MQTT, where the gate stands in the topic. Ids need no escaping.
  data.insert(1, "\"gate\":\"" + lane.id.text() + "\",");
  return event_text("barrier", data);
}

std::vector<Chunk> StaffFeed::render_state(Instant now) {
  std::vector<Chunk> pieces;
  std::string text;
  const auto flush_above = [&](std::size_t bytes) {
    if (text.size() > bytes)
      pieces.push_back(std::make_shared<const std::string>(std::exchange(text, {})));
  };
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < barriers_.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    if (gates_.lane(gate).barrier) text += barrier_event(gate, barriers_[i], now);
    flush_above(limits::chunk_bytes_max);
  }
  for (const auto& [id, payload] : open_alerts_) {
    text += event_text("alert", payload);
    flush_above(limits::chunk_bytes_max);
  }
  flush_above(0);
  return pieces;
}

void StaffFeed::publish(Instant now) {
  Marks marks;
  std::vector<engine::BarrierShown> barriers;
  {
    const std::scoped_lock lock(mutex_);
    if (!marks_.any) return;
    marks = take_marks();
    barriers = barriers_;
  }
  std::string text;
  const auto add = [&](std::string_view event) {
    text += event;
    if (text.size() >= limits::chunk_bytes_max) append(std::exchange(text, {}));
  };
  for (const Noted& noted : marks.events) add(event_text(noted.event, noted.data));
  for (std::size_t i = 0; i < barriers.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    if (marks.barriers[i] && gates_.lane(gate).barrier) add(barrier_event(gate, barriers[i], now));
  }
  if (!text.empty()) append(std::move(text));
}

void StaffFeed::append(std::string text) {
  journal_bytes_ += text.size();
  journal_.push_back(std::make_shared<const std::string>(std::move(text)));
  while (journal_bytes_ > journal_bytes_max_ && !journal_.empty()) {
    journal_bytes_ -= journal_.front()->size();
    journal_.pop_front();
    ++first_;
  }
}

std::vector<Chunk> StaffFeed::next(Reader& reader, Instant now) {
  if (reader.position < first_) reader = begin(now);
  std::vector<Chunk> chunks;
  std::size_t bytes = 0;
  const auto take = [&](const Chunk& chunk) {
    bytes += chunk->size();
    chunks.push_back(chunk);
  };
  while (bytes + limits::chunk_bytes_max <= limits::write_bytes_max) {
    if (reader.state && reader.piece < reader.state->size()) {
      take((*reader.state)[reader.piece++]);
    } else if (reader.state = nullptr; reader.position < end()) {
      take(journal_[reader.position++ - first_]);
    } else {
      break;
    }
  }
  return chunks;
}

}  // namespace gatehouse::api

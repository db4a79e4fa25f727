#include "edge/api/stream_feed.hpp"

#include "edge/api/limits.hpp"
#include "edge/engine/payloads.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::api {
namespace {

// One piece of the whole state: about 16 KiB of zones, or of slots.
constexpr std::size_t zones_per_piece = 50;
constexpr std::size_t slots_per_piece = 90;

// A browser that lost the stream comes back after so many milliseconds.
constexpr std::string_view reconnect_line = "retry: 2000\n\n";

std::size_t pieces_of(std::size_t count, std::size_t per_piece) {
  return (count + per_piece - 1) / per_piece;
}

std::size_t journal_bytes_for(const LotPlan& plan) {
  return std::max(limits::journal_bytes_min, plan.slots().size() * limits::journal_bytes_per_slot);
}

std::string_view name_of(ServiceState state) {
  switch (state) {
    case ServiceState::ok:
      return "ok";
    case ServiceState::down:
      return "down";
    case ServiceState::off:
      return "off";
  }
  return "off";
}

void add_event(std::string& out, std::string_view event, std::string_view data) {
  out.append("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
}

}  // namespace

StreamFeed::StreamFeed(const engine::LotView& view, std::chrono::seconds minute)
    : StreamFeed(view, journal_bytes_for(view.plan()), minute) {}

StreamFeed::StreamFeed(const engine::LotView& view, std::size_t journal_bytes_max,
                       std::chrono::seconds minute)
    : view_(view),
      journal_bytes_max_(journal_bytes_max),
      minute_(minute),
      // The first piece also carries the lot's totals, so there is one even of a lot without zones.
      zone_pieces_(
          std::max<std::size_t>(1, pieces_of(view.plan().zones().size(), zones_per_piece))),
      slot_pieces_(pieces_of(view.plan().slots().size(), slots_per_piece)),
      slot_is_marked_(view.plan().slots().size()),
      zone_is_marked_(view.plan().zones().size()),
      pieces_(zone_pieces_ + slot_pieces_) {}

bool StreamFeed::mark(const engine::Effects& effects) {
  // A reader that begins just now has not read the view yet, and the view knows these effects.
  if (!listening_.load() || effects.empty()) return false;
  const std::scoped_lock lock(mutex_);
  for (const engine::SlotChange& change : effects.slots) {
    if (slot_is_marked_[at(change.slot)]) continue;
    slot_is_marked_[at(change.slot)] = true;
    marks_.slots.push_back(change.slot);
  }
  for (const engine::ZoneChange& change : effects.zones) {
    if (zone_is_marked_[at(change.zone)]) continue;
    zone_is_marked_[at(change.zone)] = true;
    marks_.zones.push_back(change.zone);
  }
  if (effects.lot) marks_.lot = true;
  return !std::exchange(something_is_marked_, true);
}

StreamFeed::Marks StreamFeed::take_marks() {
  const std::scoped_lock lock(mutex_);
  for (const SlotIndex slot : marks_.slots) slot_is_marked_[at(slot)] = false;
  for (const ZoneIndex zone : marks_.zones) zone_is_marked_[at(zone)] = false;
  something_is_marked_ = false;
  return std::exchange(marks_, {});
}

void StreamFeed::listen(bool anybody) {
  listening_.store(anybody);
  if (anybody) return;
  take_marks();
  first_ = end();
  journal_.clear();
  journal_bytes_ = 0;
  forget_pieces();
}

StreamFeed::Reader StreamFeed::begin() const { return {.position = end(), .piece = 0}; }

void StreamFeed::publish(Instant now) {
  const Marks marks = take_marks();
  std::string text;
  const auto flush_if_large = [&] {
    if (text.size() >= limits::chunk_bytes_max) append(std::exchange(text, {}));
  };
  for (const ZoneIndex zone : marks.zones) {
    add_zone(text, zone);
    flush_if_large();
  }
  if (marks.lot) add_lot(text);
  for (const SlotIndex slot : marks.slots) {
    add_slot(text, slot, now);
    flush_if_large();
  }
  if (!text.empty()) append(std::move(text));
}

void StreamFeed::heartbeat(Instant now) {
  if (!listening_.load()) return;
  std::string text = ": alive\n";
  add_alive(text, now);
  append(std::move(text));
}

void StreamFeed::look(Instant now, ServiceState broker,
                      std::optional<store::TrafficCount> traffic) {
  const bool is_other_broker = std::exchange(broker_, broker) != broker;
  const bool is_other_traffic = std::exchange(traffic_, traffic) != traffic;
  if (!listening_.load() || (!is_other_broker && !is_other_traffic)) return;
  std::string text;
  if (is_other_broker) add_alive(text, now);
  if (is_other_traffic) add_lot(text);
  append(std::move(text));
}

void StreamFeed::append(std::string text) {
  // The id makes a browser say on reconnecting that it was here before. It is not looked at: the
  // whole state comes first in any case.
  text.insert(0, "id: " + std::to_string(end()) + "\n");
  journal_bytes_ += text.size();
  journal_.push_back(std::make_shared<const std::string>(std::move(text)));
  forget_pieces();
  while (journal_bytes_ > journal_bytes_max_ && !journal_.empty()) {
    journal_bytes_ -= journal_.front()->size();
    journal_.pop_front();
    ++first_;
  }
}

std::vector<Chunk> StreamFeed::next(Reader& reader, Instant now) {
  std::vector<Chunk> chunks;
  std::size_t bytes = 0;
  while (bytes + limits::chunk_bytes_max <= limits::write_bytes_max) {
    Chunk chunk = next_chunk(reader, now);
    if (!chunk) break;
    bytes += chunk->size();
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

Chunk StreamFeed::next_chunk(Reader& reader, Instant now) {
  if (reader.position < first_) {
    overruns_.fetch_add(1, std::memory_order_relaxed);
    reader = begin();
  }
  // What changed goes before the next piece: a piece is of now, and so never older than what the
  // reader has heard before.
  if (reader.position < end()) return journal_[reader.position++ - first_];
  if (reader.piece < piece_count()) return piece(reader.piece++, now);
  return nullptr;
}

Chunk StreamFeed::piece(std::size_t number, Instant now) {
  Chunk& kept = pieces_[number];
  if (!kept) {
    kept = std::make_shared<const std::string>(render_piece(number, now));
    pieces_bytes_ += kept->size();
  }
  return kept;
}

std::string StreamFeed::render_piece(std::size_t number, Instant now) const {
  std::string text;
  if (number == 0) text += reconnect_line;
  if (number < zone_pieces_) {
    const std::size_t zones = view_.plan().zones().size();
    const std::size_t first = number * zones_per_piece;
    for (std::size_t i = first; i < std::min(first + zones_per_piece, zones); ++i) {
      add_zone(text, ZoneIndex(i));
    }
    if (number + 1 < zone_pieces_) return text;
    add_lot(text);
    add_alive(text, now);
    return text;
  }
  const std::size_t slots = view_.plan().slots().size();
  const std::size_t first = (number - zone_pieces_) * slots_per_piece;
  for (std::size_t i = first; i < std::min(first + slots_per_piece, slots); ++i) {
    add_slot(text, SlotIndex(i), now);
  }
  return text;
}

void StreamFeed::add_zone(std::string& out, ZoneIndex zone) const {
  add_event(out, "zone", engine::availability_json(view_.plan(), zone, view_.zone(zone)));
}

void StreamFeed::add_lot(std::string& out) const {
  std::string totals = engine::availability_json(view_.plan(), std::nullopt, view_.lot());
  totals.pop_back();  // the brace, behind which more follows
  fmt::format_to(std::back_inserter(totals), R"(,"minute_seconds":{})", minute_.count());
  if (traffic_) {
    fmt::format_to(std::back_inserter(totals),
                   R"(,"inside":{},"entries_today":{},"exits_today":{})", traffic_->inside,
                   traffic_->entries, traffic_->exits);
  }
  add_event(out, "lot", totals + '}');
}

void StreamFeed::add_alive(std::string& out, Instant now) const {
  add_event(out, "alive",
            fmt::format(R"({{"ts":"{}","broker":"{}"}})", format_rfc3339(now), name_of(broker_)));
}

void StreamFeed::add_slot(std::string& out, SlotIndex slot, Instant now) const {
  add_event(out, "slot", engine::slot_status_json(view_.plan(), slot, view_.slot(slot), now));
}

void StreamFeed::forget_pieces() {
  if (pieces_bytes_ == 0) return;
  std::ranges::fill(pieces_, nullptr);
  pieces_bytes_ = 0;
}

}  // namespace gatehouse::api

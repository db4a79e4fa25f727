#include "edge/engine/occupancy.hpp"

#include "edge/domain/limits.hpp"

#include <utility>

namespace gatehouse::engine {
namespace {

BoardMemory load_memory(store::SlotStates& states, Instant now, std::vector<Claim> claims) {
  return {.slots = states.load(now),
          .zones = states.load_zone_counts(),
          .lot = states.load_lot_count(),
          .claims = std::move(claims)};
}

void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
  // One writer, the engine's thread: no read-modify-write is needed.
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace

Occupancy::Occupancy(const LotPlan& plan, store::Database& database,
                     std::chrono::milliseconds stale_after, Moment now, std::vector<Claim> claims)
    : plan_(plan),
      states_(database, plan),
      board_(plan, load_memory(states_, now.utc, std::move(claims)), stale_after, now),
      zone_pacing_(plan.zones().size(), limits::availability_interval),
      slot_pacing_(plan.slots().size(), limits::slot_status_interval),
      lot_pacing_(1, limits::availability_interval) {}

void Occupancy::decide(const SlotReported& reported) {
  switch (board_.apply(reported)) {
    case Verdict::newest:
      return count(judged_.applied);
    case Verdict::repetition:
      return count(judged_.repeated);
    case Verdict::late:
      return count(judged_.late);
  }
}

void Occupancy::decide(const SensorReported& reported) { board_.apply(reported); }

void Occupancy::keep_house(Moment now, WallTime local) {
  board_.find_silent(now);
  board_.apply_outages(now.utc);
  board_.apply_rates(local);
}

void Occupancy::settle(Moment now) {
  const OccupancyBoard::Changes& changes = board_.settle(now.utc);
  for (const SlotIndex slot : changes.slots) slot_pacing_.touch(at(slot), now.steady);
  for (const ZoneIndex zone : changes.zones) zone_pacing_.touch(at(zone), now.steady);
  if (changes.lot) lot_pacing_.touch(0, now.steady);
  count(judged_.slots_changed, changes.slots.size());
}

void Occupancy::record(store::Transaction& transaction, store::Outbox& outbox, Instant now) {
  for (const SlotIndex slot : board_.changes().to_save)
    states_.save(transaction, slot, board_.state(slot));
  for (const ZoneIndex zone : board_.changes().zones) {
    const Availability& availability = board_.availability(zone);
    states_.save_zone_count(transaction, zone, {availability.seq, availability.at});
  }
  if (board_.changes().lot) {
    const Availability& lot = board_.lot_availability();
    states_.save_lot_count(transaction, {lot.seq, lot.at});
  }
  record_slot_changes(transaction, outbox, now);
}

/// One parking.slot.changed.v1 with all that changed, split where it grows beyond its bound.
void Occupancy::record_slot_changes(store::Transaction& transaction, store::Outbox& outbox,
                                    Instant now) {
  constexpr std::string_view opening = R"({"slots":[)";
  constexpr std::string_view closing = "]}";
  const auto append_row = [&] {
    event_data_ += closing;
    outbox.append(transaction, {.type = "parking.slot.changed.v1",
                                .subject = plan_.lot().text(),
                                .time = now,
                                .data = event_data_});
  };
  event_data_.clear();
  for (const SlotIndex slot : board_.changes().slots) {
    const SlotShown shown = board_.shown(slot);
    // Ids and statuses never need escaping.
    const std::string entry = R"({"slot":")" + plan_.slot(slot).id.text() + R"(","status":")" +
                              std::string(name(shown.status)) + R"(","since":")" +
                              format_rfc3339(shown.since) + R"("})";
    const std::size_t grown = event_data_.size() + 1 + entry.size() + closing.size();
    if (!event_data_.empty() && grown > limits::event_data_bytes_max) {
      append_row();
      event_data_.clear();
    }
    event_data_ += event_data_.empty() ? opening : ",";
    event_data_ += entry;
  }
  if (!event_data_.empty()) append_row();
}

void Occupancy::take_due(Steady now, Effects& effects) {
  zone_pacing_.take_due(now, due_);
  for (const std::size_t zone : due_) {
    effects.zones.push_back({ZoneIndex(zone), board_.availability(ZoneIndex(zone))});
  }
  lot_pacing_.take_due(now, due_);
  if (!due_.empty()) effects.lot = board_.lot_availability();
  slot_pacing_.take_due(now, due_);
  for (const std::size_t slot : due_) {
    effects.slots.push_back({SlotIndex(slot), board_.shown(SlotIndex(slot))});
  }
}

std::optional<Steady> Occupancy::next_due() const {
  std::optional<Steady> next = zone_pacing_.next_due();
  for (const auto& other : {slot_pacing_.next_due(), lot_pacing_.next_due()}) {
    if (other && (!next || *other < *next)) next = other;
  }
  return next;
}

void Occupancy::show_everything(Effects& effects) const {
  effects.lot = board_.lot_availability();
  effects.zones.clear();
  effects.slots.clear();
  for (std::size_t i = 0; i < plan_.zones().size(); ++i) {
    effects.zones.push_back({ZoneIndex(i), board_.availability(ZoneIndex(i))});
  }
  for (std::size_t i = 0; i < plan_.slots().size(); ++i) {
    effects.slots.push_back({SlotIndex(i), board_.shown(SlotIndex(i))});
  }
}

void Occupancy::collect(std::vector<Sample>& samples) const {
  const auto add = [&samples](const char* verdict, const std::atomic<std::uint64_t>& counter) {
    samples.push_back({"gatehouse_sensor_states_total",
                       "Sensor states by what they were worth",
                       Sample::Kind::counter,
                       static_cast<double>(counter.load(std::memory_order_relaxed)),
                       {{"verdict", verdict}}});
  };
  add("applied", judged_.applied);
  add("repeated", judged_.repeated);
  add("late", judged_.late);
  samples.push_back({"gatehouse_slot_changes_total",
                     "Changes of a slot's status, committed",
                     Sample::Kind::counter,
                     static_cast<double>(judged_.slots_changed.load(std::memory_order_relaxed)),
                     {}});
}

}  // namespace gatehouse::engine

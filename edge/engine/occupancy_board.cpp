#include "edge/engine/occupancy_board.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// A sensor that repeats its state changes nothing but its age and its `seq`. Writing that each
// time would wear the disk for nothing: a restart may believe a sensor this much older than it is.
constexpr milliseconds age_save_interval_max = 60s;
constexpr milliseconds age_save_interval_min = 1s;

Availability counted(const SlotCounts& counts, bool active, Paise rate) {
  return {.counts = counts,
          .available = active ? counts.of(SlotStatus::free) : 0,
          .active = active,
          .hourly_rate = rate};
}

/// Whether a new count says something else than the settled one; if so it becomes the next change.
bool advance(Availability& settled, Availability next, Instant now) {
  next.seq = settled.seq;
  next.at = settled.at;
  if (next == settled) return false;
  ++next.seq;
  next.at = now;
  settled = next;
  return true;
}

bool same_but_for_age(const SensorMemory& one, const SensorMemory& other) {
  return one.spoke == other.spoke && one.occupied == other.occupied &&
         one.offline == other.offline && one.restarted == other.restarted;
}

}  // namespace

OccupancyBoard::OccupancyBoard(const LotPlan& plan, BoardMemory memory, milliseconds stale_after,
                               Moment now)
    : plan_(plan),
      stale_after_(stale_after),
      age_save_interval_(
          std::clamp(stale_after / 10, age_save_interval_min, age_save_interval_max)) {
  require(memory.slots.size() == plan.slots().size(), "the memory is this plan's");
  require(memory.zones.size() == plan.zones().size(), "the memory is this plan's");
  require(memory.claims.empty() || memory.claims.size() == plan.slots().size(),
          "the memory is this plan's");
  zones_.resize(plan.zones().size());
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    zones_[i].rate = plan.zones()[i].rates.hourly_rate;
  }
  slots_.resize(plan.slots().size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    store::SlotState& known = memory.slots[i];
    slot.sensor = known.sensor;
    slot.firmware = std::move(known.firmware);
    slot.shown = slot.settled = {known.status, known.since};
    if (!memory.claims.empty()) slot.claim = memory.claims[i];
    slot.saved_heard_at = known.sensor.heard_at;
    // A wall clock that stepped back while nobody looked must not make a sensor younger than now.
    slot.heard = now.steady - std::max(0ms, now.utc - known.sensor.heard_at);
    zones_[at(plan.slots()[i].zone)].counts.add(slot.shown.status);
  }
  // The counts as they were last shown are not stored, their number is: a start counts as a change
  // of every zone, so that no two different availabilities ever carry the same `seq`.
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    zones_[i].settled.seq = memory.zones[i].seq;
    zones_[i].settled.at = memory.zones[i].at;
    touch(ZoneIndex(i));
  }
  lot_.seq = memory.lot.seq;
  lot_.at = memory.lot.at;
  for (std::size_t i = 0; i < slots_.size(); ++i) restatus(SlotIndex(i), now.utc);
  find_silent(now);
}

Verdict OccupancyBoard::apply(const SlotReported& reported) {
  Slot& slot = slots_[at(reported.slot)];
  const Moment& received = reported.received;
  const Verdict verdict = judge(slot.sensor, reported.reading, reported.retained, received.utc);
  // Of a sensor that was given up any word is news: it may have restarted while nobody listened.
  const bool is_given_up = slot.silent || received.steady - slot.heard >= stale_after_;
  const bool is_word_of_the_lost = is_given_up && !reported.retained;
  if (verdict != Verdict::newest && !is_word_of_the_lost) return verdict;
  const SensorMemory before = slot.sensor;
  slot.sensor = remember(before, reported.reading, reported.retained, received.utc);
  slot.heard = received.steady - (received.utc - slot.sensor.heard_at);
  slot.silent = received.steady - slot.heard >= stale_after_;
  const bool age_is_worth_saving = slot.sensor.heard_at - slot.saved_heard_at >= age_save_interval_;
  if (age_is_worth_saving || !same_but_for_age(before, slot.sensor)) {
    slot.to_save = true;
    touch(reported.slot);
  }
  restatus(reported.slot, received.utc);
  return Verdict::newest;
}

void OccupancyBoard::apply(const SensorReported& reported) {
  Slot& slot = slots_[at(reported.slot)];
  const SensorMemory before = slot.sensor;
  if (reported.was_offline) slot.sensor = remember_device(slot.sensor, false);
  slot.sensor = remember_device(slot.sensor, reported.online);
  const bool new_firmware = !reported.firmware.empty() && reported.firmware != slot.firmware;
  if (new_firmware) slot.firmware = reported.firmware;
  if (new_firmware || slot.sensor != before) {
    slot.to_save = true;
    touch(reported.slot);
  }
  restatus(reported.slot, reported.received.utc);
}

void OccupancyBoard::claim(SlotIndex slot, Claim claim, Instant now) {
  slots_[at(slot)].claim = claim;
  restatus(slot, now);
}

void OccupancyBoard::find_silent(Moment now) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.silent || !slot.sensor.spoke || now.steady - slot.heard < stale_after_) continue;
    slot.silent = true;
    restatus(SlotIndex(i), now.utc);
  }
}

void OccupancyBoard::plan_outage(SlotIndex slot, std::optional<OutageTime> outage, Instant now) {
  if (outage) {
    outages_.insert_or_assign(slot, *outage);
  } else if (outages_.erase(slot) > 0) {
    slots_[at(slot)].outage_due = false;
    restatus(slot, now);
  }
  apply_outages(now);
}

void OccupancyBoard::apply_outages(Instant now) {
  next_outage_change_ = Instant::max();
  for (const auto& [index, outage] : outages_) {
    const bool is_over = outage.to && now >= *outage.to;
    slots_[at(index)].outage_due = now >= outage.from && !is_over;
    restatus(index, now);
    if (now < outage.from) {
      next_outage_change_ = std::min(next_outage_change_, outage.from);
    } else if (outage.to && !is_over) {
      next_outage_change_ = std::min(next_outage_change_, *outage.to);
    }
  }
}

std::vector<SlotIndex> OccupancyBoard::outages_over(Instant now) const {
  std::vector<SlotIndex> over;
  for (const auto& [slot, outage] : outages_) {
    if (outage.to && now >= *outage.to) over.push_back(slot);
  }
  return over;
}

void OccupancyBoard::apply_rates(WallTime time) {
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    const Paise rate = rate_in_force(plan_.zones()[i].rates, time);
    if (rate == zones_[i].rate) continue;
    zones_[i].rate = rate;
    touch(ZoneIndex(i));
  }
}

void OccupancyBoard::save_everything() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.sensor.heard_at == slot.saved_heard_at) continue;
    slot.to_save = true;
    touch(SlotIndex(i));
  }
}

const OccupancyBoard::Changes& OccupancyBoard::settle(Instant now) {
  changed_slots_.clear();
  changed_zones_.clear();
  slots_to_save_.clear();
  settle_slots();
  settle_zones(now);
  changes_ = {.to_save = slots_to_save_, .slots = changed_slots_, .zones = changed_zones_};
  if (!changed_zones_.empty()) settle_lot(now);
  return changes_;
}

store::SlotStateView OccupancyBoard::state(SlotIndex slot) const {
  const Slot& known = slots_[at(slot)];
  return {known.sensor, known.firmware, known.shown.status, known.shown.since};
}

void OccupancyBoard::touch(SlotIndex slot) {
  Slot& touched = slots_[at(slot)];
  if (std::exchange(touched.touched, true)) return;
  touched_.push_back(slot);
}

void OccupancyBoard::touch(ZoneIndex zone) {
  Zone& touched = zones_[at(zone)];
  if (std::exchange(touched.touched, true)) return;
  touched_zones_.push_back(zone);
}

void OccupancyBoard::restatus(SlotIndex index, Instant when) {
  Slot& slot = slots_[at(index)];
  const SlotPlan& planned = plan_.slot(index);
  const SensorState sensor = sensor_state(slot.sensor, slot.silent);
  const bool is_in_use = slot.claim != Claim::none || sensor == SensorState::occupied;
  // Once out it stays so, over restarts too: who works there may stand on its sensor.
  const bool was_out = slot.out || slot.settled.status == SlotStatus::out_of_service;
  slot.out = slot.outage_due && (was_out || !is_in_use);
  const SlotStatus status = slot_status(planned.out_of_service || slot.out, sensor, slot.claim);
  if (status == slot.shown.status) return;
  zones_[at(planned.zone)].counts.move(slot.shown.status, status);
  slot.shown = {status, when};
  touch(planned.zone);
  touch(index);
}

void OccupancyBoard::settle_slots() {
  for (const SlotIndex index : touched_) {
    Slot& slot = slots_[at(index)];
    slot.touched = false;
    if (slot.shown.status == slot.settled.status) {
      slot.shown = slot.settled;  // there and back again is no change
    } else {
      slot.settled = slot.shown;
      slot.to_save = true;
      changed_slots_.push_back(index);
    }
    if (std::exchange(slot.to_save, false)) {
      slot.saved_heard_at = slot.sensor.heard_at;
      slots_to_save_.push_back(index);
    }
  }
  touched_.clear();
}

void OccupancyBoard::settle_zones(Instant now) {
  for (const ZoneIndex index : touched_zones_) {
    Zone& zone = zones_[at(index)];
    zone.touched = false;
    if (advance(zone.settled, counted(zone.counts, plan_.zone(index).active, zone.rate), now)) {
      changed_zones_.push_back(index);
    }
  }
  touched_zones_.clear();
}

void OccupancyBoard::settle_lot(Instant now) {
  Availability all{.active = false};
  for (const Zone& zone : zones_) {
    const bool cheapest = !all.active || zone.settled.hourly_rate < all.hourly_rate;
    if (zone.settled.active && cheapest) all.hourly_rate = zone.settled.hourly_rate;
    all.active = all.active || zone.settled.active;
    all.available += zone.settled.available;
    all.counts += zone.counts;
  }
  changes_.lot = advance(lot_, all, now);
}

}  // namespace gatehouse::engine

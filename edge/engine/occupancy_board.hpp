// Every slot of the lot in memory: the hot path. What the sensors said, what the slots are called
// because of it, and how many of each there are.
//
// Events change the board; settle() then says what has become different since the settle before,
// which is what has to be recorded and may be shown. A slot that changed and changed back in
// between did not change. Knows no clock, no store, no wire; the engine's thread.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/engine/effect.hpp"
#include "edge/engine/event.hpp"
#include "edge/store/slots.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::engine {

/// What the store knew when the process began.
struct BoardMemory {
  std::vector<store::SlotState> slots;    // by SlotIndex
  std::vector<store::ChangeCount> zones;  // by ZoneIndex
  store::ChangeCount lot;
  std::vector<Claim> claims;  // by SlotIndex; empty: no session holds anything
};

/// When a slot is planned to be out of service: [from, to), or from `from` on.
struct OutageTime {
  Instant from{};
  std::optional<Instant> to;
};

class OccupancyBoard {
 public:
  /// `plan` must outlive the board. `stale_after`: silence after which a sensor's word is worth
  /// nothing. The first settle() tells what the time in between changed, and every zone.
  OccupancyBoard(const LotPlan& plan, BoardMemory memory, std::chrono::milliseconds stale_after,
                 Moment now);

  Verdict apply(const SlotReported& reported);
  void apply(const SensorReported& reported);
  /// What the sessions say of a slot from now on.
  void claim(SlotIndex slot, Claim claim, Instant now);
  /// Slots whose sensor has been silent too long become unknown.
  void find_silent(Moment now);
  /// When the slot is to be out of service; nullopt: never. A slot in use is not taken away: it is
  /// out from when it is free, and then until the end, whatever its sensor says.
  void plan_outage(SlotIndex slot, std::optional<OutageTime> outage, Instant now);
  /// Outages that begin and end by now. Costs nothing while none does.
  void look_at_outages(Instant now) {
    if (now >= next_outage_change_) apply_outages(now);
  }
  /// The same, also where the wall clock was set back.
  void apply_outages(Instant now);
  /// Slots whose planned time is over.
  [[nodiscard]] std::vector<SlotIndex> outages_over(Instant now) const;
  /// Nobody new is to come into this slot, whether it is free yet or not.
  [[nodiscard]] bool outage_is_due(SlotIndex slot) const { return slots_[at(slot)].outage_due; }
  /// Rates in force at a local time.
  void apply_rates(WallTime time);
  /// Everything not yet saved is to be: before an orderly end.
  void save_everything();

  /// What is different since the last time; valid until the next call of anything else.
  struct Changes {
    std::span<const SlotIndex> to_save;  // rows that differ from the store
    std::span<const SlotIndex> slots;    // another status
    std::span<const ZoneIndex> zones;    // another availability
    bool lot = false;
    [[nodiscard]] bool nothing_to_record() const {
      return to_save.empty() && zones.empty() && !lot;
    }
  };
  const Changes& settle(Instant now);
  /// As the last settle() told.
  [[nodiscard]] const Changes& changes() const { return changes_; }

  [[nodiscard]] store::SlotStateView state(SlotIndex slot) const;
  [[nodiscard]] SlotShown shown(SlotIndex slot) const { return slots_[at(slot)].shown; }
  [[nodiscard]] Claim claim(SlotIndex slot) const { return slots_[at(slot)].claim; }
  /// What the slot's sensor says, whatever the sessions do.
  [[nodiscard]] SensorState sensor(SlotIndex slot) const {
    const Slot& known = slots_[at(slot)];
    return sensor_state(known.sensor, known.silent);
  }
  [[nodiscard]] const Availability& availability(ZoneIndex zone) const {
    return zones_[at(zone)].settled;
  }
  [[nodiscard]] const Availability& lot_availability() const { return lot_; }

 private:
  struct Slot {
    SensorMemory sensor;
    std::string firmware;
    Claim claim = Claim::none;
    bool silent = false;
    bool touched = false;     // stands in touched_
    bool to_save = false;     // differs from its row in more than its age
    bool outage_due = false;  // planned to be out of service now
    bool out = false;         // … and it has been free since
    SlotShown shown;
    SlotShown settled;  // as at the last settle
    Steady heard{};     // by the steady clock; far in the past for a sensor of another day
    Instant saved_heard_at{};
  };
  struct Zone {
    SlotCounts counts;
    Paise rate;
    bool touched = false;
    Availability settled;
  };

  void touch(SlotIndex slot);
  void touch(ZoneIndex zone);
  void restatus(SlotIndex slot, Instant when);
  void settle_slots();
  void settle_zones(Instant now);
  void settle_lot(Instant now);

  const LotPlan& plan_;
  const std::chrono::milliseconds stale_after_;
  const std::chrono::milliseconds age_save_interval_;
  std::vector<Slot> slots_;
  std::vector<Zone> zones_;
  std::map<SlotIndex, OutageTime> outages_;
  Instant next_outage_change_ = Instant::max();
  Availability lot_;
  std::vector<SlotIndex> touched_;
  std::vector<ZoneIndex> touched_zones_;
  std::vector<SlotIndex> slots_to_save_;
  std::vector<SlotIndex> changed_slots_;
  std::vector<ZoneIndex> changed_zones_;
  Changes changes_;
};

}  // namespace gatehouse::engine

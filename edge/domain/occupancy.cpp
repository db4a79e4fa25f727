#include "edge/domain/occupancy.hpp"

#include "edge/domain/limits.hpp"

#include <algorithm>
#include <numeric>

namespace gatehouse {
namespace {

std::optional<Instant> believed_ts(const Reading& reading, Instant now) {
  if (reading.ts && *reading.ts > now + limits::device_clock_ahead_max) return std::nullopt;
  return reading.ts;
}

/// A reading whose `seq` is not above the last applied one: did the sensor restart in between?
bool restarted_between(const SensorMemory& memory, std::uint64_t seq, std::optional<Instant> ts) {
  // A sensor that was not told offline yet counts from 0 again; above 8 a repetition of the
  // first messages is not to be expected any more.
  constexpr std::uint64_t first_seq_max = 1;
  constexpr std::uint64_t certainly_later_seq = 8;
  if (memory.restarted) return true;
  if (memory.ts && ts) return *ts > *memory.ts;
  if (!memory.ts && !ts) return seq <= first_seq_max && *memory.seq > certainly_later_seq;
  return false;
}

Verdict judge_by_seq(const SensorMemory& memory, std::uint64_t seq, std::optional<Instant> ts) {
  if (seq > *memory.seq || restarted_between(memory, seq, ts)) return Verdict::newest;
  return seq == *memory.seq ? Verdict::repetition : Verdict::late;
}

}  // namespace

Verdict judge(const SensorMemory& memory, const Reading& reading, bool retained, Instant now) {
  const auto ts = believed_ts(reading, now);
  if (!memory.spoke) return Verdict::newest;
  if (reading.seq && memory.seq) return judge_by_seq(memory, *reading.seq, ts);
  if (ts && memory.ts && *ts < *memory.ts) return Verdict::late;
  // Back from offline its next state counts, even where the broker only hands the last one again.
  if (memory.restarted) return Verdict::newest;
  const bool says_the_same = !reading.occupied || *reading.occupied == memory.occupied;
  if (ts && memory.ts) {
    return *ts == *memory.ts && says_the_same ? Verdict::repetition : Verdict::newest;
  }
  // Without seq and ts nothing tells a new message from an old one but the broker's retain flag.
  return retained && says_the_same ? Verdict::repetition : Verdict::newest;
}

SensorMemory remember(SensorMemory memory, const Reading& reading, bool retained, Instant now) {
  const auto ts = believed_ts(reading, now);
  if (reading.occupied) {
    memory.spoke = true;
    memory.occupied = *reading.occupied;
    memory.restarted = false;
  }
  memory.seq = reading.seq;
  memory.ts = ts;
  memory.heard_at = retained && ts ? std::min(*ts, now) : now;
  if (reading.battery_percent) memory.battery_percent = reading.battery_percent;
  if (reading.rssi_dbm) memory.rssi_dbm = reading.rssi_dbm;
  return memory;
}

SensorMemory remember_device(SensorMemory memory, bool online) {
  if (memory.offline && online) memory.restarted = true;
  memory.offline = !online;
  return memory;
}

SensorState sensor_state(const SensorMemory& memory, bool silent) {
  if (!memory.spoke) return SensorState::none_ever;
  if (memory.offline || memory.restarted || silent) return SensorState::unknown;
  return memory.occupied ? SensorState::occupied : SensorState::free;
}

std::string_view name(SlotStatus status) {
  switch (status) {
    case SlotStatus::free:
      return "free";
    case SlotStatus::reserved:
      return "reserved";
    case SlotStatus::occupied:
      return "occupied";
    case SlotStatus::unknown:
      return "unknown";
    case SlotStatus::out_of_service:
      return "out_of_service";
  }
  return "";
}

SlotStatus slot_status(bool out_of_service, SensorState sensor, Claim claim) {
  using S = SlotStatus;
  // Rows: what the sensor says. Columns: no claim, held, active.
  static constexpr std::array<std::array<SlotStatus, 3>, 4> table{{
      {S::free, S::reserved, S::occupied},      // none ever: the sessions alone decide
      {S::free, S::reserved, S::reserved},      // free: an ACTIVE car is expected here
      {S::occupied, S::occupied, S::occupied},  // occupied
      {S::unknown, S::unknown, S::unknown},     // unknown: never free, never given away
  }};
  if (out_of_service) return SlotStatus::out_of_service;
  return table[static_cast<std::size_t>(sensor)][static_cast<std::size_t>(claim)];
}

std::uint32_t SlotCounts::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint32_t{0});
}

std::uint32_t SlotCounts::occupancy_permille() const {
  const std::uint64_t all = total();
  if (all == 0) return 0;
  return static_cast<std::uint32_t>((std::uint64_t{2000} * of(SlotStatus::occupied) + all) /
                                    (2 * all));
}

SlotCounts& SlotCounts::operator+=(const SlotCounts& other) {
  for (std::size_t i = 0; i < slot_status_count; ++i) counts_[i] += other.counts_[i];
  return *this;
}

}  // namespace gatehouse

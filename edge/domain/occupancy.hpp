// What a slot's sensor says, what that is worth, and what the slot is called because of it.
//
// The rules are those of docs/contract/mqtt.md, "Slot state is state, not a stream: the newest
// wins" and "A slot's status". Pure functions on values; any thread.
#pragma once

#include "edge/domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse {

/// One message of a slot's sensor, whatever format it came in. A member that the message did not
/// carry is absent; a frame that only keeps alive has no `occupied`.
struct Reading {
  std::optional<bool> occupied;
  std::optional<std::uint64_t> seq;
  std::optional<Instant> ts;                    // the device's clock: recorded, never billed from
  std::optional<std::uint8_t> battery_percent;  // 0–100
  std::optional<std::int16_t> rssi_dbm;
  bool operator==(const Reading&) const = default;
};

/// What is remembered of a slot's sensor between messages.
struct SensorMemory {
  bool spoke = false;      // a state was applied at least once
  bool occupied = false;   // the last applied state; meaningless before it spoke
  bool offline = false;    // its device's last status said so
  bool restarted = false;  // offline → online since the last applied state
  std::optional<std::uint64_t> seq;
  std::optional<Instant> ts;
  Instant heard_at{};  // our clock, at the last applied message
  std::optional<std::uint8_t> battery_percent;
  std::optional<std::int16_t> rssi_dbm;
  bool operator==(const SensorMemory&) const = default;
};

enum class Verdict : std::uint8_t {
  newest,      // to be applied
  repetition,  // said before
  late,        // something newer was applied already
};

/// How a reading stands to what was applied before it. `retained` says that the broker handed it
/// over from its memory on subscribing, so that it may be an old acquaintance.
/// A `ts` more than 60 s ahead of `now` is read as absent, here and by remember().
Verdict judge(const SensorMemory& memory, const Reading& reading, bool retained, Instant now);

/// The memory after a reading that judge() called newest. A retained reading is as old as its `ts`
/// says: the broker's memory does not make a silent sensor fresh.
SensorMemory remember(SensorMemory memory, const Reading& reading, bool retained, Instant now);

/// The memory after the device's status. Coming back from offline leaves the slot unknown until
/// its next state, and lets that state's `seq` start anew.
SensorMemory remember_device(SensorMemory memory, bool online);

/// What the sensor says for the lot's purposes.
enum class SensorState : std::uint8_t { none_ever, free, occupied, unknown };

/// `silent`: nothing was heard for sensors.stale_after_s, by the steady clock.
SensorState sensor_state(const SensorMemory& memory, bool silent);

/// What the sessions say of a slot.
enum class Claim : std::uint8_t {
  none,
  held,    // by a booking or a ticket that has not entered
  active,  // ACTIVE or EXIT_PENDING
};

enum class SlotStatus : std::uint8_t { free, reserved, occupied, unknown, out_of_service };
inline constexpr std::size_t slot_status_count = 5;

/// The word on the wire.
std::string_view name(SlotStatus status);

/// docs/contract/mqtt.md, the table "A slot's status"; out of service before all.
SlotStatus slot_status(bool out_of_service, SensorState sensor, Claim claim);

/// How many slots of a zone, or of the lot, have each status.
class SlotCounts {
 public:
  void add(SlotStatus status) { ++counts_[index(status)]; }
  void move(SlotStatus from, SlotStatus to) {
    --counts_[index(from)];
    ++counts_[index(to)];
  }
  [[nodiscard]] std::uint32_t of(SlotStatus status) const { return counts_[index(status)]; }
  [[nodiscard]] std::uint32_t total() const;
  /// 100 · occupied / total in tenths of a percent, half up; 0 of an empty zone.
  [[nodiscard]] std::uint32_t occupancy_permille() const;
  SlotCounts& operator+=(const SlotCounts& other);
  bool operator==(const SlotCounts&) const = default;

 private:
  static constexpr std::size_t index(SlotStatus status) { return static_cast<std::size_t>(status); }
  std::array<std::uint32_t, slot_status_count> counts_{};
};

}  // namespace gatehouse

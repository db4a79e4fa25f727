// Every bound of the core, each with its reason. Bounds that only one adapter knows stand there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::limits {

using namespace std::chrono_literals;

// docs/contract/mqtt.md: ids are one topic level of at most 64 characters.
inline constexpr std::size_t id_characters_max = 64;

// docs/contract/mqtt.md: a larger JSON payload is dropped unparsed.
inline constexpr std::size_t json_bytes_max = 16 * 1024;

// Sensors' JSON is flat or, through a network server, nests five deep; 16 leaves room and
// keeps a hostile payload from costing anything.
inline constexpr std::size_t json_depth_max = 16;

// Names and texts of the plan that people write: shown on boards, stored, sent.
inline constexpr std::size_t name_characters_max = 100;

// A plan larger than the largest car parks of the world by a factor of two.
inline constexpr std::size_t slots_max = 100'000;
inline constexpr std::size_t zones_max = 1'000;

// One batch: an fsync is paid once for at most this many events; more would only add latency
// (measured: bench/README.md).
inline constexpr std::size_t batch_events_max = 1'000;

// Sensor events that may wait. Beyond, states are merged to the newest of their slot, which leaves
// three of each at most: with room for a fourth, merging again is never due at once. The floor
// absorbs a burst of a small lot.
inline constexpr std::size_t sensor_inbox_floor = 65'536;
inline constexpr std::size_t sensor_inbox_per_slot = 5;

// Gates and people: each of them repeats what was not answered, so a full lane drops and counts.
inline constexpr std::size_t urgent_inbox_max = 4'096;

// A firmware version as a device reports it; longer ones are cut.
inline constexpr std::size_t firmware_characters_max = 32;

// A device's clock ahead of ours by more than this is not believed (docs/contract/mqtt.md).
inline constexpr std::chrono::milliseconds device_clock_ahead_max = 60s;

// docs/contract/mqtt.md: at most 20 availability publications a second and zone …
inline constexpr std::chrono::milliseconds availability_interval = 50ms;
// … and a slot's status at most 250 ms late: 200 leave 50 for the way.
inline constexpr std::chrono::milliseconds slot_status_interval = 200ms;

// docs/contract/mqtt.md: one slot.changed event holds at most 12 KiB of data.
inline constexpr std::size_t event_data_bytes_max = 12 * 1024;

static_assert(sensor_inbox_floor >= batch_events_max);

}  // namespace gatehouse::limits

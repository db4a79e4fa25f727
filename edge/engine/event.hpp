// Everything that happens to the lot, as values. The outside world makes them; only the engine
// takes them.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace gatehouse::engine {

/// A message of a slot's sensor, already read from its format.
struct SlotReported {
  SlotIndex slot;
  Reading reading;
  bool retained = false;  // from the broker's memory, on subscribing
  Moment received;
};

/// `…/devices/{device}/status` of a slot's sensor.
struct SensorReported {
  SlotIndex slot;
  bool online = false;
  bool was_offline = false;  // merged with an earlier status that said offline
  std::string firmware;      // empty: not said; at most limits::firmware_characters_max
  Moment received;
};

/// The sensor lane: many, mergeable to the newest of their slot.
using SensorEvent = std::variant<SlotReported, SensorReported>;

/// The process is to end in order: what waits is decided and committed first.
struct StopRequested {};

/// The urgent lane: gates and people, and what concerns the whole process.
using UrgentEvent = std::variant<StopRequested>;

}  // namespace gatehouse::engine

// Everything that happens to the lot, as values. The outside world makes them; only the engine
// takes them.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/time.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/engine/gate_event.hpp"
#include "edge/store/outbox.hpp"

#include <cstdint>
#include <memory>
#include <optional>
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

/// `…/devices/{device}/status` of a gate's reader.
struct ReaderReported {
  GateIndex gate;
  bool online = false;
  Moment received;
};

/// Whoever publishes the outbox's events has room for more. In no hurry: waits for the next turn
/// under load.
struct EventsAsked {
  std::optional<store::OutboxPlace> taken;  // up to here they need never be asked for again
  std::optional<store::OutboxPlace> after;  // none: from where it stood when the process began
};

struct Call;

/// Somebody asks through the API. Behind a pointer, so that those who only carry events need not
/// know what people may ask.
struct CallMade {
  std::shared_ptr<const Call> call;  // never null
};

/// The urgent lane: gates and people, and what concerns the whole process.
using UrgentEvent = std::variant<StopRequested, GateScanned, BarrierReported, OpeningReported,
                                 IntrusionReported, ReaderReported, CallMade>;

}  // namespace gatehouse::engine

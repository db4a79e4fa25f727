// What the engine asks of the world once it is committed.
//
// Effects are values that decide collects; they can be acted on only as store::Committed<Effects>,
// which nothing but a successful commit makes.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse::engine {

/// What `…/slots/{slot}/status` says.
struct SlotShown {
  SlotStatus status = SlotStatus::free;
  Instant since{};  // of this status
  bool operator==(const SlotShown&) const = default;
};

/// What `…/zones/{zone}/availability` says, and `…/availability` of the whole lot.
struct Availability {
  SlotCounts counts;
  std::uint32_t available = 0;  // free slots of active zones
  bool active = true;           // of the lot: any zone is
  Paise hourly_rate;            // in force now; of the lot: the lowest of its active zones
  std::uint64_t seq = 0;        // rises with each change, over restarts too
  Instant at{};                 // of the change
  bool operator==(const Availability&) const = default;
};

struct SlotChange {
  SlotIndex slot;
  SlotShown shown;
};
struct ZoneChange {
  ZoneIndex zone;
  Availability availability;
};

/// Newest values, ready to be shown; each slot and zone at most once.
struct Effects {
  std::vector<ZoneChange> zones;
  std::optional<Availability> lot;
  std::vector<SlotChange> slots;
  [[nodiscard]] bool empty() const { return zones.empty() && !lot && slots.empty(); }
};

}  // namespace gatehouse::engine

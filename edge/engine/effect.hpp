// What the engine asks of the world once it is committed.
//
// Effects are values that decide collects; they can be acted on only as store::Committed<Effects>,
// which nothing but a successful commit makes.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/time.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/store/audit_row.hpp"
#include "edge/store/outbox.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

struct CallAnswer;

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

/// An answer to a reader, as `…/gates/{gate}/decision` says it: the first one, a later one, or the
/// newest one again.
struct DecisionShown {
  GateIndex gate;
  std::string payload;
  bool is_later = false;  // its reader has an answer already and will not ask again
};

/// A scan, frame, press or call that was just written down, as staff are shown it.
struct ScanShown {
  GateIndex gate;
  std::string payload;
};

struct BarrierChange {
  GateIndex gate;
  BarrierShown shown;
};

/// `…/alerts/{kind}`.
struct AlertShown {
  std::string kind;
  std::string payload;
  std::string id;
  bool cleared = false;
};

/// The answer to EventsAsked: rows of the outbox after the place that was named, in order.
struct EventsHandedOut {
  std::optional<store::OutboxPlace> after;
  std::vector<store::StoredOutboxRow> rows;
};

/// Newest values, ready to be shown: each slot, zone and gate's barrier at most once; and what is
/// to be done or answered, each once, in this order.
struct Effects {
  std::vector<ZoneChange> zones;
  std::optional<Availability> lot;
  std::vector<SlotChange> slots;
  std::vector<BarrierOrder> orders;
  std::vector<ScanShown> scans;
  std::vector<DecisionShown> decisions;
  std::vector<std::shared_ptr<const CallAnswer>> answers;  // none of them null
  std::vector<BarrierChange> barriers;
  std::vector<AlertShown> alerts;
  std::optional<EventsHandedOut> events;
  std::optional<store::AuditHead> audit_head;  // where the audit's chain ends now
  bool outbox_grew = false;
  bool lot_changed = false;  // what the process reads at its start is different now
  bool rebuild_due = false;  // … and this is a good moment to read it anew
  [[nodiscard]] bool empty() const {
    return zones.empty() && !lot && slots.empty() && orders.empty() && scans.empty() &&
           decisions.empty() && answers.empty() && barriers.empty() && alerts.empty() && !events &&
           !audit_head && !outbox_grew && !lot_changed && !rebuild_due;
  }
};

}  // namespace gatehouse::engine

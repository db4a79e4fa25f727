// The capability "gates": who comes, goes, parks and pays. Put together from the desks at which
// each of it is decided.
//
// Everything happens inside one turn's transaction; effects are carried out after the commit. The
// engine's thread; failure is a StoreError.
#pragma once

#include "edge/engine/alarms.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/audit_trail.hpp"
#include "edge/engine/bays.hpp"
#include "edge/engine/due_reports.hpp"
#include "edge/engine/event.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/premises.hpp"
#include "edge/engine/tickets.hpp"
#include "edge/engine/turn.hpp"
#include "edge/store/audit_chain.hpp"

namespace gatehouse::engine {

/// What gates need beside the lot itself. Everything referred to outlives the engine.
struct GateParts {
  const Premises& premises;
  const QrWriter& qr;
  Random& random;
  TicketKey ticket_key{};
  std::optional<TicketKey> previous_ticket_key = {};
  Alarms* alarms = nullptr;  // none: nobody else tells of anything
  store::AuditKeys audit_keys = {};
  std::optional<store::AuditHead> audit_head = {};  // as it was kept beside the store
  AuditInbox* audit_inbox = nullptr;                // null: nobody brings anything
};

class Gates {
 public:
  Gates(const GateParts& parts, store::Database& database);

  /// What the sessions say of slots: before the board is made.
  [[nodiscard]] std::vector<Claim> claims();

  [[nodiscard]] Turn turn(store::Outbox& outbox, OccupancyBoard& board,
                          store::Transaction& transaction, Effects& effects, Moment now);

  /// Once, before any other turn: orders of an earlier process are given up.
  void start(Turn& turn);
  void decide(Turn& turn, const GateScanned& scanned);
  void decide(Turn& turn, const BarrierReported& reported);
  void decide(Turn& turn, const OpeningReported& reported);
  void decide(Turn& turn, const IntrusionReported& reported);
  void decide(Turn& turn, const ReaderReported& reported);
  void decide(Turn& turn, const CallMade& made);

  /// After a slot's sensor was heard.
  void note(SlotIndex slot, SensorState sensor) {
    if (watches_bays()) bays_.note(slot, sensor);
  }
  [[nodiscard]] bool has_noted() const { return bays_.has_noted(); }
  void look_at_bays(Turn& turn) { bays_.look(turn); }
  /// See store::Erasures.
  [[nodiscard]] bool wants_empty_log() { return books_.erasures.wants_empty_log(); }
  /// Once a second: what has expired, and what has not fitted for long.
  void keep_house(Turn& turn);
  /// The last turn of the process.
  void finish(Turn& turn);
  /// At the end of every turn.
  void close(Turn& turn);

 private:
  /// A lot without lanes has cars that no session knows of: none of them is out of place.
  [[nodiscard]] bool watches_bays() const { return lanes_.size() > 0; }
  /// Whether the process should read the lot anew now.
  [[nodiscard]] bool is_time_to_rebuild(Steady now);
  /// Whatever is billed in this turn sees a clock that was set just before it.
  void note_clock(Turn& turn);
  void look_at_alarms(Turn& turn);

  const GateParts parts_;
  Tickets tickets_;
  Books books_;
  Lanes lanes_;
  Bays bays_;
  DueReports due_reports_;
  store::AuditChain audit_chain_;
  CallTrail call_trail_;
  AuditTeller audit_teller_;
  Steady next_long_stays_{};
  // Changed and not read anew yet: when last, and since when.
  std::optional<Steady> lot_changed_at_;
  std::optional<Steady> lot_changed_first_at_;
};

}  // namespace gatehouse::engine

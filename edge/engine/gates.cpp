#include "edge/engine/gates.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/barrier_desk.hpp"
#include "edge/engine/gate_desk.hpp"
#include "edge/engine/let_out.hpp"
#include "edge/engine/long_stays.hpp"
#include "edge/engine/money.hpp"
#include "edge/engine/once.hpp"
#include "edge/engine/outages.hpp"
#include "edge/engine/passages.hpp"
#include "edge/engine/staff_desk.hpp"

#include <chrono>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

// So many at once: a lot that was off for a week must not stand still over its first turn.
constexpr int expired_max = 200;
// The log of scans: long enough for a complaint, short enough for a small disk.
constexpr std::chrono::days scans_keep{90};
constexpr int prune_rows_max = 200;
// What was signed in: while somebody may still ask why a token was refused.
constexpr std::chrono::days families_keep{7};
// Hours are told to the minute.
constexpr std::chrono::minutes long_stays_interval{1};
// Until whoever changed the lot has their answer, and, at most, until no barrier is on its way up
// or down: a passage that is being watched is watched to its end.
constexpr std::chrono::seconds rebuild_after{1};
constexpr std::chrono::seconds rebuild_patience{30};

}  // namespace

Gates::Gates(const GateParts& parts, store::Database& database)
    : parts_(parts),
      tickets_(parts.ticket_key, parts.previous_ticket_key, parts.random),
      books_(database, parts.premises.plan),
      lanes_(parts.premises.gates, parts.premises.gate_rules.bad_codes_per_minute),
      bays_(parts.premises.plan.slots().size()),
      due_reports_(database),
      audit_chain_(database, parts.audit_keys, parts.audit_head) {}

std::vector<Claim> Gates::claims() {
  std::vector<Claim> claims(parts_.premises.plan.slots().size(), Claim::none);
  for (const store::SlotClaim& each : books_.sessions.claims()) claims[at(each.slot)] = each.claim;
  return claims;
}

Turn Gates::turn(store::Outbox& outbox, OccupancyBoard& board, store::Transaction& transaction,
                 Effects& effects, Moment now) {
  return {.premises = parts_.premises,
          .books = books_,
          .outbox = outbox,
          .board = board,
          .tickets = tickets_,
          .qr = parts_.qr,
          .transaction = transaction,
          .effects = effects,
          .now = now,
          .audit_chain = audit_chain_,
          .audit_inbox = parts_.audit_inbox};
}

void Gates::start(Turn& turn) {
  note_clock(turn);
  record_start(turn);
  audit_teller_.tell_now();
  give_up_earlier_orders(turn);
  renew_standing_orders(turn);
  recall_readers(turn, lanes_);
  bays_.start(turn);
  start_outages(turn);
}

void Gates::decide(Turn& turn, const GateScanned& scanned) {
  note_clock(turn);
  engine::decide(turn, lanes_, scanned);
}
void Gates::decide(Turn& turn, const BarrierReported& reported) { report(turn, lanes_, reported); }
void Gates::decide(Turn& turn, const OpeningReported& reported) { report(turn, lanes_, reported); }
void Gates::decide(Turn& turn, const IntrusionReported& reported) {
  report(turn, lanes_, reported);
}
void Gates::decide(Turn& turn, const ReaderReported& reported) {
  const std::string& gate = parts_.premises.gates.lane(reported.gate).id.text();
  if (reported.online) return clear(turn, "reader_offline", gate);
  raise(turn, {"reader_offline", gate, store::Severity::warning,
               fmt::format("The reader at {} is offline", gate)});
}
void Gates::decide(Turn& turn, const CallMade& made) {
  note_clock(turn);
  engine::decide(turn, lanes_, call_trail_, made);
  if (!turn.effects.lot_changed) return;
  lot_changed_at_ = turn.now.steady;
  if (!lot_changed_first_at_) lot_changed_first_at_ = turn.now.steady;
}

bool Gates::is_time_to_rebuild(Steady now) {
  if (!lot_changed_at_ || !lot_changed_first_at_) return false;
  // Of the first change: whoever goes on changing the lot does not put it off for ever.
  const bool is_patience_over = now - *lot_changed_first_at_ >= rebuild_patience;
  if (!is_patience_over && now - *lot_changed_at_ < rebuild_after) return false;
  return is_patience_over || books_.openings.going_on().empty();
}

void Gates::note_clock(Turn& turn) {
  books_.clock_notes.note(turn.transaction, turn.now, parts_.premises.boot);
}

void Gates::look_at_alarms(Turn& turn) {
  if (parts_.alarms == nullptr) return;
  for (const AlarmTold& told : parts_.alarms->take()) {
    if (told.message.empty()) {
      clear(turn, told.kind, told.subject);
    } else {
      raise(turn, {told.kind, told.subject, told.severity, told.message});
    }
  }
}

void Gates::keep_house(Turn& turn) {
  note_clock(turn);
  look_after_readers(turn, lanes_);
  for (store::Session& session : books_.sessions.expired(turn.now.utc, expired_max))
    close_unentered(turn, session, SessionEvent::expire, Paise(0), "Its time was over");
  books_.unpaid_bookings.forget_ended(turn.transaction);
  find_unconfirmed(turn);
  look_after_let_out(turn, lanes_);
  if (turn.now.steady >= next_long_stays_) {
    next_long_stays_ = turn.now.steady + long_stays_interval;
    look_for_long_stays(turn);
  }
  end_outages(turn);
  if (is_time_to_rebuild(turn.now.steady)) {
    turn.effects.rebuild_due = true;
    lot_changed_at_.reset();
    lot_changed_first_at_.reset();
  }
  if (watches_bays()) bays_.keep_house(turn);
  if (turn.disk_is_scarce) {
    raise(turn, {"disk_full", "store", store::Severity::critical,
                 "The disk is nearly full: nobody new is let in until there is room"});
  } else {
    clear(turn, "disk_full", "store");
  }
  look_at_alarms(turn);
  due_reports_.keep(turn);
  books_.scans.prune(turn.transaction, turn.now.utc - scans_keep, prune_rows_max);
  books_.families.prune(turn.transaction, turn.now.utc - families_keep, prune_rows_max);
  books_.kept_answers.prune(turn.transaction, turn.now.utc - answers_keep, prune_rows_max);
  record_sightings(turn, AuditInbox::Taking::what_is_due);
  audit_teller_.look_at_day(turn);
}

void Gates::finish(Turn& turn) {
  record_sightings(turn, AuditInbox::Taking::everything);
  record_stop(turn);
  audit_teller_.tell_now();
}

void Gates::close(Turn& turn) {
  audit_chain_.close(turn.transaction);
  audit_teller_.tell(turn);
}

}  // namespace gatehouse::engine

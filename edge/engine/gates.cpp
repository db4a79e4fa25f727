#include "edge/engine/gates.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/barrier_desk.hpp"
#include "edge/engine/gate_desk.hpp"
#include "edge/engine/let_out.hpp"
#include "edge/engine/money.hpp"
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

}  // namespace

Gates::Gates(const GateParts& parts, store::Database& database)
    : parts_(parts),
      tickets_(parts.ticket_key, parts.previous_ticket_key, parts.random),
      books_(database, parts.premises.plan),
      lanes_(parts.premises.gates, parts.premises.gate_rules.bad_codes_per_minute),
      bays_(parts.premises.plan.slots().size()) {}

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
          .now = now};
}

void Gates::start(Turn& turn) {
  note_clock(turn);
  give_up_earlier_orders(turn);
  renew_standing_orders(turn);
  recall_readers(turn, lanes_);
  bays_.start(turn);
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
  engine::decide(turn, lanes_, made);
}

void Gates::note_clock(Turn& turn) {
  books_.clock_notes.note(turn.transaction, turn.now, parts_.premises.boot);
}

void Gates::keep_house(Turn& turn) {
  note_clock(turn);
  look_after_readers(turn, lanes_);
  for (store::Session& session : books_.sessions.expired(turn.now.utc, expired_max))
    close_unentered(turn, session, SessionEvent::expire, Paise(0), "Its time was over");
  books_.unpaid_bookings.forget_ended(turn.transaction);
  find_unconfirmed(turn);
  look_after_let_out(turn, lanes_);
  if (watches_bays()) bays_.keep_house(turn);
  if (turn.disk_is_scarce) {
    raise(turn, {"disk_full", "store", store::Severity::critical,
                 "The disk is nearly full: nobody new is let in until there is room"});
  } else {
    clear(turn, "disk_full", "store");
  }
  books_.scans.prune(turn.transaction, turn.now.utc - scans_keep, prune_rows_max);
}

}  // namespace gatehouse::engine

#include "edge/engine/passages.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/answers.hpp"
#include "edge/engine/gate_payloads.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

using store::Authorisation;
using store::OpeningStatus;
using store::Passage;

constexpr std::uint32_t openings_after_seen_max = 2;  // docs/contract/modbus.md

const std::string& gate_name(const Turn& turn, GateIndex gate) {
  return turn.premises.gates.lane(gate).id.text();
}

void order_opening(Turn& turn, const store::Session& session, store::AuthorisationKey authorisation,
                   const OpeningFor& what) {
  const LanePlan& lane = turn.premises.gates.lane(what.gate);
  const store::OpeningKey opening = turn.books.openings.insert(
      turn.transaction, {.authorisation = authorisation,
                         .cause = what.cause,
                         .scan = what.scan,
                         .gate = lane.id.text(),
                         .barrier = turn.premises.gates.barrier(*lane.barrier).text(),
                         .session = session.key,
                         .by_user = what.by_user,
                         .reason = {},
                         .at = turn.now.utc,
                         .ended_at = {}});
  turn.effects.orders.push_back({.barrier = *lane.barrier,
                                 .kind = BarrierOrderKind::open,
                                 .opening = OpeningId(std::to_underlying(opening)),
                                 .passage = PassageId(std::to_underlying(authorisation)),
                                 .authorised = turn.now});
}

void raise_unconfirmed(Turn& turn, const Authorisation& authorisation) {
  if (authorisation.direction != Passage::entry) return;
  const auto session = turn.books.sessions.find(authorisation.session);
  if (!session || !is_inside(session->state)) return;
  raise(turn, {"entry_unconfirmed", session->id, store::Severity::warning,
               fmt::format("Nobody was seen to enter at {} on this ticket", authorisation.gate)});
}

/// Whoever else was to pass at this gate has been overtaken: nothing opens on their authorisation
/// any more.
void close_others(Turn& turn, const std::string& gate,
                  std::optional<store::AuthorisationKey> but_for) {
  for (Authorisation& other : turn.books.openings.open_at(gate)) {
    if (other.key == but_for) continue;
    other.other_passed = true;
    other.closed = true;
    turn.books.openings.update(turn.transaction, other);
    raise_unconfirmed(turn, other);
  }
}

void confirm_passage(Turn& turn, Lanes& lanes, Authorisation authorisation, Instant at) {
  authorisation.confirmed_at = at;
  authorisation.closed = true;
  turn.books.openings.update(turn.transaction, authorisation);
  close_others(turn, authorisation.gate, authorisation.key);
  auto session = turn.books.sessions.find(authorisation.session);
  if (!session) return;
  if (const auto gate = turn.premises.gates.find_gate(authorisation.gate)) {
    lanes.at(*gate).pressed.reset();
    lanes.at(*gate).forget_decided(session->code.text());
  }
  if (authorisation.direction != Passage::entry) return;
  session->entry_confirmed_at = at;
  turn.books.sessions.update(turn.transaction, *session);
  clear(turn, "entry_unconfirmed", session->id);
}

/// An arm that is held up is up already, and refuses an order to open.
bool is_to_be_told(const Lane& lane) {
  return lane.has_barrier() && lane.passable() == Passable::yes && !lane.is_held_up();
}

void raise_intrusion(Turn& turn, const std::string& gate, IntrusionReported::Kind kind) {
  const bool forced = kind == IntrusionReported::Kind::forced;
  const std::string_view alert = forced ? "forced" : "tailgate";
  // Each one is an alert of its own: the one before is history.
  clear(turn, alert, gate);
  raise(turn, {alert, gate, store::Severity::critical,
               forced ? fmt::format("A vehicle passed {} without being let through", gate)
                      : fmt::format("A second vehicle followed through {}", gate)});
}

/// The passage that was authorised; or, if that was seen before, a second vehicle on it.
void somebody_passed(Turn& turn, Lanes& lanes, const Authorisation& authorisation, Instant at) {
  if (!authorisation.confirmed_at) return confirm_passage(turn, lanes, authorisation, at);
  close_others(turn, authorisation.gate, std::nullopt);
  raise_intrusion(turn, authorisation.gate, IntrusionReported::Kind::tailgate);
}

void tell_asker(Turn& turn, const store::Opening& opening, Reason reason) {
  if (opening.scan) answer_later(turn, *opening.scan, denied(reason));
}

OpeningStatus status_of(OpeningReported::How how) {
  switch (how) {
    case OpeningReported::How::seen_open:
      return OpeningStatus::seen_open;
    case OpeningReported::How::passed:
      return OpeningStatus::passed;
    case OpeningReported::How::closed_unpassed:
      return OpeningStatus::closed_unpassed;
    case OpeningReported::How::failed:
      return OpeningStatus::failed;
    case OpeningReported::How::too_old:
      return OpeningStatus::too_old;
    case OpeningReported::How::refused:
      return OpeningStatus::refused;
  }
  return OpeningStatus::failed;
}

void keep_alert(Turn& turn, std::string_view kind, const std::string& barrier, bool stands,
                std::string message) {
  if (stands) {
    raise(turn, {kind, barrier, store::Severity::critical, std::move(message)});
  } else {
    clear(turn, kind, barrier);
  }
}

}  // namespace

void let_through(Turn& turn, const Lanes& lanes, store::Session& session, const OpeningFor& what) {
  close_authorisation(turn, session, what.direction);
  const Lane& lane = lanes.at(what.gate);
  Authorisation authorisation{.session = session.key,
                              .gate = gate_name(turn, what.gate),
                              .direction = what.direction,
                              .at = turn.now.utc,
                              .seen_open_at = {},
                              .confirmed_at = {}};
  const bool is_entry = what.direction == Passage::entry;
  // Nobody is seen to go under an arm that is held up. Whoever wants to leave may scan again while
  // the arm could have come down before them.
  if (!lane.has_barrier() || (lane.is_held_up() && is_entry)) {
    authorisation.confirmed_at = turn.now.utc;
    authorisation.closed = true;
    if (is_entry) session.entry_confirmed_at = turn.now.utc;
  } else if (lane.is_held_up()) {
    authorisation.seen_open_at = turn.now.utc;
  }
  authorisation.key = turn.books.openings.insert(turn.transaction, authorisation);
  if (is_to_be_told(lane)) order_opening(turn, session, authorisation.key, what);
}

std::optional<Authorisation> find_repeatable(Turn& turn, const store::Session& session,
                                             const OpeningFor& what) {
  auto authorisation = turn.books.openings.find_open(session.key, what.direction);
  if (!authorisation || authorisation->gate != gate_name(turn, what.gate)) return std::nullopt;
  if (authorisation->seen_open_at) {
    const auto since = turn.now.utc - *authorisation->seen_open_at;
    if (since > turn.premises.gate_rules.reopen_window) return std::nullopt;
    if (authorisation->openings_after_seen >= openings_after_seen_max) return std::nullopt;
  }
  return authorisation;
}

void open_again(Turn& turn, const Lanes& lanes, const store::Session& session,
                Authorisation authorisation, const OpeningFor& what) {
  const Lane& lane = lanes.at(what.gate);
  if (lane.is_held_up() && !authorisation.seen_open_at) {
    authorisation.seen_open_at = turn.now.utc;
    turn.books.openings.update(turn.transaction, authorisation);
  }
  if (!is_to_be_told(lane)) return;
  if (authorisation.seen_open_at) {
    ++authorisation.openings_after_seen;
    turn.books.openings.update(turn.transaction, authorisation);
  }
  order_opening(turn, session, authorisation.key, what);
}

void open_by_hand(Turn& turn, GateIndex gate, store::OpeningCause cause, store::UserKey user,
                  const std::string& reason) {
  const LanePlan& lane = turn.premises.gates.lane(gate);
  if (!lane.barrier) return;
  const store::OpeningKey opening = turn.books.openings.insert(
      turn.transaction, {.authorisation = {},
                         .cause = cause,
                         .scan = {},
                         .gate = lane.id.text(),
                         .barrier = turn.premises.gates.barrier(*lane.barrier).text(),
                         .session = {},
                         .by_user = user,
                         .reason = reason,
                         .at = turn.now.utc,
                         .ended_at = {}});
  turn.effects.orders.push_back({.barrier = *lane.barrier,
                                 .kind = BarrierOrderKind::open,
                                 .opening = OpeningId(std::to_underlying(opening)),
                                 .passage = {},
                                 .authorised = turn.now});
}

void report(Turn& turn, Lanes& lanes, const BarrierReported& reported) {
  const auto gate = turn.premises.gates.gate_of(reported.barrier);
  if (!gate) return;
  Lane& lane = lanes.at(*gate);
  const bool state_changed = lane.report(reported.shown, reported.at);
  if (lane.is_seen_empty()) lane.pressed.reset();
  const std::string& barrier = turn.premises.gates.barrier(reported.barrier).text();
  turn.effects.barriers.push_back({*gate, reported.shown});
  if (!state_changed) return;
  announce(turn, "barrier.changed", barrier,
           barrier_json(barrier, reported.shown, reported.at.utc));
  keep_alert(turn, "barrier_fault", barrier, reported.shown.state == BarrierState::fault,
             fmt::format("Barrier {} does not move as it is told", barrier));
  keep_alert(turn, "barrier_unreachable", barrier,
             reported.shown.state == BarrierState::unreachable,
             fmt::format("Barrier {} does not answer", barrier));
}

void report(Turn& turn, Lanes& lanes, const OpeningReported& reported) {
  const store::OpeningKey key{std::to_underlying(reported.opening)};
  const auto opening = turn.books.openings.find(key);
  if (!opening || has_ended(opening->status)) return;
  turn.books.openings.set_status(turn.transaction, key, status_of(reported.how), reported.at.utc);
  auto authorisation = opening->authorisation ? turn.books.openings.find(*opening->authorisation)
                                              : std::optional<Authorisation>();
  switch (reported.how) {
    case OpeningReported::How::seen_open:
      if (authorisation && !authorisation->seen_open_at) {
        authorisation->seen_open_at = reported.at.utc;
        turn.books.openings.update(turn.transaction, *authorisation);
      }
      return;
    case OpeningReported::How::passed:
      if (authorisation) return somebody_passed(turn, lanes, *authorisation, reported.at.utc);
      return close_others(turn, opening->gate, std::nullopt);
    case OpeningReported::How::closed_unpassed:
      return;
    case OpeningReported::How::failed:
    case OpeningReported::How::refused:
      return tell_asker(turn, *opening, Reason::barrier_fault);
    case OpeningReported::How::too_old:
      return tell_asker(turn, *opening, Reason::scan_again);
  }
}

void report(Turn& turn, Lanes& /*lanes*/, const IntrusionReported& reported) {
  const auto gate = turn.premises.gates.gate_of(reported.barrier);
  if (!gate) return;
  const std::string& name = gate_name(turn, *gate);
  close_others(turn, name, std::nullopt);
  raise_intrusion(turn, name, reported.kind);
}

void give_up_earlier_orders(Turn& turn) {
  for (const store::Opening& opening : turn.books.openings.going_on()) {
    const bool was_seen = opening.status == OpeningStatus::seen_open;
    turn.books.openings.set_status(
        turn.transaction, opening.key,
        was_seen ? OpeningStatus::closed_unpassed : OpeningStatus::too_old, turn.now.utc);
    if (!was_seen) tell_asker(turn, opening, Reason::scan_again);
  }
}

void close_authorisation(Turn& turn, const store::Session& session, Passage direction) {
  auto authorisation = turn.books.openings.find_open(session.key, direction);
  if (!authorisation) return;
  authorisation->closed = true;
  turn.books.openings.update(turn.transaction, *authorisation);
}

void find_unconfirmed(Turn& turn) {
  const auto window = turn.premises.gate_rules.reopen_window;
  for (Authorisation& authorisation : turn.books.openings.open_authorisations()) {
    const Instant since = authorisation.seen_open_at.value_or(authorisation.at);
    if (turn.now.utc - since <= window) continue;
    raise_unconfirmed(turn, authorisation);
    // An arm that nobody saw open owes its driver an opening, however late.
    if (!authorisation.seen_open_at) continue;
    authorisation.closed = true;
    turn.books.openings.update(turn.transaction, authorisation);
  }
}

}  // namespace gatehouse::engine

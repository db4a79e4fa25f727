#include "edge/engine/bays.hpp"

#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"

#include <chrono>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

// docs/contract/mqtt.md: so long after an entry a car may still be looking for a bay.
constexpr auto looking_for_a_bay = 15min;
// Cars arrive a moment before their sessions are put right, and leave a while before they are at
// the exit: only what stays so is told.
constexpr auto taken_patience = 2min;
constexpr auto empty_patience = 15min;

constexpr std::string_view taken_alert = "slot_taken_without_session";
constexpr std::string_view empty_alert = "slot_empty_with_session";

/// Where the lane of its entry lets it park: anywhere, if nobody knows the lane.
bool may_park_in(const Turn& turn, const store::WaitingForSlot& session, ZoneIndex zone) {
  const auto gate = turn.premises.gates.find_gate(session.entry_gate);
  return session.zone == zone || !gate || turn.premises.gates.lane(*gate).leads_to(zone);
}

/// Whose car it may be that came into this slot then. Two are as good as many: nothing moves.
std::vector<store::Session> candidates_for(Turn& turn, SlotIndex slot, Instant turned_at) {
  std::vector<ZoneIndex> zones;
  for (std::size_t i = 0; i < turn.premises.plan.zones().size(); ++i)
    zones.push_back(ZoneIndex(static_cast<std::uint32_t>(i)));
  const ZoneIndex zone = turn.premises.plan.slot(slot).zone;
  return turn.books.sessions.waiting_for_slot(
      zones, turned_at - looking_for_a_bay, turned_at, 2,
      [&](const store::WaitingForSlot& session) { return may_park_in(turn, session, zone); });
}

/// What its sensor said last, however long ago: silence moves no car.
SensorState last_said(const Turn& turn, SlotIndex slot) {
  const SensorMemory& memory = turn.board.state(slot).sensor;
  if (!memory.spoke) return SensorState::none_ever;
  return memory.occupied ? SensorState::occupied : SensorState::free;
}

void move_session(Turn& turn, store::Session session, SlotIndex to) {
  const std::string from =
      session.slot ? turn.premises.plan.slot(*session.slot).id.text() : std::string();
  hold(turn, session, to);
  session.arrived_in_slot_at = turn.now.utc;
  turn.books.sessions.update(turn.transaction, session);
  announce(turn, "session.moved", session.id,
           fmt::format(R"({{"session_id":"{}","from":"{}","to":"{}"}})", session.id, from,
                       turn.premises.plan.slot(to).id.text()));
}

/// A slot that a booking holds is taken by another car: the booking gets another, the one that
/// became free by it included, where there is one.
void move_into_booked(Turn& turn, store::Session session, store::Session booking, SlotIndex slot) {
  give_back(turn, booking);
  turn.books.sessions.update(turn.transaction, booking);
  move_session(turn, std::move(session), slot);
  const auto other = first_free(turn, booking.zone);
  if (!other) return;
  hold(turn, booking, *other);
  turn.books.sessions.update(turn.transaction, booking);
}

}  // namespace

void Bays::start(Turn& turn) {
  for (std::size_t i = 0; i < bays_.size(); ++i) {
    const SlotIndex slot{static_cast<std::uint32_t>(i)};
    Bay& bay = bays_[i];
    bay.sensor = last_said(turn, slot);
    const SlotShown shown = turn.board.shown(slot);
    const bool is_unexplained = shown.status == SlotStatus::occupied &&
                                turn.board.claim(slot) != Claim::active &&
                                turn.now.utc - shown.since <= looking_for_a_bay;
    if (is_unexplained) bay.unexplained_since = shown.since;
  }
  for (const store::Alert& alert : turn.books.alerts.open()) {
    const auto slot = turn.premises.plan.find_slot(alert.subject);
    if (!slot) continue;
    Bay& bay = bays_[at(*slot)];
    if (alert.kind == taken_alert) bay.misfit = Misfit::taken_without_session;
    if (alert.kind == empty_alert) bay.misfit = Misfit::empty_with_session;
    bay.alerted = bay.alerted || alert.kind == taken_alert || alert.kind == empty_alert;
  }
}

void Bays::look(Turn& turn) {
  for (const SlotIndex slot : noted_) {
    Bay& bay = bays_[at(slot)];
    const SensorState now = turn.board.sensor(slot);
    // A silence in between is no news: what stood there before it stands there after it.
    if (now == bay.sensor || now == SensorState::unknown) continue;
    bay.sensor = now;
    bay.unexplained_since.reset();
    if (now == SensorState::occupied) turned_occupied(turn, slot);
  }
  noted_.clear();
}

void Bays::turned_occupied(Turn& turn, SlotIndex slot) {
  auto holder = turn.books.sessions.find_holder(slot);
  if (holder && is_inside(holder->state)) {
    if (holder->arrived_in_slot_at) return;
    holder->arrived_in_slot_at = turn.now.utc;
    turn.books.sessions.update(turn.transaction, *holder);
    return;
  }
  bays_[at(slot)].unexplained_since = turn.now.utc;
  explain(turn, slot, turn.now.utc);
}

void Bays::explain(Turn& turn, SlotIndex slot, Instant turned_at) {
  auto candidates = candidates_for(turn, slot, turned_at);
  if (candidates.size() > 1) return;
  bays_[at(slot)].unexplained_since.reset();
  if (candidates.empty()) return;
  const auto holder = turn.books.sessions.find_holder(slot);
  if (!holder) return move_session(turn, std::move(candidates.front()), slot);
  if (!is_inside(holder->state))
    move_into_booked(turn, std::move(candidates.front()), *holder, slot);
}

void Bays::keep_house(Turn& turn) {
  for (std::size_t i = 0; i < bays_.size(); ++i) {
    const SlotIndex slot{static_cast<std::uint32_t>(i)};
    Bay& bay = bays_[i];
    if (bay.unexplained_since) explain(turn, slot, *bay.unexplained_since);
    compare(turn, slot);
  }
}

void Bays::compare(Turn& turn, SlotIndex slot) {
  Bay& bay = bays_[at(slot)];
  const SensorState sensor = turn.board.sensor(slot);
  const Claim claim = turn.board.claim(slot);
  Misfit misfit = Misfit::none;
  if (sensor == SensorState::occupied && claim == Claim::none)
    misfit = Misfit::taken_without_session;
  if (sensor == SensorState::free && claim == Claim::active) misfit = Misfit::empty_with_session;
  const std::string& name = turn.premises.plan.slot(slot).id.text();
  if (misfit != bay.misfit) {
    if (std::exchange(bay.alerted, false)) {
      clear(turn, taken_alert, name);
      clear(turn, empty_alert, name);
    }
    bay.misfit = misfit;
    bay.misfit_since = turn.now.steady;
  }
  if (misfit == Misfit::none || bay.alerted) return;
  const bool is_taken = misfit == Misfit::taken_without_session;
  if (turn.now.steady - bay.misfit_since < (is_taken ? taken_patience : empty_patience)) return;
  bay.alerted = true;
  raise(turn, {is_taken ? taken_alert : empty_alert, name, store::Severity::warning,
               is_taken ? fmt::format("A vehicle stands in {} without a session", name)
                        : fmt::format("No vehicle stands in {}, which a session holds", name)});
}

}  // namespace gatehouse::engine

#include "edge/engine/entry.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/money.hpp"

#include <utility>
#include <vector>

namespace gatehouse::engine {
namespace {

using store::Passage;

std::optional<Reason> refusal_of_state(SessionState state) {
  switch (state) {
    case SessionState::booked:
      return std::nullopt;
    case SessionState::pending_payment:
      return Reason::booking_unpaid;
    case SessionState::active:
    case SessionState::exit_pending:
      return Reason::already_entered;
    case SessionState::completed:
    case SessionState::terminated:
      return Reason::already_exited;
    case SessionState::cancelled:
      return Reason::booking_cancelled;
    case SessionState::expired:
      return Reason::booking_expired;
  }
  return Reason::ask_staff;
}

/// The lane's zones in which walk-ins are taken now.
std::vector<ZoneIndex> walk_in_zones(const Turn& turn, GateIndex gate) {
  std::vector<ZoneIndex> zones;
  for (const ZoneIndex zone : turn.premises.gates.lane(gate).zones) {
    const ZonePlan& planned = turn.premises.plan.zone(zone);
    if (planned.active && planned.walk_in) zones.push_back(zone);
  }
  return zones;
}

/// Its own slot, or another where the sensor says that somebody stands there: of its zone first,
/// then of the lane's, at the booked price.
std::optional<SlotIndex> slot_to_enter(const Turn& turn, const store::Session& session,
                                       std::optional<GateIndex> gate) {
  if (holds_slot(session) && may_be_entered(turn, *session.slot)) return session.slot;
  if (const auto other = first_free(turn, session.zone)) return other;
  if (!gate) return std::nullopt;
  return first_free(turn, turn.premises.gates.lane(*gate).zones);
}

std::optional<Reason> refusal_of_lane(const Lane& lane) {
  switch (lane.passable()) {
    case Passable::yes:
      return std::nullopt;
    case Passable::broken:
      return Reason::barrier_fault;
    case Passable::locked:
      return Reason::out_of_service;
  }
  return Reason::barrier_fault;
}

Said ticket_answer(const store::Session& session) {
  return {.answer = {DecisionKind::open, Reason::ticket_issued},
          .session = &session,
          .with_ticket = true};
}

/// Whether the car of this press is still at the gate, as far as anybody can tell.
bool is_still_there(const Turn& turn, const Lane& lane, const Lane::Pressed& pressed,
                    const store::Authorisation& entry) {
  // Nobody is seen to go through where no arm comes down: a moment must do.
  if (entry.confirmed_at) return turn.now.steady - pressed.at <= turn.premises.gate_rules.debounce;
  if (entry.other_passed) return false;
  // Where no loop tells who stands there, whoever presses after that time is another.
  return !entry.closed || lane.barrier().has_presence_loop;
}

/// The ticket of the press before, while its car has not gone through.
bool repeat_press(Turn& turn, Lanes& lanes, const Asker& asker) {
  Lane& lane = lanes.at(asker.gate);
  const auto pressed = std::exchange(lane.pressed, std::nullopt);
  if (!pressed) return false;
  const auto session = turn.books.sessions.find(pressed->session);
  if (!session || !is_inside(session->state)) return false;
  const auto entry = turn.books.openings.find_newest(session->key, Passage::entry);
  if (!entry || !is_still_there(turn, lane, *pressed, *entry)) return false;
  lane.pressed = pressed;
  const OpeningFor what{.gate = asker.gate,
                        .direction = Passage::entry,
                        .scan = asker.scan,
                        .cause = store::OpeningCause::button};
  if (entry->confirmed_at) {
    answer(turn, asker, ticket_answer(*session));
  } else if (const auto authorisation = find_repeatable(turn, *session, what)) {
    answer(turn, asker, ticket_answer(*session));
    open_again(turn, lanes, *session, *authorisation, what);
  } else {
    answer(turn, asker, {.answer = {DecisionKind::wait, Reason::ask_staff}, .session = &*session});
  }
  return true;
}

}  // namespace

store::Session issue_ticket(Turn& turn, const NewTicket& ticket) {
  const ZoneIndex zone = turn.premises.plan.slot(ticket.slot).zone;
  store::Session session;
  session.id = turn.tickets.make_id();
  session.kind = ticket.kind;
  session.prepaid_hours = ticket.prepaid_hours;
  session.booked = ticket.booked;
  session.vehicle = ticket.vehicle;
  session.owner_name = ticket.owner_name;
  session.phone_number = ticket.phone_number;
  session.zone = zone;
  session.slot_given_back = true;
  session.code = turn.tickets.make();
  session.rates = turn.premises.plan.zone(zone).rates;
  session.created_at = turn.now.utc;
  session.created_by = ticket.created_by;
  session.created_gate = ticket.created_gate;
  if (session.booked > Paise(0)) {
    session.state = SessionState::pending_payment;
    session.expires_at = payment_window_ends(turn.premises.billing, turn.now.utc);
  } else {
    session.expires_at = arrival_window_ends(turn.premises.billing, session.kind, turn.now.utc,
                                             ticket.prepaid_hours.value_or(std::chrono::hours(0)));
  }
  hold(turn, session, ticket.slot);
  session.key = turn.books.sessions.insert(turn.transaction, session);
  announce_session(turn, "booking.created", session);
  return session;
}

bool is_vehicle_inside(Turn& turn, const VehicleNumber& vehicle) {
  auto open = turn.books.sessions.find_open(vehicle);
  if (!open) return false;
  if (open->state != SessionState::pending_payment) return true;
  close_unentered(turn, *open, SessionEvent::cancel, turn.books.payments.credits(open->key),
                  "Another ticket was issued for this vehicle");
  return false;
}

std::optional<Reason> entry_refusal(Turn& turn, store::Session& session,
                                    std::optional<GateIndex> gate) {
  if (const auto refused = refusal_of_state(session.state)) return refused;
  if (session.expires_at && *session.expires_at <= turn.now.utc) {
    close_unentered(turn, session, SessionEvent::expire, Paise(0), "Its time was over");
    return Reason::booking_expired;
  }
  if (gate && !turn.premises.gates.lane(*gate).leads_to(session.zone)) return Reason::wrong_gate;
  const auto slot = slot_to_enter(turn, session, gate);
  if (slot) {
    if (!holds_slot(session) || *slot != session.slot) hold(turn, session, *slot);
    return std::nullopt;
  }
  const Paise credits = turn.books.payments.credits(session.key);
  close_unentered(turn, session, SessionEvent::cancel, credits, "No slot was free at entry");
  raise(turn, {"no_slot_at_entry", session.id, store::Severity::critical,
               "A ticket could not be let in: no slot of its zone is free"});
  return Reason::zone_full;
}

void record_entry(Turn& turn, const Lanes& lanes, store::Session& session,
                  const std::optional<OpeningFor>& at_gate) {
  const auto then = next(session.state, SessionEvent::enter);
  require(then.has_value(), "only what is booked enters");
  session.state = *then;
  session.entry_time = turn.now.utc;
  session.entry_clock_note =
      turn.books.clock_notes.note(turn.transaction, turn.now, turn.premises.boot);
  session.expires_at.reset();
  show_claim(turn, session);
  if (at_gate) {
    session.entry_gate = turn.premises.gates.lane(at_gate->gate).id.text();
    let_through(turn, lanes, session, *at_gate);
  } else {
    session.entry_confirmed_at = turn.now.utc;
  }
  turn.books.sessions.update(turn.transaction, session);
  announce_session(turn, "session.opened", session);
}

void decide_entry(Turn& turn, const Lanes& lanes, store::Session& session, const Asker& asker) {
  const OpeningFor what{.gate = asker.gate, .direction = Passage::entry, .scan = asker.scan};
  if (is_inside(session.state)) {
    const auto authorisation = find_repeatable(turn, session, what);
    if (!authorisation) return answer(turn, asker, denied(Reason::already_entered, session));
    if (const auto refused = refusal_of_lane(lanes.at(asker.gate)))
      return answer(turn, asker, denied(*refused, session));
    answer(turn, asker, {.answer = {DecisionKind::open, Reason::entered}, .session = &session});
    return open_again(turn, lanes, session, *authorisation, what);
  }
  // Before anything is recorded: the car can come again, or staff wave it through.
  if (session.state == SessionState::booked) {
    if (turn.disk_is_scarce) return answer(turn, asker, denied(Reason::out_of_service, session));
    if (const auto refused = refusal_of_lane(lanes.at(asker.gate)))
      return answer(turn, asker, denied(*refused, session));
  }
  if (const auto refused = entry_refusal(turn, session, asker.gate))
    return answer(turn, asker, denied(*refused, session));
  record_entry(turn, lanes, session, what);
  answer(turn, asker, {.answer = {DecisionKind::open, Reason::entered}, .session = &session});
}

void decide_press(Turn& turn, Lanes& lanes, const std::optional<VehicleNumber>& vehicle,
                  const Asker& asker) {
  Lane& lane = lanes.at(asker.gate);
  if (turn.premises.gates.lane(asker.gate).direction == LaneDirection::exit)
    return answer(turn, asker, denied(Reason::wrong_gate));
  if (lane.is_seen_empty()) return answer(turn, asker, denied(Reason::no_vehicle));
  if (const auto refused = refusal_of_lane(lane)) return answer(turn, asker, denied(*refused));
  if (repeat_press(turn, lanes, asker)) return;
  if (turn.disk_is_scarce) return answer(turn, asker, denied(Reason::out_of_service));
  if (vehicle && is_vehicle_inside(turn, *vehicle))
    return answer(turn, asker, denied(Reason::vehicle_inside));
  const auto zones = walk_in_zones(turn, asker.gate);
  if (zones.empty()) return answer(turn, asker, denied(Reason::zone_closed));
  const auto slot = first_free(turn, zones);
  if (!slot) return answer(turn, asker, denied(Reason::zone_full));
  store::Session session =
      issue_ticket(turn, {.vehicle = vehicle,
                          .owner_name = {},
                          .phone_number = {},
                          .slot = *slot,
                          .created_by = {},
                          .created_gate = turn.premises.gates.lane(asker.gate).id.text()});
  lane.pressed = Lane::Pressed{session.key, turn.now.steady};
  record_entry(turn, lanes, session,
               OpeningFor{.gate = asker.gate,
                          .direction = Passage::entry,
                          .scan = asker.scan,
                          .cause = store::OpeningCause::button});
  answer(turn, asker, ticket_answer(session));
}

}  // namespace gatehouse::engine

// A lost ticket: another code for the same stay, at a fee (docs/contract/http.md, `lost-ticket`).
#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/entry.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

constexpr int matches_max = 20;

bool has_ticket(const store::Session& session) {
  return session.state != SessionState::pending_payment;
}

/// Everybody whose ticket it may be. Of a vehicle number that nobody has, those it is a part of.
std::vector<store::Session> candidates(Turn& turn, const WhichSession& which) {
  std::vector<store::Session> found;
  if (auto session = find(turn, which)) found.push_back(std::move(*session));
  if (const auto* by = std::get_if<ByVehicle>(&which)) {
    std::erase_if(found, [](const store::Session& each) { return !has_ticket(each); });
    if (found.empty()) found = turn.books.sessions.matching(by->vehicle.text(), matches_max);
    std::erase_if(found, [](const store::Session& each) { return !has_ticket(each); });
  }
  return found;
}

SessionMatch match(const Turn& turn, const store::Session& session) {
  return {.session_id = session.id,
          .number = std::to_underlying(session.key),
          .vehicle_number = vehicle_name(session),
          .slot = slot_name(turn, session),
          .zone_name = turn.premises.plan.zone(session.zone).name,
          .state = session.state,
          .entry_time = session.entry_time};
}

std::optional<Refusal> refusal_of(const store::Session& session) {
  if (session.let_out_at) return Refusal::already_exited;
  if (session.state == SessionState::pending_payment) return Refusal::booking_unpaid;
  if (session.state == SessionState::booked) return std::nullopt;
  return exit_refusal(session);
}

/// Once for a stay, however often its ticket is lost: whoever repeats a call pays once too.
Paise add_fee(const Turn& turn, store::Session& session) {
  const Paise fee = turn.premises.billing.lost_ticket_fee.value_or(Paise(0));
  if (!is_inside(session.state) || session.surcharge > Paise(0)) return Paise(0);
  session.surcharge = fee;
  if (session.quote) session.quote->charge += fee;
  return fee;
}

/// The one who lost it, or whoever found it, comes with the old code: it is nobody's.
void give_new_code(Turn& turn, Lanes& lanes, store::Session& session) {
  for (std::size_t i = 0; i < lanes.size(); ++i)
    lanes.at(GateIndex(static_cast<std::uint32_t>(i))).forget_decided(session.code.text());
  session.code = turn.tickets.make();
}

/// A car that is inside and of which the lot knows nothing.
store::Session open_from(Turn& turn, const Actor& actor, const LostTicket& asked) {
  store::Session session;
  session.id = turn.tickets.make_id();
  if (const auto* by = std::get_if<ByVehicle>(&asked.which)) session.vehicle = by->vehicle;
  session.zone = *asked.zone;
  session.slot_given_back = true;
  session.code = turn.tickets.make();
  session.rates = turn.premises.plan.zone(*asked.zone).rates;
  session.created_at = turn.now.utc;
  session.created_by = actor.user;
  session.state = SessionState::active;
  session.entry_time = *asked.entered_at;
  session.entry_confirmed_at = turn.now.utc;
  session.entry_clock_note =
      turn.books.clock_notes.note(turn.transaction, turn.now, turn.premises.boot);
  if (const auto* by = std::get_if<BySlot>(&asked.which)) {
    hold(turn, session, by->slot);
    session.arrived_in_slot_at = turn.now.utc;
  }
  session.key = turn.books.sessions.insert(turn.transaction, session);
  announce_session(turn, "session.opened", session);
  return session;
}

std::optional<Refusal> refusal_to_open(const Turn& turn, const LostTicket& asked) {
  const bool is_by_id = std::holds_alternative<ById>(asked.which);
  if (is_by_id || !asked.entered_at || !asked.zone) return Refusal::invalid_qr;
  const auto ago = turn.now.utc - *asked.entered_at;
  if (ago < Instant::duration(0) || ago > turn.premises.billing.stay_max)
    return Refusal::bad_entered_at;
  return std::nullopt;
}

CallOutcome replace(Turn& turn, const Actor& actor, const LostTicket& asked,
                    store::Session& session, bool is_new) {
  const Paise fee = add_fee(turn, session);
  turn.books.sessions.update(turn.transaction, session);
  record_act(turn, actor, session, store::ActKind::lost_ticket, asked.reason,
             fmt::format("{}a fee of {} paise",
                         is_new ? "opened from " + format_rfc3339(*session.entry_time) + ", " : "",
                         fee.count()));
  return TicketReplaced{show_bill(turn, session), session.code.text(), is_new};
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const LostTicket& asked) {
  auto found = candidates(turn, asked.which);
  if (found.size() > 1) {
    CallRefused several{Refusal::several_sessions, {}};
    for (const store::Session& each : found) several.matches.push_back(match(turn, each));
    return std::unexpected(std::move(several));
  }
  if (found.empty()) {
    if (const auto why = refusal_to_open(turn, asked)) return refused(*why);
    // An unpaid booking of this vehicle keeps nobody out, and would stand beside the new session.
    const auto* const by = std::get_if<ByVehicle>(&asked.which);
    if (by != nullptr && is_vehicle_inside(turn, by->vehicle))
      return refused(Refusal::vehicle_inside);
    store::Session opened = open_from(turn, actor, asked);
    return replace(turn, actor, asked, opened, true);
  }
  store::Session& session = found.front();
  if (const auto why = refusal_of(session)) return refused(*why);
  give_new_code(turn, lanes, session);
  return replace(turn, actor, asked, session, false);
}

}  // namespace gatehouse::engine

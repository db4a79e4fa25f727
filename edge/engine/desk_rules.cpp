#include "edge/engine/desk_rules.hpp"

#include <charconv>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

std::optional<store::Session> find(Turn& turn, const ByCode& by) {
  const auto ticket = TicketCode::parse(by.code);
  if (!ticket || !turn.tickets.is_ours(*ticket)) return std::nullopt;
  return turn.books.sessions.find_by_code(ticket->body);
}

/// A UUID, or the short number that staff use.
std::optional<store::Session> find(Turn& turn, const ById& by) {
  std::int64_t number = 0;
  const char* const end = by.id.data() + by.id.size();
  const auto [stopped, error] = std::from_chars(by.id.data(), end, number);
  if (error == std::errc() && stopped == end)
    return turn.books.sessions.find(store::SessionKey(number));
  return turn.books.sessions.find_by_id(by.id);
}

std::optional<store::Session> find(Turn& turn, const ByVehicle& by) {
  return turn.books.sessions.find_open(by.vehicle);
}

std::optional<store::Session> find(Turn& turn, const BySlot& by) {
  return turn.books.sessions.find_holder(by.slot);
}

std::string stays_in_words(Turn& turn, const store::Session& session) {
  std::string words;
  for (const StayOffered& each : stays_to_choose(turn, session)) {
    words += fmt::format("{}{} {} min, {} paise", words.empty() ? "" : "; ", name(each.length),
                         each.bill.stayed.count(), each.bill.sums.charge.count());
  }
  return words;
}

}  // namespace

std::optional<store::Session> find(Turn& turn, const WhichSession& which) {
  return std::visit([&turn](const auto& by) { return find(turn, by); }, which);
}

std::optional<Refusal> refusal_of_lane(const Turn& turn, const Lanes& lanes,
                                       std::optional<GateIndex> gate, ZoneIndex zone,
                                       LaneDirection not_of) {
  if (!gate) return std::nullopt;
  const LanePlan& lane = turn.premises.gates.lane(*gate);
  if (lane.direction == not_of || !lane.leads_to(zone)) return Refusal::wrong_gate;
  // Who leaves is billed and settled whatever the arm does.
  const bool must_open = not_of == LaneDirection::exit;
  if (must_open && lanes.at(*gate).passable() != Passable::yes) return Refusal::barrier_fault;
  return std::nullopt;
}

std::optional<Refusal> exit_refusal(const store::Session& session) {
  switch (session.state) {
    case SessionState::pending_payment:
    case SessionState::booked:
      return Refusal::not_entered;
    case SessionState::completed:
    case SessionState::terminated:
      return Refusal::already_exited;
    case SessionState::cancelled:
      return Refusal::booking_cancelled;
    case SessionState::expired:
      return Refusal::booking_expired;
    case SessionState::active:
    case SessionState::exit_pending:
      return std::nullopt;
  }
  return Refusal::invalid_qr;
}

std::expected<Bill, CallRefused> bill_by(Turn& turn, const store::Session& session,
                                         const std::optional<Choice>& choice) {
  const auto refuse = [&](Refusal why) {
    return std::unexpected(CallRefused{why, show_bill(turn, session)});
  };
  Bill bill = bill_of(turn, session);
  if (!bill.suspicion && !choice) return bill;
  if (!bill.suspicion) return refuse(Refusal::not_suspect);
  if (!choice) return refuse(Refusal::ask_staff);
  for (StayOffered& each : stays_to_choose(turn, session)) {
    if (each.length == choice->length) return std::move(each.bill);
  }
  return refuse(Refusal::ask_staff);
}

void record_choice(Turn& turn, const Actor& actor, const store::Session& session,
                   const std::optional<Choice>& choice) {
  if (!choice) return;
  record_act(turn, actor, session, store::ActKind::stay_chosen, choice->reason,
             fmt::format("by {} of: {}", name(choice->length), stays_in_words(turn, session)));
}

void record_act(Turn& turn, const Actor& actor, const store::Session& session, store::ActKind kind,
                const std::string& reason, const std::string& detail,
                const std::string& reference) {
  static_cast<void>(turn.books.staff_acts.append(turn.transaction, {.at = turn.now.utc,
                                                                    .user = actor.user,
                                                                    .session = session.key,
                                                                    .kind = kind,
                                                                    .reason = reason,
                                                                    .reference = reference,
                                                                    .detail = detail}));
}

std::string slot_name(const Turn& turn, const store::Session& session) {
  return session.slot ? turn.premises.plan.slot(*session.slot).id.text() : std::string();
}

std::string vehicle_name(const store::Session& session) {
  return session.vehicle ? session.vehicle->text() : std::string();
}

}  // namespace gatehouse::engine

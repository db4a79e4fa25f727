#include "edge/engine/staff_desk.hpp"

#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/bill.hpp"
#include "edge/engine/entry.hpp"
#include "edge/engine/exit.hpp"
#include "edge/engine/money.hpp"
#include "edge/engine/passages.hpp"

#include <charconv>
#include <utility>

namespace gatehouse::engine {
namespace {

using Result = std::expected<CallResult, CallRefused>;

Result refused(Refusal why) { return std::unexpected(CallRefused{why, {}}); }

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

std::optional<store::Session> find(Turn& turn, const WhichSession& which) {
  return std::visit([&turn](const auto& by) { return find(turn, by); }, which);
}

/// What entry_refusal() says, in the API's words.
Refusal refusal_of(Reason reason) {
  if (reason == Reason::booking_unpaid) return Refusal::booking_unpaid;
  if (reason == Reason::booking_expired) return Refusal::booking_expired;
  if (reason == Reason::booking_cancelled) return Refusal::booking_cancelled;
  if (reason == Reason::already_exited) return Refusal::already_exited;
  if (reason == Reason::zone_full) return Refusal::zone_full;
  if (reason == Reason::wrong_gate) return Refusal::wrong_gate;
  return Refusal::already_entered;
}

/// A lane that staff name must lead there and be able to open, or nothing is recorded.
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

std::optional<OpeningFor> entry_at(std::optional<GateIndex> gate, const Actor& actor) {
  if (!gate) return std::nullopt;
  return OpeningFor{.gate = *gate,
                    .direction = store::Passage::entry,
                    .scan = {},
                    .cause = store::OpeningCause::staff,
                    .by_user = actor.user};
}

std::string slot_name(const Turn& turn, const store::Session& session) {
  return session.slot ? turn.premises.plan.slot(*session.slot).id.text() : std::string();
}

std::string vehicle_name(const store::Session& session) {
  return session.vehicle ? session.vehicle->text() : std::string();
}

Result decide(Turn& turn, Lanes& lanes, const Actor& actor, const IssueTicket& asked) {
  const ZonePlan& zone = turn.premises.plan.zone(asked.zone);
  if (!zone.active || !zone.walk_in) return refused(Refusal::zone_closed);
  if (const auto why = refusal_of_lane(turn, lanes, asked.gate, asked.zone, LaneDirection::exit))
    return refused(*why);
  if (is_vehicle_inside(turn, asked.vehicle)) return refused(Refusal::vehicle_inside);
  const auto slot = first_free(turn, asked.zone);
  if (!slot) return refused(Refusal::zone_full);
  store::Session session = issue_ticket(turn, {.vehicle = asked.vehicle,
                                               .owner_name = asked.owner_name,
                                               .phone_number = asked.phone_number,
                                               .slot = *slot,
                                               .created_by = actor.user,
                                               .created_gate = {}});
  if (asked.gate) record_entry(turn, lanes, session, entry_at(asked.gate, actor));
  return TicketIssued{session.id, session.code.text(), vehicle_name(session),
                      slot_name(turn, session), zone.name};
}

Result decide(Turn& turn, Lanes& lanes, const Actor& actor, const Enter& asked) {
  auto session = find(turn, asked.ticket);
  if (!session) return refused(Refusal::invalid_qr);
  if (asked.vehicle && session->vehicle && *asked.vehicle != *session->vehicle)
    return refused(Refusal::vehicle_mismatch);
  if (asked.vehicle && !session->vehicle && turn.books.sessions.find_open(*asked.vehicle))
    return refused(Refusal::vehicle_inside);
  if (session->state == SessionState::booked) {
    if (const auto why =
            refusal_of_lane(turn, lanes, asked.gate, session->zone, LaneDirection::exit))
      return refused(*why);
  }
  if (const auto reason = entry_refusal(turn, *session, asked.gate))
    return refused(refusal_of(*reason));
  if (asked.vehicle) session->vehicle = asked.vehicle;
  record_entry(turn, lanes, *session, entry_at(asked.gate, actor));
  return Entered{session->id, vehicle_name(*session), *session->entry_time,
                 slot_name(turn, *session), turn.premises.plan.zone(session->zone).name};
}

Result decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const AskBill& asked) {
  const auto session = find(turn, asked.which);
  if (!session) return refused(Refusal::invalid_qr);
  return show_bill(turn, *session);
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

Result leave_with_cash(Turn& turn, Lanes& lanes, const Actor& actor, const Leave& asked,
                       store::Session& session, const Bill& bill) {
  const Paise due = bill.sums.due;
  if (asked.tendered && *asked.tendered < due) return refused(Refusal::tendered_too_little);
  // Fixed first, so that the payment belongs to this quote.
  quote_exit(turn, session, bill);
  if (due > Paise(0)) take_cash(turn, session, due, actor.user, asked.tendered);
  settle_and_let_out(turn, lanes, session, bill_of(turn, session), asked.gate);
  BillShown shown = show_bill(turn, session);
  shown.sums.refund = bill.sums.refund;
  shown.method = PaymentMethod::cash;
  if (asked.tendered) shown.change = *asked.tendered - due;
  return shown;
}

Result decide(Turn& turn, Lanes& lanes, const Actor& actor, const Leave& asked) {
  auto session = find(turn, asked.which);
  if (!session) return refused(Refusal::invalid_qr);
  if (const auto why = exit_refusal(*session)) return refused(*why);
  if (const auto why =
          refusal_of_lane(turn, lanes, asked.gate, session->zone, LaneDirection::entry))
    return refused(*why);
  const Bill bill = bill_of(turn, *session);
  if (bill.suspicion)
    return std::unexpected(CallRefused{Refusal::ask_staff, show_bill(turn, *session)});
  if (asked.amount && *asked.amount != bill.sums.due)
    return std::unexpected(CallRefused{Refusal::amount_changed, show_bill(turn, *session)});
  if (asked.method == PaymentMethod::cash || bill.sums.nothing_due())
    return leave_with_cash(turn, lanes, actor, asked, *session, bill);
  if (bill.sums.due < online_due_min) return refused(Refusal::invalid_payment_method);
  quote_exit(turn, *session, bill);
  session->payment_method = PaymentMethod::online;
  turn.books.sessions.update(turn.transaction, *session);
  static_cast<void>(ask_online(turn, *session, bill.sums.due));
  return show_bill(turn, *session);
}

void move_barrier(Turn& turn, GateIndex gate, const Actor& actor, const MoveBarrier& asked) {
  const LanePlan& lane = turn.premises.gates.lane(gate);
  if (!lane.barrier) return;
  if (asked.kind == BarrierOrderKind::open)
    return open_by_hand(turn, gate, store::OpeningCause::staff, actor.user, asked.reason);
  turn.effects.orders.push_back(
      {.barrier = *lane.barrier, .kind = asked.kind, .opening = {}, .authorised = turn.now});
}

Result decide(Turn& turn, Lanes& lanes, const Actor& actor, const MoveBarrier& asked) {
  if (asked.gate) {
    move_barrier(turn, *asked.gate, actor, asked);
  } else {
    for (std::size_t i = 0; i < lanes.size(); ++i)
      move_barrier(turn, GateIndex(static_cast<std::uint32_t>(i)), actor, asked);
  }
  return BarrierMoved{};
}

}  // namespace

void decide(Turn& turn, Lanes& lanes, const Call& call) {
  Result result = std::visit(
      [&](const auto& asked) { return decide(turn, lanes, call.actor, asked); }, call.what);
  turn.effects.answers.push_back({call.id, std::move(result)});
}

std::string_view name(Refusal refusal) {
  switch (refusal) {
    case Refusal::invalid_qr:
      return "invalid_qr";
    case Refusal::already_entered:
      return "already_entered";
    case Refusal::not_entered:
      return "not_entered";
    case Refusal::already_exited:
      return "already_exited";
    case Refusal::zone_full:
      return "zone_full";
    case Refusal::zone_closed:
      return "zone_closed";
    case Refusal::vehicle_inside:
      return "vehicle_inside";
    case Refusal::vehicle_mismatch:
      return "vehicle_mismatch";
    case Refusal::booking_expired:
      return "booking_expired";
    case Refusal::booking_unpaid:
      return "booking_unpaid";
    case Refusal::booking_cancelled:
      return "booking_cancelled";
    case Refusal::amount_changed:
      return "amount_changed";
    case Refusal::tendered_too_little:
      return "tendered_too_little";
    case Refusal::ask_staff:
      return "ask_staff";
    case Refusal::wrong_gate:
      return "wrong_gate";
    case Refusal::barrier_fault:
      return "barrier_fault";
    case Refusal::invalid_payment_method:
      return "invalid_payment_method";
  }
  return "invalid_qr";
}

}  // namespace gatehouse::engine

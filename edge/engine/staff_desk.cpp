#include "edge/engine/staff_desk.hpp"

#include "edge/engine/allocation.hpp"
#include "edge/engine/announce.hpp"
#include "edge/engine/bill.hpp"
#include "edge/engine/call.hpp"
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/entry.hpp"
#include "edge/engine/exit.hpp"
#include "edge/engine/money.hpp"
#include "edge/engine/once.hpp"
#include "edge/engine/passages.hpp"

#include <utility>

namespace gatehouse::engine {
namespace {

using Result = CallOutcome;

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

std::optional<OpeningFor> entry_at(std::optional<GateIndex> gate, const Actor& actor) {
  if (!gate) return std::nullopt;
  return OpeningFor{.gate = *gate,
                    .direction = store::Passage::entry,
                    .scan = {},
                    .cause = store::OpeningCause::staff,
                    .by_user = actor.user};
}

Result decide(Turn& turn, Lanes& lanes, const Actor& actor, const IssueTicket& asked) {
  if (turn.disk_is_scarce) return refused(Refusal::out_of_service);
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
    if (turn.disk_is_scarce) return refused(Refusal::out_of_service);
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

Result decide(Turn& /*turn*/, Lanes& /*lanes*/, const Actor& /*actor*/, const KeepAnswer& asked) {
  return asked.answer;
}

Result leave_with_cash(Turn& turn, Lanes& lanes, const Actor& actor, const Leave& asked,
                       store::Session& session, const Bill& bill) {
  const Paise due = bill.sums.due;
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

/// The order is the member of staff's who asks for it, so that their shift counts it.
store::Payment order_online(Turn& turn, const Actor& actor, const Leave& asked,
                            const store::Session& session, Paise due) {
  store::Payment payment = ask_online(turn, session, due);
  if (asked.at_reader) return payment;
  payment.taken_by = actor.user;
  turn.books.payments.update(turn.transaction, payment);
  return payment;
}

/// What is wrong with the sums that were asked for with.
std::optional<CallRefused> sums_refusal(Turn& turn, const Leave& asked,
                                        const store::Session& session, const Bill& bill) {
  const Paise due = bill.sums.due;
  if (asked.amount && *asked.amount != due)
    return CallRefused{Refusal::amount_changed, show_bill(turn, session)};
  const bool is_cash = asked.method == PaymentMethod::cash || bill.sums.nothing_due();
  if (is_cash && asked.tendered && *asked.tendered < due)
    return CallRefused{Refusal::tendered_too_little, {}};
  if (!is_cash && due < online_due_min) return CallRefused{Refusal::invalid_payment_method, {}};
  return std::nullopt;
}

Result decide(Turn& turn, Lanes& lanes, const Actor& actor, const Leave& asked) {
  auto session = find(turn, asked.which);
  if (!session) return refused(Refusal::invalid_qr);
  if (const auto why = exit_refusal(*session)) return refused(*why);
  // Whoever was let out unpaid comes back to pay: nothing opens.
  const auto gate = session->let_out_at ? std::optional<GateIndex>() : asked.gate;
  if (const auto why = refusal_of_lane(turn, lanes, gate, session->zone, LaneDirection::entry))
    return refused(*why);
  const auto choice = asked.stay ? std::optional(Choice{*asked.stay, asked.reason}) : std::nullopt;
  const auto bill = bill_by(turn, *session, choice);
  if (!bill) return std::unexpected(bill.error());
  if (auto why = sums_refusal(turn, asked, *session, *bill))
    return std::unexpected(std::move(*why));
  record_choice(turn, actor, *session, choice);
  if (asked.method == PaymentMethod::cash || bill->sums.nothing_due())
    return leave_with_cash(turn, lanes, actor, asked, *session, *bill);
  quote_exit(turn, *session, *bill);
  session->payment_method = PaymentMethod::online;
  turn.books.sessions.update(turn.transaction, *session);
  const store::Payment order = order_online(turn, actor, asked, *session, bill->sums.due);
  if (gate) wait_at_gate(turn, lanes, *gate, *session, order);
  return show_bill(turn, *session);
}

/// Whether the one who asks still has the account that they were known by when they asked; whoever
/// asks without one stays nobody.
bool is_still_somebody(Turn& turn, const Actor& actor) {
  if (actor.user == store::UserKey{}) return true;
  const auto account = turn.books.accounts.find(actor.user);
  return account && !account->disabled;
}

}  // namespace

void decide(Turn& turn, Lanes& lanes, CallTrail& trail, const CallMade& made) {
  const Call& call = *made.call;
  const auto answer = [&](CallAnswer said) {
    turn.effects.answers.push_back(std::make_shared<const CallAnswer>(std::move(said)));
  };
  // Known when the request was read; the account may have gone before its turn came, and nothing
  // can be written in the name of one that is not there.
  if (!is_still_somebody(turn, call.actor)) {
    CallAnswer said{call.id, TokensRefused{}};
    trail.record(turn, call, about_asked(turn, call), said);
    return answer(std::move(said));
  }
  if (auto said = said_before(turn, call)) return answer({call.id, std::move(*said)});
  About about = about_asked(turn, call);
  CallAnswer said{
      call.id, std::visit([&](const auto& asked) { return decide(turn, lanes, call.actor, asked); },
                          call.what)};
  keep_answer(turn, call, said);
  trail.record(turn, call, std::move(about), said);
  answer(std::move(said));
}

}  // namespace gatehouse::engine

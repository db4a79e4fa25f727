// Staff end what the lot alone cannot: a stay that is let out unpaid, or ended.
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/exit.hpp"
#include "edge/engine/let_out.hpp"
#include "edge/engine/money.hpp"
#include "edge/engine/passages.hpp"

#include <algorithm>

namespace gatehouse::engine {
namespace {

std::optional<Choice> choice_of(std::optional<StayLength> stay, const std::string& reason) {
  if (!stay) return std::nullopt;
  return Choice{*stay, reason};
}

OpeningFor exit_at(GateIndex gate, const Actor& actor) {
  return {.gate = gate,
          .direction = store::Passage::exit,
          .scan = {},
          .cause = store::OpeningCause::staff,
          .by_user = actor.user};
}

/// Once more for a car that was let out and whose opening was lost.
CallOutcome let_out_again(Turn& turn, Lanes& lanes, const Actor& actor, const LetOut& asked,
                          const store::Session& session) {
  const OpeningFor what = exit_at(asked.gate, actor);
  const auto authorisation = find_repeatable(turn, session, what);
  if (!authorisation) return refused(Refusal::already_exited);
  record_act(turn, actor, session, store::ActKind::let_out, asked.reason, "once more",
             asked.reference);
  open_again(turn, lanes, session, *authorisation, what);
  return show_bill(turn, session);
}

/// What a stay costs that is ended: of a suspect one that nobody judged, the shorter length.
std::expected<Bill, CallRefused> bill_to_end(Turn& turn, const store::Session& session,
                                             const std::optional<Choice>& choice) {
  if (choice) return bill_by(turn, session, choice);
  Bill bill = bill_of(turn, session);
  if (!bill.suspicion) return bill;
  auto offered = stays_to_choose(turn, session);
  const auto shortest = std::ranges::min_element(
      offered, {}, [](const StayOffered& each) { return each.bill.sums.charge; });
  return shortest == offered.end() ? std::move(bill) : std::move(shortest->bill);
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const LetOut& asked) {
  auto session = find(turn, asked.which);
  if (!session) return refused(Refusal::invalid_qr);
  if (const auto why = exit_refusal(*session)) return refused(*why);
  if (const auto why =
          refusal_of_lane(turn, lanes, asked.gate, session->zone, LaneDirection::entry))
    return refused(*why);
  if (lanes.at(asked.gate).passable() != Passable::yes) return refused(Refusal::barrier_fault);
  if (session->let_out_at) return let_out_again(turn, lanes, actor, asked, *session);
  const auto choice = choice_of(asked.stay, asked.reason);
  const auto bill = bill_by(turn, *session, choice);
  if (!bill) return std::unexpected(bill.error());
  record_choice(turn, actor, *session, choice);
  if (bill->sums.nothing_due()) {
    // There is nothing to wait for.
    settle_and_let_out(turn, lanes, *session, *bill, asked.gate);
    return show_bill(turn, *session);
  }
  record_act(turn, actor, *session, store::ActKind::let_out, asked.reason,
             "at " + turn.premises.gates.lane(asked.gate).id.text() + ", " +
                 std::to_string(bill->sums.due.count()) + " paise due",
             asked.reference);
  let_out_unpaid(turn, lanes, *session, *bill, exit_at(asked.gate, actor));
  return show_bill(turn, *session);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const Terminate& asked) {
  auto session = find(turn, asked.which);
  if (!session) return refused(Refusal::invalid_qr);
  if (const auto why = exit_refusal(*session)) return refused(*why);
  Terminated ended{.session_id = session->id,
                   .vehicle_number = vehicle_name(*session),
                   .slot = slot_name(turn, *session),
                   .charge = {},
                   .credits = turn.books.payments.credits(session->key),
                   .written_off = {},
                   .refund = {}};
  if (!session->entry_confirmed_at) {
    if (asked.stay) return refused(Refusal::not_suspect);
    record_act(turn, actor, *session, store::ActKind::terminated, asked.reason,
               "its entry was not confirmed");
    ended.refund = take_back_entry(turn, *session, asked.reason);
    return ended;
  }
  const auto choice = choice_of(asked.stay, asked.reason);
  const auto bill = bill_to_end(turn, *session, choice);
  if (!bill) return std::unexpected(bill.error());
  record_choice(turn, actor, *session, choice);
  ended.charge = bill->sums.charge;
  ended.written_off = bill->sums.due;
  record_act(turn, actor, *session, store::ActKind::terminated, asked.reason,
             std::to_string(ended.written_off.count()) + " paise written off");
  terminate(turn, *session, *bill, asked.reason);
  return ended;
}

}  // namespace gatehouse::engine

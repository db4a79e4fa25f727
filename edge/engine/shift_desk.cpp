#include "edge/engine/desks.hpp"
#include "edge/engine/shifts.hpp"

namespace gatehouse::engine {
namespace {

ShiftShown show(Turn& turn, const store::Shift& shift, Paise expected) {
  const auto user = turn.books.accounts.find(shift.user);
  return {.shift = shift,
          .user = user ? user->username : std::string(),
          .takings = turn.books.shifts.takings(shift, turn.now.utc),
          .acts = turn.books.shifts.acts(shift, turn.now.utc),
          .expected = expected};
}

/// What its drawer should have held: of a closed one as it was before the count.
Paise expected_in(Turn& turn, const store::Shift& shift) {
  if (!shift.closed_at) return turn.books.ledger.in_drawer(shift.key);
  const store::MethodTakings cash = turn.books.shifts.takings(shift, turn.now.utc).cash;
  return shift.cash_float + cash.amount - cash.refunded;
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const OpenShift& asked) {
  if (turn.books.shifts.find_open(actor.user)) return refused(Refusal::shift_open);
  return show(turn, open_shift(turn, actor.user, asked.cash_float), asked.cash_float);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const CloseShift& asked) {
  const auto open = turn.books.shifts.find_open(actor.user);
  if (!open) return refused(Refusal::no_shift);
  const Paise expected = expected_in(turn, *open);
  return show(turn, close_shift(turn, *open, asked.counted), expected);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const AskShift& asked) {
  const auto shift =
      asked.shift ? turn.books.shifts.find(*asked.shift) : turn.books.shifts.find_open(actor.user);
  if (!shift || (shift->user != actor.user && !asked.may_be_anybodys))
    return refused(Refusal::no_shift);
  return show(turn, *shift, expected_in(turn, *shift));
}

}  // namespace gatehouse::engine

#include "edge/engine/desks.hpp"
#include "edge/engine/shift_report.hpp"
#include "edge/engine/shifts.hpp"

namespace gatehouse::engine {
namespace {

ShiftShown show(Turn& turn, const store::Shift& shift) {
  return report_of({turn.books.shifts, turn.books.ledger, turn.books.accounts}, shift,
                   turn.now.utc);
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const OpenShift& asked) {
  if (turn.books.shifts.find_open(actor.user)) return refused(Refusal::shift_open);
  return show(turn, open_shift(turn, actor.user, asked.cash_float));
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const CloseShift& asked) {
  const auto open = turn.books.shifts.find_open(actor.user);
  if (!open) return refused(Refusal::no_shift);
  return show(turn, close_shift(turn, *open, asked.counted));
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const AskShift& asked) {
  const auto shift =
      asked.shift ? turn.books.shifts.find(*asked.shift) : turn.books.shifts.find_open(actor.user);
  if (!shift || (shift->user != actor.user && !asked.may_be_anybodys))
    return refused(Refusal::no_shift);
  return show(turn, *shift);
}

}  // namespace gatehouse::engine

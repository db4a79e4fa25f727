#include "edge/engine/shifts.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/ledger.hpp"

namespace gatehouse::engine {
namespace {

store::Posting posting(const Turn& turn, store::LedgerCause cause, store::ShiftKey shift) {
  return {.at = turn.now.utc,
          .cause = cause,
          .session = {},
          .payment = {},
          .refund = {},
          .shift = shift};
}

}  // namespace

store::ShiftKey shift_of(Turn& turn, store::UserKey user) {
  if (const auto open = turn.books.shifts.find_open(user)) return open->key;
  return open_shift(turn, user, Paise(0)).key;
}

store::Shift open_shift(Turn& turn, store::UserKey user, Paise cash_float) {
  const store::ShiftKey key =
      turn.books.shifts.open(turn.transaction, user, turn.now.utc, cash_float);
  turn.books.ledger.append(turn.transaction, shift_opened(cash_float),
                           posting(turn, store::LedgerCause::shift_opened, key));
  const auto shift = turn.books.shifts.find(key);
  require(shift.has_value(), "a shift that was opened is there");
  return *shift;
}

store::Shift close_shift(Turn& turn, const store::Shift& shift, Paise counted) {
  const Paise expected = turn.books.ledger.in_drawer(shift.key);
  turn.books.ledger.append(turn.transaction, shift_closed(expected, counted),
                           posting(turn, store::LedgerCause::shift_closed, shift.key));
  return turn.books.shifts.close(turn.transaction, shift.key, turn.now.utc, counted);
}

}  // namespace gatehouse::engine

#include "edge/engine/shift_report.hpp"

namespace gatehouse::engine {

Paise expected_in(const ShiftBooks& books, const store::Shift& shift, Instant now) {
  if (!shift.closed_at) return books.ledger.in_drawer(shift.key);
  const store::MethodTakings cash = books.shifts.takings(shift, now).cash;
  return shift.cash_float + cash.amount - cash.refunded;
}

ShiftShown report_of(const ShiftBooks& books, const store::Shift& shift, Instant now) {
  const auto user = books.accounts.find(shift.user);
  return {.shift = shift,
          .user = user ? user->username : std::string(),
          .takings = books.shifts.takings(shift, now),
          .acts = books.shifts.acts(shift, now),
          .expected = expected_in(books, shift, now)};
}

}  // namespace gatehouse::engine

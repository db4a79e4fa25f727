// Shifts at the drawer: opened with a float, closed with a count (docs/contract/http.md, "Staff").
// What goes through a drawer is a row of the ledger that names its shift; what was counted goes to
// the safe, and what it is more or less than it should be is over or short. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

#include <optional>

namespace gatehouse::engine {

/// The drawer of whoever takes or gives cash: their open shift, or a new one of float 0.
store::ShiftKey shift_of(Turn& turn, store::UserKey user);

/// The user has none open.
store::Shift open_shift(Turn& turn, store::UserKey user, Paise cash_float);
/// `shift` is open.
store::Shift close_shift(Turn& turn, const store::Shift& shift, Paise counted);

}  // namespace gatehouse::engine

// Arms that somebody raised for no ticket's sake: opened, held up, or in an emergency, one for each
// barrier. A let-out is an act of its own, with an authorisation. For a shift's Z report and the
// day's, which count the same.
#pragma once

namespace gatehouse::store {

/// A table of (at, by_user), to be put into brackets.
inline constexpr const char* raised_by_hand =
    "SELECT at, by_user FROM openings WHERE by_user IS NOT NULL AND authorisation IS NULL "
    "UNION ALL SELECT at, by_user FROM barrier_orders WHERE kind = 'hold'";

}  // namespace gatehouse::store

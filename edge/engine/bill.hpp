// What a stay costs now, and what is still due of it (docs/contract/http.md, "Life cycles and
// sums"). Reads only; the engine's thread.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/stay_bill.hpp"
#include "edge/engine/turn.hpp"

namespace gatehouse::engine {

/// Of a session that is inside. A quote that still holds stays as it is; otherwise it is made anew,
/// from entry until now.
Bill bill_of(Turn& turn, const store::Session& session);

/// What a person may choose from, of a session whose bill is suspect.
std::vector<StayOffered> stays_to_choose(Turn& turn, const store::Session& session);

/// As staff and drivers see it; also of a session that is not inside, whose charge is nothing yet
/// or settled.
BillShown show_bill(Turn& turn, const store::Session& session);

}  // namespace gatehouse::engine

// A car that staff let out before its money was confirmed, because the provider cannot be asked
// (docs/contract/http.md, `let-out`). The session stays EXIT_PENDING without a slot, is billed no
// further, and closes by itself when nothing is due any more; when that has not come after a day
// it is an exception that waits for a person. The engine's thread.
#pragma once

#include "edge/engine/bill.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/passages.hpp"
#include "edge/engine/turn.hpp"

namespace gatehouse::engine {

/// `bill` is the session's quote from now on. Opens.
void let_out_unpaid(Turn& turn, const Lanes& lanes, store::Session& session, const Bill& bill,
                    const OpeningFor& at);

/// Once a second: closes whose money came, and tells of whose did not for a day.
void look_after_let_out(Turn& turn, const Lanes& lanes);

/// The session is being closed: its exception, if there is one, is resolved.
void no_longer_waited_for(Turn& turn, const store::Session& session);

}  // namespace gatehouse::engine

// Slots that are planned to be out of service: from the store to the board, and to their end by
// themselves (docs/contract/http.md, "Admin"). What a slot is called meanwhile is the board's
// business. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

namespace gatehouse::engine {

/// Once, before any other turn: the board learns what is planned.
void start_outages(Turn& turn);
/// Once a second: what is over by its time is over in the store too.
void end_outages(Turn& turn);

}  // namespace gatehouse::engine

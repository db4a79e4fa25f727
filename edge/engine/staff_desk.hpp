// What staff ask through the API: tickets at the counter, entries and exits by hand, bills, cash,
// barriers (docs/contract/http.md, "Staff", "Older forms"). Each call is answered once, after the
// commit. The engine's thread.
#pragma once

#include "edge/engine/audit_trail.hpp"
#include "edge/engine/event.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/turn.hpp"

namespace gatehouse::engine {

void decide(Turn& turn, Lanes& lanes, CallTrail& trail, const CallMade& made);

}  // namespace gatehouse::engine

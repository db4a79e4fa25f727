// Who comes to a gate: every scan, frame and press is written down, decided once and answered
// (docs/contract/mqtt.md, "Scans and presses"). The engine's thread.
#pragma once

#include "edge/engine/gate_event.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/turn.hpp"

namespace gatehouse::engine {

void decide(Turn& turn, Lanes& lanes, const GateScanned& scanned);

/// Once, before anything else: which alerts about readers stand, and whose ticket a press brings
/// again.
void recall_readers(Turn& turn, Lanes& lanes);
/// Once a second: readers that have calmed down.
void look_after_readers(Turn& turn, Lanes& lanes);

}  // namespace gatehouse::engine

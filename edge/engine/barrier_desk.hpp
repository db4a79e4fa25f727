// Barriers moved by people, with a reason (docs/contract/http.md, "Staff"; modbus.md). Sessions are
// not touched. What is held or locked stays so over restarts, until somebody releases it; what an
// emergency holds up, until an administrator does. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

namespace gatehouse::engine {

/// Once, when the process has begun: what stood before it stands again.
void renew_standing_orders(Turn& turn);

}  // namespace gatehouse::engine

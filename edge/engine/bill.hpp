// What a stay costs now, and what is still due of it (docs/contract/http.md, "Life cycles and
// sums"). Reads only; the engine's thread.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/engine/call.hpp"
#include "edge/engine/turn.hpp"

#include <optional>

namespace gatehouse::engine {

struct Bill {
  Charge charge;
  Settlement sums;  // the surcharge included
  Instant billing_time{};
  std::chrono::minutes stayed{0};
  Instant valid_until{};
  bool is_quoted = false;  // the session's own quote, which still holds
  std::optional<Suspicion> suspicion;
};

/// Of a session that is inside. A quote that still holds stays as it is; otherwise it is made anew,
/// from entry until now.
Bill bill_of(Turn& turn, const store::Session& session);

/// As staff and drivers see it; also of a session that is not inside, whose charge is nothing yet
/// or settled.
BillShown show_bill(Turn& turn, const store::Session& session);

}  // namespace gatehouse::engine

// What a stay costs at an instant, from values alone: the same sum for the gate that bills it and
// for the page that shows it (docs/contract/http.md, "Life cycles and sums").
//
//   const Bill bill = bill_stay(premises, session, {credits, drift}, now);
//
// Pure; any thread.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/engine/premises.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/sessions.hpp"

#include <chrono>
#include <optional>
#include <span>

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

/// What of a bill does not stand in the session's own row.
struct StayFacts {
  Paise credits;
  std::chrono::milliseconds drift{0};  // of UTC since the entry; needed where no quote holds
};

/// Whether the session's own quote still holds.
bool is_quoted(const store::Session& session, Instant now);

/// Of a session that has entered. A quote that still holds stays as it is; otherwise it is made
/// anew, from entry until now.
Bill bill_stay(const Premises& premises, const store::Session& session, const StayFacts& facts,
               Instant now);

/// Of a session's payments, the oldest first.
PaymentAttempts attempts_in(std::span<const store::Payment> payments);

}  // namespace gatehouse::engine

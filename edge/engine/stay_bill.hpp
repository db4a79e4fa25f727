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
#include <vector>

namespace gatehouse::engine {

struct Bill {
  Charge charge;
  Settlement sums;  // the surcharge included
  Instant billing_time{};
  std::chrono::minutes stayed{0};
  Instant valid_until{};
  bool is_quoted = false;  // the session's own quote, which still holds
  std::optional<Suspicion> suspicion;
  // Of a suspect stay whose length a person has chosen: that length, up to billing_time.
  std::optional<std::chrono::milliseconds> chosen_stay;
};

/// What of a bill does not stand in the session's own row.
struct StayFacts {
  Paise credits;
  // Of UTC since the entry, as Stay has them; needed where no quote holds.
  std::chrono::milliseconds drift{0};
  std::chrono::milliseconds net{0};
  bool steady_is_known = true;  // the steady clock was watched all the time
};

/// Whether the session's own quote still holds. Of a car that was let out before its money came it
/// always does.
bool is_quoted(const store::Session& session, Instant now);

/// Of a session that has entered. A quote that still holds stays as it is; otherwise it is made
/// anew, from entry until now.
Bill bill_stay(const Premises& premises, const store::Session& session, const StayFacts& facts,
               Instant now);

/// A suspect stay by one of its lengths.
struct StayOffered {
  StayLength length = StayLength::utc;
  Bill bill;
};

/// What a person may choose from, of a stay whose bill is suspect: by UTC and by the steady clock,
/// as far as they are known and not beyond all reason.
std::vector<StayOffered> stays_to_choose(const Premises& premises, const store::Session& session,
                                         const StayFacts& facts, Instant now);

/// Of a session's payments, the oldest first.
PaymentAttempts attempts_in(std::span<const store::Payment> payments);

}  // namespace gatehouse::engine

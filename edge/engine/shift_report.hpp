// What a shift comes to, as it stands or as its Z report says it: one sum for the counter and for
// whoever looks it up later (docs/contract/http.md, "Staff"). Reads only. The thread of the books'
// Database; failure is a StoreError.
#pragma once

#include "edge/engine/shift_call.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/ledger.hpp"

namespace gatehouse::engine {

/// Where it is read from.
struct ShiftBooks {
  store::Shifts& shifts;
  store::Ledger& ledger;
  store::Accounts& accounts;
};

/// What its drawer should hold, or should have held: of a closed one as it was before the count.
Paise expected_in(const ShiftBooks& books, const store::Shift& shift, Instant now);

ShiftShown report_of(const ShiftBooks& books, const store::Shift& shift, Instant now);

}  // namespace gatehouse::engine

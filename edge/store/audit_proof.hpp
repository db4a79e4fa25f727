// The proof that the audit's chain is whole: every row sealed by a key of the lot, each following
// the one before, none missing at the beginning, in the middle or at the end.
//
// Each row is proved by itself: one that is wrong or missing hides nothing behind it.
//
// What it can show, to whom (docs/contract/audit.md): whoever has the store but not the audit key
// can change nothing unseen. A store put back whole to an earlier state is found out by the head
// beside it, and by the heads in the outbox that left the box. Reads only, as one snapshot. The
// thread of the Database; failure is a StoreError.
#pragma once

#include "edge/store/audit_row.hpp"
#include "edge/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct ChainProof {
  // A sentence each: of the rows in their order, then of the heads; of each the first 20.
  std::vector<std::string> violations;
  std::int64_t rows = 0;
};

/// `beside`: the head that is kept beside the store; none: there is none.
ChainProof prove_audit_chain(Database& database, const AuditKeys& keys,
                             const std::optional<AuditHead>& beside);

/// Whether the end of the chain was sealed with one of these keys: its head, or where there is none
/// its newest row. True of a store that has neither: it is older than the chain. Of the newest
/// schema.
bool is_sealed_with(Database& database, const AuditKeys& keys);

}  // namespace gatehouse::store

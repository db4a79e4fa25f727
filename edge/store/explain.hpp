// Why: the chain of causes of a session, a payment, a scan or an opening, in order of time. What
// `gatehouse explain` prints.
//
// Reads only, as one snapshot. The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct ExplainedStep {
  Instant at{};
  std::string what;              // a sentence
  std::vector<std::string> ids;  // session 12, scan 9f0c…, opening 7
  bool operator==(const ExplainedStep&) const = default;
};

/// `id`: a session's id, number, ticket code or vehicle number; a payment's, refund's or provider's
/// id; a scan_id; `opening 7`. Everything of the sessions that it leads to; of a scan without a
/// session, the scan alone. Empty: the store knows no such id.
std::vector<ExplainedStep> explain(Database& database, std::string_view id);

}  // namespace gatehouse::store

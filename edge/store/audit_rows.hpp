// The audit's chain, looked through: for pages, and for its proof. Reads only.
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/store/audit_row.hpp"
#include "edge/store/database.hpp"
#include "edge/store/lists.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct AuditFilter {
  Period at;
  std::optional<UserKey> user;
  std::string action;  // how it begins
  std::string outcome;
  std::string search;  // in targets, names, addresses, actions and details
};

struct FoundAudit {
  std::vector<AuditRow> rows;
  std::uint64_t total = 0;
};

class AuditRows {
 public:
  explicit AuditRows(Database& database) : database_(database) {}

  /// The newest first.
  [[nodiscard]] FoundAudit page(const AuditFilter& filter, const Page& page);
  /// From the oldest on, until `look` returns false.
  void each(const std::function<bool(const AuditRow&)>& look);

 private:
  Database& database_;
};

}  // namespace gatehouse::store

// Somebody with a shell, who changes a store behind the gateway's back: nothing holds them back.
#pragma once

#include "tests/unit/edge/store/stores.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace gatehouse::store::tests {

using Sentences = std::vector<std::string>;

/// A change, and what the audit is to tell of it.
struct Tampering {
  const char* sql;
  const char* told;
};

inline void tamper_with(TestStore& store, const std::string& sql) {
  SQLite::Statement triggers(store->raw(), "SELECT name FROM sqlite_schema WHERE type = 'trigger'");
  std::string drops;
  while (triggers.executeStep()) drops += "DROP TRIGGER " + triggers.getColumn(0).getString() + ";";
  triggers.reset();
  store.run(drops +
            "DROP INDEX IF EXISTS sessions_one_open_per_slot;"
            "DROP INDEX IF EXISTS sessions_one_open_per_vehicle;"
            "DROP INDEX IF EXISTS ledger_payment_once; DROP INDEX IF EXISTS ledger_refund_once;"
            "DROP INDEX IF EXISTS receipts_one_per_session;"
            "DROP INDEX IF EXISTS shifts_one_open_per_user;"
            "DROP INDEX IF EXISTS shifts_by_z_number; DROP INDEX IF EXISTS alerts_one_open;"
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;" +
            sql + "; PRAGMA ignore_check_constraints = OFF;");
}

inline bool tells(const Sentences& sentences, const std::string& text) {
  return std::ranges::any_of(
      sentences, [&](const std::string& sentence) { return sentence.find(text) != text.npos; });
}

}  // namespace gatehouse::store::tests

// No kept statement looks at more rows because more cars have come and gone: each finds its rows
// by an index, as the query planner itself says.
#include "edge/store/audit_chain.hpp"
#include "edge/store/kept_answers.hpp"
#include "edge/store/statement.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

// Statements that may walk through a table: they stop after as many rows as they were told to, the
// table has few by its nature, or a report asks for a sum of everything.
constexpr const char* bounded[] = {
    "FROM outbox   ORDER BY epoch, sequence LIMIT ?2",
    "FROM scans ORDER BY key LIMIT ?2",
    "FROM scans NOT INDEXED WHERE received_at <= ",  // stops at the first that is dated right
    "FROM clock_notes ORDER BY key DESC LIMIT 1",
    "FROM audit_log ORDER BY sequence DESC LIMIT 1",
    "FROM epochs ORDER BY epoch DESC LIMIT 1",
    "FROM event_cursor",
    "UPDATE event_cursor",
    "FROM users WHERE TRUE",
    "SELECT debit, -amount_paise FROM ledger)",
};

/// The steps of a statement's plan that walk through a whole table.
std::vector<std::string> whole_tables(SQLite::Database& raw, const std::string& sql) {
  std::vector<std::string> found;
  SQLite::Statement plan(raw, "EXPLAIN QUERY PLAN " + sql);
  while (plan.executeStep()) {
    const std::string step = plan.getColumn(3).getString();
    const bool is_scan = step.starts_with("SCAN ") && step.find("USING") == step.npos;
    const bool is_derived = step.find("SUBQUERY") != step.npos || step.starts_with("SCAN (") ||
                            step.find("CONSTANT ROW") != step.npos;
    if (is_scan && !is_derived) found.push_back(step);
  }
  return found;
}

}  // namespace

TEST_CASE("what a gate asks costs the same after a million sessions", "[store][plans]") {
  std::vector<std::string> statements;
  Statement::noted = &statements;
  Parking parking;
  const AuditChain chain(*parking.store, {});
  const KeptAnswers answers(*parking.store);
  Statement::noted = nullptr;
  CHECK(statements.size() > 70);
  for (const std::string& sql : statements) {
    if (std::ranges::any_of(bounded,
                            [&](const char* part) { return sql.find(part) != sql.npos; })) {
      continue;
    }
    CAPTURE(sql);
    CHECK(whole_tables(parking.store->raw(), sql) == std::vector<std::string>{});
  }
}

#include "edge/store/audit_rows.hpp"

#include "edge/store/columns.hpp"

#include <limits>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr const char* columns =
    "sequence, at, until, times, user, user_name, role, address, action, targets, outcome, "
    "detail, key_id, previous, hash";

// Every value has its place in each of them, so that all are bound alike.
constexpr const char* within_bounds = "at >= ?1 AND at < ?2";
// Nothing is looked at in order of time: the rows are walked through by their sequence.
constexpr const char* at_any_time = "?1 < ?2";
constexpr const char* of_user = "user = ?3";
constexpr const char* of_anybody = "?3 IS NULL";
constexpr const char* of_words =
    " AND (?4 = '' OR substr(action, 1, length(?4)) = ?4) AND (?5 = '' OR outcome = ?5) "
    "AND (?6 = '' OR instr(targets, ?6) > 0 OR instr(user_name, ?6) > 0 OR instr(address, ?6) > 0 "
    "     OR instr(action, ?6) > 0 OR instr(detail, ?6) > 0)";

std::string condition_of(const AuditFilter& filter) {
  const bool has_bounds = filter.at.from || filter.at.until;
  return std::string(" FROM audit_log WHERE ") + (has_bounds ? within_bounds : at_any_time) +
         " AND " + (filter.user ? of_user : of_anybody) + of_words;
}

/// Of all rows their number is known without counting; where some were cut off, as it was before.
std::string counting(const AuditFilter& filter) {
  const bool is_of_all = !filter.at.from && !filter.at.until && !filter.user &&
                         filter.action.empty() && filter.outcome.empty() && filter.search.empty();
  if (is_of_all) return "SELECT coalesce((SELECT max(sequence) FROM audit_log), 0)";
  return "SELECT count(*)" + condition_of(filter);
}

AuditRow read(Run& row) {
  AuditRow found;
  found.sequence = row.get<std::int64_t>();
  found.entry = {.at = row.get<Instant>(),
                 .until = row.get<Instant>(),
                 .times = row.get<std::int64_t>(),
                 .user = row.maybe<UserKey>(),
                 .user_name = row.get<std::string>(),
                 .role = row.get<std::string>(),
                 .address = row.get<std::string>(),
                 .action = row.get<std::string>(),
                 .targets = row.get<std::string>(),
                 .outcome = row.get<std::string>(),
                 .detail = row.get<std::string>()};
  found.key_id = row.get<std::uint32_t>();
  found.previous = row.get<std::string>();
  found.hash = row.get<std::string>();
  return found;
}

Instant earliest() { return from_column(std::numeric_limits<std::int64_t>::min()); }
Instant latest() { return from_column(std::numeric_limits<std::int64_t>::max()); }

}  // namespace

FoundAudit AuditRows::page(const AuditFilter& filter, const Page& page) {
  return attempt("cannot read the audit's rows", [&] {
    const auto ask = [&](SQLite::Statement& statement, const auto&... more) {
      return Run(statement, filter.at.from.value_or(earliest()), filter.at.until.value_or(latest()),
                 filter.user, filter.action, filter.outcome, filter.search, more...);
    };
    FoundAudit found;
    SQLite::Statement count(database_.raw(), counting(filter));
    Run counted = count.getBindParameterCount() > 0 ? ask(count) : Run(count);
    if (counted.next()) found.total = counted.get<std::uint64_t>();
    SQLite::Statement rows(database_.raw(), std::string("SELECT ") + columns +
                                                condition_of(filter) +
                                                " ORDER BY sequence DESC LIMIT ?7 OFFSET ?8");
    Run run = ask(rows, page.rows, page.skipped);
    while (run.next()) found.rows.push_back(read(run));
    return found;
  });
}

void AuditRows::each(const std::function<bool(const AuditRow&)>& look) {
  attempt("cannot read the audit's rows", [&] {
    SQLite::Statement rows(database_.raw(),
                           std::string("SELECT ") + columns + " FROM audit_log ORDER BY sequence");
    Run run(rows);
    while (run.next() && look(read(run))) {
    }
  });
}

}  // namespace gatehouse::store

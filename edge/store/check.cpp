#include "edge/store/check.hpp"

#include "edge/store/snapshot.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// A damaged file is replaced by a backup, whether it has twenty faults or more.
constexpr int faults_max = 20;

void add_damage(SQLite::Database& raw, CheckDepth depth, std::vector<std::string>& found) {
  const std::string pragma = depth == CheckDepth::quick ? "quick_check(" : "integrity_check(";
  SQLite::Statement query(raw, "PRAGMA " + pragma + std::to_string(faults_max) + ")");
  while (query.executeStep()) {
    const std::string answer = query.getColumn(0).getString();
    if (answer != "ok") found.push_back("the file is damaged: " + answer);
  }
}

void add_dangling_rows(SQLite::Database& raw, std::vector<std::string>& found) {
  SQLite::Statement query(raw,
                          "SELECT \"table\", \"parent\", count(*) FROM pragma_foreign_key_check "
                          "GROUP BY 1, 2 ORDER BY 1, 2");
  while (query.executeStep()) {
    found.push_back(query.getColumn(2).getString() + " rows of " + query.getColumn(0).getString() +
                    " point to rows of " + query.getColumn(1).getString() + " that do not exist");
  }
}

/// A row `parking.outbox.thinned.v1` stands for all from its data.from on (docs/contract/cloud.md).
void add_outbox_gaps(SQLite::Database& raw, std::vector<std::string>& found) {
  SQLite::Statement query(
      raw,
      "WITH run AS (SELECT epoch, sequence, "
      "  iif(type = 'parking.outbox.thinned.v1' AND json_valid(data), "
      "      coalesce(json_extract(data, '$.from'), sequence), sequence) AS first, "
      "  lag(sequence) OVER (PARTITION BY epoch ORDER BY sequence) AS before FROM outbox) "
      "SELECT epoch, min(first), max(sequence), "
      "  sum(max(0, first - coalesce(before, first - 1) - 1)), last_sequence "
      "FROM run JOIN epochs USING (epoch) GROUP BY epoch ORDER BY epoch");
  while (query.executeStep()) {
    const std::string outbox = "the outbox of epoch " + query.getColumn(0).getString();
    const std::string oldest = query.getColumn(1).getString();
    const std::int64_t newest = query.getColumn(2).getInt64();
    const std::int64_t missing = query.getColumn(3).getInt64();
    const std::int64_t counted = query.getColumn(4).getInt64();
    if (missing != 0) {
      found.push_back(outbox + " lacks " + std::to_string(missing) + " rows between " + oldest +
                      " and " + std::to_string(newest));
    }
    if (newest != counted) {
      found.push_back(outbox + " ends at " + std::to_string(newest) + " but counted to " +
                      std::to_string(counted));
    }
  }
}

}  // namespace

std::vector<std::string> violations(const Snapshot& snapshot, CheckDepth depth) {
  std::vector<std::string> found;
  add_damage(snapshot.raw(), depth, found);
  if (!found.empty()) return found;  // what a damaged file says of its rows means nothing
  add_dangling_rows(snapshot.raw(), found);
  add_outbox_gaps(snapshot.raw(), found);
  return found;
}

std::vector<std::string> violations(Database& database) {
  try {
    return violations(Snapshot(database.raw()), CheckDepth::quick);
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot check the store");
  }
}

}  // namespace gatehouse::store

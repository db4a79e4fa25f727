#include "edge/store/check.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// A damaged file is replaced by a backup, whether it has twenty faults or more.
constexpr int faults_max = 20;

/// A read transaction: every question is answered from the same moment.
class Snapshot {
 public:
  explicit Snapshot(SQLite::Database& raw) : raw_(raw) { raw_.exec("BEGIN"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() { raw_.tryExec("ROLLBACK"); }

 private:
  SQLite::Database& raw_;
};

void add_damage(SQLite::Database& raw, std::vector<std::string>& found) {
  SQLite::Statement query(raw, "PRAGMA quick_check(" + std::to_string(faults_max) + ")");
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

void add_outbox_gaps(SQLite::Database& raw, std::vector<std::string>& found) {
  SQLite::Statement query(raw,
                          "SELECT epoch, min(sequence), max(sequence), count(*), last_sequence "
                          "FROM outbox JOIN epochs USING (epoch) GROUP BY epoch ORDER BY epoch");
  while (query.executeStep()) {
    const std::string outbox = "the outbox of epoch " + query.getColumn(0).getString();
    const std::int64_t oldest = query.getColumn(1).getInt64();
    const std::int64_t newest = query.getColumn(2).getInt64();
    const std::int64_t rows = query.getColumn(3).getInt64();
    const std::int64_t counted = query.getColumn(4).getInt64();
    const std::int64_t missing = newest - oldest + 1 - rows;
    if (missing != 0) {
      found.push_back(outbox + " lacks " + std::to_string(missing) + " rows between " +
                      std::to_string(oldest) + " and " + std::to_string(newest));
    }
    if (newest != counted) {
      found.push_back(outbox + " ends at " + std::to_string(newest) + " but counted to " +
                      std::to_string(counted));
    }
  }
}

}  // namespace

std::vector<std::string> violations(Database& database) {
  try {
    std::vector<std::string> found;
    auto& raw = database.raw();
    const Snapshot snapshot(raw);
    add_damage(raw, found);
    if (!found.empty()) return found;  // what a damaged file says of its rows means nothing
    add_dangling_rows(raw, found);
    add_outbox_gaps(raw, found);
    return found;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot check the store");
  }
}

}  // namespace gatehouse::store

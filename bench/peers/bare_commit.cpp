// What a commit costs without anything around it: one row updated in a transaction of its own,
// SQLite, WAL, synchronous=FULL, on the file system of --path.
//
//   bare_commit --path bench.db --count 2000 --interval-us 0
#include "bench/peers/arguments.hpp"
#include "bench/peers/timings.hpp"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

namespace gatehouse::bench {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Database open(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(path.c_str(), &opened);
  Database database(opened);
  if (code != SQLITE_OK) throw std::runtime_error("cannot open " + path);
  const char* const schema =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
      "CREATE TABLE IF NOT EXISTS slot(id INTEGER PRIMARY KEY, occupied INTEGER, seq INTEGER);"
      "INSERT OR REPLACE INTO slot WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL"
      " SELECT id + 1 FROM ids WHERE id < 1000) SELECT id, 0, 0 FROM ids;";
  if (sqlite3_exec(database.get(), schema, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(database.get()));
  return database;
}

Statement prepare(const Database& database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database.get(), sql, -1, &statement, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(database.get()));
  return Statement(statement);
}

void step(const Database& database, const Statement& statement) {
  if (sqlite3_step(statement.get()) != SQLITE_DONE)
    throw std::runtime_error(sqlite3_errmsg(database.get()));
  sqlite3_reset(statement.get());
}

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"path", "bare_commit.db"}, {"count", "2000"}, {"interval-us", "0"}});
  const std::chrono::microseconds interval(arguments.number("interval-us"));
  const Database database = open(arguments.text("path"));
  const Statement begin = prepare(database, "BEGIN IMMEDIATE");
  const Statement update =
      prepare(database, "UPDATE slot SET occupied = 1 - occupied, seq = seq + 1 WHERE id = ?");
  const Statement commit = prepare(database, "COMMIT");
  std::vector<std::int64_t> latencies_ns;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t turn = 0; turn < arguments.number("count"); ++turn) {
    wait_for_turn(start, interval, turn);
    const std::int64_t began_ns = monotonic_ns();
    step(database, begin);
    sqlite3_bind_int64(update.get(), 1, static_cast<std::int64_t>(turn % 1000 + 1));
    step(database, update);
    step(database, commit);
    latencies_ns.push_back(monotonic_ns() - began_ns);
  }
  std::cout << fmt::format("{{{}}}", percentiles_json(latencies_ns)) << std::endl;
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}

// A statement that a store keeps, prepared when it is first run: a gateway that starts, or a
// reader's connection, needs a handful of the hundreds there are. For the files of edge/store.
#pragma once

#include "edge/store/database.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::store {

class Statement {
 public:
  Statement(SQLite::Database& database, std::string sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// What Run takes. The first time throws SQLite::Exception if the SQL is not understood.
  operator SQLite::Statement&();  // NOLINT(google-explicit-constructor): it stands for one

  /// Where the SQL of what is made on this thread is noted, for whoever asks the planner about
  /// each; nullptr: nowhere.
  static inline thread_local std::vector<std::string>* noted = nullptr;

 private:
  SQLite::Database& database_;
  std::string sql_;
  std::unique_ptr<SQLite::Statement> prepared_;
};

}  // namespace gatehouse::store

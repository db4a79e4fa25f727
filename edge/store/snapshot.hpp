// A read transaction: every question is answered from the same moment, whoever writes meanwhile.
// For the files of edge/store.
#pragma once

#include "edge/store/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

class Snapshot {
 public:
  explicit Snapshot(SQLite::Database& raw) : raw_(raw) { raw_.exec("BEGIN"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() { raw_.tryExec("ROLLBACK"); }

  [[nodiscard]] SQLite::Database& raw() const { return raw_; }

 private:
  SQLite::Database& raw_;
};

}  // namespace gatehouse::store

// A read transaction: every question is answered from the same moment, whoever writes meanwhile.
// For the files of edge/store.
#pragma once

#include "edge/store/database.hpp"

namespace gatehouse::store {

class Snapshot {
 public:
  explicit Snapshot(SQLite::Database& raw);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  [[nodiscard]] SQLite::Database& raw() const { return raw_; }

 private:
  SQLite::Database& raw_;
};

}  // namespace gatehouse::store

// Writes of a row what has changed, and nothing else: SQLite takes the row out of every index that
// names a column of the SET list and puts it in anew, changed or not, and a session stands in
// sixteen. For the files of edge/store.
//
//   RowUpdate update(raw, "refunds", refund_columns);
//   const int rows = update.write(refund.id, refund.state, …, refund.key);   // 0: there is none
#pragma once

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

class RowUpdate {
 public:
  /// `columns`: their names with commas, without `key`; 64 at most.
  RowUpdate(SQLite::Database& raw, std::string_view table, std::string_view columns);

  /// The row's values in the order of the columns, and its key last. How many rows there are of
  /// the key. Throws SQLite::Exception.
  template <class... Values>
  int write(const Values&... values) {
    std::uint64_t changed = 0;
    {
      Run compare(compare_, values...);
      if (!compare.next()) return 0;
      changed = read_changed(compare);
    }
    return changed == 0 ? 1 : Run(statement_for(changed), values...).exec();
  }

 private:
  [[nodiscard]] std::uint64_t read_changed(Run& compare) const;
  Statement& statement_for(std::uint64_t changed);

  SQLite::Database& raw_;
  std::string table_;
  std::vector<std::string> columns_;
  Statement compare_;
  std::map<std::uint64_t, std::unique_ptr<Statement>> statements_;  // by the columns they write
};

/// What writes a row's values: an INSERT all of them, a RowUpdate those that changed. How many rows
/// there are of it.
template <class... Values>
int write_row(Statement& insert, const Values&... values) {
  return Run(insert, values...).exec();
}
template <class... Values>
int write_row(RowUpdate& update, const Values&... values) {
  return update.write(values...);
}

}  // namespace gatehouse::store

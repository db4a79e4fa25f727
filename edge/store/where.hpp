// The conditions of a list, put together as its filters ask, with values that are bound and never
// part of the text.
//
//   Where where;
//   where.add("created_at", period);
//   where.add("gate = ?", gate);
//   SQLite::Statement query(raw, "SELECT … FROM scans" + where.text());
//   where.bind(query);
//
// Conditions are ours, values anybody's. For the files of edge/store.
#pragma once

#include "edge/store/lists.hpp"
#include "edge/store/time_column.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

class Where {
 public:
  using Value = std::variant<std::int64_t, std::string>;

  void add(std::string_view condition) { add_all(condition, {}); }
  void add(std::string_view condition, std::string_view value) {
    add_all(condition, {Value(std::string(value))});
  }
  void add(std::string_view condition, std::int64_t value) { add_all(condition, {Value(value)}); }
  void add(std::string_view column, const Period& period) {
    if (period.from) add(std::string(column) + " >= ?", to_column(*period.from));
    if (period.until) add(std::string(column) + " < ?", to_column(*period.until));
  }
  void add_all(std::string_view condition, const std::vector<Value>& values) {
    text_ += text_.empty() ? " WHERE " : " AND ";
    text_ += condition;
    values_.insert(values_.end(), values.begin(), values.end());
  }

  /// Empty: nothing is asked for.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Binds the values from the first `?` on; returns how many there were.
  int bind(SQLite::Statement& statement) const {
    int at = 0;
    for (const Value& value : values_) {
      ++at;
      std::visit([&](const auto& bound) { statement.bind(at, bound); }, value);
    }
    return at;
  }

 private:
  std::string text_;
  std::vector<Value> values_;
};

}  // namespace gatehouse::store

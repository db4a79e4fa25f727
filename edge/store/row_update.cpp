#include "edge/store/row_update.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace gatehouse::store {
namespace {

// A row's life has some ten steps; what changes in none of them is written with its whole row.
constexpr std::size_t statements_max = 32;

std::vector<std::string> split(std::string_view columns) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < columns.size();) {
    const std::size_t end = std::min(columns.find(", ", begin), columns.size());
    names.emplace_back(columns.substr(begin, end - begin));
    begin = end + 2;
  }
  return names;
}

/// Every column's value keeps its number, whichever are used: so the same are bound everywhere. The
/// key's comes last.
std::string parameter(std::size_t column) { return '?' + std::to_string(column + 1); }

std::string compare_of(std::string_view table, const std::vector<std::string>& columns) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < columns.size(); ++i)
    sql += (i == 0 ? "" : ", ") + columns[i] + " IS NOT " + parameter(i);
  return sql + " FROM " + std::string(table) + " WHERE key = " + parameter(columns.size());
}

std::string update_of(std::string_view table, const std::vector<std::string>& columns,
                      std::uint64_t changed) {
  std::string sql = "UPDATE " + std::string(table) + " SET ";
  const char* separator = "";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if ((changed >> i & 1U) == 0) continue;
    sql += std::exchange(separator, ", ") + columns[i] + " = " + parameter(i);
  }
  return sql + " WHERE key = " + parameter(columns.size());
}

}  // namespace

RowUpdate::RowUpdate(SQLite::Database& raw, std::string_view table, std::string_view columns)
    : raw_(raw),
      table_(table),
      columns_(split(columns)),
      compare_(raw, compare_of(table_, columns_)) {
  require(columns_.size() <= 64, "a row's columns have a bit each");
}

std::uint64_t RowUpdate::read_changed(Run& compare) const {
  std::uint64_t changed = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    changed |= std::uint64_t{compare.get<bool>()} << i;
  return changed;
}

Statement& RowUpdate::statement_for(std::uint64_t changed) {
  if (statements_.size() >= statements_max && !statements_.contains(changed))
    changed = ~std::uint64_t{0} >> (64 - columns_.size());
  auto& statement = statements_[changed];
  if (!statement)
    statement = std::make_unique<Statement>(raw_, update_of(table_, columns_, changed));
  return *statement;
}

}  // namespace gatehouse::store

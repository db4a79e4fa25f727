#include "edge/store/columns.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

void throw_impossible(std::string_view what) {
  throw StoreError(StoreError::Kind::unusable,
                   "the store holds an impossible " + std::string(what));
}

bool Run::next() {
  column_ = 0;
  return statement_.executeStep();
}

int Run::exec() { return statement_.exec(); }

bool Run::is_null(int column) const { return statement_.getColumn(column).isNull(); }
std::int64_t Run::number(int column) const { return statement_.getColumn(column).getInt64(); }
std::string Run::text(int column) const { return statement_.getColumn(column).getString(); }

void Run::bind_null() { statement_.bind(++bound_); }
void Run::bind_number(std::int64_t number) { statement_.bind(++bound_, number); }
void Run::bind(std::string_view text) { statement_.bind(++bound_, std::string(text)); }

std::int64_t inserted_key(SQLite::Database& raw) { return raw.getLastInsertRowid(); }

namespace {

/// `?, ?, ?`: as many as `columns` names.
std::string marks(std::string_view columns) {
  std::string text = "?";
  for (const char character : columns) {
    if (character == ',') text += ", ?";
  }
  return text;
}

}  // namespace

std::string insert_into(std::string_view table, std::string_view columns) {
  return "INSERT INTO " + std::string(table) + " (" + std::string(columns) + ") VALUES (" +
         marks(columns) + ")";
}

std::string select_from(std::string_view table, std::string_view columns,
                        std::string_view condition) {
  return "SELECT key, " + std::string(columns) + " FROM " + std::string(table) + " WHERE " +
         std::string(condition);
}

}  // namespace gatehouse::store

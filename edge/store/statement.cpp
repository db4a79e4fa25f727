#include "edge/store/statement.hpp"

#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

Statement::Statement(SQLite::Database& database, std::string sql)
    : database_(database), sql_(std::move(sql)) {
  if (noted != nullptr) noted->push_back(sql_);
}

Statement::~Statement() = default;

Statement::operator SQLite::Statement&() {
  if (!prepared_) prepared_ = std::make_unique<SQLite::Statement>(database_, sql_);
  return *prepared_;
}

}  // namespace gatehouse::store

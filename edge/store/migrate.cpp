#include "edge/store/migrate.hpp"

#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

void apply(Database& database, const Migration& migration) {
  Transaction transaction = database.begin();
  auto& raw = database.raw();
  raw.exec(std::string(migration.sql));
  raw.exec("PRAGMA application_id = " + std::to_string(application_id));
  raw.exec("PRAGMA user_version = " + std::to_string(migration.version));
  static_cast<void>(std::move(transaction).commit(migration.version));
}

}  // namespace

int schema_version(Database& database) {
  try {
    return database.raw().execAndGet("PRAGMA user_version").getInt();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the store's version");
  }
}

void migrate(Database& database, std::span<const Migration> steps) {
  const int found = schema_version(database);
  const int newest = static_cast<int>(steps.size());
  if (found > newest) {
    throw StoreError(StoreError::Kind::newer_schema,
                     database.path().string() + " was written by a newer Gatehouse (schema " +
                         std::to_string(found) + ", this program knows " + std::to_string(newest) +
                         "); install that version or restore a backup");
  }
  if (found < 0) {
    throw StoreError(StoreError::Kind::unusable, database.path().string() +
                                                     " has a version that no Gatehouse wrote (" +
                                                     std::to_string(found) + "); restore a backup");
  }
  try {
    for (const Migration& step : steps.subspan(static_cast<std::size_t>(found))) {
      apply(database, step);
    }
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot bring the store up to date");
  }
}

void migrate(Database& database) { migrate(database, migrations()); }

}  // namespace gatehouse::store

#include "edge/store/migrate.hpp"

#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// "GATE": tells a store of ours from any other SQLite file.
constexpr int application_id = 0x47415445;

int pragma(Database& database, const char* name) {
  return database.raw().execAndGet(std::string("PRAGMA ") + name).getInt();
}

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
    const int version = pragma(database, "user_version");
    const int owner = pragma(database, "application_id");
    const int tables = database.raw().execAndGet("SELECT count(*) FROM sqlite_schema").getInt();
    const bool is_empty = version == 0 && owner == 0 && tables == 0;
    if (!is_empty && owner != application_id) {
      throw StoreError(StoreError::Kind::unusable,
                       database.path().string() + " is not a store of Gatehouse");
    }
    return version;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the store's version");
  }
}

void migrate(Database& database, int target) {
  const int found = schema_version(database);
  const int newest = static_cast<int>(migrations().size());
  if (found > newest) {
    throw StoreError(StoreError::Kind::newer_schema,
                     database.path().string() + " was written by a newer Gatehouse (schema " +
                         std::to_string(found) + ", this program knows " + std::to_string(newest) +
                         "); install that version or restore a backup");
  }
  try {
    for (const Migration& migration : migrations()) {
      if (migration.version > found && migration.version <= target) apply(database, migration);
    }
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot bring the store up to date");
  }
}

void migrate(Database& database) { migrate(database, static_cast<int>(migrations().size())); }

}  // namespace gatehouse::store

// The store's schema, step by step: edge/store/migrations/NNNN_name.sql, forward only. To go back,
// restore a backup.
//
// A step and its number go in together, in one transaction: a store is always at one whole step.
// Once shipped a step is never edited. The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/store/database.hpp"

#include <span>
#include <string_view>

namespace gatehouse::store {

struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

/// Every step this program knows, from 1 without a gap.
std::span<const Migration> migrations();

/// The step the store is at; 0: an empty file.
int schema_version(Database& database);

/// Takes the store to the newest step this program knows. Throws StoreError::newer_schema, before
/// anything is touched, when the store is beyond it.
void migrate(Database& database);
/// The same for a program that knows `steps` only: an older one, or one of a test.
void migrate(Database& database, std::span<const Migration> steps);

}  // namespace gatehouse::store

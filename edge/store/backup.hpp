// A copy of the store that can be trusted: made while the gateway runs, verified as a whole, sealed
// with a checksum, and put under its name only when all of that is true.
//
//   const auto made = back_up({.store = "gatehouse.db", .to = "monday.db"});
//   if (!made) show(made.error());
//
// A backup is one file: an SQLite database, and at its very end a line with the SHA-256 of all that
// is before it. One changed byte anywhere is found when it is read. Any thread; nothing waits for
// it but whoever calls. Refusals are sentences.
#pragma once

#include "edge/store/outbox.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>

namespace gatehouse::store {

struct BackupOptions {
  std::filesystem::path store;
  std::filesystem::path to;         // must not exist
  std::uint64_t spare_bytes = 0;    // what must be left of the disk beside the copy
  std::function<bool()> is_wanted;  // asked often; false: it is given up. None: always
};

struct BackupFacts {
  std::string lot;
  OutboxPlace place;  // what is in it
  int schema = 0;
  std::uint64_t bytes = 0;
  // Of the bookkeeping, a sentence: what the store it was made of breaks as well. "": nothing.
  std::string broken_rule = {};
};

/// Refused of a damaged store only: one whose bookkeeping has a fault needs its backups too. Mode
/// 0600, synced. What is left of an attempt that was cut short is removed by the next one; of
/// others into the same directory, once it is a day old.
std::expected<BackupFacts, std::string> back_up(const BackupOptions& options);

/// Copies what a backup holds to `to`, without its seal, mode 0600 and synced. The error says what
/// is wrong with it, and then nothing is left of `to`.
std::expected<void, std::string> unseal(const std::filesystem::path& backup,
                                        const std::filesystem::path& to);

// For the files of edge/store and their tests.

/// Where back_up() works until a backup is whole.
std::filesystem::path partial_path(const std::filesystem::path& backup);

class Database;
/// A sentence each; "": nothing is wrong.
struct Faults {
  std::string damage;       // of the file, rows that point nowhere, a gap in the outbox
  std::string broken_rule;  // of the bookkeeping, in a store that is not damaged
};
/// Of a store of any schema we know; the rules are those of the newest.
Faults faults_of(Database& database);
/// Whose store it is and how far it has come. Throws StoreError.
BackupFacts facts_of(Database& database);

}  // namespace gatehouse::store

// Puts a backup in the place of a store, whose successor it becomes: in a new epoch, and with the
// replaced store kept aside.
//
//   const auto lock = ProcessLock::take(store);         // nobody uses the store meanwhile
//   const auto restored = restore({.backup = "monday.db", .store = store, .lot = "demo", .at =
//   now});
//
// First a whole new store is made beside the old one, `{store}.restoring`: verified, migrated, its
// epoch begun. From then on the restore is decided: wherever it is cut short, finish_restore() or
// another restore() completes it. One thread, which holds the store's ProcessLock. Refusals are
// sentences; a refusal has changed nothing.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/audit_row.hpp"
#include "edge/store/backup.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace gatehouse::store {

/// The lot's audit keys, and where they lie.
struct LotKeys {
  std::filesystem::path file;
  AuditKeys keys;
};

struct RestoreOptions {
  std::filesystem::path backup;
  std::filesystem::path store;
  std::string lot;  // whose backup it must be
  Instant at{};
  // What it must be sealed with; lots may have the same id. None: nothing is left to prove it with.
  std::optional<LotKeys> keys = {};
  /// What is written here, after the new epoch began, is in the new store before it takes its
  /// place: wherever the restore is cut short.
  std::function<void(Database&)> in_new_store = {};
};

struct Restored {
  OutboxPlace now;               // the new epoch, and its first row
  std::filesystem::path kept;    // the store of before; empty: there was none
  std::string broken_rule = {};  // of the bookkeeping, that it breaks as the backup does; "": none
};

/// Called between two steps that a power cut can come between: tests end there.
using BetweenSteps = std::function<void()>;

std::expected<Restored, std::string> restore(const RestoreOptions& options,
                                             const BetweenSteps& between = {});

/// Whether one was decided and cut short.
bool is_restore_unfinished(const std::filesystem::path& store);

/// Completes a restore that was decided and cut short; nullopt: there is none. To be called before
/// a store is opened. Throws StoreError.
std::optional<Restored> finish_restore(const std::filesystem::path& store,
                                       const BetweenSteps& between = {});

}  // namespace gatehouse::store

#include "edge/store/restore.hpp"

#include "edge/store/audit_head.hpp"
#include "edge/store/audit_proof.hpp"
#include "edge/store/database.hpp"
#include "edge/store/files.hpp"
#include "edge/store/mark.hpp"
#include "edge/store/migrate.hpp"

#include <algorithm>
#include <system_error>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& store, const char* ending) { return store.string() + ending; }
fs::path ready_path(const fs::path& store) { return beside(store, ".restoring"); }

void step(const BetweenSteps& between) {
  if (between) between();
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

[[noreturn]] void refuse(const std::string& why) {
  throw StoreError(StoreError::Kind::unusable, why);
}

/// An administrator's restore must not leave a store that the gateway may not open.
void give_to_owner_of(const fs::path& like, const fs::path& path) {
  struct stat owner{};
  if (::geteuid() != 0 || ::stat(like.c_str(), &owner) != 0) return;
  if (::chown(path.c_str(), owner.st_uid, owner.st_gid) != 0)
    throw_file_error("cannot give " + path.string() + " to its owner");
}

void expect_ours(Database& copy, const RestoreOptions& options) {
  const int version = schema_version(copy);
  const auto newest = static_cast<int>(migrations().size());
  if (version > newest) {
    refuse(options.backup.string() + " was written by a newer Gatehouse (schema " +
           std::to_string(version) + ", this program knows " + std::to_string(newest) + ")");
  }
  const BackupFacts facts = facts_of(copy);
  if (facts.lot != options.lot) {
    refuse(options.backup.string() + " is of the lot " + facts.lot + ", not of " + options.lot);
  }
}

/// With other keys no ticket of it would open a gate, and no row of its audit log be proved.
void expect_our_seal(Database& copy, const RestoreOptions& options) {
  if (!options.keys || is_sealed_with(copy, options.keys->keys)) return;
  refuse(options.backup.string() + " was sealed with other keys than those in " +
         options.keys->file.string() + ": it is another lot's, or the keys are");
}

/// The highest epoch that anybody may have heard of.
std::uint64_t highest_epoch(const fs::path& store) {
  const auto mark = read_mark(store);
  std::uint64_t epoch = mark ? mark->epoch : 0;
  if (!is_there(store)) return epoch;
  try {
    // Opened for writing and closed again: its log goes into the file, which then is one file.
    auto replaced = Database::open({.path = store});
    epoch = std::max(epoch, newest_place(replaced).epoch);
  } catch (const StoreError&) {
    // Damaged: that may be why it is replaced.
    return epoch;
  }
  return epoch;
}

/// A store like the backup, verified, of this program's schema, in an epoch of its own.
/// Returns which rule of the bookkeeping it breaks all the same.
std::string make_ready(const RestoreOptions& options, const fs::path& partial) {
  auto copy = Database::open({.path = partial});
  expect_ours(copy, options);
  migrate(copy);
  expect_our_seal(copy, options);
  Faults faults = faults_of(copy);
  if (!faults.damage.empty())
    refuse(options.backup.string() + " does not hold together: " + faults.damage);
  begin_epoch(copy, highest_epoch(options.store), options.at);
  if (options.in_new_store) options.in_new_store(copy);
  try {
    copy.raw().exec("PRAGMA journal_mode = DELETE");  // one file, without a log beside it
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot finish the new store");
  }
  return std::move(faults.broken_rule);
}

void remove_all_of(const fs::path& path) {
  std::error_code ignored;
  for (const char* ending : {"", "-journal", "-wal", "-shm"})
    fs::remove(beside(path, ending), ignored);
}

std::string prepare(const RestoreOptions& options, const BetweenSteps& between) {
  const fs::path partial = beside(options.store, ".restoring.partial");
  remove_all_of(partial);
  if (const auto unsealed = unseal(options.backup, partial); !unsealed) refuse(unsealed.error());
  step(between);
  std::string broken_rule;
  try {
    broken_rule = make_ready(options, partial);
    const fs::path directory =
        options.store.has_parent_path() ? options.store.parent_path() : fs::path(".");
    give_to_owner_of(is_there(options.store) ? options.store : directory, partial);
    sync_file(partial);
  } catch (const StoreError&) {
    remove_all_of(partial);
    throw;
  }
  step(between);
  move_durably(partial, ready_path(options.store));
  return broken_rule;
}

/// Where the replaced store's audit chain ends: left here it would say that the new one was cut
/// off.
void move_audit_head_aside(const fs::path& store, const fs::path& aside) {
  const fs::path head = audit_head_path(store);
  if (is_there(head)) move_durably(head, audit_head_path(aside));
}

/// Its log first: a store that is there has all of its commits, or is moved at the next attempt.
void move_aside(const fs::path& store, const fs::path& aside, const BetweenSteps& between) {
  move_audit_head_aside(store, aside);
  step(between);
  if (is_there(beside(store, "-wal"))) move_durably(beside(store, "-wal"), beside(aside, "-wal"));
  step(between);
  std::error_code ignored;
  fs::remove(beside(store, "-shm"), ignored);
  if (is_there(store)) move_durably(store, aside);
  step(between);
}

fs::path free_name(const fs::path& store, std::uint64_t epoch) {
  const std::string name = store.string() + ".before-epoch-" + std::to_string(epoch);
  fs::path free = name;
  for (int i = 2; is_there(free); ++i) free = name + "-" + std::to_string(i);
  return free;
}

}  // namespace

std::expected<Restored, std::string> restore(const RestoreOptions& asked,
                                             const BetweenSteps& between) {
  RestoreOptions options = asked;
  options.store = real_path(asked.store);
  try {
    std::string broken_rule = prepare(options, between);
    step(between);
    Restored restored = finish_restore(options.store, between).value();
    restored.broken_rule = std::move(broken_rule);
    return restored;
  } catch (const StoreError& error) {
    return std::unexpected(std::string(error.what()));
  }
}

bool is_restore_unfinished(const fs::path& store) { return is_there(ready_path(real_path(store))); }

std::optional<Restored> finish_restore(const fs::path& named, const BetweenSteps& between) {
  const fs::path store = real_path(named);
  const fs::path ready = ready_path(store);
  if (!is_there(ready)) return std::nullopt;
  Restored restored;
  {
    auto copy = Database::open({.path = ready, .read_only = true});
    restored.now = newest_place(copy);
  }
  const fs::path name = store.string() + ".before-epoch-" + std::to_string(restored.now.epoch);
  if (is_there(store)) {
    restored.kept = free_name(store, restored.now.epoch);
    move_aside(store, restored.kept, between);
  } else if (is_there(name)) {
    restored.kept = name;  // moved before it was cut short
  } else {
    move_audit_head_aside(store, name);
  }
  move_durably(ready, store);
  step(between);
  write_mark(store, restored.now);
  return restored;
}

}  // namespace gatehouse::store

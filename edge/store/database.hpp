// The store: one SQLite file, and the only way to write into it.
//
//   store::Database database = store::Database::open({.path = "gatehouse.db"});
//   store::migrate(database);
//   store::Transaction transaction = database.begin();
//   slots.save(transaction, …);
//   store::Committed<Effects> committed = std::move(transaction).commit(effects);
//
// WAL, synchronous=FULL, foreign keys, no double-quoted strings. A Database is used by one thread
// at a time; the engine's thread owns the one writer. A broken environment is a StoreError. After
// a commit that failed the outcome is unknown (SQLite may have kept it: the row of a "failed"
// fsync was there after reopening), so the only correct answer is to stop and read the truth anew.
#pragma once

#include "edge/store/committed.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace gatehouse::store {

class StoreError : public std::runtime_error {
 public:
  enum class Kind : std::uint8_t {
    unusable,         // missing, damaged, locked, not ours, no permission
    newer_schema,     // written by a later version of Gatehouse
    disk_full,        // rolled back: nothing of the transaction is kept
    outcome_unknown,  // a commit failed: perhaps kept, perhaps not
  };
  StoreError(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

class Database;

/// One open write transaction. Rolls back when it goes out of scope uncommitted. Never throws
/// from its destructor. The thread of its Database.
class Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Makes everything written through this transaction durable, and `value` with it.
  /// Throws StoreError: disk_full (nothing was kept) or outcome_unknown.
  template <class T>
  [[nodiscard]] Committed<T> commit(T value) && {
    commit_durably();
    return Committed<T>(std::move(value));
  }

 private:
  friend class Database;
  explicit Transaction(Database& database);
  void commit_durably();

  Database* database_;  // null: committed or moved from
};

class Database {
 public:
  struct Options {
    std::filesystem::path path;
    bool create = false;     // else a missing file is an error: only `init` makes a store
    bool read_only = false;  // beside the one writer: a second connection that cannot write
    std::string vfs;         // of SQLite; empty: the system's. The simulated world has its own
    bool exclusive = false;  // no shared memory: for a VFS that has none
    // Above, a commit moves the log into the file itself: a checkpointer that cannot keep up under
    // constant load must not let the log grow without end.
    int log_frames_max = 16'384;
  };

  /// Throws StoreError::unusable; a file that is an SQLite database of something else is refused
  /// before anything in it is touched. Who only reads sees every commit of the writer's at once and
  /// never waits for it; the writer is to be open already, and to close last.
  static Database open(const Options& options);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  /// BEGIN IMMEDIATE. At most one at a time; not of one that only reads.
  [[nodiscard]] Transaction begin();

  /// Moves what the log holds into the file without waiting for readers. Returns the frames that
  /// are left. Throws StoreError.
  int checkpoint();
  /// Moves all of the log into the file and makes it empty, so that nothing of what was overwritten
  /// stands in it. False: somebody reads or writes; nobody was made to wait. Throws StoreError.
  bool empty_log();
  /// Frames in the write-ahead log after the last commit.
  [[nodiscard]] int log_frames() const;

  /// Whether `path` still is the file that was opened. One that was removed or replaced meanwhile
  /// takes commits, and all of them are gone with the process.
  [[nodiscard]] bool is_still_there() const;

  [[nodiscard]] const std::filesystem::path& path() const;
  /// For the rooms' own queries in edge/store.
  [[nodiscard]] SQLite::Database& raw();

 private:
  friend class Transaction;
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// For the files of edge/store.

/// "GATE": tells a store of ours from any other SQLite file.
inline constexpr int application_id = 0x47415445;

/// Turns the SQLite::Exception that is being handled into a StoreError.
[[noreturn]] void throw_store_error(const std::string& doing);

/// Makes a statement ready for new values. An error of its last run was told then and is not told
/// again.
void renew(SQLite::Statement& statement);

}  // namespace gatehouse::store

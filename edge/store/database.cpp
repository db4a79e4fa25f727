#include "edge/store/database.hpp"

#include "edge/domain/invariant.hpp"

#include <optional>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace gatehouse::store {
namespace {

// Another process that holds the file this long (a shell, a copy) is an error, not a wait.
constexpr int busy_timeout_ms = 2'000;

int remember_log_frames(void* frames, sqlite3* /*database*/, const char* /*name*/, int count) {
  *static_cast<int*>(frames) = count;
  return SQLITE_OK;
}

void refuse_what_is_not_ours(SQLite::Database& raw, const std::string& path) {
  const int owner = raw.execAndGet("PRAGMA application_id").getInt();
  const int version = raw.execAndGet("PRAGMA user_version").getInt();
  const int tables = raw.execAndGet("SELECT count(*) FROM sqlite_schema").getInt();
  const bool is_empty = owner == 0 && version == 0 && tables == 0;
  const bool is_ours = owner == application_id && version > 0;
  if (is_empty || is_ours) return;
  throw StoreError(StoreError::Kind::unusable, path + " is not a store of Gatehouse");
}

void configure(SQLite::Database& raw, bool read_only) {
  sqlite3* handle = raw.getHandle();
  sqlite3_extended_result_codes(handle, 1);
  // "text" in double quotes is a name, never a string: a misspelt column must not be a constant.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  raw.exec("PRAGMA cell_size_check = ON");
  if (read_only) return;
  raw.exec("PRAGMA journal_mode = WAL");
  raw.exec("PRAGMA synchronous = FULL");
  raw.exec("PRAGMA foreign_keys = ON");
  raw.exec("PRAGMA wal_autocheckpoint = 0");
  // What undoes one statement is kept in memory: from 64 KiB on it would go to a file and back, and
  // a session's row in its indexes is as much.
  raw.exec("PRAGMA temp_store = MEMORY");
  // What was erased is not to be found in the file's free room.
  raw.exec("PRAGMA secure_delete = ON");
}

/// What tells one file from another, whatever its names. nullopt: there is none.
std::optional<std::pair<dev_t, ino_t>> identity(const std::filesystem::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return std::pair(found.st_dev, found.st_ino);
}

bool is_disk_full(int code) { return (code & 0xff) == SQLITE_FULL; }

}  // namespace

struct Database::Parts {
  std::filesystem::path path;
  SQLite::Database raw;
  SQLite::Statement begin;
  SQLite::Statement commit;
  SQLite::Statement rollback;
  std::optional<std::pair<dev_t, ino_t>> file;  // of a path of the system's own
  int log_frames_max;
  int log_frames = 0;
  bool read_only;
  bool in_transaction = false;

  Parts(const Options& options, int flags)
      : path(options.path),
        raw(options.path.string(), flags, busy_timeout_ms, options.vfs),
        begin(raw, "BEGIN IMMEDIATE"),
        commit(raw, "COMMIT"),
        rollback(raw, "ROLLBACK"),
        file(options.vfs.empty() ? identity(options.path) : std::nullopt),
        log_frames_max(options.log_frames_max),
        read_only(options.read_only) {}
};

void throw_store_error(const std::string& doing) {
  try {
    throw;
  } catch (const SQLite::Exception& error) {
    const auto kind = is_disk_full(error.getErrorCode()) ? StoreError::Kind::disk_full
                                                         : StoreError::Kind::unusable;
    throw StoreError(kind, doing + ": " + error.what());
  }
}

void renew(SQLite::Statement& statement) { static_cast<void>(statement.tryReset()); }

Database Database::open(const Options& options) {
  require(!(options.create && options.read_only), "who makes a store writes into it");
  const int access = options.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE;
  const int flags = access | (options.create ? SQLite::OPEN_CREATE : 0) | SQLite::OPEN_NOMUTEX;
  try {
    auto parts = std::make_unique<Parts>(options, flags);
    if (options.exclusive) parts->raw.exec("PRAGMA locking_mode = EXCLUSIVE");
    refuse_what_is_not_ours(parts->raw, options.path.string());
    configure(parts->raw, options.read_only);
    sqlite3_wal_hook(parts->raw.getHandle(), remember_log_frames, &parts->log_frames);
    return Database(std::move(parts));
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot open the store " + options.path.string());
  }
}

Database::Database(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Transaction Database::begin() { return Transaction(*this); }

int Database::checkpoint() {
  require(!parts_->in_transaction, "a checkpoint happens between transactions");
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(parts_->raw.getHandle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code != SQLITE_OK && code != SQLITE_BUSY) {
    throw StoreError(is_disk_full(code) ? StoreError::Kind::disk_full : StoreError::Kind::unusable,
                     std::string("cannot move the log into the store: ") + sqlite3_errstr(code));
  }
  return in_log < 0 ? 0 : in_log - moved;
}

bool Database::empty_log() {
  if (checkpoint() > 0) return false;
  sqlite3* const handle = parts_->raw.getHandle();
  sqlite3_busy_timeout(handle, 0);
  const int code =
      sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
  throw StoreError(is_disk_full(code) ? StoreError::Kind::disk_full : StoreError::Kind::unusable,
                   std::string("cannot empty the log of the store: ") + sqlite3_errstr(code));
}

bool Database::is_still_there() const {
  return !parts_->file || identity(parts_->path) == parts_->file;
}

int Database::log_frames() const { return parts_->log_frames; }
const std::filesystem::path& Database::path() const { return parts_->path; }
SQLite::Database& Database::raw() { return parts_->raw; }

Transaction::Transaction(Database& database) : database_(&database) {
  auto& parts = *database.parts_;
  require(!parts.read_only, "who only reads begins no transaction");
  require(!parts.in_transaction, "one transaction at a time");
  try {
    parts.begin.exec();
    parts.begin.reset();
  } catch (const SQLite::Exception&) {
    parts.begin.tryReset();
    throw_store_error("cannot begin a transaction");
  }
  parts.in_transaction = true;
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  auto& parts = *database_->parts_;
  parts.in_transaction = false;
  // SQLite rolls back by itself on some errors; then there is nothing left to roll back.
  if (sqlite3_get_autocommit(parts.raw.getHandle()) == 0) parts.rollback.tryExecuteStep();
  parts.rollback.tryReset();
}

void Transaction::commit_durably() {
  require(database_ != nullptr, "a transaction is committed once");
  auto& parts = *database_->parts_;
  const int code = parts.commit.tryExecuteStep();
  parts.commit.tryReset();
  if (is_disk_full(code)) throw StoreError(StoreError::Kind::disk_full, "the disk is full");
  if (code != SQLITE_DONE) {
    throw StoreError(StoreError::Kind::outcome_unknown,
                     std::string("a commit failed: ") + sqlite3_errstr(code));
  }
  database_->parts_->in_transaction = false;
  Database* database = std::exchange(database_, nullptr);
  if (parts.log_frames <= parts.log_frames_max) return;
  try {
    database->checkpoint();
  } catch (const StoreError&) {
    // The commit itself is durable and must not be called failed. The log stays as it is and the
    // next commit tries again.
    static_cast<void>(0);
  }
}

}  // namespace gatehouse::store

#include "edge/store/backup.hpp"

#include "edge/store/audit.hpp"
#include "edge/store/check.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/files.hpp"
#include "edge/store/mark.hpp"
#include "edge/store/migrate.hpp"
#include "edge/store/seal.hpp"
#include "edge/store/snapshot.hpp"

#include <chrono>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

// 1 MiB between two questions whether anybody still wants it.
constexpr int pages_at_once = 256;
// So many steps of SQLite's machine between two such questions while a copy is verified.
constexpr int steps_at_once = 100'000;

constexpr const char* partial_ending = ".partial";
constexpr std::chrono::hours left_over_after{24};

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

[[noreturn]] void refuse(const std::string& why) {
  throw StoreError(StoreError::Kind::unusable, why);
}

void expect_wanted(const BackupOptions& options) {
  if (options.is_wanted && !options.is_wanted()) refuse("the backup was given up");
}

/// Ends whatever the connection is doing when nobody wants it any more.
class GivesUp {
 public:
  GivesUp(Database& database, const BackupOptions& options) : handle_(database.raw().getHandle()) {
    if (!options.is_wanted) return;
    is_wanted_ = options.is_wanted;
    sqlite3_progress_handler(
        handle_, steps_at_once,
        [](void* self) { return static_cast<GivesUp*>(self)->is_wanted_() ? 0 : 1; }, this);
  }
  GivesUp(const GivesUp&) = delete;
  GivesUp& operator=(const GivesUp&) = delete;
  ~GivesUp() { sqlite3_progress_handler(handle_, 0, nullptr, nullptr); }

 private:
  sqlite3* handle_;
  std::function<bool()> is_wanted_;
};

void expect_room(const BackupOptions& options, Database& source) {
  const auto pages = source.raw().execAndGet("PRAGMA page_count").getInt64();
  const auto page_bytes = source.raw().execAndGet("PRAGMA page_size").getInt64();
  const auto needed = static_cast<std::uint64_t>(pages * page_bytes) + options.spare_bytes;
  std::error_code error;
  const fs::path directory = directory_of(options.to);
  const auto space = fs::space(directory, error);
  if (error) refuse("cannot look at " + directory.string() + ": " + error.message());
  if (space.available < needed) {
    refuse("there is no room in " + directory.string() + ": " + std::to_string(needed >> 20U) +
           " MB are needed, " + std::to_string(space.available >> 20U) + " MB are free");
  }
}

/// All pages of one moment, whoever writes meanwhile: the snapshot stays open between the steps.
void copy_pages(Database& source, SQLite::Database& target, const BackupOptions& options) {
  const Snapshot moment(source.raw());
  source.raw().execAndGet("SELECT count(*) FROM sqlite_schema");  // from here on it stands still
  expect_room(options, source);
  SQLite::Backup copy(target, source.raw());
  int code = SQLITE_OK;
  while (code != SQLITE_DONE) {
    code = copy.executeStep(pages_at_once);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) refuse("the copy is used by somebody else");
    expect_wanted(options);
  }
}

void copy_store(const BackupOptions& options, const fs::path& partial) {
  auto source = Database::open({.path = options.store, .read_only = true});
  SQLite::Database target(partial.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX);
  copy_pages(source, target, options);
  // One file, without a log beside it.
  target.exec("PRAGMA journal_mode = DELETE");
}

BackupFacts verify(const BackupOptions& options, const fs::path& partial) {
  auto copy = Database::open({.path = partial, .read_only = true});
  const GivesUp gives_up(copy, options);
  Faults faults = faults_of(copy);
  expect_wanted(options);
  if (!faults.damage.empty()) refuse("the copy does not hold together: " + faults.damage);
  BackupFacts facts = facts_of(copy);
  facts.broken_rule = std::move(faults.broken_rule);
  facts.bytes = fs::file_size(partial);
  return facts;
}

void remove_partial(const fs::path& partial) {
  std::error_code ignored;
  for (const char* beside : {"", "-journal", "-wal", "-shm"})
    fs::remove(partial.string() + beside, ignored);
}

/// Whether we may have begun to write it: a store, or what is not one yet, for its owner alone.
bool is_begun_backup(const fs::path& path) {
  // https://sqlite.org/fileformat2.html, 1.3: the application's id stands at 68, high byte first.
  constexpr std::size_t id_at = 68;
  std::string stores(4, '\0');
  for (std::size_t i = 0; i < stores.size(); ++i)
    stores[i] = static_cast<char>(static_cast<std::uint32_t>(application_id) >> (24 - 8 * i));
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (status.st_uid != ::geteuid() || (status.st_mode & 0777U) != (S_IRUSR | S_IWUSR)) return false;
  std::string begin(id_at + stores.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return (begin.starts_with("SQLite format 3") && begin.ends_with(stores)) ||
         begin.find_first_not_of('\0') == std::string::npos;
}

/// What backups left that were killed at their work takes a store's room each. Only what is a day
/// older than `begun` by the disk's own clock: another one may be at work.
void remove_left_over(const fs::path& begun) {
  std::error_code error;
  const auto now = fs::last_write_time(begun, error);
  if (error) return;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(directory_of(begun), error)) {
    std::error_code unknown;
    const auto written = entry.last_write_time(unknown);
    if (entry.path().extension() == partial_ending && !unknown && now - written > left_over_after &&
        is_begun_backup(entry.path()))
      left.push_back(entry.path());
  }
  for (const fs::path& path : left) remove_partial(path);
}

BackupFacts make(const BackupOptions& options, const fs::path& partial) {
  make_empty(partial);
  remove_left_over(partial);
  copy_store(options, partial);
  const BackupFacts facts = verify(options, partial);
  append_seal(partial);
  sync_file(partial);
  move_durably(partial, options.to);
  return facts;
}

std::string first_of(const std::vector<std::string>& faults) {
  if (faults.empty()) return "";
  return faults.size() == 1 ? faults[0]
                            : faults[0] + " (and " + std::to_string(faults.size() - 1) + " more)";
}

}  // namespace

fs::path partial_path(const fs::path& backup) { return backup.string() + partial_ending; }

Faults faults_of(Database& database) {
  std::vector<std::string> all;
  if (schema_version(database) == static_cast<int>(migrations().size())) {
    all = audit(database).violations;
    if (all.empty()) return {};
  }
  const auto damage = attempt("cannot check the copy", [&] {
    return violations(Snapshot(database.raw()), CheckDepth::thorough);
  });
  if (!damage.empty()) return {first_of(damage), {}};
  return {{}, first_of(all)};
}

BackupFacts facts_of(Database& database) {
  return attempt("cannot read whose store it is", [&] {
    SQLite::Statement lot(database.raw(), "SELECT id FROM lot");
    Run run(lot);
    if (!run.next()) refuse("the store holds no lot yet");
    return BackupFacts{.lot = run.get<std::string>(),
                       .place = newest_place(database),
                       .schema = schema_version(database)};
  });
}

std::expected<BackupFacts, std::string> back_up(const BackupOptions& options) {
  const fs::path partial = partial_path(options.to);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(options.to, ignored)))
    return std::unexpected(options.to.string() + " exists already");
  if (!fs::exists(options.store, ignored))
    return std::unexpected("there is no store " + options.store.string());
  try {
    remove_partial(partial);
    return attempt("cannot copy the store", [&] { return make(options, partial); });
  } catch (const StoreError& error) {
    remove_partial(partial);
    return std::unexpected(std::string(error.what()));
  } catch (const fs::filesystem_error& error) {
    remove_partial(partial);
    return std::unexpected(std::string(error.what()));
  }
}

std::expected<void, std::string> unseal(const fs::path& backup, const fs::path& to) {
  try {
    make_empty(to);
    if (auto copied = copy_without_seal(backup, to); !copied) {
      remove_partial(to);
      return copied;
    }
    sync_file(to);
    return {};
  } catch (const StoreError& error) {
    remove_partial(to);
    return std::unexpected(std::string(error.what()));
  }
}

}  // namespace gatehouse::store

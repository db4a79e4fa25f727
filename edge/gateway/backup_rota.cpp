#include "edge/gateway/backup_rota.hpp"

#include "edge/domain/local_days.hpp"
#include "edge/gateway/log.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

constexpr auto retry_after = 15min;
constexpr auto too_old = 26h;
constexpr auto copy_takes_at_most = 30min;
// What a backup leaves of the disk: room for the ballast, and for the store to go on.
constexpr std::uint64_t spare_bytes = 128ULL << 20U;
constexpr const char* subject = "backup";

/// Is there when a backup has been copied away.
fs::path mark_of_copy(const fs::path& backup) { return backup.string() + ".copied"; }

/// Without the mark it would be copied again with each tick.
std::expected<void, std::string> mark_copied(const fs::path& backup) {
  const fs::path mark = mark_of_copy(backup);
  if (std::ofstream(mark).is_open()) return {};
  return std::unexpected(fmt::format("it was, but {} cannot be written", mark.string()));
}

}  // namespace

BackupRota::BackupRota(Parts parts) : parts_(std::move(parts)), began_(parts_.clock.now().utc) {}

void BackupRota::tick(const IsWanted& is_wanted) {
  if (parts_.settings.directory.empty()) return;
  const sys_days due = due_on();
  std::error_code ignored;
  const bool is_made = fs::exists(path_of(due), ignored);
  if (parts_.clock.now().steady >= next_try_) {
    if (!is_made) make(due, is_wanted);
    const auto path = to_copy(due);
    if (path && is_wanted()) copy(*path, is_wanted);
  }
  watch_age(due);
}

/// The newest day whose backup is to be there.
sys_days BackupRota::due_on() const {
  const WallTime now = parts_.calendar.local(parts_.clock.now().utc);
  return now.minute_of_day >= parts_.settings.at ? now.date : now.date - days(1);
}

fs::path BackupRota::path_of(sys_days date) const {
  return parts_.settings.directory /
         fmt::format("gatehouse-{}-{}.db", parts_.lot, format_date(date));
}

/// Of the backups that are there, the oldest first.
std::vector<sys_days> BackupRota::dates() const {
  std::vector<sys_days> found;
  const std::string begin = fmt::format("gatehouse-{}-", parts_.lot);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parts_.settings.directory, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(begin) || !name.ends_with(".db")) continue;
    const auto date =
        parse_date(std::string_view(name).substr(begin.size(), name.size() - begin.size() - 3));
    if (date) found.push_back(*date);
  }
  std::ranges::sort(found);
  return found;
}

/// The newest that has not been copied, of this process or of one before.
std::optional<fs::path> BackupRota::to_copy(sys_days due) const {
  if (parts_.settings.copy_command.empty()) return std::nullopt;
  std::optional<fs::path> newest;
  for (const sys_days date : dates()) {
    std::error_code ignored;
    if (date <= due && !fs::exists(mark_of_copy(path_of(date)), ignored)) newest = path_of(date);
  }
  return newest;
}

void BackupRota::make(sys_days due, const IsWanted& is_wanted) {
  const fs::path path = path_of(due);
  // Of one that somebody took away: the next of this name is not copied yet.
  std::error_code ignored;
  fs::remove(mark_of_copy(path), ignored);
  const auto made = parts_.back_up(
      {.store = parts_.store, .to = path, .spare_bytes = spare_bytes, .is_wanted = is_wanted});
  if (!is_wanted()) return;  // the next process makes it
  if (!made) {
    failed_.fetch_add(1, std::memory_order_relaxed);
    next_try_ = parts_.clock.now().steady + retry_after;
    log_error(fmt::format("no backup: {}", made.error()));
    return tell("backup_failed", fmt::format("No backup was made: {}", made.error()));
  }
  made_.fetch_add(1, std::memory_order_relaxed);
  log_info(fmt::format("made the backup {}: {} MB, up to {}/{}", path.string(), made->bytes >> 20U,
                       made->place.epoch, made->place.sequence));
  tell("backup_failed", "");
  if (!made->broken_rule.empty()) log_error(fmt::format("in the backup: {}", made->broken_rule));
  tell("books_broken",
       made->broken_rule.empty()
           ? std::string()
           : fmt::format("A backup was made, but the books do not agree: {}", made->broken_rule));
  forget_old(due);
}

void BackupRota::copy(const fs::path& path, const IsWanted& is_wanted) {
  std::vector<std::string> words = parts_.settings.copy_command;
  words.push_back(path.string());
  auto copied = parts_.run_program(words, copy_takes_at_most, is_wanted);
  if (copied) copied = mark_copied(path);
  if (copied) {
    copied_.fetch_add(1, std::memory_order_relaxed);
    return tell("backup_copy_failed", "");
  }
  if (!is_wanted()) return;  // the next process copies it
  copies_failed_.fetch_add(1, std::memory_order_relaxed);
  next_try_ = parts_.clock.now().steady + retry_after;
  log_error(fmt::format("the backup was not copied: {}", copied.error()));
  tell("backup_copy_failed", fmt::format("The backup was not copied away: {}", copied.error()));
}

/// By their number, not by the clock: one that ran ahead must not cost the backups of years. What
/// it left goes first, or every new one would be the oldest.
void BackupRota::forget_old(sys_days due) const {
  std::vector<sys_days> found = dates();
  std::ranges::stable_partition(found, [due](sys_days date) { return date > due; });
  const auto kept = static_cast<std::size_t>(parts_.settings.keep.count());
  for (std::size_t i = 0; i + kept < found.size(); ++i) {
    const fs::path path = path_of(found[i]);
    std::error_code ignored;
    fs::remove(path, ignored);
    fs::remove(mark_of_copy(path), ignored);
  }
}

void BackupRota::watch_age(sys_days due) {
  std::optional<Instant> newest;
  const auto local = [this](Instant at) { return parts_.calendar.local(at); };
  for (const sys_days date : dates()) {
    if (date <= due) newest = day_begins(local, date) + parts_.settings.at;
  }
  newest_at_ms_.store(newest ? newest->time_since_epoch().count() : 0, std::memory_order_relaxed);
  if (parts_.clock.now().utc - newest.value_or(began_) <= too_old)
    return tell("backup_overdue", "");
  tell("backup_overdue", newest ? fmt::format("The newest backup is of {}", format_rfc3339(*newest))
                                : std::string("There is no backup"));
}

/// Each change once; an empty message is the end of it.
void BackupRota::tell(const char* kind, std::string message) {
  const auto [place, is_new] = told_.try_emplace(kind, message.empty());
  if (!is_new && place->second == message.empty()) return;
  place->second = message.empty();
  parts_.alarms.tell({.kind = kind,
                      .subject = subject,
                      .severity = store::Severity::critical,
                      .message = std::move(message)});
}

void BackupRota::collect(std::vector<engine::Sample>& samples) const {
  using enum engine::Sample::Kind;
  if (parts_.settings.directory.empty()) return;
  const auto count = [&](const char* name, const char* help, const char* result,
                         const std::atomic<std::uint64_t>& value) {
    samples.push_back({name,
                       help,
                       counter,
                       static_cast<double>(value.load(std::memory_order_relaxed)),
                       {{"result", result}}});
  };
  count("gatehouse_backups_total", "Daily backups", "made", made_);
  count("gatehouse_backups_total", "Daily backups", "failed", failed_);
  count("gatehouse_backup_copies_total", "Runs of backup.copy_command", "done", copied_);
  count("gatehouse_backup_copies_total", "Runs of backup.copy_command", "failed", copies_failed_);
  const auto newest = newest_at_ms_.load(std::memory_order_relaxed);
  if (newest == 0) return;
  const auto age = parts_.clock.now().utc - Instant(std::chrono::milliseconds(newest));
  samples.push_back({"gatehouse_backup_age_seconds",
                     "How long ago the newest backup was due",
                     gauge,
                     static_cast<double>(age.count()) / 1e3,
                     {}});
}

}  // namespace gatehouse::gateway

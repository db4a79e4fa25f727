#include "edge/gateway/day_file.hpp"

#include "edge/domain/local_days.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::sys_days;

constexpr mode_t owner_and_group_reads = S_IRUSR | S_IWUSR | S_IRGRP;
constexpr std::size_t date_characters = 10;

/// When a file was written to last; nullopt: there is none.
std::optional<Instant> last_written(const fs::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return Instant(std::chrono::seconds(found.st_mtim.tv_sec));
}

/// Whether a file of that day is done with. Not a day later: a clock that is set back over midnight
/// must not begin yesterday's file again. Further back it had run ahead, perhaps by years.
bool is_over(sys_days day, sys_days today) { return day < today || day > today + days(1); }

}  // namespace

DayFile::DayFile(Parts parts)
    : parts_(std::move(parts)), path_(parts_.directory / (parts_.name + ".log")) {}

DayFile::~DayFile() { close(); }

void DayFile::write(std::string_view line, Instant at) {
  const std::scoped_lock lock(mutex_);
  const sys_days today = parts_.local(at).date;
  if (file_ < 0 || !day_ || is_over(*day_, today)) {
    if (!open(today)) {
      ++lost_lines_;
      return;
    }
  }
  // One call: lines of several threads do not mix, and a crash loses none that was said.
  const auto written = ::write(file_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return;
  ++lost_lines_;
  close();  // the next line tries anew
}

std::uint64_t DayFile::lost_lines() const {
  const std::scoped_lock lock(mutex_);
  return lost_lines_;
}

bool DayFile::open(sys_days today) {
  close();
  const auto written = last_written(path_);
  const auto day = day_ ? day_ : written ? std::optional(parts_.local(*written).date) : day_;
  const bool goes_on = written && day && !is_over(*day, today);
  if (written && day && !goes_on) put_away(*day);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                 owner_and_group_reads);
  if (file_ < 0) return false;
  day_ = goes_on ? *day : today;
  forget_old(today);
  return true;
}

void DayFile::close() {
  if (file_ >= 0) ::close(std::exchange(file_, -1));
}

/// Under its day's name, or the next one that is free.
void DayFile::put_away(sys_days day) const {
  const std::string name = parts_.name + "-" + format_date(day);
  fs::path free = parts_.directory / (name + ".log");
  std::error_code ignored;
  for (int i = 2; fs::exists(free, ignored); ++i)
    free = parts_.directory / (name + "-" + std::to_string(i) + ".log");
  fs::rename(path_, free, ignored);
}

/// The files that were put away, by their days.
std::multimap<sys_days, fs::path> DayFile::put_away_files() const {
  std::multimap<sys_days, fs::path> found;
  const std::string begin = parts_.name + "-";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parts_.directory, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(begin) || !name.ends_with(".log")) continue;
    const auto day = parse_date(std::string_view(name).substr(begin.size(), date_characters));
    if (day) found.emplace(*day, entry.path());
  }
  return found;
}

/// By the number of days, not by the clock: one that ran ahead must not cost the logs of months.
/// What it left goes first, or every new day would be the oldest.
void DayFile::forget_old(sys_days today) const {
  const auto found = put_away_files();
  std::vector<sys_days> all;
  for (const auto& [day, path] : found) {
    if (all.empty() || all.back() != day) all.push_back(day);
  }
  std::ranges::stable_partition(all, [today](sys_days day) { return day > today; });
  const auto kept = static_cast<std::size_t>(parts_.keep.count());
  for (std::size_t i = 0; i + kept < all.size(); ++i) {
    const auto [first, end] = found.equal_range(all[i]);
    std::error_code ignored;
    for (auto file = first; file != end; ++file) fs::remove(file->second, ignored);
  }
}

}  // namespace gatehouse::gateway

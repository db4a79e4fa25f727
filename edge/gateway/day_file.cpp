#include "edge/gateway/day_file.hpp"

#include "edge/domain/local_days.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

namespace fs = std::filesystem;
using std::chrono::sys_days;

constexpr mode_t owner_and_group_reads = S_IRUSR | S_IWUSR | S_IRGRP;
constexpr std::size_t date_characters = 10;

/// When a file was written to last; nullopt: there is none.
std::optional<Instant> last_written(const fs::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return Instant(std::chrono::seconds(found.st_mtim.tv_sec));
}

}  // namespace

DayFile::DayFile(Parts parts)
    : parts_(std::move(parts)), path_(parts_.directory / (parts_.name + ".log")) {}

DayFile::~DayFile() { close(); }

void DayFile::write(std::string_view line, Instant at) {
  const std::scoped_lock lock(mutex_);
  const sys_days today = parts_.local(at).date;
  // Never back: a clock that was set must not begin yesterday's file again.
  if (file_ < 0 || !day_ || today > *day_) {
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
  if (written && day && *day < today) put_away(*day);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                 owner_and_group_reads);
  if (file_ < 0) return false;
  day_ = today;
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

void DayFile::forget_old(sys_days today) const {
  const std::string begin = parts_.name + "-";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parts_.directory, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(begin) || !name.ends_with(".log")) continue;
    const auto day = parse_date(std::string_view(name).substr(begin.size(), date_characters));
    std::error_code ignored;
    if (day && *day < today - parts_.keep) fs::remove(entry.path(), ignored);
  }
}

}  // namespace gatehouse::gateway

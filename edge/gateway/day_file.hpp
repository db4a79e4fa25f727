// A log in files of a day: `parking.log` is today's, `parking-2026-11-20.log` that day's, and the
// newest `keep` of those days are kept.
//
// Days are the lot's; a clock that ran ahead and comes back costs none. Any thread. What cannot be
// written is lost and counted, never waited for: a full disk must not stop the lot.
#pragma once

#include "edge/domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::gateway {

class DayFile {
 public:
  struct Parts {
    std::filesystem::path directory;
    std::string name;  // parking
    std::chrono::days keep{90};
    std::function<WallTime(Instant)> local;
  };
  explicit DayFile(Parts parts);
  ~DayFile();
  DayFile(const DayFile&) = delete;
  DayFile& operator=(const DayFile&) = delete;

  /// Adds a line, which has its end already; `at`: when it was said.
  void write(std::string_view line, Instant at);
  [[nodiscard]] std::uint64_t lost_lines() const;

 private:
  bool open(std::chrono::sys_days today);
  void close();
  void put_away(std::chrono::sys_days day) const;
  [[nodiscard]] std::multimap<std::chrono::sys_days, std::filesystem::path> put_away_files() const;
  void forget_old(std::chrono::sys_days today) const;

  const Parts parts_;
  const std::filesystem::path path_;
  mutable std::mutex mutex_;
  // Protected by mutex_.
  int file_ = -1;
  std::optional<std::chrono::sys_days> day_;
  std::uint64_t lost_lines_ = 0;
};

}  // namespace gatehouse::gateway

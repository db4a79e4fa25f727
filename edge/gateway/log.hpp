// What the process says to whoever runs it, on standard error and perhaps in files, a line each.
//
//   start_logging({.format = LogFormat::json, .level = LogLevel::info});
//   spdlog::warn("…");                                        // anywhere after that
//   if (const auto held_back = limiter.admit(key)) spdlog::warn("… ({} more)", *held_back);
//
// Text:  2026-11-20T10:00:00.123Z warning  message
// JSON:  {"ts":"2026-11-20T10:00:00.123Z","level":"warning","message":"…"}
// A logger that has a name adds it as "log" (`log=payment`). A message never breaks a line: control
// characters come out escaped.
#pragma once

#include "edge/engine/ports.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::gateway {

enum class LogFormat : std::uint8_t { text, json };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogOptions {
  LogFormat format = LogFormat::text;
  LogLevel level = LogLevel::info;
};

/// Lines of the main log, for files that say nothing else. Any thread.
void log_error(std::string_view sentence);
void log_warning(std::string_view sentence);
void log_info(std::string_view sentence);
/// A line of the log of payments.
void log_payment(std::string_view sentence);

/// Makes the process's default logger. Once, before other threads start.
void start_logging(LogOptions options);

struct LogFiles {
  std::filesystem::path directory;
  std::chrono::days keep{90};
  std::function<WallTime(Instant)> local;  // any thread
};
/// From now on lines go to parking.log, and those of payments to payments.log, too: a file a day.
/// Once, before other threads start.
void keep_log_files(const LogFiles& files);

struct LogLine {
  Instant at;
  std::string_view level;  // as spdlog calls it
  std::string_view log;    // empty: none
  std::string_view message;
};
/// A line without its end, as start_logging() has them written.
std::string format_log_line(LogFormat format, const LogLine& line);

/// Lets a line through once per key and minute, so that no device can fill the log. Keys beyond
/// `keys_max` within a minute share one place. Any thread.
class LogLimiter {
 public:
  static constexpr std::size_t keys_max = 1'024;
  static constexpr std::chrono::minutes interval{1};

  /// The clock outlives the limiter.
  explicit LogLimiter(const engine::Clock& clock) : clock_(clock) {}

  /// nullopt: say nothing. Otherwise how many lines of this key were held back since the last one.
  std::optional<std::uint64_t> admit(std::string_view key);
  [[nodiscard]] std::size_t key_count() const;

 private:
  struct Place {
    Steady open_at{};
    std::uint64_t held_back = 0;
  };
  Place& place_of(std::string key, Steady now);

  const engine::Clock& clock_;
  mutable std::mutex mutex_;
  // Protected by mutex_:
  std::unordered_map<std::string, Place> places_;
  Place others_{.open_at = Steady::min()};
  Steady next_sweep_ = Steady::min();
};

}  // namespace gatehouse::gateway

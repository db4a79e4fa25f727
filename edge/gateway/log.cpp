#include "edge/gateway/log.hpp"

#include "edge/gateway/day_file.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace gatehouse::gateway {
namespace {

// Longer keys share the place of their beginning.
constexpr std::size_t key_bytes_max = 320;

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if ((c >= '\0' && c < ' ') || c == '\x7f') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string json_line(const LogLine& line) {
  nlohmann::ordered_json object;
  object["ts"] = format_rfc3339(line.at);
  object["level"] = line.level;
  if (!line.log.empty()) object["log"] = line.log;
  object["message"] = line.message;
  // A message may quote bytes that are not UTF-8; they must not cost the line.
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string text_line(const LogLine& line) {
  std::string text = fmt::format("{} {:<8} ", format_rfc3339(line.at), line.level);
  if (!line.log.empty()) text += fmt::format("log={} ", line.log);
  return text + escaped(line.message);
}

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const std::string line =
        format_log_line(format_, {.at = std::chrono::floor<std::chrono::milliseconds>(message.time),
                                  .level = {level.data(), level.size()},
                                  .log = {message.logger_name.data(), message.logger_name.size()},
                                  .message = {message.payload.data(), message.payload.size()}});
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_);
  }

 private:
  LogFormat format_;
};

constexpr const char* payments_name = "payment";

/// Lines into a file a day, formatted as those on standard error.
class DayFileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DayFileSink(DayFile::Parts parts) : file_(std::move(parts)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.write({line.data(), line.size()},
                std::chrono::floor<std::chrono::milliseconds>(message.time));
  }
  void flush_() override {}

  DayFile file_;
};

void add_file(spdlog::logger& logger, const LogFiles& files, const char* name, LogFormat format) {
  auto sink = std::make_shared<DayFileSink>(DayFile::Parts{
      .directory = files.directory, .name = name, .keep = files.keep, .local = files.local});
  sink->set_formatter(std::make_unique<LineFormatter>(format));
  logger.sinks().push_back(std::move(sink));
}

// How start_logging() was told to write lines.
LogFormat line_format = LogFormat::text;

spdlog::level::level_enum library_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void log_error(std::string_view sentence) { spdlog::error("{}", sentence); }
void log_warning(std::string_view sentence) { spdlog::warn("{}", sentence); }
void log_info(std::string_view sentence) { spdlog::info("{}", sentence); }
void log_payment(std::string_view sentence) {
  if (const auto logger = spdlog::get(payments_name)) logger->info("{}", sentence);
}

void start_logging(LogOptions options) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("", sink);
  // Whatever the level: money that moved is always worth a line.
  auto payments = std::make_shared<spdlog::logger>(payments_name, std::move(sink));
  line_format = options.format;
  payments->set_formatter(std::make_unique<LineFormatter>(options.format));
  payments->flush_on(spdlog::level::trace);
  spdlog::drop(payments_name);
  spdlog::register_logger(std::move(payments));
  logger->set_formatter(std::make_unique<LineFormatter>(options.format));
  logger->set_level(library_level(options.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void keep_log_files(const LogFiles& files) {
  add_file(*spdlog::default_logger(), files, "parking", line_format);
  if (const auto payments = spdlog::get(payments_name))
    add_file(*payments, files, "payments", line_format);
}

std::string format_log_line(LogFormat format, const LogLine& line) {
  return format == LogFormat::json ? json_line(line) : text_line(line);
}

std::optional<std::uint64_t> LogLimiter::admit(std::string_view key) {
  const Steady now = clock_.now().steady;
  const std::scoped_lock lock(mutex_);
  Place& place = place_of(std::string(key.substr(0, key_bytes_max)), now);
  if (now < place.open_at) {
    ++place.held_back;
    return std::nullopt;
  }
  place.open_at = now + interval;
  return std::exchange(place.held_back, 0);
}

std::size_t LogLimiter::key_count() const {
  const std::scoped_lock lock(mutex_);
  return places_.size();
}

LogLimiter::Place& LogLimiter::place_of(std::string key, Steady now) {
  if (const auto found = places_.find(key); found != places_.end()) return found->second;
  if (places_.size() >= keys_max && now >= next_sweep_) {
    // At most once a second: under a storm of new keys this must not become the work itself.
    next_sweep_ = now + std::chrono::seconds(1);
    std::erase_if(places_, [now](const auto& entry) { return entry.second.open_at <= now; });
  }
  if (places_.size() >= keys_max) return others_;
  return places_.emplace(std::move(key), Place{.open_at = now}).first->second;
}

}  // namespace gatehouse::gateway

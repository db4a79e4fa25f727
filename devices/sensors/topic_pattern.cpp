#include "devices/sensors/topic_pattern.hpp"

#include <algorithm>

namespace gatehouse::devices {
namespace {

// MQTT allows 65,535; no sensor's topic comes near.
constexpr std::size_t topic_bytes_max = 512;

/// Takes the first level, and the slash behind it, off `rest`. nullopt: nothing is left.
class Levels {
 public:
  explicit Levels(std::string_view topic) : rest_(topic) {}
  std::optional<std::string_view> next() {
    if (done_) return std::nullopt;
    const std::size_t slash = rest_.find('/');
    const std::string_view level = rest_.substr(0, slash);
    done_ = slash == std::string_view::npos;
    if (!done_) rest_.remove_prefix(slash + 1);
    return level;
  }

 private:
  std::string_view rest_;
  bool done_ = false;
};

bool is_capture(std::string_view level) { return level == "{slot}" || level == "{device}"; }

/// What is wrong with one level that is neither `+` nor a capture; empty: nothing.
std::string_view fault_of_level(std::string_view level) {
  if (level.contains('#')) return "must not contain '#': name every level, '+' for any";
  if (level.contains('+')) return "takes '+' only as a whole level";
  if (level.contains('{') || level.contains('}')) {
    return "takes {slot} or {device} as a whole level, and no other braces";
  }
  const bool printable = std::ranges::all_of(
      level, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\x7F'; });
  return printable ? "" : "must not contain control characters";
}

}  // namespace

std::expected<TopicPattern, std::string> TopicPattern::parse(std::string_view text) {
  if (text.empty()) return std::unexpected("is missing");
  if (text.size() > topic_bytes_max) return std::unexpected("is longer than 512 bytes");
  if (text.starts_with('$')) return std::unexpected("must not begin with '$'");

  TopicPattern pattern;
  std::size_t captures = 0;
  Levels levels(text);
  while (const auto level = levels.next()) {
    if (is_capture(*level)) {
      ++captures;
      pattern.captured_ = pattern.levels_.size();
      pattern.levels_.emplace_back("+");
      continue;
    }
    if (*level != "+") {
      const std::string_view fault = fault_of_level(*level);
      if (!fault.empty()) return std::unexpected(std::string(fault));
    }
    pattern.levels_.emplace_back(*level);
  }
  if (captures != 1) {
    return std::unexpected("needs {slot} or {device} as exactly one of its levels");
  }
  for (const std::string& level : pattern.levels_) {
    if (&level != &pattern.levels_.front()) pattern.filter_ += '/';
    pattern.filter_ += level;
  }
  return pattern;
}

std::optional<std::string_view> TopicPattern::match(std::string_view topic) const {
  if (topic.starts_with('$')) return std::nullopt;
  std::string_view captured;
  Levels levels(topic);
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const auto level = levels.next();
    if (!level) return std::nullopt;
    if (levels_[i] != "+" && levels_[i] != *level) return std::nullopt;
    if (i == captured_) captured = *level;
  }
  if (levels.next() || captured.empty()) return std::nullopt;
  return captured;
}

}  // namespace gatehouse::devices

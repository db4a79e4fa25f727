// The `topic` of a [[sensor_profiles]] entry: an MQTT topic of which one whole level is `{slot}` or
// `{device}` and others may be `+`.
//
//   auto pattern = TopicPattern::parse("v3/+/devices/{device}/up");
//   pattern->match("v3/lot/devices/eui-70b3d5/up");  // "eui-70b3d5"
//
// A value; any thread.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::devices {

class TopicPattern {
 public:
  /// The error is a sentence that follows the key `topic`.
  static std::expected<TopicPattern, std::string> parse(std::string_view text);

  /// The filter to subscribe to: the captured level is `+`.
  [[nodiscard]] const std::string& filter() const { return filter_; }

  /// The captured level, a view into `topic`; nullopt: the topic is not of this pattern, or its
  /// captured level is empty. As a broker would, a wildcard does not take a first level that
  /// begins with `$`.
  [[nodiscard]] std::optional<std::string_view> match(std::string_view topic) const;

 private:
  TopicPattern() = default;
  std::vector<std::string> levels_;  // the captured one is `+` here as well
  std::size_t captured_ = 0;
  std::string filter_;
};

}  // namespace gatehouse::devices

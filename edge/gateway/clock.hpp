// The real clocks, and the real calendar of a lot.
//
//   SystemClock clock;
//   auto calendar = ZonedCalendar::open("Asia/Kolkata");   // or why there is none
//
// Any thread, once made. The rules of zones are the system's (tzdata, RFC 8536), read once.
#pragma once

#include "edge/engine/ports.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::gateway {

class SystemClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override;
};

/// The local time of an IANA zone. A look at a table made when it was opened: cheap, and without a
/// lock. From 2038 on, where the system's table ends, the last offset of a zone stays.
class ZonedCalendar final : public engine::Calendar {
 public:
  /// The error is a sentence.
  static std::expected<ZonedCalendar, std::string> open(std::string_view zone);

  [[nodiscard]] WallTime local(Instant instant) const override;

 private:
  /// An offset from UTC and when it begins.
  struct Period {
    Instant begin;
    std::chrono::seconds offset;
  };
  explicit ZonedCalendar(std::vector<Period> periods) : periods_(std::move(periods)) {}

  std::vector<Period> periods_;  // never empty, in order; the first also holds before its begin
};

/// Whether the system knows the zone under this name.
bool is_time_zone(std::string_view name);

}  // namespace gatehouse::gateway

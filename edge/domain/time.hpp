// The two times of Gatehouse, which never mix, and their spelling on the wire.
//
// Instant is UTC to the millisecond: what is recorded, billed and sent. It may step when the box
// learns the time. Steady counts from some start and never steps: what timeouts are measured with.
// Nothing here reads a clock; both arrive as values. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The steady timeline: a clock type without now(), so that no rule can read it.
struct SteadyTimeline {
  using rep = std::chrono::microseconds::rep;
  using period = std::chrono::microseconds::period;
  using duration = std::chrono::microseconds;
  static constexpr bool is_steady = true;
};
using Steady = std::chrono::time_point<SteadyTimeline>;

/// Both clocks read at one moment. An event carries it from where it entered the process.
struct Moment {
  Instant utc;
  Steady steady;
};

/// What a clock on the lot's wall shows: the date and the whole minute, local time.
struct WallTime {
  std::chrono::sys_days date;
  std::chrono::minutes minute_of_day;
  bool operator==(const WallTime&) const = default;
};

/// `2026-11-20T10:00:00.123Z`, as docs/contract/mqtt.md asks of every time we send.
std::string format_rfc3339(Instant instant);

/// An RFC 3339 date-time with any offset and up to nine decimals (the rest is cut, not rounded);
/// years 1970 to 9999. nullopt for everything else.
std::optional<Instant> parse_rfc3339(std::string_view text);

}  // namespace gatehouse

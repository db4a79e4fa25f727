#include "edge/gateway/clock.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <stdexcept>

#include <date/tz.h>

namespace gatehouse::gateway {
namespace {

// No instant of a lot is older, and the table of a zone without end ends somewhere.
constexpr std::chrono::sys_days table_begin = std::chrono::year{2000} / 1 / 1;
constexpr std::chrono::sys_days table_end = std::chrono::year{2100} / 1 / 1;

/// nullptr: unknown. The library throws for that, and for a system without tzdata.
const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

Moment SystemClock::now() const {
  using namespace std::chrono;
  return {.utc = floor<milliseconds>(system_clock::now()),
          .steady = Steady(floor<microseconds>(steady_clock::now().time_since_epoch()))};
}

std::expected<ZonedCalendar, std::string> ZonedCalendar::open(std::string_view zone) {
  const auto* found = find_zone(zone);
  if (found == nullptr) {
    return std::unexpected("\"" + std::string(zone) +
                           "\" is not an IANA time zone this system knows (package tzdata)");
  }
  std::vector<Period> periods;
  date::sys_seconds at = table_begin;
  while (at < table_end) {
    const date::sys_info info = found->get_info(at);
    periods.push_back({.begin = at, .offset = info.offset});
    at = info.end;
  }
  return ZonedCalendar(std::move(periods));
}

WallTime ZonedCalendar::local(Instant instant) const {
  const auto after = std::ranges::upper_bound(periods_, instant, {}, &Period::begin);
  const Period& period = after == periods_.begin() ? *after : *(after - 1);
  const Instant wall = instant + period.offset;
  const auto date = std::chrono::floor<std::chrono::days>(wall);
  return {.date = date, .minute_of_day = std::chrono::floor<std::chrono::minutes>(wall - date)};
}

bool is_time_zone(std::string_view name) { return find_zone(name) != nullptr; }

}  // namespace gatehouse::gateway

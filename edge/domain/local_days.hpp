// The lot's days: which instant a local day begins at, and how local time is cut into the steps of
// a report.
//
//   const Instant begins = day_begins(local, 2026y/11/20);
//   const auto bucket = bucket_of(local, instant, Step::week);   // the Monday it belongs to
//
// Local time comes in as a function. Pure; any thread.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/time.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

/// The first instant whose local date is this one, to the minute.
Instant day_begins(const LocalTime& local, std::chrono::sys_days date);

/// `2026-11-20`; nullopt: no date of the years 1970 to 9999.
std::optional<std::chrono::sys_days> parse_date(std::string_view text);
/// `2026-11-20`
std::string format_date(std::chrono::sys_days date);

enum class Step : std::uint8_t { hour, day, week, month };
std::optional<Step> parse_step(std::string_view text);

/// One step of local time, by the day and hour it begins at. Weeks begin on Monday.
struct Bucket {
  std::chrono::sys_days date;
  std::chrono::hours hour{0};
  auto operator<=>(const Bucket&) const = default;
};
Bucket bucket_of(const LocalTime& local, Instant instant, Step step);
/// The one after it.
Bucket next_bucket(const Bucket& bucket, Step step);
/// `2026-11-20`, of an hour `2026-11-20 14:00`, of a month `2026-11`.
std::string name_of(const Bucket& bucket, Step step);

}  // namespace gatehouse

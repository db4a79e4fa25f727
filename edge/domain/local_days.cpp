#include "edge/domain/local_days.hpp"

#include "edge/domain/words.hpp"

namespace gatehouse {
namespace {

using namespace std::chrono_literals;

constexpr Words<4> step_names = {"hour", "day", "week", "month"};

std::string padded(unsigned number) { return std::to_string(100 + number).substr(1); }

std::optional<int> digits_at(std::string_view text, std::size_t begin, std::size_t count) {
  int number = 0;
  for (const char c : text.substr(begin, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

Instant day_begins(const LocalTime& local, std::chrono::sys_days date) {
  // No zone is farther from UTC than 26 hours, and a local date never goes back over midnight by
  // more than an hour: the last minute of the day before is found by halving.
  Instant before = Instant(date) - 27h;
  Instant within = Instant(date) + 27h;
  while (within - before > 1min) {
    const Instant middle = before + std::chrono::floor<std::chrono::minutes>((within - before) / 2);
    if (local(middle).date >= date) {
      within = middle;
    } else {
      before = middle;
    }
  }
  return within;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits_at(text, 0, 4);
  const auto month = digits_at(text, 5, 2);
  const auto day = digits_at(text, 8, 2);
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::string format_date(std::chrono::sys_days date) {
  const std::chrono::year_month_day day(date);
  return std::to_string(static_cast<int>(day.year())) + '-' +
         padded(static_cast<unsigned>(day.month())) + '-' +
         padded(static_cast<unsigned>(day.day()));
}

std::optional<Step> parse_step(std::string_view text) { return read_word<Step>(step_names, text); }

Bucket bucket_of(const LocalTime& local, Instant instant, Step step) {
  const WallTime wall = local(instant);
  const std::chrono::year_month_day day(wall.date);
  switch (step) {
    case Step::hour:
      return {wall.date, std::chrono::floor<std::chrono::hours>(wall.minute_of_day)};
    case Step::day:
      return {wall.date};
    case Step::week:
      return {wall.date - (std::chrono::weekday(wall.date) - std::chrono::Monday)};
    case Step::month:
      return {std::chrono::sys_days(day.year() / day.month() / 1)};
  }
  return {wall.date};
}

Bucket next_bucket(const Bucket& bucket, Step step) {
  const std::chrono::year_month_day day(bucket.date);
  switch (step) {
    case Step::hour:
      return bucket.hour < 23h ? Bucket{bucket.date, bucket.hour + 1h}
                               : Bucket{bucket.date + std::chrono::days(1)};
    case Step::day:
      return {bucket.date + std::chrono::days(1)};
    case Step::week:
      return {bucket.date + std::chrono::days(7)};
    case Step::month:
      return {std::chrono::sys_days((day.year() / day.month() + std::chrono::months(1)) / 1)};
  }
  return bucket;
}

std::string name_of(const Bucket& bucket, Step step) {
  const std::string date = format_date(bucket.date);
  if (step == Step::hour)
    return date + ' ' + padded(static_cast<unsigned>(bucket.hour.count())) + ":00";
  if (step == Step::month) return date.substr(0, 7);
  return date;
}

}  // namespace gatehouse

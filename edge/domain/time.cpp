#include "edge/domain/time.hpp"

#include <array>
#include <cstddef>

namespace gatehouse {
namespace {

/// Reads fixed-width decimal numbers and separators from the left; fails once and stays failed.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    if (rest_.size() < digits) return fail();
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  char one_of(std::string_view allowed) {
    if (rest_.empty() || !allowed.contains(rest_.front())) {
      fail();
      return '\0';
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  [[nodiscard]] bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  [[nodiscard]] bool next_is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  [[nodiscard]] bool done() const { return !failed_ && rest_.empty(); }
  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::chrono::milliseconds read_fraction(FieldReader& reader) {
  constexpr int decimals_max = 9;
  int milliseconds = 0;
  int decimals = 0;
  for (int scale = 100; reader.next_is_digit(); scale /= 10) {
    if (++decimals > decimals_max) reader.fail();
    milliseconds += reader.number(1) * scale;  // scale is 0 from the fourth decimal on
  }
  if (decimals == 0) reader.fail();
  return std::chrono::milliseconds(milliseconds);
}

std::chrono::minutes read_offset(FieldReader& reader) {
  const char sign = reader.one_of("Zz+-");
  if (sign != '+' && sign != '-') return {};
  const int hours = reader.number(2);
  reader.one_of(":");
  const int minutes = reader.number(2);
  if (hours > 23 || minutes > 59) reader.fail();
  const int total = hours * 60 + minutes;
  return std::chrono::minutes(sign == '+' ? total : -total);
}

char* put(char* out, unsigned value, unsigned digits) {
  for (unsigned i = digits; i > 0; --i, value /= 10) {
    out[i - 1] = static_cast<char>('0' + value % 10);
  }
  return out + digits;
}

}  // namespace

std::string format_rfc3339(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const auto of_day = static_cast<unsigned>((instant - day).count());
  std::array<char, 24> text{};
  char* out = put(text.data(), static_cast<unsigned>(int{date.year()}), 4);
  *out++ = '-';
  out = put(out, unsigned{date.month()}, 2);
  *out++ = '-';
  out = put(out, unsigned{date.day()}, 2);
  *out++ = 'T';
  out = put(out, of_day / 3'600'000, 2);
  *out++ = ':';
  out = put(out, of_day / 60'000 % 60, 2);
  *out++ = ':';
  out = put(out, of_day / 1'000 % 60, 2);
  *out++ = '.';
  out = put(out, of_day % 1'000, 3);
  *out = 'Z';
  return {text.data(), text.size()};
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  FieldReader reader(text);
  const int year_number = reader.number(4);
  reader.one_of("-");
  const auto month_number = static_cast<unsigned>(reader.number(2));
  reader.one_of("-");
  const auto day_number = static_cast<unsigned>(reader.number(2));
  reader.one_of("Tt ");
  const int hour = reader.number(2);
  reader.one_of(":");
  const int minute = reader.number(2);
  reader.one_of(":");
  const int second = reader.number(2);
  milliseconds fraction{};
  if (reader.next_is('.')) {
    reader.one_of(".");
    fraction = read_fraction(reader);
  }
  const minutes offset = read_offset(reader);
  if (!reader.done()) return std::nullopt;

  const year_month_day date{year{year_number}, month{month_number}, day{day_number}};
  const bool possible =
      date.ok() && year_number >= 1970 && hour < 24 && minute < 60 && second <= 60;
  if (!possible) return std::nullopt;
  // A leap second is read as the second after it: no clock here counts them.
  const Instant instant =
      sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
  // An offset or a leap second may lead out of the years that can be written again.
  if (instant < Instant{} || instant >= sys_days(year{10'000} / January / 1)) return std::nullopt;
  return instant;
}

}  // namespace gatehouse

#include "edge/domain/tax.hpp"

#include "edge/domain/invariant.hpp"

namespace gatehouse {

TaxSplit tax_split(Paise total, std::uint32_t percent) {
  require(total >= Paise(0), "what a receipt splits is not negative");
  // round(n / d) half up, in whole numbers: (2n + d) / 2d, with n = total · p and d = 2 (100 + p).
  const Paise numerator = total * percent;
  const std::int64_t denominator = 2 * (100 + std::int64_t{percent});
  const Paise half((numerator * 2 + Paise(denominator)).count() / (2 * denominator));
  return {.taxable = total - half * 2, .cgst = half, .sgst = half};
}

std::string financial_year(std::chrono::sys_days local_date) {
  const std::chrono::year_month_day date(local_date);
  const int begins = int{date.year()} - (date.month() < std::chrono::April ? 1 : 0);
  const auto two_digits = [](int year) {
    const int last = year % 100;
    return (last < 10 ? "0" : "") + std::to_string(last);
  };
  return two_digits(begins) + two_digits(begins + 1);
}

std::string invoice_serial(std::string_view series, std::chrono::sys_days local_date,
                           std::uint32_t number) {
  require(number > 0, "the first number of a series is 1");
  constexpr std::size_t digits = 7;
  std::string padded = std::to_string(number);
  if (padded.size() < digits) padded.insert(0, digits - padded.size(), '0');
  std::string serial(series);
  serial += '/';
  serial += financial_year(local_date);
  serial += '/';
  serial += padded;
  require(serial.size() <= serial_characters_max, "a serial has at most 16 characters");
  return serial;
}

std::string credit_note_series(std::string_view invoice_series) {
  require(!invoice_series.empty(), "a series has a name");
  std::string series("C");
  series += invoice_series.substr(1);
  return series;
}

}  // namespace gatehouse

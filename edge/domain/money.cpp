#include "edge/domain/money.hpp"

namespace gatehouse {

std::expected<Paise, MoneyError> Paise::parse(std::string_view rupees) {
  constexpr std::size_t whole_digits_max = 7;
  const auto point = rupees.find('.');
  const std::string_view whole = rupees.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "" : rupees.substr(point + 1);
  const auto is_digits = [](std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const bool has_bare_point = point != std::string_view::npos && decimals.empty();
  if (whole.empty() || has_bare_point || decimals.size() > 2 || !is_digits(whole) ||
      !is_digits(decimals)) {
    return std::unexpected(MoneyError::not_an_amount);
  }
  if (whole.size() > whole_digits_max) return std::unexpected(MoneyError::out_of_range);
  std::int64_t count = 0;
  for (const char c : whole) count = count * 10 + (c - '0');
  for (std::size_t i = 0; i < 2; ++i) {
    count = count * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  }
  return Paise(count);
}

std::string Paise::rupees() const {
  const bool negative = count_ < 0;
  const auto magnitude =
      negative ? -static_cast<std::uint64_t>(count_) : static_cast<std::uint64_t>(count_);
  const auto decimals = magnitude % 100;
  return (negative ? "-" : "") + std::to_string(magnitude / 100) + "." +
         (decimals < 10 ? "0" : "") + std::to_string(decimals);
}

std::string Paise::short_rupees() const {
  std::string text = rupees();
  if (text.ends_with(".00")) text.resize(text.size() - 3);
  return text;
}

}  // namespace gatehouse

// Money: a whole number of paise, never a floating-point value.
//
//   const auto rate = Paise::parse("50.00");   // std::expected<Paise, MoneyError>
//
// A value; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace gatehouse {

enum class MoneyError : std::uint8_t { not_an_amount, out_of_range };

class Paise {
 public:
  constexpr Paise() = default;
  constexpr explicit Paise(std::int64_t count) : count_(count) {}

  /// Rupees with at most two decimals, as lot.toml and the API write rates: `50`, `50.5`, `50.00`.
  /// From 0 to 9,999,999.99 (docs/contract: rates); no sign, no grouping, no exponent.
  static std::expected<Paise, MoneyError> parse(std::string_view rupees);

  [[nodiscard]] constexpr std::int64_t count() const { return count_; }
  /// `50.00`
  [[nodiscard]] std::string rupees() const;
  constexpr auto operator<=>(const Paise&) const = default;

 private:
  std::int64_t count_ = 0;
};

}  // namespace gatehouse

// Money: a whole number of paise, never a floating-point value.
//
//   const auto rate = Paise::parse("50.00");   // std::expected<Paise, MoneyError>
//   const Paise due = charge - credits;        // leaving the range stops the process
//
// A value; any thread.
#pragma once

#include "edge/domain/invariant.hpp"

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
  /// `50`, and `50.50` where there are paise: for people in a hurry.
  [[nodiscard]] std::string short_rupees() const;
  constexpr auto operator<=>(const Paise&) const = default;

  // No sum of a lot's money comes near the end of 64 bits: one that does is a broken invariant.
  constexpr Paise& operator+=(Paise other) {
    const bool overflows = __builtin_add_overflow(count_, other.count_, &count_);
    if (overflows) out_of_range();
    return *this;
  }
  constexpr Paise& operator-=(Paise other) {
    const bool overflows = __builtin_sub_overflow(count_, other.count_, &count_);
    if (overflows) out_of_range();
    return *this;
  }
  constexpr Paise& operator*=(std::int64_t times) {
    const bool overflows = __builtin_mul_overflow(count_, times, &count_);
    if (overflows) out_of_range();
    return *this;
  }
  friend constexpr Paise operator+(Paise one, Paise other) { return one += other; }
  friend constexpr Paise operator-(Paise one, Paise other) { return one -= other; }
  friend constexpr Paise operator*(Paise one, std::int64_t times) { return one *= times; }
  constexpr Paise operator-() const { return Paise(0) - *this; }

 private:
  static void out_of_range() { require(false, "a sum of money fits 64 bits"); }

  std::int64_t count_ = 0;
};

/// The amount, or nothing where it would be less: what is due never is negative.
constexpr Paise at_least_nothing(Paise amount) { return amount < Paise(0) ? Paise(0) : amount; }

}  // namespace gatehouse

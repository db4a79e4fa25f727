// Times, rates and stays of the tests of money: a lot in India, where wall time is UTC + 05:30.
#pragma once

#include "edge/domain/billing.hpp"

#include <string>

namespace gatehouse::tests {

using namespace std::chrono_literals;

inline constexpr std::chrono::minutes india_offset = 5h + 30min;
inline constexpr std::chrono::sys_days a_friday{std::chrono::year{2026} / 11 / 20};

inline const LocalTime india = [](Instant instant) -> WallTime {
  const auto local = instant + india_offset;
  const auto date = std::chrono::floor<std::chrono::days>(local);
  return {.date = date, .minute_of_day = std::chrono::floor<std::chrono::minutes>(local - date)};
};

/// The instant at which a clock on the lot's wall shows this time of that Friday.
constexpr Instant at_wall(std::chrono::milliseconds of_day) {
  return a_friday + of_day - india_offset;
}

constexpr Paise rupees(std::int64_t whole) { return Paise(whole * 100); }

inline const Rates flat{rupees(50), {}};

/// The four bands of the product's first price list.
inline const Rates banded{
    rupees(50),
    {{6h, 9h, rupees(80)}, {9h, 18h, rupees(50)}, {18h, 21h, rupees(70)}, {21h, 6h, rupees(30)}}};

inline Paise cost(const Rates& rates, Instant entry, Instant until,
                  const BillingRules& rules = {}) {
  return charge_until({rates, india}, rules, entry, until).total;
}

}  // namespace gatehouse::tests

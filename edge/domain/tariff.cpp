#include "edge/domain/tariff.hpp"

namespace gatehouse {
namespace {

bool covers(const RateBand& band, std::chrono::minutes minute_of_day) {
  if (band.from <= band.to) return band.from <= minute_of_day && minute_of_day < band.to;
  return band.from <= minute_of_day || minute_of_day < band.to;
}

}  // namespace

Paise rate_in_force(const Rates& rates, WallTime time) {
  for (const RateBand& band : rates.bands) {
    if (covers(band, time.minute_of_day)) return band.hourly_rate;
  }
  return rates.hourly_rate;
}

bool overlap(const RateBand& one, const RateBand& other) {
  // Two half-open circular intervals meet exactly where one of them begins. 24:00 is 00:00, and a
  // band without a minute does not even cover its own beginning.
  const auto both_cover = [&](std::chrono::minutes minute_of_day) {
    return covers(one, minute_of_day) && covers(other, minute_of_day);
  };
  constexpr std::chrono::minutes day = std::chrono::hours(24);
  return both_cover(one.from % day) || both_cover(other.from % day);
}

}  // namespace gatehouse

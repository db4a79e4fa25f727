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
  // Two half-open circular intervals meet exactly when one of them holds the other's beginning.
  return covers(one, other.from) || covers(other, one.from);
}

}  // namespace gatehouse

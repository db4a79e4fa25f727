#include "edge/domain/billing.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"

#include <algorithm>

namespace gatehouse {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours cap_period{24};

constexpr Words<3> suspicions = {"negative", "too_long", "clocks_drifted"};
constexpr Words<2> stay_lengths = {"utc", "steady"};
static_assert(are_distinct(suspicions) && are_distinct(stay_lengths));

/// Calls `each(i, rate)` with the rate at the start of hour i, in order.
template <class Each>
void for_each_hour(const PriceList& prices, seconds minute, Instant from, hours count, Each each) {
  require(minute > seconds(0), "a minute of a stay takes time");
  constexpr std::int64_t minutes_an_hour = 60;
  Instant start = from;
  for (hours i{0}; i < count; ++i, start += minutes_an_hour * minute) {
    each(i, rate_in_force(prices.rates, prices.local(start)));
  }
}

void add_hour(std::vector<RateLine>& lines, Paise rate) {
  auto line = std::ranges::find(lines, rate, &RateLine::hourly_rate);
  if (line == lines.end()) line = lines.insert(lines.end(), RateLine{rate, hours(0), Paise(0)});
  ++line->hours;
  line->amount += rate;
}

}  // namespace

minutes elapsed_minutes(Instant entry, Instant until, seconds minute) {
  require(minute > seconds(0), "a minute of a stay takes time");
  const auto elapsed = until - entry;
  const auto whole = elapsed / minute;
  const bool cut_upwards = whole * minute > elapsed;
  return minutes(cut_upwards ? whole - 1 : whole);
}

hours billed_hours(minutes stayed, minutes grace) {
  if (stayed <= grace) return hours(0);
  return std::chrono::ceil<hours>(stayed - grace);
}

Charge charge_of(const PriceList& prices, const BillingRules& rules, Instant entry, hours count) {
  Charge charge;
  charge.hours = std::max(count, hours(0));
  Paise uncapped;
  Paise period;  // of the 24 hours that are going on, as far as the cap lets it grow
  for_each_hour(prices, rules.minute, entry, count, [&](hours i, Paise rate) {
    if (i % cap_period == hours(0)) period = Paise(0);
    const Paise bounded =
        rules.daily_cap ? std::min(period + rate, *rules.daily_cap) : period + rate;
    charge.total += bounded - period;
    period = bounded;
    uncapped += rate;
    add_hour(charge.lines, rate);
  });
  charge.capped = uncapped - charge.total;
  return charge;
}

Charge charge_until(const PriceList& prices, const BillingRules& rules, Instant entry,
                    Instant until) {
  const minutes stayed = elapsed_minutes(entry, until, rules.minute);
  return charge_of(prices, rules, entry, billed_hours(stayed, rules.grace));
}

Paise quote(const PriceList& prices, const BillingRules& rules, Instant booked_at, hours count) {
  Paise sum;
  for_each_hour(prices, rules.minute, booked_at, count, [&](hours, Paise rate) { sum += rate; });
  return sum;
}

std::optional<Suspicion> suspicion(const Stay& stay, std::chrono::days stay_max) {
  if (stay.utc_length() < std::chrono::milliseconds(0)) return Suspicion::negative;
  if (stay.utc_length() > stay_max) return Suspicion::too_long;
  if (stay.drift > clock_drift_max || stay.drift < -clock_drift_max) {
    return Suspicion::clocks_drifted;
  }
  return std::nullopt;
}

std::string_view name(Suspicion suspicion) { return word_of(suspicions, suspicion); }

std::string_view name(StayLength length) { return word_of(stay_lengths, length); }

std::optional<StayLength> parse_stay_length(std::string_view text) {
  return read_word<StayLength>(stay_lengths, text);
}

}  // namespace gatehouse

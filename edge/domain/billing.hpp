// What a stay costs: minutes, billed hours, and the rate of each (docs/contract/http.md, "Charge").
//
//   const auto minutes = elapsed_minutes(entry, now, rules.minute);
//   const auto hours = billed_hours(minutes, rules.grace);
//   const Charge charge = charge_of({zone.rates, local}, rules, entry, hours);
//
// A minute of a stay takes `rules.minute` (60 s, less in demo lots) and an hour 60 of them: here
// std::chrono::minutes and hours count those, Instants are real. Pure: the lot's local time comes
// in as a function. A stay whose length is not to be believed (suspicion()) is shown to a person
// before it is charged. Any thread.
#pragma once

#include "edge/domain/billing_rules.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/tariff.hpp"
#include "edge/domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace gatehouse {

/// The lot's local time of an instant, the same whenever it is asked.
using LocalTime = std::function<WallTime(Instant)>;

/// Whole minutes from entry, downwards; below 0 when the clock stepped back over the entry.
std::chrono::minutes elapsed_minutes(Instant entry, Instant until, std::chrono::seconds minute);

/// 0 within the grace, else the rest of the minutes in hours, upwards: never less than 1.
std::chrono::hours billed_hours(std::chrono::minutes stayed, std::chrono::minutes grace);

/// Hours at one rate, for the receipt. `amount` is their product.
struct RateLine {
  Paise hourly_rate;
  std::chrono::hours hours;
  Paise amount;
  bool operator==(const RateLine&) const = default;
};

struct Charge {
  std::chrono::hours hours{0};
  std::vector<RateLine> lines;  // a line for each rate, in the order in which it first held
  Paise capped;                 // taken off the lines by the daily cap
  Paise total;                  // the lines without what was capped
  bool operator==(const Charge&) const = default;
};

/// By which an hour is priced: the rates of the zone at its booked price, and the lot's calendar.
/// Both outlive the call.
struct PriceList {
  const Rates& rates;
  const LocalTime& local;
};

/// The rate at the start of each billed hour, `entry` + i · 60 minutes; `rules.daily_cap` bounds
/// each 24 of them from entry.
Charge charge_of(const PriceList& prices, const BillingRules& rules, Instant entry,
                 std::chrono::hours hours);

/// What the stay up to `until` costs: the three above in one.
Charge charge_until(const PriceList& prices, const BillingRules& rules, Instant entry,
                    Instant until);

/// What `hours` from `booked_at` cost when prepaid: the sum of their rates, which no cap bounds.
Paise quote(const PriceList& prices, const BillingRules& rules, Instant booked_at,
            std::chrono::hours hours);

/// A stay, and how UTC ran away from the steady clock during it.
struct Stay {
  Instant entry;
  Instant until;
  std::chrono::milliseconds drift{0};  // the widest that they were apart, either way
  std::chrono::milliseconds net{0};    // UTC's advance less the steady clock's, in the end

  /// By the clock that records, and by the clock that never steps.
  [[nodiscard]] std::chrono::milliseconds utc_length() const { return until - entry; }
  [[nodiscard]] std::chrono::milliseconds steady_length() const { return utc_length() - net; }
};

enum class Suspicion : std::uint8_t { negative, too_long, clocks_drifted };

inline constexpr std::chrono::seconds clock_drift_max{60};

/// Why a person must look at a stay before it is billed; nullopt: nothing to see. Real days.
std::optional<Suspicion> suspicion(const Stay& stay, std::chrono::days stay_max);

/// The word in staff's bill and in the log.
std::string_view name(Suspicion suspicion);

/// Which of a suspect stay's two lengths a person takes for the true one.
enum class StayLength : std::uint8_t { utc, steady };

/// `utc`, `steady`
std::string_view name(StayLength length);
std::optional<StayLength> parse_stay_length(std::string_view text);

/// A longer one is nobody's stay, but a clock's mistake: nobody is asked whether to bill it.
inline constexpr std::chrono::days stay_to_choose_max{366};

}  // namespace gatehouse

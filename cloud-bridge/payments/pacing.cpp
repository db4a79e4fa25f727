#include "cloud-bridge/payments/pacing.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::payments {

using namespace std::chrono_literals;

std::chrono::milliseconds BackOff::wait(std::uint32_t attempts_made, std::uint32_t per_million,
                                        std::optional<std::chrono::seconds> retry_after) const {
  constexpr std::int64_t whole = 1'000'000;
  auto full = first;
  for (std::uint32_t i = 1; i < attempts_made && full < longest; ++i) full *= 2;
  full = std::min(full, longest);
  const auto half = full / 2;
  const auto spread = half * std::int64_t{std::min(per_million, 999'999U)} / whole;
  if (!retry_after) return half + spread;
  return std::max<std::chrono::milliseconds>(*retry_after, half) + spread;
}

std::optional<Steady> Budget::take(Steady now) {
  const Steady full_at = std::max(full_at_.value_or(now), now);
  // The bucket holds one at least when what is missing from it is less than the burst.
  const Steady has_one_at = full_at - interval_ * (burst_ - 1);
  if (has_one_at > now) return has_one_at;
  full_at_ = full_at + interval_;
  return std::nullopt;
}

std::optional<std::chrono::seconds> next_question(std::chrono::seconds age) {
  struct Rung {
    std::chrono::seconds until;
    std::chrono::seconds interval;
  };
  constexpr std::array ladder = {Rung{50s, 3s}, Rung{110s, 6s}, Rung{170s, 10s}, Rung{230s, 30s},
                                 Rung{20min, 60s}};
  const auto* const rung =
      std::ranges::find_if(ladder, [&](const Rung& each) { return age < each.until; });
  return rung == ladder.end() ? std::nullopt : std::optional(rung->interval);
}

}  // namespace gatehouse::payments

#include "edge/api/rate_limits.hpp"

#include "edge/api/limits.hpp"
#include "edge/api/login_throttle.hpp"

#include <utility>

namespace gatehouse::api {

Allowance CallWindows::count(std::string_view caller, std::uint32_t limit) {
  const Steady now = clock_.now().steady;
  const std::scoped_lock lock(mutex_);
  Window& window = window_of(caller, now);
  const bool is_exceeded = window.calls >= limit;
  if (!is_exceeded) ++window.calls;
  return {.limit = limit,
          .remaining = limit > window.calls ? limit - window.calls : 0,
          .reset = std::chrono::ceil<std::chrono::seconds>(window.over_at - now),
          .is_exceeded = is_exceeded};
}

CallWindows::Window& CallWindows::window_of(std::string_view caller, Steady now) {
  forget_what_is_over(now);
  const auto known = by_caller_.find(caller);
  if (known != by_caller_.end()) return *known->second;
  if (windows_.size() >= callers_max_) {
    by_caller_.erase(windows_.front().caller);
    windows_.pop_front();
  }
  windows_.push_back({std::string(caller), 0, now + length_});
  const auto begun = std::prev(windows_.end());
  by_caller_.emplace(begun->caller, begun);
  return *begun;
}

void CallWindows::forget_what_is_over(Steady now) {
  while (!windows_.empty() && windows_.front().over_at <= now) {
    by_caller_.erase(windows_.front().caller);
    windows_.pop_front();
  }
}

std::size_t CallWindows::size() const {
  const std::scoped_lock lock(mutex_);
  return windows_.size();
}

RateLimits::RateLimits(const RateLimitSettings& settings, const engine::Clock& clock)
    : settings_(settings),
      hours_(std::chrono::hours(1), limits::counted_callers_max, clock),
      minutes_(std::chrono::minutes(1), limits::counted_callers_max, clock),
      seconds_(std::chrono::seconds(1), limits::counted_callers_max, clock) {}

std::optional<Allowance> RateLimits::count(const Asked& asked) {
  auto allowance = count_call(asked);
  if (allowance && allowance->is_exceeded) refused_.fetch_add(1, std::memory_order_relaxed);
  return allowance;
}

std::optional<Allowance> RateLimits::count_call(const Asked& asked) {
  switch (asked.counted) {
    case Counted::not_at_all:
      return std::nullopt;
    case Counted::by_provider:
      return minutes_.count(asked.pattern, limits::provider_per_minute);
    case Counted::by_id: {
      // An id of ours has 36 characters; what is longer is none, and all of those are one.
      constexpr std::size_t id_characters_max = 64;
      const auto id = asked.id.size() > id_characters_max ? std::string_view() : asked.id;
      return minutes_.count(std::string(asked.pattern).append(" ").append(id),
                            limits::status_per_minute);
    }
    case Counted::by_sign_in:
      return count_address("sign-in ", asked.address);
    case Counted::by_caller:
      break;
  }
  if (asked.user) return count_user(*asked.user);
  return count_address("", asked.address);
}

std::optional<Allowance> RateLimits::count_address(std::string what, std::string_view address) {
  if (settings_.anonymous_per_hour == 0) return std::nullopt;
  return hours_.count(what.append(network_of(address)), settings_.anonymous_per_hour);
}

std::optional<Allowance> RateLimits::count_user(const SignedIn& user) {
  // No address holds a blank.
  const std::string name = "user " + std::to_string(std::to_underlying(user.key));
  if (user.role == store::Role::device) return seconds_.count(name, limits::device_per_second);
  const std::uint32_t limit =
      user.role == store::Role::user ? settings_.user_per_hour : settings_.staff_per_hour;
  if (limit == 0) return std::nullopt;
  return hours_.count(name, limit);
}

}  // namespace gatehouse::api

// How often somebody may call (docs/contract/http.md, "Limits").
//
//   const auto allowance = limits.count({route.counted, route.pattern, {}, user, address});
//   if (allowance && allowance->is_exceeded) return … 429, Retry-After: allowance->reset …
//
// Each caller has so many calls in a window that begins with the first of them. Neither addresses
// nor ids can fill the memory: beyond limits::counted_callers_max the window that is over soonest
// gives way. Any thread.
#pragma once

#include "edge/api/identity.hpp"
#include "edge/api/settings.hpp"
#include "edge/engine/ports.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::api {

/// Against what a route's calls count.
enum class Counted : std::uint8_t {
  by_caller,    // the hour of an address or a user, the second of a device
  not_at_all,   // pages, health, figures, streams
  by_provider,  // what providers call: all of a route's calls together, 600 a minute
  by_id,        // of the path's first parameter, 30 a minute
  // Login and refresh: an hour of the address's own, as long as that of its other calls, so that
  // nobody who merely looks at the board keeps staff from signing in.
  by_sign_in,
};

/// What is left of a window.
struct Allowance {
  std::uint32_t limit = 0;
  std::uint32_t remaining = 0;
  std::chrono::seconds reset{0};  // until the window is over, one at least
  bool is_exceeded = false;
};

/// Windows of one length, one for each caller.
class CallWindows {
 public:
  /// The clock outlives this.
  CallWindows(std::chrono::seconds length, std::size_t callers_max, const engine::Clock& clock)
      : length_(length), callers_max_(callers_max), clock_(clock) {}

  /// One more call; beyond `limit` it is told so and not counted any further.
  [[nodiscard]] Allowance count(std::string_view caller, std::uint32_t limit);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Window {
    std::string caller;
    std::uint32_t calls = 0;
    Steady over_at{};
  };
  void forget_what_is_over(Steady now);
  Window& window_of(std::string_view caller, Steady now);

  const std::chrono::seconds length_;
  const std::size_t callers_max_;
  const engine::Clock& clock_;
  mutable std::mutex mutex_;
  // Protected by mutex_. All last equally long, so the first begun is the first that is over.
  std::list<Window> windows_;
  std::unordered_map<std::string_view, std::list<Window>::iterator> by_caller_;
};

class RateLimits {
 public:
  /// One call, as far as counting goes.
  struct Asked {
    Counted counted = Counted::by_caller;
    std::string_view pattern;  // of the route; "": there is none
    std::string_view id;       // the path's first parameter
    const std::optional<SignedIn>& user;
    std::string_view address;
  };

  /// The clock outlives this.
  RateLimits(const RateLimitSettings& settings, const engine::Clock& clock);

  /// nullopt: nobody counts this call.
  [[nodiscard]] std::optional<Allowance> count(const Asked& asked);
  /// Calls that were one too many.
  [[nodiscard]] std::uint64_t refused_total() const { return refused_.load(); }

 private:
  [[nodiscard]] std::optional<Allowance> count_user(const SignedIn& user);
  /// `what`: no address begins with it.
  [[nodiscard]] std::optional<Allowance> count_address(std::string what, std::string_view address);
  [[nodiscard]] std::optional<Allowance> count_call(const Asked& asked);

  const RateLimitSettings settings_;
  CallWindows hours_;
  CallWindows minutes_;
  CallWindows seconds_;
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace gatehouse::api

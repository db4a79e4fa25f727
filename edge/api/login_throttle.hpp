// How often somebody may try a password: so many failures per name and address, then a lock
// (docs/contract/http.md, "Limits").
//
//   if (const auto wait = throttle.begin(name, address)) return … 429, Retry-After: *wait …
//   LoginTry attempt(throttle, name, address);
//   … check the password …
//   is_right ? attempt.was_right() : attempt.was_wrong();   // neither: nobody came to check it
//
// A try counts as a failure from its beginning, so that many at once are not one. Neither addresses
// nor names can fill the memory: beyond places_max the one whose time is over first gives way. Any
// thread.
#pragma once

#include "edge/engine/ports.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gatehouse::api {

class LoginThrottle {
 public:
  static constexpr std::size_t places_max = 10'000;

  /// `failures_max` 0: no limit. The clock outlives the throttle.
  LoginThrottle(std::uint32_t failures_max, std::chrono::seconds lock, const engine::Clock& clock)
      : failures_max_(failures_max), lock_(lock), clock_(clock) {}

  /// nullopt: go on. Otherwise how long the name is locked at this address.
  [[nodiscard]] std::optional<std::chrono::seconds> begin(std::string_view name,
                                                          std::string_view address);
  void succeeded(std::string_view name, std::string_view address);
  /// The try that began was none.
  void give_back(std::string_view name, std::string_view address);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Place {
    std::uint32_t failures = 0;
    Steady over_at{};  // after the last try
  };
  void make_room(Steady now);

  const std::uint32_t failures_max_;
  const std::chrono::seconds lock_;
  const engine::Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Place> places_;  // protected by mutex_
};

/// A try that has begun. Neither right nor wrong at its end, it is given back. The throttle
/// outlives it; one thread at a time.
class LoginTry {
 public:
  LoginTry(LoginThrottle& throttle, std::string name, std::string address)
      : throttle_(throttle), name_(std::move(name)), address_(std::move(address)) {}
  LoginTry(const LoginTry&) = delete;
  LoginTry& operator=(const LoginTry&) = delete;
  ~LoginTry() {
    if (!is_decided_) throttle_.give_back(name_, address_);
  }
  void was_wrong() { is_decided_ = true; }
  void was_right() {
    is_decided_ = true;
    throttle_.succeeded(name_, address_);
  }

 private:
  LoginThrottle& throttle_;
  const std::string name_;
  const std::string address_;
  bool is_decided_ = false;
};

/// Whom an address stands for: an IPv6 customer has a whole /64.
std::string network_of(std::string_view address);

}  // namespace gatehouse::api

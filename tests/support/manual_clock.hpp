// Clocks and a calendar that stand still until a test moves them.
//
//   ManualClock clock;
//   clock.pass(5s);              // time goes by: both clocks go on
//   clock.set_wall_clock(noon);  // somebody set the wall clock: the steady one knows nothing of it
//
// Any thread.
#pragma once

#include "edge/engine/ports.hpp"

#include <chrono>
#include <mutex>

namespace gatehouse::tests {

class ManualClock final : public engine::Clock {
 public:
  static constexpr Instant start =
      std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + std::chrono::hours(12);

  [[nodiscard]] Moment now() const override {
    const std::scoped_lock lock(mutex_);
    return {std::chrono::floor<Instant::duration>(utc_), steady_};
  }
  void pass(std::chrono::microseconds time) {
    const std::scoped_lock lock(mutex_);
    utc_ += time;
    steady_ += time;
  }
  void set_wall_clock(Instant utc) {
    const std::scoped_lock lock(mutex_);
    utc_ = utc;
  }

 private:
  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::chrono::sys_time<std::chrono::microseconds> utc_ = start;
  Steady steady_{std::chrono::hours(100)};  // the box has been up for a while
};

/// Shows the time of day that it was last set to.
class FixedCalendar final : public engine::Calendar {
 public:
  [[nodiscard]] WallTime local(Instant instant) const override {
    const std::scoped_lock lock(mutex_);
    return {std::chrono::floor<std::chrono::days>(instant), minute_of_day_};
  }
  void set(std::chrono::minutes minute_of_day) {
    const std::scoped_lock lock(mutex_);
    minute_of_day_ = minute_of_day;
  }

 private:
  mutable std::mutex mutex_;
  std::chrono::minutes minute_of_day_ = std::chrono::hours(12);  // protected by mutex_
};

}  // namespace gatehouse::tests

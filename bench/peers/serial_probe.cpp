#include "bench/peers/serial_probe.hpp"

#include "bench/peers/timings.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

namespace gatehouse::bench {

SerialProbe::SerialProbe(std::chrono::microseconds interval)
    : interval_(interval), turn_at_(std::chrono::steady_clock::now()) {}

void SerialProbe::measure(const std::string& expected, const std::function<void()>& ask) {
  std::this_thread::sleep_until(turn_at_);
  turn_at_ = std::max(turn_at_, std::chrono::steady_clock::now()) + interval_;
  {
    const std::scoped_lock lock(mutex_);
    expected_ = expected;
    heard_ns_ = 0;
  }
  const std::int64_t began_ns = monotonic_ns();
  ask();
  std::unique_lock lock(mutex_);
  answered_.wait_for(lock, std::chrono::seconds(1), [this] { return heard_ns_ != 0; });
  expected_.clear();
  if (heard_ns_ == 0) {
    ++unanswered_;
  } else {
    latencies_ns_.push_back(heard_ns_ - began_ns);
  }
}

void SerialProbe::heard(std::string_view payload) {
  const std::int64_t now_ns = monotonic_ns();
  {
    const std::scoped_lock lock(mutex_);
    if (expected_.empty() || !payload.contains(expected_)) return;
    heard_ns_ = now_ns;
    expected_.clear();
  }
  answered_.notify_one();
}

std::string SerialProbe::result_json() {
  return fmt::format(R"({{{},"unanswered":{}}})", percentiles_json(latencies_ns_), unanswered_);
}

}  // namespace gatehouse::bench

// One question at a time: asks, waits for the answer, keeps how long it took.
//
//   SerialProbe probe(1ms);                    // at most one a millisecond
//   probe.measure("answer", [&] { publish(); });
//   … on another thread: probe.heard(payload); // the time is taken here, where the answer arrives
//
// An answer is a payload that contains the expected text.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::bench {

class SerialProbe {
 public:
  /// `interval`: from one question to the next at least; 0: at once.
  explicit SerialProbe(std::chrono::microseconds interval);

  void measure(const std::string& expected, const std::function<void()>& ask);
  void heard(std::string_view payload);
  /// Latencies and how many questions nobody answered within a second.
  std::string result_json();

 private:
  const std::chrono::microseconds interval_;
  std::chrono::steady_clock::time_point turn_at_;
  std::vector<std::int64_t> latencies_ns_;
  std::uint64_t unanswered_ = 0;
  std::mutex mutex_;
  std::condition_variable answered_;
  // Protected by mutex_.
  std::string expected_;
  std::int64_t heard_ns_ = 0;
};

}  // namespace gatehouse::bench

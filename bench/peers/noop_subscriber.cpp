// The peer that does nothing: subscribes as the gateway does, counts what arrives and frees it.
//
//   noop_subscriber --port 1883 --lot demo [--qos 0]
//
// Prints {"ready":true} once subscribed. Each line on standard input holds how many messages are to
// arrive from then on; when they have, it prints when the last one did. Ends with its input.
#include "bench/peers/arguments.hpp"
#include "bench/peers/paho_client.hpp"
#include "bench/peers/timings.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace gatehouse::bench {
namespace {

/// Counts on Paho's thread; somebody waits for the count on another.
class Counter {
 public:
  void arrived() {
    const std::uint64_t now = count_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (now != awaited_.load(std::memory_order_relaxed)) return;
    const std::scoped_lock lock(mutex_);
    reached_ns_ = monotonic_ns();
    reached_.notify_one();
  }

  /// When as many more as `more` had arrived; 0: they did not within `patience`.
  std::int64_t await(std::uint64_t more, std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    reached_ns_ = 0;
    target_ += more;
    awaited_.store(target_, std::memory_order_relaxed);
    if (count() >= target_) return monotonic_ns();
    reached_.wait_for(lock, patience, [this] { return reached_ns_ != 0; });
    return reached_ns_;
  }

  [[nodiscard]] std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint64_t> awaited_{0};
  std::mutex mutex_;
  std::condition_variable reached_;
  // Protected by mutex_.
  std::int64_t reached_ns_ = 0;
  std::uint64_t target_ = 0;
};

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"host", "127.0.0.1"},
                             {"port", "1883"},
                             {"lot", "demo"},
                             {"qos", "1"},
                             {"timeout_s", "60"}});
  const std::string root = "parking/v1/" + arguments.text("lot") + "/";
  const std::chrono::seconds patience(arguments.number("timeout_s"));
  Counter counter;
  PahoClient client(arguments.text("host"), arguments.number("port"), "noop_subscriber",
                    [&counter](std::string_view, std::string_view, bool) { counter.arrived(); });
  client.subscribe({root + "devices/+/status", root + "slots/+/state", root + "slots/+/status",
                    root + "zones/+/availability", root + "gates/+/barrier"},
                   PahoClient::OwnMessages::left_out, arguments.number("qos") == 0 ? 0 : 1);
  std::cout << R"({"ready":true})" << std::endl;
  std::uint64_t more = 0;
  while (std::cin >> more) {
    const std::int64_t reached_ns = counter.await(more, patience);
    std::cout << fmt::format(R"({{"count":{},"reached_ns":{}}})", counter.count(), reached_ns)
              << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}

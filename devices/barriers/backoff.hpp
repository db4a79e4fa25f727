// How long to wait before the next try: 0.5 s to 10 s, growing and never the same for two barriers
// (docs/contract/modbus.md).
//
// Values; one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace gatehouse::devices {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds shortest{500};
  static constexpr std::chrono::milliseconds longest{10'000};

  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  void reset() { last_ = shortest; }
  /// Anything from the shortest to three times the one before.
  std::chrono::milliseconds next() {
    const auto most = std::min(longest, 3 * last_);
    std::uniform_int_distribution<std::chrono::milliseconds::rep> spread(shortest.count(),
                                                                         most.count());
    last_ = std::chrono::milliseconds(spread(random_));
    return last_;
  }

 private:
  std::minstd_rand random_;
  std::chrono::milliseconds last_ = shortest;
};

}  // namespace gatehouse::devices

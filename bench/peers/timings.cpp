#include "bench/peers/timings.hpp"

#include <algorithm>
#include <cstddef>
#include <thread>

#include <fmt/format.h>
#include <sys/resource.h>

namespace gatehouse::bench {
namespace {

std::int64_t to_us(const timeval& time) {
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
}

}  // namespace

std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

ProcessorTime processor_time() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {to_us(usage.ru_utime), to_us(usage.ru_stime)};
}

std::string percentiles_json(std::vector<std::int64_t>& latencies_ns) {
  std::ranges::sort(latencies_ns);
  const auto at_permille = [&](std::size_t permille) {
    if (latencies_ns.empty()) return 0.0;
    const std::size_t rank = (latencies_ns.size() - 1) * permille / 1000;
    return static_cast<double>(latencies_ns[rank]) / 1000.0;
  };
  return fmt::format(
      R"("count":{},"p50_us":{:.1f},"p90_us":{:.1f},"p99_us":{:.1f},"max_us":{:.1f})",
      latencies_ns.size(), at_permille(500), at_permille(900), at_permille(990), at_permille(1000));
}

void wait_for_turn(SteadyTime start, std::chrono::microseconds interval, std::uint64_t turn) {
  if (interval.count() == 0) return;
  std::this_thread::sleep_until(start + interval * static_cast<std::int64_t>(turn));
}

}  // namespace gatehouse::bench

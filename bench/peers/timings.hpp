// What the peers measure with: the steady clock, the process's own processor time, percentiles.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

/// CLOCK_MONOTONIC, comparable with Python's time.monotonic_ns() of another process.
std::int64_t monotonic_ns();

struct ProcessorTime {
  std::int64_t user_us = 0;
  std::int64_t system_us = 0;
};
/// Of the whole process since it began.
ProcessorTime processor_time();

/// `"count":…,"p50_us":…,"p90_us":…,"p99_us":…,"max_us":…` of latencies in nanoseconds; sorts them.
std::string percentiles_json(std::vector<std::int64_t>& latencies_ns);

/// Sleeps until the next multiple of `interval` after `start`; no interval: returns at once.
void wait_for_turn(SteadyTime start, std::chrono::microseconds interval, std::uint64_t turn);

}  // namespace gatehouse::bench

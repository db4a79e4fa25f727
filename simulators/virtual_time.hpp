// The time of simulated things: it starts at 0 and has no clock behind it. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace gatehouse::simulators {

using VirtualTime = std::chrono::microseconds;

constexpr std::uint64_t ticks(VirtualTime time) { return static_cast<std::uint64_t>(time.count()); }
constexpr VirtualTime micros(std::uint64_t count) {
  return VirtualTime(static_cast<VirtualTime::rep>(count));
}

}  // namespace gatehouse::simulators

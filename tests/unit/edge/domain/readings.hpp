// Short words for the readings and memories of the tests of occupancy.
#pragma once

#include "edge/domain/occupancy.hpp"

#include <optional>

namespace gatehouse::tests {

using namespace std::chrono_literals;

inline constexpr Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

/// A reading as a sensor sends it; what is left out is not carried.
struct Says {
  std::optional<bool> occupied = true;
  std::optional<std::uint64_t> seq{};
  std::optional<Instant> ts{};
  operator Reading() const {  // NOLINT(google-explicit-constructor): a literal of the tests
    return {.occupied = occupied, .seq = seq, .ts = ts};
  }
};

/// The memory of a slot whose sensor said this a minute before noon, and nothing before.
inline SensorMemory after(const Reading& reading) {
  return remember({}, reading, false, noon - 1min);
}

/// The same, and its device went away and came back since.
inline SensorMemory back_after(const Reading& reading) {
  return remember_device(remember_device(after(reading), false), true);
}

}  // namespace gatehouse::tests

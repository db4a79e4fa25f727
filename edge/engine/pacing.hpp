// Shows each of many things at most once per interval, its first and its last change always.
//
// The first change after a quiet while is due at once; changes that follow within the interval are
// shown together when it is over (docs/contract/mqtt.md: at most 20 publications a second and
// zone). Knows which, not what: the newest value is read when it is shown. The engine's thread.
#pragma once

#include "edge/domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

namespace gatehouse::engine {

class Pacing {
 public:
  Pacing(std::size_t things, std::chrono::microseconds interval)
      : things_(things), interval_(interval) {}

  /// Something about a thing changed.
  void touch(std::size_t thing, Steady now);
  /// Moves all that may be shown at `now` into `due`, which is cleared first.
  void take_due(Steady now, std::vector<std::size_t>& due);
  /// When the next thing may be shown; nullopt: nothing waits.
  [[nodiscard]] std::optional<Steady> next_due() const;

 private:
  struct Thing {
    std::optional<Steady> shown_at;
    bool waits = false;
  };
  struct Appointment {
    Steady due;
    std::size_t thing;
    bool operator>(const Appointment& other) const { return due > other.due; }
  };
  std::vector<Thing> things_;
  std::chrono::microseconds interval_;
  std::priority_queue<Appointment, std::vector<Appointment>, std::greater<>> appointments_;
};

}  // namespace gatehouse::engine

// What the lot's barriers said last, for whoever looks. The engine tells, anybody asks: one mutex,
// held only to copy.
#pragma once

#include "edge/domain/gates.hpp"
#include "edge/engine/effect.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace gatehouse::api {

class GatesNow {
 public:
  /// Until they are heard of, barriers are unreachable.
  explicit GatesNow(std::size_t gates) : shown_(gates) {}

  void note(const engine::Effects& effects) {
    if (effects.barriers.empty()) return;
    const std::scoped_lock lock(mutex_);
    for (const engine::BarrierChange& change : effects.barriers)
      shown_.at(at(change.gate)) = change.shown;
  }
  [[nodiscard]] engine::BarrierShown barrier(GateIndex gate) const {
    const std::scoped_lock lock(mutex_);
    return shown_.at(at(gate));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<engine::BarrierShown> shown_;  // by GateIndex; protected by mutex_
};

}  // namespace gatehouse::api

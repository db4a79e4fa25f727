// The lot as the world may know it: the newest committed value of every slot and zone.
//
// The engine hands over what a commit changed; adapters and pages read what they need, when they
// get round to it. One mutex, held only to copy: any thread may read at any time.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/engine/effect.hpp"
#include "edge/engine/ports.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace gatehouse::engine {

class LotView final : public Outside {
 public:
  explicit LotView(std::shared_ptr<const LotPlan> plan);

  /// The engine's thread; before any other Outside is told of the same effects.
  void act(const store::Committed<Effects>& effects) override;

  // Any thread.
  [[nodiscard]] const LotPlan& plan() const { return *plan_; }
  [[nodiscard]] SlotShown slot(SlotIndex slot) const;
  [[nodiscard]] Availability zone(ZoneIndex zone) const;
  [[nodiscard]] Availability lot() const;

  struct Snapshot {
    Availability lot;
    std::vector<Availability> zones;  // by ZoneIndex
    std::vector<SlotShown> slots;     // by SlotIndex
  };
  [[nodiscard]] Snapshot snapshot() const;

 private:
  const std::shared_ptr<const LotPlan> plan_;
  mutable std::mutex mutex_;
  Snapshot now_;  // protected by mutex_
};

/// Tells several, in order; the view first, so that the others can read from it.
class Fanout final : public Outside {
 public:
  explicit Fanout(std::vector<Outside*> listeners) : listeners_(std::move(listeners)) {}
  void act(const store::Committed<Effects>& effects) override {
    for (Outside* listener : listeners_) listener->act(effects);
  }

 private:
  const std::vector<Outside*> listeners_;
};

}  // namespace gatehouse::engine

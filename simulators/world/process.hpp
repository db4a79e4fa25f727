// One life of the simulated gateway: the real engine and the real store on a simulated disk, under
// a clock that is set by hand. Dies with an exception out of anything when the power goes.
#pragma once

#include "edge/engine/engine.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/store/database.hpp"
#include "edge/store/lot.hpp"
#include "simulators/world/disk.hpp"

#include <memory>
#include <string>

namespace gatehouse::world {

class VirtualClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override { return now_; }
  void pass(std::chrono::milliseconds time) {
    now_.utc += time;
    now_.steady += time;
  }
  /// Somebody sets the wall clock; nothing happened to time itself.
  void step(std::chrono::milliseconds by) { now_.utc += by; }

 private:
  Moment now_{.utc = Instant(std::chrono::sys_days(std::chrono::November / 20 / 2026)),
              .steady = Steady(std::chrono::hours(1))};
};

/// A defect that must be caught: its steady clock is the wall clock by another name.
class WallClock final : public engine::Clock {
 public:
  explicit WallClock(const VirtualClock& clock) : clock_(clock), start_(clock.now()) {}
  [[nodiscard]] Moment now() const override {
    const Instant utc = clock_.now().utc;
    return {.utc = utc, .steady = start_.steady + (utc - start_.utc)};
  }

 private:
  const VirtualClock& clock_;
  Moment start_;
};

/// Half past five hours east of Greenwich, always.
class IndianCalendar final : public engine::Calendar {
 public:
  [[nodiscard]] WallTime local(Instant instant) const override;
};

struct ProcessParts {
  Disk& disk;
  const engine::Clock& clock;
  const engine::Calendar& calendar;
  engine::Outside& outside;
  std::chrono::milliseconds stale_after;
};

/// Makes the store on a new disk, as `gatehouse init` does.
void init_store(Disk& disk, const store::LotSeed& seed, Instant now);

/// The plan of the store on a disk.
std::unique_ptr<const LotPlan> read_plan(Disk& disk);

class Process {
 public:
  /// Opens the store; throws what the store throws.
  explicit Process(const ProcessParts& parts);

  engine::Inbox& inbox() { return *inbox_; }
  engine::Engine& engine() { return *engine_; }
  [[nodiscard]] const LotPlan& plan() const { return *plan_; }

 private:
  store::Database database_;
  std::unique_ptr<const LotPlan> plan_;
  std::unique_ptr<engine::Inbox> inbox_;
  std::unique_ptr<engine::Engine> engine_;
};

/// Everything the store on a disk holds of the lot's state, as comparable text: rows of slots,
/// counters, the outbox's position. The disk is only read, but recovery may write to it.
std::string fingerprint(Disk& disk);

}  // namespace gatehouse::world

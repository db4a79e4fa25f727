// The openings that one barrier has been asked for and that have not ended yet. Each is told of by
// at most one `seen_open` and exactly one end (edge/engine/barriers.hpp).
//
// Pure, no clock; one thread.
#pragma once

#include "devices/barriers/reports.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace gatehouse::devices {

/// Another car may stand there: what is older is never carried out.
inline constexpr std::chrono::seconds opening_age_max{5};

class Openings {
 public:
  /// More cars than that do not stand at one barrier.
  static constexpr std::size_t outstanding_max = 16;
  /// Ended openings that are still recognised when they are ordered again.
  static constexpr std::size_t remembered_max = 256;

  explicit Openings(BarrierIndex barrier) : barrier_(barrier) {}

  /// Whether it was ordered before.
  [[nodiscard]] bool knows(engine::OpeningId id) const;
  [[nodiscard]] bool empty() const { return outstanding_.empty(); }
  /// Somebody still needs the arm to go up.
  [[nodiscard]] bool any_waiting() const;
  /// When the next one that was not begun becomes too old.
  [[nodiscard]] std::optional<Steady> next_expiry() const;

  /// Takes the order, or ends it at once: too old, too many, or `is_refused`.
  void add(const engine::BarrierOrder& order, bool is_refused, Moment now, BarrierReports& reports);
  /// Ends what was never begun and is too old by now.
  void expire(Moment now, BarrierReports& reports);
  /// The arm was told to go up: for all that wait.
  void begin();
  void arm_open(Moment now, BarrierReports& reports);
  /// The arm is down and at rest.
  void arm_closed(Moment now, BarrierReports& reports);
  /// A vehicle went through, on the oldest opening, which ends all others of its passage: whoever
  /// asked twice passes once. False: there is none.
  bool vehicle_passed(Moment now, BarrierReports& reports);
  /// The barrier was out of sight.
  void lost();
  /// Ends what waits since before the barrier was lost and is too old to be carried out again.
  void expire_lost(Moment now, BarrierReports& reports);
  /// The arm did not follow.
  void fail(Moment now, BarrierReports& reports);
  /// The arm stays down from now on, or goes down, by somebody's will: nobody waits any more.
  void call_off(Moment now, BarrierReports& reports);

 private:
  using How = engine::OpeningReported::How;
  struct Opening {
    std::optional<engine::OpeningId> id;  // none: nobody asks how it went
    std::optional<engine::PassageId> passage;
    Steady authorised;
    bool begun = false;
    bool seen_open = false;
    bool lived_through_loss = false;
    bool called_off = false;
    [[nodiscard]] bool waits() const { return !seen_open && !called_off; }
  };
  template <class Which>
  void end_all(Which which, How how, Moment now, BarrierReports& reports);
  void tell(const std::optional<engine::OpeningId>& id, How how, Moment now,
            BarrierReports& reports) const;
  void remember(const std::optional<engine::OpeningId>& id);

  BarrierIndex barrier_;
  std::vector<Opening> outstanding_;  // oldest first
  std::deque<engine::OpeningId> remembered_;
};

}  // namespace gatehouse::devices

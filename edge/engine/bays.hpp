// Cars and slots that do not fit together: a car in another slot than its own, a slot taken without
// a session, a slot empty with one (docs/contract/mqtt.md, "A car in another bay").
//
// Sessions are put right where only one can be meant; whatever stays is a discrepancy and an alert,
// never a bill. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

#include <optional>
#include <vector>

namespace gatehouse::engine {

class Bays {
 public:
  explicit Bays(std::size_t slots) : bays_(slots) {}

  /// Once, before anything else: what is known of old.
  void start(Turn& turn);
  /// What the slot's sensor says now.
  void note(SlotIndex slot, SensorState sensor) {
    if (bays_[at(slot)].sensor != sensor) noted_.push_back(slot);
  }
  [[nodiscard]] bool has_noted() const { return !noted_.empty(); }

  /// Looks at the slots that were noted, and moves the sessions that are meant.
  void look(Turn& turn);
  /// Once a second: what waited for another car to be found, and what has not fitted for long.
  void keep_house(Turn& turn);

 private:
  enum class Misfit : std::uint8_t { none, taken_without_session, empty_with_session };
  struct Bay {
    SensorState sensor = SensorState::none_ever;
    std::optional<Instant> unexplained_since;  // a car that no session was found for yet
    Misfit misfit = Misfit::none;
    Steady misfit_since{};
    bool alerted = false;
  };

  void turned_occupied(Turn& turn, SlotIndex slot);
  void explain(Turn& turn, SlotIndex slot, Instant turned_at);
  void compare(Turn& turn, SlotIndex slot);

  std::vector<Bay> bays_;
  std::vector<SlotIndex> noted_;
};

}  // namespace gatehouse::engine

#include "simulators/world/gate_barrier.hpp"

#include <algorithm>

namespace gatehouse::world {

using namespace std::chrono_literals;

devices::ArmSettings SimulatedBarrier::settings() const {
  return {.open = {.coil = open_coil, .pulse = build_.pulse},
          .close = {.coil = close_coil, .pulse = build_.pulse},
          .has_arm_open = build_.has_arm_open,
          .has_arm_closed = build_.has_arm_closed,
          .has_presence = build_.has_presence,
          .has_safety = build_.has_safety,
          .closed_reads = 1,
          .pulse = 500ms,
          .poll = 100ms,
          .open_timeout = 6000ms,
          .clear = 800ms,
          .pass_timeout = 15'000ms,
          .offline_after = 1500ms};
}

devices::ArmInputs SimulatedBarrier::inputs() const {
  return {.arm_open = build_.has_arm_open && is_up(),
          .arm_closed = build_.has_arm_closed && is_down(),
          .presence = build_.has_presence && presence,
          .safety = build_.has_safety && safety,
          .fault = has_fault_,
          .cycles = pulses_};
}

void SimulatedBarrier::pass(std::chrono::milliseconds time) {
  if (going_ == Going::down && safety) {
    was_entered_ = true;
    going_ = build_.turns_round ? Going::up : Going::nowhere;
  }
  if (is_stuck_ || going_ == Going::nowhere) return;
  if (going_ == Going::up && is_down()) ++rises_;
  position_ = std::clamp(position_ + (going_ == Going::up ? time : -time), 0ms, travel);
  if (!is_up() && !is_down()) return;
  going_ = Going::nowhere;
  was_entered_ = false;
}

bool SimulatedBarrier::write(std::uint16_t coil, std::uint16_t value) {
  const bool is_on = value != devices::coil_off;
  bool& held = coils_[coil];
  const bool was_on = held;
  // A module that times its pulses has let go of the coil by itself.
  held = is_on && build_.pulse == devices::BarrierCommand::Pulse::gateway;
  if (!is_on || was_on) return false;
  if (coil == open_coil) {
    ++pulses_;
    going_ = Going::up;
  } else if (!safety) {
    going_ = Going::down;
  }
  return true;
}

}  // namespace gatehouse::world

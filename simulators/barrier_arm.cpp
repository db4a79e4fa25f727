#include "simulators/barrier_arm.hpp"

#include <algorithm>

namespace gatehouse::simulators {

std::string_view name(ArmState state) {
  switch (state) {
    case ArmState::closed:
      return "closed";
    case ArmState::opening:
      return "opening";
    case ArmState::open:
      return "open";
    case ArmState::closing:
      return "closing";
    case ArmState::stopped:
      return "stopped";
  }
  return "";
}

void BarrierArm::advance(VirtualTime now) {
  const auto passed = std::max(now - now_, VirtualTime(0));
  now_ = std::max(now, now_);
  if (state_ == ArmState::opening) {
    position_ = std::min(travel_, position_ + passed);
    if (position_ < travel_) return;
    state_ = ArmState::open;
    ++cycles_;
  } else if (state_ == ArmState::closing) {
    position_ = std::max(VirtualTime(0), position_ - passed);
    if (position_ == VirtualTime(0)) state_ = ArmState::closed;
  }
}

void BarrierArm::open(VirtualTime now) {
  advance(now);
  if (!jammed_ && state_ != ArmState::open) state_ = ArmState::opening;
}

void BarrierArm::close(VirtualTime now) {
  advance(now);
  if (safety_) ++closed_over_vehicle_;
  if (!jammed_ && !safety_ && state_ != ArmState::closed) state_ = ArmState::closing;
}

void BarrierArm::set_safety(bool on, VirtualTime now) {
  advance(now);
  if (on && !safety_ && state_ != ArmState::open) ++forced_;
  safety_ = on;
  if (on && state_ == ArmState::closing && !jammed_) state_ = ArmState::opening;
}

void BarrierArm::set_jammed(bool jammed, VirtualTime now) {
  advance(now);
  jammed_ = jammed;
  const bool moving = state_ == ArmState::opening || state_ == ArmState::closing;
  if (jammed && moving) state_ = ArmState::stopped;
}

std::uint32_t BarrierArm::position_percent() const {
  if (state_ == ArmState::open || travel_ <= VirtualTime(0))
    return state_ == ArmState::open ? 100 : 0;
  return static_cast<std::uint32_t>(position_ * 100 / travel_);
}

}  // namespace gatehouse::simulators

#include "devices/barriers/passage.hpp"

#include "devices/barriers/arm_inputs.hpp"

#include <utility>

namespace gatehouse::devices {

bool PassageWatch::sees(ArmPosition position, const ArmInputs& inputs) {
  const bool is_up = position == ArmPosition::open || position == ArmPosition::between;
  seen_open_ = seen_open_ || position == ArmPosition::open;
  bool passed = false;
  if (has_safety_) {
    // On a closed arm's loop stands somebody who drove up too far, and backs off again.
    if (inputs.safety) {
      under_arm_ = under_arm_ || is_up;
    } else {
      passed = std::exchange(under_arm_, false);
    }
  } else if (has_presence_) {
    passed = seen_open_ && was_present_ && !inputs.presence;
  } else {
    passed = seen_open_ && position == ArmPosition::closed;
  }
  was_present_ = inputs.presence;
  if (position == ArmPosition::closed) seen_open_ = false;
  return passed;
}

void PassageWatch::forget() { seen_open_ = under_arm_ = was_present_ = false; }

}  // namespace gatehouse::devices

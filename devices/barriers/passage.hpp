// Tells from the loops when a vehicle has passed a barrier (docs/contract/modbus.md, "A passage is
// confirmed when …"). Pure; one thread.
#pragma once

#include <cstdint>

namespace gatehouse::devices {

struct ArmInputs;

enum class ArmPosition : std::uint8_t { unknown, closed, between, open };

class PassageWatch {
 public:
  PassageWatch(bool has_presence, bool has_safety)
      : has_presence_(has_presence), has_safety_(has_safety) {}

  /// True when this reading completes a passage.
  bool sees(ArmPosition position, const ArmInputs& inputs);
  /// The barrier was out of sight: what was half seen is no passage.
  void forget();

 private:
  bool has_presence_;
  bool has_safety_;
  bool seen_open_ = false;    // since the arm was closed
  bool under_arm_ = false;    // safety loop on while the arm was up
  bool was_present_ = false;  // at the reading before
};

}  // namespace gatehouse::devices

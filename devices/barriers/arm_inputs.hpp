// What one reading of a barrier says. Signals that it does not have are off.
#pragma once

#include <cstdint>
#include <optional>

namespace gatehouse::devices {

struct ArmInputs {
  bool arm_open = false;
  bool arm_closed = false;
  bool presence = false;
  bool safety = false;
  bool fault = false;
  std::optional<std::uint32_t> cycles;
  bool operator==(const ArmInputs&) const = default;
};

}  // namespace gatehouse::devices

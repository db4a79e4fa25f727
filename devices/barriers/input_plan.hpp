// Which registers and bits of a barrier are read, and what they say.
//
//   const InputPlan plan(profile);
//   for (const ReadBlock& block : plan.blocks()) …   // one read each
//   ArmInputs inputs = plan.decode(answers);         // in the same order
//
// Adjacent addresses of one space share a read; a gap does not, for what lies in it may not exist.
// Values; any thread.
#pragma once

#include "devices/barriers/arm_inputs.hpp"
#include "devices/barriers/settings.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace gatehouse::devices {

struct ReadBlock {
  ModbusAddress first;
  std::uint16_t count = 0;
  // Only figures stand here: a barrier that refuses this read is no worse for it.
  bool counter_only = false;
  bool operator==(const ReadBlock&) const = default;
};

class InputPlan {
 public:
  explicit InputPlan(const BarrierProfile& profile);

  [[nodiscard]] const std::vector<ReadBlock>& blocks() const { return blocks_; }
  /// One answer per block, a bit or a register per element; an empty answer of a block that is
  /// `counter_only` leaves the counter out.
  [[nodiscard]] ArmInputs decode(std::span<const std::vector<std::uint16_t>> answers) const;

 private:
  using Answers = std::span<const std::vector<std::uint16_t>>;
  [[nodiscard]] const std::uint16_t* find(const ModbusAddress& address, Answers answers) const;
  [[nodiscard]] bool is_on(const std::optional<BarrierInput>& input, Answers answers) const;

  BarrierProfile profile_;
  std::vector<ReadBlock> blocks_;
};

}  // namespace gatehouse::devices

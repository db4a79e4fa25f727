// A barrier as it stands in the lane: an arm that takes its time, loops, coils, a counter of
// pulses. It knows nothing of gateways and keeps its state while they come and go.
//
// Its controller protects by itself whoever stands under the arm. A value of one thread.
#pragma once

#include "devices/barriers/arm.hpp"

#include <chrono>
#include <cstdint>

namespace gatehouse::world {

/// How it is wired and what of it the gateway can read.
struct BarrierBuild {
  devices::BarrierCommand::Pulse pulse = devices::BarrierCommand::Pulse::gateway;
  bool has_arm_open = true;
  bool has_arm_closed = true;
  bool has_presence = true;
  bool has_safety = true;
  bool turns_round = true;  // over an occupied safety loop; else it stops and waits to be told
};

class SimulatedBarrier {
 public:
  static constexpr std::uint16_t open_coil = 0;
  static constexpr std::uint16_t close_coil = 1;
  static constexpr std::chrono::milliseconds travel{1500};

  explicit SimulatedBarrier(const BarrierBuild& build) : build_(build) {}

  [[nodiscard]] const BarrierBuild& build() const { return build_; }
  /// Settings of an arm that fits it.
  [[nodiscard]] devices::ArmSettings settings() const;
  [[nodiscard]] devices::ArmInputs inputs() const;

  void pass(std::chrono::milliseconds time);
  /// Function 5. True: the controller took it for a pulse.
  bool write(std::uint16_t coil, std::uint16_t value);
  /// Nobody's command: somebody repaired it, or the motor was reset.
  void set_stuck(bool stuck) { is_stuck_ = stuck; }
  void set_fault(bool fault) { has_fault_ = fault; }
  [[nodiscard]] bool is_broken() const { return is_stuck_ || has_fault_; }

  // The loops, as cars stand on them.
  bool presence = false;
  bool safety = false;

  [[nodiscard]] bool is_up() const { return position_ == travel; }
  [[nodiscard]] bool is_down() const { return position_.count() == 0; }
  /// Since it was last fully up or down, somebody came under it while it went down.
  [[nodiscard]] bool was_entered_while_coming_down() const { return was_entered_; }
  /// Pulses to open, ever.
  [[nodiscard]] std::uint32_t pulses() const { return pulses_; }
  /// How often the arm has left its rest, ever.
  [[nodiscard]] std::uint32_t rises() const { return rises_; }

 private:
  enum class Going : std::uint8_t { nowhere, up, down };

  BarrierBuild build_;
  std::chrono::milliseconds position_{0};
  Going going_ = Going::nowhere;
  bool coils_[2] = {false, false};
  bool is_stuck_ = false;
  bool has_fault_ = false;
  bool was_entered_ = false;
  std::uint32_t pulses_ = 0;
  std::uint32_t rises_ = 0;
};

}  // namespace gatehouse::world

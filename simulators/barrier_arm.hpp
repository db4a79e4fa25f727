// The arm of a simulated barrier and the motor that moves it, in virtual time.
//
//   BarrierArm arm(1500ms);
//   arm.open(now);                  // a command; the arm is up 1.5 s later
//   arm.advance(later);             // before anything is read
//   arm.state();                    // ArmState::open
//
// It looks after people as a real controller does: it never closes over an occupied safety loop,
// and an arm that is closing goes up again when something comes under it. Who asked for that all
// the same is counted. Pure; one thread.
#pragma once

#include "simulators/virtual_time.hpp"

#include <cstdint>
#include <string_view>

namespace gatehouse::simulators {

enum class ArmState : std::uint8_t { closed, opening, open, closing, stopped };
std::string_view name(ArmState state);

/// Where a vehicle is noticed: in front of the arm, or under it.
enum class Loop : std::uint8_t { presence, safety };

class BarrierArm {
 public:
  explicit BarrierArm(VirtualTime travel) : travel_(travel) {}

  /// Lets time pass; `now` never goes back.
  void advance(VirtualTime now);

  void open(VirtualTime now);
  void close(VirtualTime now);

  /// A vehicle in front of the arm, or under it.
  void set_presence(bool on) { presence_ = on; }
  void set_safety(bool on, VirtualTime now);

  /// A jammed arm stands where it is; freed, it waits for the next command.
  void set_jammed(bool jammed, VirtualTime now);

  [[nodiscard]] ArmState state() const { return state_; }
  [[nodiscard]] bool presence() const { return presence_; }
  [[nodiscard]] bool safety() const { return safety_; }
  [[nodiscard]] std::uint32_t position_percent() const;
  /// How often the arm has reached its upper end.
  [[nodiscard]] std::uint32_t cycles() const { return cycles_; }
  /// Commands to close that came while something stood under the arm.
  [[nodiscard]] std::uint32_t closed_over_vehicle() const { return closed_over_vehicle_; }
  /// Vehicles that drove under an arm that was not up.
  [[nodiscard]] std::uint32_t forced() const { return forced_; }

 private:
  VirtualTime travel_;
  VirtualTime now_{0};
  VirtualTime position_{0};  // 0: down; travel_: up
  ArmState state_ = ArmState::closed;
  bool presence_ = false;
  bool safety_ = false;
  bool jammed_ = false;
  std::uint32_t cycles_ = 0;
  std::uint32_t closed_over_vehicle_ = 0;
  std::uint32_t forced_ = 0;
};

}  // namespace gatehouse::simulators

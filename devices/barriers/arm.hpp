// The life of one barrier's arm: what is observed and ordered goes in; coils to write and reports
// come out (docs/contract/modbus.md, "What the gateway does").
//
//   Arm arm(barrier, settings, now);
//   ArmOutput output = arm.step(now, ContactMade{});      // connected, its coils are 0
//   output = arm.step(now, inputs);                       // its inputs were just read
//   output = arm.step(now, TimePassed{}, orders);         // somebody wants something
//   … write output.writes in order, then tell output.reports …
//   … come back at arm.next_deadline() at the latest …
//
// Rules that hold throughout:
// - Safety is the barrier's own controller's: what is written here is a request. Close is asked for
//   only right after a reading that shows the safety loop free.
// - Nothing is asked of a barrier whose inputs are not known now: after a failure it is read first.
//   So a pulse of unknown outcome is never repeated blindly; it counts as made.
//
// Pure: no clock, no I/O, no threads. One thread at a time. The simulated world runs it as it is.
#pragma once

#include "devices/barriers/arm_inputs.hpp"
#include "devices/barriers/arm_motion.hpp"
#include "devices/barriers/openings.hpp"
#include "devices/barriers/passage.hpp"
#include "devices/barriers/reports.hpp"
#include "devices/barriers/settings.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace gatehouse::devices {

/// What function 5 writes for "on" and "off" (Modbus Application Protocol 1.1b3, 6.5).
inline constexpr std::uint16_t coil_on = 0xFF00;
inline constexpr std::uint16_t coil_off = 0x0000;

struct ArmSettings {
  BarrierCommand open;
  BarrierCommand close;
  bool has_arm_open = true;
  bool has_arm_closed = true;
  bool has_presence = true;
  bool has_safety = true;
  // How many readings in a row must say "closed" before it is believed: two on a serial line,
  // where a late answer cannot be told from a prompt one.
  std::uint8_t closed_reads = 1;
  std::chrono::milliseconds pulse{500};
  std::chrono::milliseconds poll{100};
  std::chrono::milliseconds open_timeout{6000};
  std::chrono::milliseconds clear{800};
  std::chrono::milliseconds pass_timeout{30'000};
  std::chrono::milliseconds offline_after{1500};
};
ArmSettings arm_settings(const BarrierSettings& settings, const BarrierProfile& profile,
                         bool is_serial);

/// There is a connection anew, and the coils that the gateway pulses are 0.
struct ContactMade {};
/// A request was not answered as it should be: nothing may be written before the next reading.
struct ContactLost {};
struct TimePassed {};
using Observation = std::variant<TimePassed, ArmInputs, ContactMade, ContactLost>;

/// Function 5: `value` to `coil`.
struct CoilWrite {
  enum class Purpose : std::uint8_t { open, close, end_of_pulse };
  std::uint16_t coil = 0;
  std::uint16_t value = coil_off;
  Purpose purpose = Purpose::open;
  bool operator==(const CoilWrite&) const = default;
};

struct ArmOutput {
  std::vector<CoilWrite> writes;
  BarrierReports reports;
};

class Arm {
 public:
  Arm(BarrierIndex barrier, const ArmSettings& settings, Moment now);

  /// Observes, takes the orders, decides. Orders that the barrier cannot follow yet wait for the
  /// next reading.
  ArmOutput step(Moment now, const Observation& seen,
                 std::span<const engine::BarrierOrder> orders = {});

  /// Whether its inputs were read within `offline_after`.
  [[nodiscard]] bool is_reachable() const { return is_reachable_; }
  /// When step() has something to do although nothing is observed. nullopt: never.
  [[nodiscard]] std::optional<Steady> next_deadline(Steady after) const;
  /// The write that ends a pulse of the gateway's, for when the process ends.
  [[nodiscard]] std::optional<CoilWrite> unfinished_pulse() const;

 private:
  enum class Mode : std::uint8_t { working, held, locked };
  enum class Direction : std::uint8_t { up, down };
  /// The arm was told to go somewhere and is not there yet.
  struct Drive {
    Direction direction = Direction::up;
    Steady since;  // of the last try
    int tries = 1;
    bool has_moved = false;
  };
  struct Pulse {
    std::uint16_t coil = 0;
    Steady end;
  };

  // arm.cpp: what is observed and ordered, and what is told of it.
  void observe(const Observation& seen);
  void take(const engine::BarrierOrder& order);
  void read(const ArmInputs& inputs);
  [[nodiscard]] ArmPosition position_of(const ArmInputs& inputs);
  void found();
  void lose_if_silent();
  void follow(ArmPosition position);
  void at_rest_closed();
  void vehicle_passed();
  void tell_what_changed();
  [[nodiscard]] engine::BarrierState state() const;

  // arm_drive.cpp: what is asked of the barrier.
  void decide(bool was_read);
  [[nodiscard]] bool is_fresh() const;
  [[nodiscard]] bool is_driving(Direction direction) const;
  [[nodiscard]] bool is_over(const Drive& drive) const;
  void ask_up();
  void start_up();
  void try_up_again();
  void stop_driving();
  void ask_down();
  [[nodiscard]] bool should_close(bool by_hand) const;
  void pulse(const BarrierCommand& command, CoilWrite::Purpose purpose);
  void end_pulse();

  // Constant after construction.
  BarrierIndex barrier_;
  ArmSettings settings_;

  // Of the step that is under way.
  Moment now_;
  ArmOutput output_;

  // The line.
  bool is_in_contact_ = false;   // the last request was answered as it should be
  bool is_new_contact_ = false;  // nothing was read on this connection yet
  bool is_reachable_ = false;
  Steady last_answer_;  // inputs were read; before the first time: since the first step
  bool has_begun_ = false;

  // What is seen.
  ArmInputs inputs_;
  ArmPosition position_ = ArmPosition::unknown;
  ArmPosition assumed_ = ArmPosition::closed;  // of an arm without feedback
  std::uint8_t closed_reads_ = 0;
  PassageWatch watch_;
  Steady quiet_since_;                 // nothing on a loop, nothing ordered, arm not newly up
  std::optional<Steady> passed_at_;    // a vehicle went through and the safety loop is free since
  bool passed_as_authorised_ = false;  // since the arm was closed
  bool is_judged_ = false;             // why the arm is up is known: a passage can be an intrusion

  // What is wanted and under way.
  Motion motion_ = Motion::unknown;
  Mode mode_ = Mode::working;
  Openings openings_;
  std::optional<Drive> drive_;
  std::optional<Pulse> pulse_;
  bool must_reopen_ = false;       // the arm was coming down over an occupied safety loop
  bool close_ordered_ = false;     // by hand, for the next reading
  bool close_when_clear_ = false;  // released or locked while up
  bool did_not_open_ = false;
  bool did_not_close_ = false;

  std::optional<engine::BarrierShown> shown_;
};

}  // namespace gatehouse::devices

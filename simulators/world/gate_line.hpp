// The line between the gateway and one simulated barrier, with the gateway's real Arm at its end:
// what devices/barriers does on a thread with sockets, done in virtual time.
//
//   ArmLine line(barrier_index, barrier, watch, random);
//   line.begin(now);            // a process began: a new Arm, a new connection
//   line.order(order);          // what was committed
//   line.serve(now, tell);      // every tick: connects, polls, writes, reports
//   line.end();                 // the process is gone; the barrier is as it was
//
// Keeps account of which opening a pulse can belong to; PulseWatch judges. One thread.
#pragma once

#include "devices/barriers/arm.hpp"
#include "simulators/random.hpp"
#include "simulators/world/gate_barrier.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace gatehouse::world {

enum class LineFault : std::uint8_t {
  none,
  silent,         // nothing is answered and nothing done
  acts_silently,  // a write is carried out and its answer never comes
  acts_late,      // a write is carried out after its answer was given up
  disconnected,   // no connection can be made
};

/// An opening that was ordered and may still need its arm to go up.
struct OrderedOpening {
  engine::OpeningId id{};
  Steady authorised{};
  bool is_called_off = false;
};

/// A pulse to open that reaches a barrier.
struct PulseSeen {
  BarrierIndex barrier{};
  Steady at{};
  std::vector<OrderedOpening> openings;  // it can be for these
  bool is_held = false;                  // ordered to stay up
  bool is_safety = false;                // somebody is under the arm, or came there as it went down
};

class PulseWatch {
 public:
  virtual ~PulseWatch() = default;
  virtual void pulsed(const PulseSeen& seen) = 0;
  virtual void closed_over_safety_loop(BarrierIndex barrier) = 0;
  virtual void executed_silently() = 0;
};

class ArmLine {
 public:
  using Tell = std::function<void(const devices::BarrierReport&)>;
  ArmLine(BarrierIndex index, SimulatedBarrier& barrier, PulseWatch& watch, bool repeats_pulses)
      : index_(index), barrier_(barrier), watch_(watch), repeats_pulses_(repeats_pulses) {}

  void begin(Moment now);
  void end();
  void order(const engine::BarrierOrder& order) { orders_.push_back(order); }
  void serve(Moment now, const Tell& tell);

  LineFault fault = LineFault::none;

 private:
  struct Late {
    devices::CoilWrite write;
    Steady at;
  };
  void give(Moment now, const engine::BarrierOrder& order, const Tell& tell);
  void note(const engine::BarrierOrder& order);
  void note(const devices::BarrierReport& report);
  void connect(Moment now, const Tell& tell);
  void poll(Moment now, const Tell& tell);
  void apply(Moment now, const devices::ArmOutput& output, const Tell& tell);
  /// True: answered.
  bool write(Moment now, const devices::CoilWrite& write);
  void execute(Moment now, const devices::CoilWrite& write);
  void disconnect(Moment now, const Tell& tell);

  BarrierIndex index_;
  SimulatedBarrier& barrier_;
  PulseWatch& watch_;
  bool repeats_pulses_;
  std::optional<devices::Arm> arm_;
  std::vector<engine::BarrierOrder> orders_;
  std::vector<OrderedOpening> ordered_;
  std::vector<Late> late_;
  std::optional<devices::CoilWrite> to_repeat_;
  bool is_held_ = false;
  bool has_contact_ = false;
  Steady connect_at_{};
  Steady due_{};
};

}  // namespace gatehouse::world

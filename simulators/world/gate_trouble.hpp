// What goes wrong in the simulated lot beside the power: lines, barriers, codes, clocks. One
// thread.
#pragma once

#include "simulators/world/gate_cars.hpp"
#include "simulators/world/gate_line.hpp"
#include "simulators/world/gate_process.hpp"
#include "simulators/world/gate_scene.hpp"
#include "simulators/world/gate_witness.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace gatehouse::world {

class Trouble {
 public:
  Trouble(Scene& scene, std::deque<ArmLine>& lines, Cars& cars, Witness& witness)
      : scene_(scene),
        lines_(lines),
        cars_(cars),
        witness_(witness),
        until_(scene.barriers.size()) {}

  void begin_on_a_line();
  void begin_at_a_barrier();
  void forge();
  /// Somebody stands at another exit with a copy of the ticket that is scanned here.
  void scan_at_two_gates();
  void set_clock();
  [[nodiscard]] GateIndex any_gate();

  /// Time passed.
  void live();
  /// Everything is repaired now.
  void end();

 private:
  Scene& scene_;
  std::deque<ArmLine>& lines_;
  Cars& cars_;
  Witness& witness_;
  SeededBytes forger_bytes_{7};
  std::vector<std::optional<Steady>> until_;  // of each line and its barrier
};

}  // namespace gatehouse::world

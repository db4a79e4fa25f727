// The cars of a simulated lot, from one run to the next: a lot whose gateway keeps its sessions
// must not lose its cars when only the simulator was stopped. One line a car: number, ticket, bay.
//
//   CarMemory memory("cars.csv", lot.slots);
//   for (const auto& car : memory.read()) drivers.remember(car);
//   memory.write(drivers.inside());
//
// The file holds tickets, so its owner alone may read it. Lines that cannot be read are left out.
// Throws std::runtime_error when it cannot be written.
#pragma once

#include "simulators/driver_lot.hpp"

#include <string>
#include <vector>

namespace gatehouse::simulators {

class CarMemory {
 public:
  /// An empty path: nothing is read or written. `slots` are the lot's, and stay.
  CarMemory(std::string path, const std::vector<std::string>& slots)
      : path_(std::move(path)), slots_(slots) {}

  [[nodiscard]] std::vector<CarInside> read() const;
  /// Does nothing when they are the same as before.
  void write(const std::vector<CarInside>& cars);

 private:
  std::string path_;
  const std::vector<std::string>& slots_;
  std::string written_;
};

}  // namespace gatehouse::simulators

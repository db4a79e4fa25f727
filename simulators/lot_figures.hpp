// What a run of a whole lot shows: a line every few seconds, and one JSON object at its end.
// Values; pure.
#pragma once

#include "simulators/barrier_server.hpp"
#include "simulators/driver_lot.hpp"
#include "simulators/reader_device.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::simulators {

struct LotFigures {
  std::string lot;
  std::uint64_t seed = 0;
  std::chrono::milliseconds took{0};
  DriverFigures drivers;
  ReaderCounts readers;
  std::vector<std::pair<std::string, BarrierView>> barriers;
};

/// `inside 12   entries 30   exits 18   takings ₹900.00   refused 3: zone_full 2, vehicle_inside 1`
std::string figures_line(const DriverFigures& drivers);
std::string summary_json(const LotFigures& figures);

}  // namespace gatehouse::simulators

// What a driver is like: number plate, length of stay, habits. Drawn once for each car from the
// lot's seed, so that what one car meets does not change what another one does. Values; pure.
#pragma once

#include "simulators/random.hpp"

#include <cstdint>
#include <string>

namespace gatehouse::simulators {

/// How often drivers do what they should not, in a million cars.
struct DriverHabits {
  std::uint32_t scans_twice = 50'000;    // a ticket or a press that the reader gets twice
  std::uint32_t parks_wrongly = 50'000;  // in another bay than its own
  std::uint32_t overstays = 30'000;      // four times as long
  std::uint32_t loses_ticket = 20'000;   // only where there is a counter to ask
  std::uint32_t tailgates = 10'000;      // in behind another car, and out the same way
  std::uint32_t hurries = 0;             // comes up before the arm is down again

  static constexpr DriverHabits none() { return {0, 0, 0, 0, 0, 0}; }
};

struct DriverPlan {
  std::string vehicle_number;
  std::uint32_t stay_minutes = 0;  // of the lot
  std::uint32_t taste = 0;         // which of several zones or bays
  bool asks_at_counter = false;    // for a ticket, instead of pressing the button
  bool scans_twice = false;
  bool parks_wrongly = false;
  bool loses_ticket = false;
  bool tailgates = false;
  bool hurries = false;
};

DriverPlan draw_plan(Random& chance, const DriverHabits& habits, std::uint32_t mean_stay_minutes);

}  // namespace gatehouse::simulators

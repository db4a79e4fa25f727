// `gatehouse-sim lot`: a whole lot in real time. Its sensors and readers speak to the broker, its
// barriers answer on their ports, its drivers come and go, and somebody sits at the counter.
//
//   auto run = run_lot(options, stop);
//   // run.exit_code; run.summary is one JSON object, run.trouble a sentence for standard error
//
// Everything that decides is elsewhere and pure (driver_lot.hpp, barrier_arm.hpp,
// reader_device.hpp); here are the clock, the connections and the files. Prints a line of figures
// every few seconds. Blocks until the end or until asked to stop.
#pragma once

#include "simulators/driver_plan.hpp"
#include "simulators/lot_description.hpp"
#include "simulators/virtual_time.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct ServedBarrier;

struct LotOptions {
  LotDescription lot;
  std::uint64_t seed = 1;
  std::uint64_t speed_thousandths = 1'000;  // of life inside; gates take their real seconds
  std::optional<std::uint64_t> duration_ms;
  std::uint32_t mean_stay_minutes = 0;  // of the lot; 0: as the lanes allow
  std::uint32_t fill_percent = 70;
  DriverHabits habits;
  std::string credentials_file;
  std::string staff;  // empty: nobody sits at the counter
  std::string staff_password;
  std::string cars_file;  // what the next run has to know; empty: nothing
  VirtualTime arm_travel = std::chrono::milliseconds(1'500);
  std::optional<VirtualTime> trouble_interval;  // between troubles of barriers; none without
  std::chrono::milliseconds connect_timeout{10'000};
};

struct LotRun {
  int exit_code = 0;  // docs/contract/config-and-cli.md
  std::string summary;
  std::string trouble;  // empty when all went well
};

LotRun run_lot(const LotOptions& options, const std::stop_token& stop);

/// The barriers of a lot as they are to be served; a sentence when one cannot be simulated.
std::expected<std::vector<ServedBarrier>, std::string> served_barriers(const LotDescription& lot,
                                                                       VirtualTime arm_travel);

}  // namespace gatehouse::simulators

// `gatehouse-sim sensors`: plays a SensorLot to the lot's broker in real time.
//
//   auto run = run_sensors(options, stop);
//   // run.exit_code; run.summary is one JSON object, run.trouble a sentence for standard error
//
// Everything that decides what is said is in sensor_lot.hpp; here are only the clock, the
// connections and the files. Blocks until the end or until asked to stop. One thread.
#pragma once

#include "simulators/lot_description.hpp"
#include "simulators/sensor_lot.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace gatehouse::simulators {

struct SensorsOptions {
  LotDescription lot;
  SensorLotOptions model;  // zone_slots are taken from `lot`
  std::uint64_t speed_thousandths =
      1'000;  // virtual milliseconds per second; 0: as fast as it goes
  std::optional<std::uint64_t> duration_ms;  // of real time; virtual time when not paced
  std::optional<std::uint64_t> events;       // ends after so many messages
  std::uint32_t connections = 1;             // shared by the slots
  bool connection_per_slot = false;          // with birth and last will
  std::string credentials_file;  // of `gatehouse broker`: a connection and an account per slot
  std::string truth_file;        // written at the end; empty: not
  std::chrono::milliseconds connect_timeout{10'000};  // a broker that just starts is waited for
};

struct SensorsRun {
  int exit_code = 0;  // docs/contract/config-and-cli.md
  std::string summary;
  std::string trouble;  // empty when all went well
};

SensorsRun run_sensors(const SensorsOptions& options, const std::stop_token& stop);

/// What a gateway should believe of every slot after the last message, as one JSON object. `lot`
/// plays what `described` says.
std::string truth_json(const LotDescription& described, const SensorLot& lot);

/// `12` is a number, `0.05` and `5%` are shares.
std::expected<Amount, std::string> parse_amount(std::string_view text);

}  // namespace gatehouse::simulators

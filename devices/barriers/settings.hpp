// What lot.toml says of barriers: [[barriers]] and [[barrier_profiles]]
// (docs/contract/config-and-cli.md, modbus.md). Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::devices {

/// `coil:0`: a zero-based protocol address in one of Modbus's four spaces.
struct ModbusAddress {
  enum class Space : std::uint8_t { coil, discrete_input, holding_register, input_register };
  Space space = Space::coil;
  std::uint16_t address = 0;
  bool operator==(const ModbusAddress&) const = default;
};

/// A signal that is read: on when the bit is set, when a register holds one of `values`, or when it
/// holds anything but `not_value`.
struct BarrierInput {
  ModbusAddress read;
  std::vector<std::uint16_t> values;
  std::optional<std::uint16_t> not_value;
  bool operator==(const BarrierInput&) const = default;
};

struct BarrierCommand {
  enum class Pulse : std::uint8_t {
    gateway,  // 1, pulse_ms later 0
    once,     // 1 only
    flash,    // function 5, address as given, value pulse_ms/100
  };
  std::uint16_t coil = 0;
  Pulse pulse = Pulse::gateway;
  bool operator==(const BarrierCommand&) const = default;
};

struct CycleCounter {
  ModbusAddress read;
  std::uint8_t words = 1;
  bool high_word_first = true;
  bool operator==(const CycleCounter&) const = default;
};

struct BarrierProfile {
  std::string name;
  BarrierCommand open;
  BarrierCommand close;
  // nullopt: the barrier has none.
  std::optional<BarrierInput> arm_open;
  std::optional<BarrierInput> arm_closed;
  std::optional<BarrierInput> presence;
  std::optional<BarrierInput> safety;
  std::optional<BarrierInput> fault;
  std::optional<CycleCounter> cycles;
  bool operator==(const BarrierProfile&) const = default;
};

struct BarrierSettings {
  std::string id;
  std::string url = "tcp://127.0.0.1:1502";
  std::uint8_t unit = 1;
  std::string profile = "generic";
  std::chrono::milliseconds pulse{500};
  std::chrono::milliseconds poll{100};
  std::chrono::milliseconds open_timeout{6000};
  std::chrono::milliseconds clear{800};
  std::chrono::seconds pass_timeout{30};
  std::chrono::milliseconds offline_after{1500};
  // Over the profile, by signal: arm_open, arm_closed, presence, safety, fault. nullopt: taken
  // away.
  std::map<std::string, std::optional<BarrierInput>> inputs;
  bool operator==(const BarrierSettings&) const = default;
};

}  // namespace gatehouse::devices

// A simulated barrier as its Modbus registers show it: the three built-in profiles of
// docs/contract/modbus.md, written from its table and from nothing else, so that a gateway that has
// read it otherwise is found out.
//
//   BarrierController barrier(RegisterProfile::generic, 1500ms);
//   const Pdu answer = barrier.answer(request, now);   // function code and data, no framing
//
// Requests are those of MODBUS Application Protocol 1.1b3: functions 1–5 and 15; anything else, and
// addresses that the device does not have, are answered with an exception, as by a real one.
// `came` serves the two loops as discrete inputs 2 and 3 too, for installations that wire them.
// Pure, in virtual time; one thread.
#pragma once

#include "simulators/barrier_arm.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

enum class RegisterProfile : std::uint8_t { generic, relay8, came };
std::optional<RegisterProfile> parse_register_profile(std::string_view name);

using Pdu = std::vector<std::uint8_t>;

/// The answer of a device that does not carry out a request.
enum class ModbusException : std::uint8_t {
  illegal_function = 1,
  illegal_address = 2,
  illegal_value = 3,
  device_failure = 4,
  no_such_unit = 11,
};
Pdu exception_answer(std::span<const std::uint8_t> request, ModbusException exception);

class BarrierController {
 public:
  BarrierController(RegisterProfile profile, VirtualTime travel)
      : profile_(profile), arm_(travel) {}

  Pdu answer(std::span<const std::uint8_t> request, VirtualTime now);

  /// Lets pulses that the device times itself end, and the arm move.
  void advance(VirtualTime now);

  /// A fault jams the arm and is shown where the profile shows faults.
  void set_fault(bool fault, VirtualTime now);

  [[nodiscard]] BarrierArm& arm() { return arm_; }
  [[nodiscard]] const BarrierArm& arm() const { return arm_; }

 private:
  static constexpr std::size_t coil_count = 8;

  Pdu read_bits(std::span<const std::uint8_t> request) const;
  Pdu read_registers(std::span<const std::uint8_t> request) const;
  Pdu write_coil(std::span<const std::uint8_t> request, VirtualTime now);
  Pdu write_coils(std::span<const std::uint8_t> request, VirtualTime now);
  void set_coil(std::size_t coil, bool on, VirtualTime now);
  [[nodiscard]] bool input(std::size_t address) const;
  [[nodiscard]] std::optional<std::uint16_t> holding_register(std::uint32_t address) const;
  [[nodiscard]] std::optional<std::uint16_t> input_register(std::uint32_t address) const;

  RegisterProfile profile_;
  BarrierArm arm_;
  bool fault_ = false;
  std::array<bool, coil_count> coils_{};
  std::array<std::optional<VirtualTime>, coil_count> flash_ends_{};
};

}  // namespace gatehouse::simulators

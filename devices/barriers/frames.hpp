// Modbus requests and answers as bytes (Modbus Application Protocol 1.1b3, 6.1–6.5): what is asked,
// and whether an answer is the answer to it. libmodbus adds and takes away what TCP and RTU wrap
// around; it does not look at the unit of a TCP answer, nor at an echoed address and value.
//
//   const ModbusRequest request = read_request(unit, first, count);   // unit, function, data
//   const auto values = read_values(request, answer);                 // of the bytes that came
//
// Pure; any thread.
#pragma once

#include "devices/barriers/modbus_port.hpp"
#include "devices/barriers/settings.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace gatehouse::devices {

/// Unit, function, address, count or value: all six bytes of the requests that are used here.
using ModbusRequest = std::array<std::uint8_t, 6>;
using ModbusBytes = std::span<const std::uint8_t>;

/// More never stands in one answer (1.1b3, 6.1 and 6.3).
inline constexpr std::uint16_t read_count_max = 125;

/// Function 1 to 4, by the space. `count` is 1 to read_count_max.
ModbusRequest read_request(std::uint8_t unit, ModbusAddress first, std::uint16_t count);
/// Function 5 with any value: 0xFF00 on, 0x0000 off, or what a relay board makes of others.
ModbusRequest write_request(std::uint8_t unit, std::uint16_t coil, std::uint16_t value);

/// `answer`: unit, function, data. The values, a bit or a register each; or what is wrong: refused
/// or garbled.
std::expected<std::vector<std::uint16_t>, ModbusFailure> read_values(const ModbusRequest& request,
                                                                     ModbusBytes answer);
/// Answered only by the very same bytes.
std::expected<void, ModbusFailure> check_written(const ModbusRequest& request, ModbusBytes answer);

/// What a TCP frame wraps (Modbus Messaging on TCP/IP 1.0b, 3.1.3), or empty: not the answer that
/// was asked for, by its transaction, protocol or length.
ModbusBytes unwrap_tcp(ModbusBytes frame, std::uint16_t transaction);
/// What an RTU frame wraps; libmodbus has checked the CRC.
ModbusBytes unwrap_rtu(ModbusBytes frame);
/// An RTU request as it stands on the line, with its CRC: what an echoing adapter sends back.
std::array<std::uint8_t, 8> on_the_line(const ModbusRequest& request);

}  // namespace gatehouse::devices

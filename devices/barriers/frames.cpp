#include "devices/barriers/frames.hpp"

#include <algorithm>
#include <optional>

namespace gatehouse::devices {
namespace {

constexpr std::uint8_t write_single_coil = 5;
constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t tcp_header_bytes = 6;  // transaction, protocol, length
constexpr std::size_t rtu_crc_bytes = 2;

constexpr std::uint8_t high(std::uint16_t word) { return static_cast<std::uint8_t>(word >> 8); }
constexpr std::uint8_t low(std::uint16_t word) { return static_cast<std::uint8_t>(word & 0xFF); }
constexpr std::uint16_t word(std::uint8_t high, std::uint8_t low) {
  return static_cast<std::uint16_t>((high << 8) | low);
}

std::uint8_t read_function(ModbusAddress::Space space) {
  switch (space) {
    case ModbusAddress::Space::coil:
      return 1;
    case ModbusAddress::Space::discrete_input:
      return 2;
    case ModbusAddress::Space::holding_register:
      return 3;
    case ModbusAddress::Space::input_register:
      return 4;
  }
  return 0;
}

std::unexpected<ModbusFailure> garbled() {
  return std::unexpected(ModbusFailure{.kind = ModbusFailure::Kind::garbled});
}

/// nullopt: an answer of the right unit and function.
std::optional<ModbusFailure> failure_of(const ModbusRequest& request, ModbusBytes answer) {
  const ModbusFailure is_garbled{.kind = ModbusFailure::Kind::garbled};
  if (answer.size() < 3 || answer[0] != request[0]) return is_garbled;
  if (answer[1] == request[1]) return std::nullopt;
  if (answer[1] != (request[1] | exception_bit) || answer.size() != 3) return is_garbled;
  return ModbusFailure{.kind = ModbusFailure::Kind::refused, .exception = answer[2]};
}

}  // namespace

ModbusRequest read_request(std::uint8_t unit, ModbusAddress first, std::uint16_t count) {
  return {
      unit,      read_function(first.space), high(first.address), low(first.address), high(count),
      low(count)};
}

ModbusRequest write_request(std::uint8_t unit, std::uint16_t coil, std::uint16_t value) {
  return {unit, write_single_coil, high(coil), low(coil), high(value), low(value)};
}

std::expected<std::vector<std::uint16_t>, ModbusFailure> read_values(const ModbusRequest& request,
                                                                     ModbusBytes answer) {
  if (const auto failure = failure_of(request, answer)) return std::unexpected(*failure);
  const std::uint16_t count = word(request[4], request[5]);
  const bool is_bits = request[1] <= 2;
  const std::size_t bytes = is_bits ? (count + 7U) / 8U : 2U * count;
  if (answer[2] != bytes || answer.size() != 3 + bytes) return garbled();
  std::vector<std::uint16_t> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = is_bits ? static_cast<std::uint16_t>((answer[3 + i / 8] >> (i % 8)) & 1)
                        : word(answer[3 + 2 * i], answer[4 + 2 * i]);
  }
  return values;
}

std::expected<void, ModbusFailure> check_written(const ModbusRequest& request, ModbusBytes answer) {
  if (const auto failure = failure_of(request, answer)) return std::unexpected(*failure);
  if (!std::ranges::equal(request, answer)) return garbled();
  return {};
}

ModbusBytes unwrap_tcp(ModbusBytes frame, std::uint16_t transaction) {
  if (frame.size() < tcp_header_bytes + 3) return {};
  const bool fits = word(frame[0], frame[1]) == transaction && word(frame[2], frame[3]) == 0 &&
                    word(frame[4], frame[5]) == frame.size() - tcp_header_bytes;
  return fits ? frame.subspan(tcp_header_bytes) : ModbusBytes{};
}

ModbusBytes unwrap_rtu(ModbusBytes frame) {
  if (frame.size() < 3 + rtu_crc_bytes) return {};
  return frame.first(frame.size() - rtu_crc_bytes);
}

std::array<std::uint8_t, 8> on_the_line(const ModbusRequest& request) {
  // CRC-16/MODBUS (Modbus over Serial Line 1.02, 6.2.2), low byte first.
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : request) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
    }
  }
  std::array<std::uint8_t, 8> line{};
  std::ranges::copy(request, line.begin());
  line[6] = low(crc);
  line[7] = high(crc);
  return line;
}

}  // namespace gatehouse::devices

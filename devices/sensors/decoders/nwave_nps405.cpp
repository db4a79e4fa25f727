#include "devices/sensors/decoders/nwave_nps405.hpp"

namespace gatehouse::devices::nwave_nps405 {
namespace {

constexpr std::uint8_t parking_status_port = 1;
constexpr std::uint8_t heartbeat_port = 2;
constexpr std::uint8_t startup_port = 3;
constexpr std::uint8_t registration_port = 10;

bool is_occupied(std::uint8_t status) { return (status & 0x01U) != 0; }

Reading heartbeat(std::uint8_t status) {
  if ((status & 0xFEU) != 0) return {};
  return {.occupied = is_occupied(status)};
}

Reading registration(std::uint8_t status) {
  if (!is_occupied(status)) return {};
  return {.occupied = true};
}

}  // namespace

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes, std::uint8_t port) {
  const std::size_t size = bytes.size();
  switch (port) {
    case parking_status_port:
      if (size != 1) return std::unexpected(Rejection::bad_frame);
      return Reading{.occupied = is_occupied(bytes[0])};
    case heartbeat_port:
      if (size < 3 || size > 6) return std::unexpected(Rejection::bad_frame);
      return heartbeat(bytes[0]);
    case startup_port:
      if (size != 5) return std::unexpected(Rejection::bad_frame);
      return Reading{.occupied = is_occupied(bytes[4])};
    case registration_port:
      if (size != 5 && size != 6) return std::unexpected(Rejection::bad_frame);
      return registration(bytes[0]);
    default:
      return Reading{};
  }
}

}  // namespace gatehouse::devices::nwave_nps405

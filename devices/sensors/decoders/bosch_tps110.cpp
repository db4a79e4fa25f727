#include "devices/sensors/decoders/bosch_tps110.hpp"

namespace gatehouse::devices::bosch_tps110 {
namespace {

constexpr std::uint8_t parking_status_port = 1;
constexpr std::uint8_t heartbeat_port = 2;
constexpr std::uint8_t startup_port = 3;
constexpr std::size_t startup_bytes = 17;

Reading occupancy(std::uint8_t status) { return {.occupied = (status & 0x01U) != 0}; }

}  // namespace

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes, std::uint8_t port) {
  switch (port) {
    case parking_status_port:
      if (bytes.size() != 1) return std::unexpected(Rejection::bad_frame);
      return occupancy(bytes[0]);
    case heartbeat_port:
      if (bytes.size() != 1 && bytes.size() != 2) return std::unexpected(Rejection::bad_frame);
      return occupancy(bytes[0]);
    case startup_port:
      if (bytes.size() != startup_bytes) return std::unexpected(Rejection::bad_frame);
      return occupancy(bytes[startup_bytes - 1]);
    default:
      return Reading{};
  }
}

}  // namespace gatehouse::devices::bosch_tps110

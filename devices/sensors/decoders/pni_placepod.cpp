#include "devices/sensors/decoders/pni_placepod.hpp"

namespace gatehouse::devices::pni_placepod {
namespace {

constexpr std::uint8_t parking_status_channel = 0x15;
constexpr std::uint8_t keep_alive_channel = 0x37;

enum Type : std::uint8_t {
  digital_input = 0x00,
  digital_output = 0x01,
  analog_input = 0x02,
  analog_output = 0x03,
  presence = 0x66,
  temperature = 0x67,
};
constexpr std::size_t header_bytes = 2;

/// 0: a type without a known length.
std::size_t data_bytes(std::uint8_t type) {
  switch (type) {
    case digital_input:
    case digital_output:
    case presence:
      return 1;
    case analog_input:
    case analog_output:
    case temperature:
      return 2;
    default:
      return 0;
  }
}

}  // namespace

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes,
                                         std::uint8_t /*port*/) {
  if (bytes.empty()) return std::unexpected(Rejection::bad_frame);
  Reading reading;
  while (!bytes.empty()) {
    if (bytes.size() < header_bytes) return std::unexpected(Rejection::bad_frame);
    const std::uint8_t channel = bytes[0];
    const std::uint8_t type = bytes[1];
    const std::size_t item_bytes = header_bytes + data_bytes(type);
    if (item_bytes == header_bytes || bytes.size() < item_bytes) {
      return std::unexpected(Rejection::bad_frame);
    }
    if (channel == parking_status_channel && type != presence) {
      return std::unexpected(Rejection::bad_frame);
    }
    if (type == presence && (channel == parking_status_channel || channel == keep_alive_channel)) {
      const std::uint8_t state = bytes[header_bytes];
      if (state > 1) return std::unexpected(Rejection::unknown_value);
      reading.occupied = state == 1;
    }
    bytes = bytes.subspan(item_bytes);
  }
  return reading;
}

}  // namespace gatehouse::devices::pni_placepod

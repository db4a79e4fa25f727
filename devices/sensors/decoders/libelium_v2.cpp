#include "devices/sensors/decoders/libelium_v2.hpp"

namespace gatehouse::devices::libelium_v2 {
namespace {

constexpr std::size_t frame_bytes = 11;

bool speaks_of_the_slot(std::uint8_t kind) {
  constexpr std::uint8_t info = 0;
  constexpr std::uint8_t keep_alive = 1;
  constexpr std::uint8_t start_first = 4;
  constexpr std::uint8_t start_second = 5;
  return kind == info || kind == keep_alive || kind == start_first || kind == start_second;
}

}  // namespace

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes,
                                         std::uint8_t /*port*/) {
  if (bytes.size() != frame_bytes) return std::unexpected(Rejection::bad_frame);
  const std::uint8_t kind = bytes[0] & 0x0FU;
  if (!speaks_of_the_slot(kind)) return Reading{};
  return Reading{.occupied = (bytes[0] & 0x80U) != 0};
}

}  // namespace gatehouse::devices::libelium_v2

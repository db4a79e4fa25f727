// Libelium Smart Parking, protocol version 2: 11 bytes on any port.
//
//   byte 0   bit 7 occupied, bit 6 battery low, bits 0–3 the kind of frame
//   byte 1   sequence 0–255
//   2–10     depend on the kind, not published
// Kinds that speak of the slot: 0 info (a change), 1 keep-alive, 4 and 5 start. All others
// (configuration, daily update, errors, the clock, radio reports) keep alive.
//
// Layout: the package libelium-parking-sensor-v2 on PyPI, which gives the kind three bits, and
// ELEMENT IoT's parser of the same frames, which gives it four. Both agree on kinds 0–7; four bits
// are read, so that a kind only the second one knows is not mistaken for a change.
//
// The sequence does not become `seq`. judge() (edge/domain/occupancy.hpp) takes a number that is
// not above the last one for a repetition: after 255 → 0 that would hold for up to 255 frames, and
// its rule for restarted sensors sees only a 0 or 1 that was not lost on the air. LoRaWAN's own
// frame counter, which the network server hands out 32 bits wide, serves instead.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <cstdint>
#include <expected>
#include <span>

namespace gatehouse::devices::libelium_v2 {

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes, std::uint8_t port);

}  // namespace gatehouse::devices::libelium_v2

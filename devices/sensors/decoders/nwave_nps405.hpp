// Nwave NPS405.
//
// Layout: lorawan-devices of The Things Network, vendor/nwave/nps405.js, by LoRaWAN port:
//   1   parking status     1 byte:    bit 0 occupied, bits 1–7 how long the state before lasted
//   2   heartbeat          3–6 bytes: byte 0 bit 0 occupied, bits 1–7 health of the hardware;
//                                     battery voltage, temperature
//   3   startup            5 bytes:   firmware, reset cause, byte 4 bit 0 occupied
//   10  tag registration   5–6 bytes: byte 0 as on port 1; battery of the tag; its id
//
// Two published versions of that file disagree: the older one takes bit 7 of byte 0 for occupied
// on ports 1, 2 and 10. The maker's own examples settle ports 1 and 10: 0x95 is 74 long and 0xD1
// is 160 only when bit 0 is the state. For the heartbeat they settle nothing, so its state is
// taken only while bits 1–7 are zero; otherwise either reading could be the right one, or the
// hardware says of itself that it is not well, and the frame keeps alive.
// A registration without the occupied bit says, by both versions, nothing of the slot.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <cstdint>
#include <expected>
#include <span>

namespace gatehouse::devices::nwave_nps405 {

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes, std::uint8_t port);

}  // namespace gatehouse::devices::nwave_nps405

// Bosch Parking Lot Sensor TPS110 / TPL110, firmware 0.29.
//
// Layout: lorawan-devices of The Things Network, vendor/bosch/tpl110-0292.js, by LoRaWAN port:
//   1  parking status   1 byte:   bit 0 occupied
//   2  heartbeat        1–2 bytes: bit 0 occupied; then the temperature in °C
//   3  startup          17 bytes: debug codes 0–11, firmware 12–14, reset cause 15,
//                                 byte 16 bit 0 occupied
//   4, 5, 6  device information, usage, debug: say nothing of the slot
// The other bits of the status bytes have no meaning and are not looked at.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <cstdint>
#include <expected>
#include <span>

namespace gatehouse::devices::bosch_tps110 {

std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes, std::uint8_t port);

}  // namespace gatehouse::devices::bosch_tps110

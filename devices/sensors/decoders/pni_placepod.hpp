// PNI PlacePod: a row of items, each a channel, a data type and that type's data (Cayenne's
// low-power payload), on any port.
//
// Layout: github.com/sjkp/PNI.PlacePod, Decoder.cs, from the maker's communication protocol:
//   channel 0x15, type 0x66  parking status  0 vacant, 1 occupied
//   channel 0x37, type 0x66  keep-alive      the same; type 0x00: a vehicle count instead
//   0x01 recalibrated, 0x02 temperature, 0x03 battery, 0x1C deactivated, 0x21 vehicle count,
//   0x3F rebooted: say nothing of the slot
// Items stand in the order in which things happened: the last state counts. Channels not listed
// are stepped over; a data type not listed has no known length, so the frame is bad_frame.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <cstdint>
#include <expected>
#include <span>

namespace gatehouse::devices::pni_placepod {

/// unknown_value for a state that is neither 0 nor 1.
std::expected<Reading, Rejection> decode(std::span<const std::uint8_t> bytes, std::uint8_t port);

}  // namespace gatehouse::devices::pni_placepod

// Decoders of raw LoRaWAN frames, by the name that `decoder` of a [[sensor_profiles]] entry takes.
//
//   if (const Decoder* decoder = find_decoder("bosch_tps110")) decoder->decode(bytes, port);
//
// What all decoders have in common:
// - A frame that says nothing of the slot (device information, debug output, configuration), or
//   comes on a port the sensor's maker gave no meaning, is a Reading without `occupied`: the sensor
//   is alive, no more. bad_frame is for bytes that contradict the layout of their port.
// - Startup and heartbeat frames do carry the slot's state: they repair an edge that was lost.
// - Battery voltages do not become `battery_percent`. A lithium thionyl chloride cell keeps its
//   voltage until shortly before its end; a percentage from it would be invented.
// - The frame counter of LoRaWAN orders frames, through the profile's `seq`; counters inside a
//   frame are too short for that (libelium_v2.hpp).
//
// Pure functions; any thread.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace gatehouse::devices {

struct Decoder {
  std::string_view name;
  std::expected<Reading, Rejection> (*decode)(std::span<const std::uint8_t> bytes,
                                              std::uint8_t port);
  bool reads_port;  // the layout depends on the LoRaWAN port: a profile must say where it stands
};

/// All of them, in the order of their names.
std::span<const Decoder> decoders();

/// nullptr: no decoder of that name.
const Decoder* find_decoder(std::string_view name);

}  // namespace gatehouse::devices

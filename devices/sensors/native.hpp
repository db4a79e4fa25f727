// Our own sensors' messages: `…/slots/{slot}/state` and `…/devices/{device}/status`
// (docs/contract/mqtt.md, "Devices → gateway").
//
//   SensorReader reader;
//   const auto reading = reader.read_state(payload, TopicId{"A-001"});
//   if (!reading) count(reading.error());
//
// The contract leaves to us, and we read so:
// - Members `lot`, `slot` and `device` are ids. A slot's sensor carries its slot's id, so in either
//   kind of message either of the last two must be the topic's id, and `lot` the topic's lot, else
//   contradicting_id.
// - A member we read, of the wrong type, makes the message unusable; so does one that stands there
//   twice. null in an optional member says the same as leaving it out.
// - `seq` is a whole number from 0 to 2^64-1, written without a fraction.
// - `battery` outside 0–1 and `rssi` outside −200…50 dBm are impossible and read as absent: the
//   occupancy beside them is still worth having.
// - `firmware` is cut to limits::firmware_characters_max bytes, never inside a character; control
//   characters in it become '?'.
//
// One thread for each reader. Allocates when it is made, then never for a state.
#pragma once

#include "devices/sensors/json.hpp"
#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/time.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::devices {

/// The slot, device or gate that the message's topic names, and the lot.
struct TopicId {
  std::string_view text;
  std::string_view lot = {};  // empty: whatever the payload says of it
};

/// What `…/devices/{device}/status` says.
struct DeviceStatus {
  bool online = false;
  std::optional<Instant> ts;
  std::string firmware;  // empty: not said
  bool operator==(const DeviceStatus&) const = default;
};

class SensorReader {
 public:
  /// `occupied` is always there in what it returns.
  std::expected<Reading, Rejection> read_state(std::string_view payload, TopicId slot);
  std::expected<DeviceStatus, Rejection> read_status(std::string_view payload, TopicId device);

 private:
  JsonParser parser_;
};

}  // namespace gatehouse::devices

// A [[sensor_profiles]] entry of lot.toml: somebody else's format, as data
// (docs/contract/config-and-cli.md). What makes sense is checked by ProfileReader::make, and what
// it means is said there (devices/sensors/profile_reader.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::devices {

/// A value that means occupied, or free: compared with the JSON value of the same kind.
using ProfileValue = std::variant<bool, std::int64_t, std::string>;

struct SensorProfile {
  std::string name;
  std::string topic;     // one level is `{slot}` or `{device}`; `+` elsewhere
  std::string occupied;  // JSON pointer; "": the whole payload
  std::vector<ProfileValue> occupied_values;
  std::vector<ProfileValue> free_values;
  std::vector<std::uint8_t> ports;  // LoRaWAN ports that carry occupancy; empty: all
  bool absent_is_free = false;      // `absent = "free"`
  std::string decoder;  // bosch_tps110, pni_placepod, nwave_nps405, libelium_v2; "": none
  std::string bytes;    // JSON pointer to base64, for a decoder
  std::string port;     // JSON pointer; "": none, the format is not a LoRaWAN network server's
  std::string ts;       // JSON pointer; "": none, as for the next two
  std::string seq;
  std::string battery;                     // 0–1 or 0–100
  std::map<std::string, std::string> map;  // device name → slot id, where they differ
  bool operator==(const SensorProfile&) const = default;
};

}  // namespace gatehouse::devices

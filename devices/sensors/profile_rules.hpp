// A [[sensor_profiles]] entry made ready for use: pointers and topic parsed, decoder found.
// Values; any thread.
#pragma once

#include "devices/sensors/decoders/decoder.hpp"
#include "devices/sensors/json_pointer.hpp"
#include "devices/sensors/profile.hpp"
#include "devices/sensors/topic_pattern.hpp"

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::devices {

struct ProfileRules {
  std::string name;
  TopicPattern topic;
  std::map<std::string, std::string, std::less<>> map;

  std::vector<ProfileValue> occupied_values;
  std::vector<ProfileValue> free_values;
  JsonPointer occupied;
  bool absent_is_free = false;
  const Decoder* decoder = nullptr;  // instead of the four above

  std::vector<std::uint8_t> ports;
  // nullopt: the key is "".
  std::optional<JsonPointer> bytes;
  std::optional<JsonPointer> port;
  std::optional<JsonPointer> ts;
  std::optional<JsonPointer> seq;
  std::optional<JsonPointer> battery;
};

/// The error is the first thing that is wrong, as `key: sentence`.
std::expected<ProfileRules, std::string> compile(const SensorProfile& profile);

}  // namespace gatehouse::devices

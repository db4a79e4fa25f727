// Other makers' messages, read as one [[sensor_profiles]] entry says
// (docs/contract/config-and-cli.md; examples for every network server: docs/sensor-profiles.md).
//
//   auto reader = ProfileReader::make(profile);   // or a sentence about what is wrong with it
//   subscribe(reader->subscription());
//   if (const auto device = reader->match(topic)) {
//     const auto reading = reader->read(payload);
//     if (reading) report(reader->slot_name(*device), *reading); else count(reading.error());
//   }
//
// How a payload is read:
// - JSON values are compared with the profile's values of the same kind; 1 and 1.0 are one number.
//   null, and any value in neither list, is unknown_value; an object or array is wrong_type.
// - `occupied = ""`: the whole payload is the value. One that is not JSON, as ON or free, is
//   compared as a string, without the white space around it.
// - With `port`, the format is a LoRaWAN network server's, which leaves out members that are 0:
// port
//   and `seq` left out are 0, provided that the object they belong in is there.
// - `absent = "free"` likewise asks that the object is there that would hold the member: a server
//   whose own decoder failed leaves out the whole object, and that is missing_member.
// - A frame of a port not in `ports`, and for a decoder one without application data (port 0, no
//   bytes), is a Reading without `occupied`: it changes nothing but battery and age.
// - `battery`: a number below 1 is a share of 1, above 1 it is percent; over 100, negative, or
// exactly
//   1, which could be either a full battery or an empty one, it is read as absent.
// - `ts`, `seq` and `battery` of the wrong type make the message unusable; null is absent.
// - A member on the way of a pointer that stands there twice makes it unusable too.
//
// One thread for each reader. make() allocates; read() does not, but for bare numbers.
#pragma once

#include "devices/sensors/json.hpp"
#include "devices/sensors/profile.hpp"
#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::devices {

struct ProfileRules;

class ProfileReader {
 public:
  /// The error is `key: sentence`, for a configuration error.
  static std::expected<ProfileReader, std::string> make(const SensorProfile& profile);

  ProfileReader(ProfileReader&& other) noexcept;
  ProfileReader& operator=(ProfileReader&& other) noexcept;
  ~ProfileReader();

  [[nodiscard]] const std::string& name() const;
  /// The topic filter to subscribe to.
  [[nodiscard]] const std::string& subscription() const;
  /// The slot or device the topic names, a view into `topic`; nullopt: not this profile's topic.
  [[nodiscard]] std::optional<std::string_view> match(std::string_view topic) const;
  /// The slot of what match() found, through the profile's `map`; a view into that or the profile.
  /// Not checked: whether the lot has it.
  [[nodiscard]] std::string_view slot_name(std::string_view captured) const;

  std::expected<Reading, Rejection> read(std::string_view payload);

 private:
  explicit ProfileReader(std::unique_ptr<const ProfileRules> rules);
  std::unique_ptr<const ProfileRules> rules_;
  JsonParser parser_;
};

}  // namespace gatehouse::devices

#include "devices/sensors/profile_rules.hpp"

#include "edge/domain/ids.hpp"
#include "edge/domain/limits.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::devices {
namespace {

using Fault = std::optional<std::string>;

// Far more words than any maker has for two states.
constexpr std::size_t values_max = 64;

std::string written(const ProfileValue& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::to_string(*number);
  return fmt::format("\"{}\"", std::get<std::string>(value));
}

Fault fault_of_name(const SensorProfile& profile) {
  if (profile.name.empty()) return "name: is missing";
  if (profile.name.size() > limits::name_characters_max) return "name: is longer than 100 bytes";
  return std::nullopt;
}

Fault fault_of_decoder(const SensorProfile& profile) {
  if (profile.decoder.empty()) return std::nullopt;
  const Decoder* decoder = find_decoder(profile.decoder);
  if (decoder == nullptr) {
    std::string known;
    for (const Decoder& one : decoders()) {
      if (!known.empty()) known += ", ";
      known += one.name;
    }
    return fmt::format("decoder: \"{}\" is not one of {}", profile.decoder, known);
  }
  if (!profile.occupied.empty()) {
    return "occupied: must be left out where `decoder` reads the raw bytes instead";
  }
  if (profile.bytes.empty()) return "bytes: must point to the base64 that `decoder` reads";
  if (decoder->reads_port && profile.port.empty()) {
    return fmt::format("port: must point to the LoRaWAN port, on which frames of {} depend",
                       decoder->name);
  }
  if (profile.absent_is_free) {
    return "absent: has no meaning with `decoder`, whose frames leave nothing out";
  }
  return std::nullopt;
}

Fault fault_of_values(const SensorProfile& profile) {
  if (!profile.decoder.empty()) return std::nullopt;
  if (profile.occupied_values.empty()) {
    return "occupied_values: must name at least one value that means occupied";
  }
  if (profile.free_values.empty() && !profile.absent_is_free) {
    return "free_values: must name at least one value that means free";
  }
  if (profile.occupied_values.size() > values_max) return "occupied_values: holds more than 64";
  if (profile.free_values.size() > values_max) return "free_values: holds more than 64";
  for (const ProfileValue& value : profile.free_values) {
    if (std::ranges::find(profile.occupied_values, value) != profile.occupied_values.end()) {
      return fmt::format("free_values: {} stands in occupied_values too", written(value));
    }
  }
  return std::nullopt;
}

/// `occupied = ""`: the payload is the value, so there is nothing else to point to.
Fault fault_of_whole_payload(const SensorProfile& profile) {
  if (!profile.decoder.empty() || !profile.occupied.empty()) return std::nullopt;
  constexpr std::string_view sentence =
      "has no meaning where the whole payload is the value (`occupied` is \"\")";
  if (profile.absent_is_free) return fmt::format("absent: {}", sentence);
  if (!profile.ports.empty()) return fmt::format("ports: {}", sentence);
  if (!profile.ts.empty()) return fmt::format("ts: {}", sentence);
  if (!profile.seq.empty()) return fmt::format("seq: {}", sentence);
  if (!profile.battery.empty()) return fmt::format("battery: {}", sentence);
  return std::nullopt;
}

Fault fault_of_ports(const SensorProfile& profile) {
  if (profile.absent_is_free && profile.ports.empty()) {
    return "absent: needs `ports`, or frames of every other kind would read as free";
  }
  if (!profile.ports.empty() && profile.port.empty()) {
    return "port: must point to the LoRaWAN port where `ports` is given";
  }
  if (std::ranges::find(profile.ports, std::uint8_t{0}) != profile.ports.end()) {
    return "ports: 0 carries LoRaWAN's own commands, never occupancy";
  }
  return std::nullopt;
}

Fault fault_of_map(const SensorProfile& profile) {
  for (const auto& [device, slot] : profile.map) {
    if (device.empty() || device.contains('/')) {
      return fmt::format("map: \"{}\" cannot be a level of a topic", device);
    }
    if (const auto checked = check_device_id(slot); !checked) {
      return fmt::format("map: \"{}\" = \"{}\": a slot's id {}", device, slot,
                         describe(checked.error()));
    }
  }
  return std::nullopt;
}

Fault fault_of(const SensorProfile& profile) {
  for (const auto check : {fault_of_name, fault_of_decoder, fault_of_values, fault_of_whole_payload,
                           fault_of_ports, fault_of_map}) {
    if (auto fault = check(profile)) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::expected<ProfileRules, std::string> compile(const SensorProfile& profile) {
  if (auto fault = fault_of(profile)) return std::unexpected(std::move(*fault));
  auto topic = TopicPattern::parse(profile.topic);
  if (!topic) return std::unexpected("topic: " + topic.error());
  auto occupied = JsonPointer::parse(profile.occupied);
  if (!occupied) return std::unexpected("occupied: " + occupied.error());

  ProfileRules rules{.name = profile.name,
                     .topic = std::move(*topic),
                     .map = {profile.map.begin(), profile.map.end()},
                     .occupied_values = profile.occupied_values,
                     .free_values = profile.free_values,
                     .occupied = std::move(*occupied),
                     .absent_is_free = profile.absent_is_free,
                     .decoder = find_decoder(profile.decoder),
                     .ports = profile.ports,
                     .bytes = {},
                     .port = {},
                     .ts = {},
                     .seq = {},
                     .battery = {}};
  struct Key {
    std::string_view name;
    const std::string& text;
    std::optional<JsonPointer>& pointer;
  };
  for (const Key& key :
       {Key{"bytes", profile.bytes, rules.bytes}, Key{"port", profile.port, rules.port},
        Key{"ts", profile.ts, rules.ts}, Key{"seq", profile.seq, rules.seq},
        Key{"battery", profile.battery, rules.battery}}) {
    if (key.text.empty()) continue;
    auto pointer = JsonPointer::parse(key.text);
    if (!pointer) return std::unexpected(fmt::format("{}: {}", key.name, pointer.error()));
    key.pointer = std::move(*pointer);
  }
  return rules;
}

}  // namespace gatehouse::devices

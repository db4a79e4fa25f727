// [sensors] and [[sensor_profiles]].
#include "broker/access_list.hpp"
#include "broker/topics.hpp"
#include "devices/sensors/profile_reader.hpp"
#include "edge/gateway/config/readers.hpp"

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;

std::vector<devices::ProfileValue> read_values(Section& profile, std::string_view key,
                                               std::vector<devices::ProfileValue> fallback) {
  constexpr std::string_view expected = "a list of texts, whole numbers, true or false";
  const TomlNode* node = profile.node(key);
  if (node == nullptr) return fallback;
  const auto* list = std::get_if<TomlList>(&node->value);
  if (list == nullptr) {
    profile.wrong(key, expected);
    return fallback;
  }
  std::vector<devices::ProfileValue> values;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const TomlNode& element = (*list)[i];
    if (const auto* text = std::get_if<std::string>(&element.value)) {
      values.emplace_back(*text);
    } else if (const auto* number = std::get_if<std::int64_t>(&element.value)) {
      values.emplace_back(*number);
    } else if (const auto* truth = std::get_if<bool>(&element.value)) {
      values.emplace_back(*truth);
    } else {
      profile.wrong(fmt::format("{}[{}]", key, i), element, "text, a whole number, true or false");
    }
  }
  return values;
}

std::vector<std::uint8_t> read_ports(Section& profile) {
  const TomlNode* node = profile.node("ports");
  if (node == nullptr) return {};
  const auto* list = std::get_if<TomlList>(&node->value);
  if (list == nullptr) profile.wrong("ports", "a list of LoRaWAN ports");
  std::vector<std::uint8_t> ports;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto* port = std::get_if<std::int64_t>(&(*list)[i].value);
    if (port != nullptr && *port >= 1 && *port <= 255) {
      ports.push_back(static_cast<std::uint8_t>(*port));
    } else {
      profile.wrong(fmt::format("ports[{}]", i), (*list)[i], "a LoRaWAN port from 1 to 255");
    }
  }
  return ports;
}

std::string place_of(const Section& section, std::string_view key) {
  return fmt::format("{} on line {}", section.path_of(key), section.line_of(key));
}

/// Who says what of which slot, over all profiles: two sensors on one slot would take back each
/// other's word. One device may be heard on the topics of several profiles.
class MappedSlots {
 public:
  void add(Section& map, const std::string& device, const std::string& slot) {
    const auto [known, is_new] = devices_.emplace(slot, Device{device, place_of(map, device)});
    if (is_new || known->second.name == device) return;
    map.problem(device, fmt::format("expected a slot that no other device has; \"{}\" is the slot "
                                    "of {}",
                                    slot, known->second.place));
  }

 private:
  struct Device {
    std::string name;
    std::string place;
  };
  std::unordered_map<std::string, Device> devices_;
};

std::map<std::string, std::string> read_map(Section map, MappedSlots& mapped) {
  std::map<std::string, std::string> slots;
  for (const TomlMember& member : map.members()) {
    const std::size_t problems_before = map.problem_count();
    const std::string slot = map.required_text(member.key, rules::device_id);
    if (map.problem_count() == problems_before) mapped.add(map, member.key, slot);
    slots.emplace(member.key, slot);
  }
  return slots;
}

devices::SensorProfile read_profile(Section& profile, MappedSlots& mapped) {
  const std::array<std::pair<std::string_view, bool>, 2> absent = {{{"", false}, {"free", true}}};
  devices::SensorProfile read;
  read.name = profile.required_text("name", rules::name);
  read.topic = profile.required_text("topic", rules::some);
  read.occupied = profile.text("occupied", "");
  read.occupied_values =
      read_values(profile, "occupied_values", {true, std::string("occupied"), std::int64_t{1}});
  read.free_values =
      read_values(profile, "free_values", {false, std::string("free"), std::int64_t{0}});
  read.ports = read_ports(profile);
  read.absent_is_free = profile.choice("absent", false, absent);
  read.decoder = profile.text("decoder", "");
  read.bytes = profile.text("bytes", "");
  read.port = profile.text("port", "");
  read.ts = profile.text("ts", "");
  read.seq = profile.text("seq", "");
  read.battery = profile.text("battery", "");
  read.map = read_map(profile.table("map"), mapped);
  return read;
}

/// Which messages are whose, over all profiles: each is read by one of them.
class TakenTopics {
 public:
  explicit TakenTopics(const LotId& lot) : own_(broker::Topics(lot).everything()) {}

  void add(Section& profile, const std::string& filter) {
    if (broker::filters_overlap(filter, own_)) {
      profile.wrong("topic", fmt::format("a topic outside of {}, which the lot's own devices and "
                                         "the gateway speak on",
                                         own_));
      return;
    }
    for (const auto& [other, place] : filters_) {
      if (!broker::filters_overlap(filter, other)) continue;
      profile.wrong("topic", fmt::format("a topic none of whose messages are those of {}", place));
      return;
    }
    filters_.emplace_back(filter, place_of(profile, "topic"));
  }

 private:
  std::string own_;
  std::vector<std::pair<std::string, std::string>> filters_;  // and where they stand
};

/// What only the devices' own reader knows: pointers, topics, decoders and what goes together.
void check_profile(Section& section, const devices::SensorProfile& profile, TakenTopics& taken) {
  const auto reader = devices::ProfileReader::make(profile);
  if (reader) return taken.add(section, reader->subscription());
  const std::string& error = reader.error();  // key: sentence
  const auto colon = error.find(": ");
  section.problem(error.substr(0, colon), error.substr(colon + 2));
}

}  // namespace

SensorSettings read_sensors(Section sensors) {
  SensorSettings settings;
  // 31 days: a sensor that reports less often tells nobody that it lives.
  settings.stale_after =
      sensors.duration("stale_after_s", settings.stale_after, 1s, std::chrono::seconds(31 * 24h));
  return settings;
}

std::vector<devices::SensorProfile> read_sensor_profiles(std::vector<Section> sections,
                                                         const LotId& lot) {
  std::vector<devices::SensorProfile> profiles;
  MappedSlots mapped;
  TakenTopics taken(lot);
  std::unordered_map<std::string, std::string> names;
  for (Section& section : sections) {
    const std::size_t problems_before = section.problem_count();
    profiles.push_back(read_profile(section, mapped));
    if (section.problem_count() != problems_before) continue;
    check_profile(section, profiles.back(), taken);
    const auto [holder, is_new] = names.emplace(profiles.back().name, section.path());
    if (!is_new) section.wrong("name", fmt::format("a name that {} does not have", holder->second));
  }
  return profiles;
}

}  // namespace gatehouse::gateway

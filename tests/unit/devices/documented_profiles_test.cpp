// The entries of docs/sensor-profiles.md, read out of the page, on samples of what each network
// server really sends.
#include "devices/sensors/profile_reader.hpp"
#include "tests/unit/devices/outcome.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <catch2/catch.hpp>
#include <toml++/toml.h>

using namespace gatehouse;
using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

std::string page() {
  std::ifstream file(GATEHOUSE_SOURCE_DIR "/docs/sensor-profiles.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<ProfileValue> values(const toml::node_view<const toml::node>& node) {
  std::vector<ProfileValue> all;
  const auto* array = node.as_array();
  if (array == nullptr) return all;
  for (const toml::node& value : *array) {
    if (const auto* truth = value.as_boolean()) all.emplace_back(truth->get());
    if (const auto* number = value.as_integer()) all.emplace_back(number->get());
    if (const auto* text = value.as_string()) all.emplace_back(text->get());
  }
  return all;
}

SensorProfile profile_of(const toml::table& entry) {
  const auto text = [&](std::string_view key) { return entry[key].value_or(std::string()); };
  SensorProfile profile;
  profile.name = text("name");
  profile.topic = text("topic");
  profile.occupied = text("occupied");
  profile.occupied_values = values(entry["occupied_values"]);
  profile.free_values = values(entry["free_values"]);
  if (const auto* ports = entry["ports"].as_array()) {
    for (const toml::node& port : *ports) profile.ports.push_back(port.value_or(std::uint8_t{0}));
  }
  profile.absent_is_free = text("absent") == "free";
  profile.decoder = text("decoder");
  profile.bytes = text("bytes");
  profile.port = text("port");
  profile.ts = text("ts");
  profile.seq = text("seq");
  profile.battery = text("battery");
  if (const auto* map = entry["map"].as_table()) {
    for (const auto& [device, slot] : *map) {
      profile.map.emplace(std::string(device.str()), slot.value_or(std::string()));
    }
  }
  return profile;
}

/// Every ```toml block of the page, by the name of its profile.
std::map<std::string, SensorProfile> documented_profiles() {
  std::map<std::string, SensorProfile> profiles;
  const std::string text = page();
  const std::string fence = "```toml\n";
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const toml::table block = toml::parse(text.substr(at, text.find("```", at) - at));
    const SensorProfile profile = profile_of(*block["sensor_profiles"][0].as_table());
    profiles.emplace(profile.name, profile);
  }
  return profiles;
}

ProfileReader documented(const std::string& name) {
  const auto profiles = documented_profiles();
  REQUIRE(profiles.contains(name));
  auto reader = ProfileReader::make(profiles.at(name));
  REQUIRE(reader);
  return std::move(*reader);
}

// The Things Stack documents this uplink (data formats); the frame is a parking sensor's.
std::string things_stack(const std::string& uplink_members) {
  return R"({"end_device_ids":{"device_id":"dev1","application_ids":{"application_id":"app1"},)"
         R"("dev_eui":"0004A30B001C0530","dev_addr":"00BCB929"},)"
         R"("correlation_ids":["as:up:01E0WZGT6Y7657CPFPE5WEYDSQ"],)"
         R"("received_at":"2020-02-12T15:15:46.014773143Z",)"
         R"("uplink_message":{"session_key_id":"AXA50tHUGUucuzS/bCGMNw==",)" +
         uplink_members +
         R"("rx_metadata":[{"gateway_ids":{"gateway_id":"gtw1","eui":"9C5C8E00001A05C4"},)"
         R"("rssi":-35,"snr":5}],"settings":{"frequency":"868300000"},)"
         R"("received_at":"2020-02-12T15:15:45.789585559Z"},"simulated":true})";
}

std::string chirpstack(const std::string& frame_members) {
  return R"({"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d",)"
         R"("time":"2026-11-20T10:02:11.582+00:00",)"
         R"("deviceInfo":{"tenantId":"52f14cd4-c6f1-4fbd-8f87-4025e1d49242",)"
         R"("applicationId":"17c82e96-be03-4f38-aef3-f83d48582d97","deviceName":"slot-A12",)"
         R"("devEui":"0102030405060708"},"devAddr":"00189440","adr":true,"dr":3,"fCnt":4,)"
         R"("confirmed":false,)" +
         frame_members + R"(,"rxInfo":[{"gatewayId":"a1b2c3d4e5f67890","rssi":-89,"snr":10.5}]})";
}

}  // namespace

TEST_CASE("every profile of the page can be used as it stands", "[devices][profile]") {
  const auto profiles = documented_profiles();
  CHECK(profiles.size() == 8);
  for (const auto& [name, profile] : profiles) {
    CAPTURE(name);
    const auto reader = ProfileReader::make(profile);
    CHECK((reader ? "" : reader.error()) == std::string());
  }
}

TEST_CASE("an uplink of The Things Stack is read by its profile", "[devices][profile]") {
  const auto [profile, members, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"ttn-parking",
       R"("f_cnt":1,"f_port":1,"frm_payload":"AQ==",)"
       R"("decoded_payload":{"occupied":true},)",
       "occupied seq=1"},
      {"ttn-parking", R"("f_cnt":2,"f_port":1,"frm_payload":"AA==","decoded_payload":{},)",
       "free seq=2"},
      // As documented there: a temperature, on the port of the profile. False was left out.
      {"ttn-parking",
       R"("f_cnt":1,"f_port":1,"frm_payload":"gkHe",)"
       R"("decoded_payload":{"temperature":1.0},)",
       "free seq=1"},
      {"ttn-parking",
       R"("f_cnt":3,"f_port":2,"frm_payload":"gkHe",)"
       R"("decoded_payload":{"temperature":1.0},)",
       "alive seq=3"},
      {"ttn-parking", R"("f_cnt":4,"f_port":1,"frm_payload":"AQ==",)", "missing_member"},
      {"ttn-bosch", R"("f_port":1,"frm_payload":"AQ==",)", "occupied seq=0"},
      {"ttn-bosch", R"("f_cnt":9,"f_port":2,"frm_payload":"AP8=",)", "free seq=9"},
      {"ttn-bosch", R"("f_cnt":1,"f_port":3,"frm_payload":"JAMAAHUDAAAAAAAAAB0CAwE=",)",
       "occupied seq=1"},
      {"ttn-bosch", R"("f_cnt":9,"decoded_payload":{},)", "alive seq=9"},
      {"ttn-nwave", R"("f_cnt":9,"f_port":1,"frm_payload":"lQ==",)", "occupied seq=9"},
      {"ttn-nwave", R"("f_cnt":9,"f_port":2,"frm_payload":"ANPYAFkL",)", "free seq=9"},
  }));
  CAPTURE(profile, members);
  const std::string ts = " ts=2020-02-12T15:15:46.014Z";
  const std::string read = outcome(documented(profile).read(things_stack(members)));
  CHECK(read == (expected == "missing_member" ? "rejected: missing_member" : expected + ts));
}

TEST_CASE("an uplink of ChirpStack is read by its profile", "[devices][profile]") {
  const auto [profile, members, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"chirpstack-parking",
       R"("fPort":1,"data":"AQ==",)"
       R"("object":{"type":"parking status","occupied":true})",
       "occupied"},
      {"chirpstack-parking", R"("fPort":1,"data":"AA==","object":{"occupied":false})", "free"},
      {"chirpstack-parking", R"("fPort":6,"data":"AA==","object":{"type":"debug"})", "alive"},
      {"chirpstack-placepod", R"("fPort":1,"data":"FWYB")", "occupied"},
      {"chirpstack-placepod", R"("fPort":1,"data":"AwIBbAJnANw=")", "alive"},
      {"chirpstack-libelium", R"("fPort":3,"data":"gAoBAgMEBQYHCAk=")", "occupied"},
      {"chirpstack-libelium", R"("fPort":3,"data":"QQoAAAAAAAAAAAA=")", "free"},
  }));
  CAPTURE(profile, members);
  CHECK(outcome(documented(profile).read(chirpstack(members))) ==
        expected + " seq=4 ts=2026-11-20T10:02:11.582Z");
}

TEST_CASE("a message of zigbee2mqtt is read by its profile", "[devices][profile]") {
  ProfileReader reader = documented("zigbee2mqtt-parking");
  CHECK(outcome(reader.read(
            R"({"occupancy":true,"linkquality":94,"last_seen":"2019-12-14T15:39:01.292Z"})")) ==
        "occupied ts=2019-12-14T15:39:01.292Z");
  CHECK(outcome(reader.read(R"({"battery":97,"occupancy":false,"linkquality":94})")) ==
        "free battery=97");
  // What it says of a sensor that it has not heard since it started.
  CHECK(outcome(reader.read(R"({"occupancy":null,"linkquality":94})")) ==
        "rejected: unknown_value");
}

TEST_CASE("a bare value is read by its profile", "[devices][profile]") {
  ProfileReader reader = documented("bare-parking");
  CHECK(outcome(reader.read("0")) == "free");
  CHECK(outcome(reader.read("1")) == "occupied");
  CHECK(outcome(reader.read("ON")) == "occupied");
  CHECK(reader.match("oldlot/A-001/occupied") == std::optional<std::string_view>("A-001"));
}

TEST_CASE("the page's device names lead to its slots", "[devices][profile]") {
  const auto [profile, topic, slot] = GENERATE(table<std::string, std::string, std::string>({
      {"ttn-parking", "v3/app1/devices/dev1/up", "A-001"},
      {"chirpstack-parking", "application/17c82e96/device/0102030405060708/event/up", "A-012"},
      {"zigbee2mqtt-parking", "zigbee2mqtt/slot A12", "A-012"},
      {"bare-parking", "oldlot/A-007/occupied", "A-007"},
  }));
  const ProfileReader reader = documented(profile);
  CHECK(reader.slot_name(reader.match(topic).value_or("")) == slot);
}

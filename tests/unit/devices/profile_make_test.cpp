#include "devices/sensors/profile_reader.hpp"

#include <functional>
#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

SensorProfile by_pointer() {
  SensorProfile profile;
  profile.name = "ttn-parking";
  profile.topic = "v3/+/devices/{device}/up";
  profile.occupied = "/occupied";
  profile.occupied_values = {true};
  profile.free_values = {false};
  return profile;
}

SensorProfile by_decoder() {
  SensorProfile profile;
  profile.name = "ttn-bosch";
  profile.topic = "v3/+/devices/{device}/up";
  profile.decoder = "bosch_tps110";
  profile.bytes = "/bytes";
  profile.port = "/port";
  return profile;
}

std::string fault(const SensorProfile& profile) {
  const auto reader = ProfileReader::make(profile);
  return reader ? "" : reader.error();
}

using Change = std::function<void(SensorProfile&)>;

}  // namespace

TEST_CASE("a profile that can mean something is taken", "[devices][profile]") {
  CHECK(fault(by_pointer()).empty());
  CHECK(fault(by_decoder()).empty());

  SECTION("with every key that may stand beside `occupied`") {
    SensorProfile profile = by_pointer();
    profile.occupied_values = {true, "occupied", std::int64_t{1}};
    profile.free_values = {false, "free", std::int64_t{0}};
    profile.bytes = "/uplink_message/frm_payload";
    profile.port = "/uplink_message/f_port";
    profile.ports = {1, 255};
    profile.absent_is_free = true;
    profile.ts = "/received_at";
    profile.seq = "/uplink_message/f_cnt";
    profile.battery = "/a~1b/~0c//0";
    profile.map = {{"eui-70b3d5", "A-001"}, {"slot A12", "A-012"}};
    CHECK(fault(profile).empty());
  }
  SECTION("without values for free where a member left out means free") {
    SensorProfile profile = by_pointer();
    profile.free_values.clear();
    profile.absent_is_free = true;
    profile.port = "/port";
    profile.ports = {1};
    CHECK(fault(profile).empty());
  }
  SECTION("without a port for a decoder that does not ask for it") {
    SensorProfile profile = by_decoder();
    profile.decoder = "libelium_v2";
    profile.port.clear();
    CHECK(fault(profile).empty());
  }
}

TEST_CASE("a topic that leaves open whose message it is, is refused in words",
          "[devices][profile]") {
  const auto [change, expected] = GENERATE(table<Change, std::string>({
      {[](auto& p) { p.topic = ""; }, "topic: is missing"},
      {[](auto& p) { p.topic = "a/b"; },
       "topic: needs {slot} or {device} as exactly one of its levels"},
      {[](auto& p) { p.topic = "{slot}/{device}"; },
       "topic: needs {slot} or {device} as exactly one of its levels"},
      {[](auto& p) { p.topic = "{slot}/{slot}"; },
       "topic: needs {slot} or {device} as exactly one of its levels"},
      {[](auto& p) { p.topic = "a/slot-{slot}"; },
       "topic: takes {slot} or {device} as a whole level, and no other braces"},
      {[](auto& p) { p.topic = "a/{zone}/{slot}"; },
       "topic: takes {slot} or {device} as a whole level, and no other braces"},
      {[](auto& p) { p.topic = "{slot}/#"; },
       "topic: must not contain '#': name every level, '+' for any"},
      {[](auto& p) { p.topic = "a+/{slot}"; }, "topic: takes '+' only as a whole level"},
      {[](auto& p) { p.topic = "$share/x/{slot}"; }, "topic: must not begin with '$'"},
      {[](auto& p) { p.topic = std::string("a\0/{slot}", 9); },
       "topic: must not contain control characters"},
      {[](auto& p) { p.topic = "{slot}/" + std::string(512, 'x'); },
       "topic: is longer than 512 bytes"},
  }));
  SensorProfile profile = by_pointer();
  change(profile);
  CHECK(fault(profile) == expected);
}

TEST_CASE("a malformed pointer is refused in words", "[devices][profile]") {
  const auto [change, expected] = GENERATE(table<Change, std::string>({
      {[](auto& p) { p.occupied = "occupied"; },
       "occupied: must be a JSON pointer: it begins with '/', as in \"/battery\""},
      {[](auto& p) { p.ts = "/a~2"; }, "ts: must be a JSON pointer: '~' only as \"~0\" or \"~1\""},
      {[](auto& p) { p.seq = "/a~"; }, "seq: must be a JSON pointer: '~' only as \"~0\" or \"~1\""},
      {[](auto& p) { p.battery = "battery"; },
       "battery: must be a JSON pointer: it begins with '/', as in \"/battery\""},
      {[](auto& p) { p.port = "f_port"; },
       "port: must be a JSON pointer: it begins with '/', as in \"/battery\""},
      {[](auto& p) { p.ts = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"; },
       "ts: leads deeper than a payload may nest, which is 16 levels"},
  }));
  SensorProfile profile = by_pointer();
  change(profile);
  CHECK(fault(profile) == expected);
}

TEST_CASE("a profile that cannot be right is refused in words", "[devices][profile]") {
  const auto [change, expected] = GENERATE(table<Change, std::string>({
      {[](auto& p) { p.name = ""; }, "name: is missing"},
      {[](auto& p) { p.name = std::string(101, 'x'); }, "name: is longer than 100 bytes"},
      {[](auto& p) { p.occupied_values.clear(); },
       "occupied_values: must name at least one value that means occupied"},
      {[](auto& p) { p.free_values.clear(); },
       "free_values: must name at least one value that means free"},
      {[](auto& p) { p.free_values.emplace_back(true); },
       "free_values: true stands in occupied_values too"},
      {[](auto& p) {
         p.occupied_values = {"1", std::int64_t{7}};
         p.free_values = {std::int64_t{1}, "7", std::int64_t{7}};
       },
       "free_values: 7 stands in occupied_values too"},
      {[](auto& p) { p.free_values.assign(65, false); }, "free_values: holds more than 64"},
      {[](auto& p) { p.absent_is_free = true; },
       "absent: needs `ports`, or frames of every other kind would read as free"},
      {[](auto& p) { p.ports = {1}; },
       "port: must point to the LoRaWAN port where `ports` is given"},
      {[](auto& p) {
         p.ports = {0, 1};
         p.port = "/port";
       },
       "ports: 0 carries LoRaWAN's own commands, never occupancy"},
      {[](auto& p) { p.map = {{"a/b", "A-001"}}; }, "map: \"a/b\" cannot be a level of a topic"},
      {[](auto& p) { p.map = {{"eui", "A 001"}}; },
       "map: \"eui\" = \"A 001\": a slot's id may hold letters, digits, '_' and '-' only"},
      {[](auto& p) { p.map = {{"eui", "gateway"}}; },
       "map: \"eui\" = \"gateway\": a slot's id is a name the broker keeps for another account"},
      {[](auto& p) { p.decoder = "bosch_tps110"; },
       "occupied: must be left out where `decoder` reads the raw bytes instead"},
  }));
  SensorProfile profile = by_pointer();
  change(profile);
  CHECK(fault(profile) == expected);
}

TEST_CASE("a profile whose whole payload is the state points to nothing else",
          "[devices][profile]") {
  const auto [change, key] = GENERATE(table<Change, std::string>({
      {[](auto& p) { p.ts = "/ts"; }, "ts"},
      {[](auto& p) { p.seq = "/seq"; }, "seq"},
      {[](auto& p) { p.battery = "/battery"; }, "battery"},
      {[](auto& p) { p.ports = {1}; }, "ports"},
      {[](auto& p) { p.absent_is_free = true; }, "absent"},
  }));
  SensorProfile profile = by_pointer();
  profile.occupied = "";
  CHECK(fault(profile).empty());
  change(profile);
  CHECK(fault(profile) ==
        key + ": has no meaning where the whole payload is the value (`occupied` is \"\")");
}

TEST_CASE("a profile with a decoder must give it what it reads", "[devices][profile]") {
  const auto [change, expected] = GENERATE(table<Change, std::string>({
      {[](auto& p) { p.decoder = "bosch"; },
       "decoder: \"bosch\" is not one of bosch_tps110, libelium_v2, nwave_nps405, pni_placepod"},
      {[](auto& p) { p.bytes = ""; }, "bytes: must point to the base64 that `decoder` reads"},
      {[](auto& p) { p.bytes = "data"; },
       "bytes: must be a JSON pointer: it begins with '/', as in \"/battery\""},
      {[](auto& p) { p.port = ""; },
       "port: must point to the LoRaWAN port, on which frames of bosch_tps110 depend"},
      {[](auto& p) { p.absent_is_free = true; },
       "absent: has no meaning with `decoder`, whose frames leave nothing out"},
  }));
  SensorProfile profile = by_decoder();
  change(profile);
  CHECK(fault(profile) == expected);
}

TEST_CASE("a profile finds its device in the topic", "[devices][profile]") {
  const auto [pattern, filter, topic, captured] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "v3/lot@ttn/devices/dev1/up", "dev1"},
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "v3/lot/devices/dev1/down", ""},
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "v3/lot/devices/dev1/up/x", ""},
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "v3/lot/devices/dev1", ""},
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "v3//devices/dev1/up", "dev1"},
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "v3/lot/devices//up", ""},
          {"v3/+/devices/{device}/up", "v3/+/devices/+/up", "", ""},
          {"{slot}", "+", "A-001", "A-001"},
          {"{slot}", "+", "A-001/", ""},
          {"{slot}/+", "+/+", "$SYS/broker", ""},
          {"zigbee2mqtt/{device}", "zigbee2mqtt/+", "zigbee2mqtt/slot A12", "slot A12"},
          {"zigbee2mqtt/{device}", "zigbee2mqtt/+", "zigbee2mqtt/a/availability", ""},
          {"/{slot}/", "/+/", "/A-001/", "A-001"},
      }));
  SensorProfile profile = by_pointer();
  profile.topic = pattern;
  const auto reader = ProfileReader::make(profile);
  REQUIRE(reader);
  CAPTURE(pattern, topic);
  CHECK(reader->subscription() == filter);
  CHECK(reader->match(topic).value_or("") == captured);
}

TEST_CASE("a device speaks for the slot it is mapped to, else for the one of its name",
          "[devices][profile]") {
  SensorProfile profile = by_pointer();
  profile.map = {{"eui-70b3d5", "A-001"}};
  auto made = ProfileReader::make(profile);
  REQUIRE(made);
  const ProfileReader reader = std::move(*made);
  CHECK(reader.slot_name("eui-70b3d5") == "A-001");
  CHECK(reader.slot_name("A-002") == "A-002");
  CHECK(reader.name() == "ttn-parking");
}

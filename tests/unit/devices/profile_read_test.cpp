#include "devices/sensors/profile_reader.hpp"
#include "tests/unit/devices/outcome.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

SensorProfile things_stack() {
  SensorProfile profile;
  profile.name = "ttn";
  profile.topic = "v3/+/devices/{device}/up";
  profile.occupied = "/up/decoded/occupied";
  profile.occupied_values = {true, "occupied", std::int64_t{1}};
  profile.free_values = {false, "free", std::int64_t{0}};
  profile.port = "/up/f_port";
  profile.ports = {2};
  profile.absent_is_free = true;
  profile.ts = "/received_at";
  profile.seq = "/up/f_cnt";
  profile.battery = "/up/decoded/battery";
  return profile;
}

SensorProfile flat() {
  SensorProfile profile;
  profile.name = "flat";
  profile.topic = "x/{slot}";
  profile.occupied = "/state";
  profile.occupied_values = {true, "occupied", std::int64_t{1}};
  profile.free_values = {false, "free", std::int64_t{0}};
  profile.ts = "/ts";
  profile.seq = "/seq";
  profile.battery = "/battery";
  return profile;
}

SensorProfile bosch() {
  SensorProfile profile;
  profile.name = "bosch";
  profile.topic = "v3/+/devices/{device}/up";
  profile.decoder = "bosch_tps110";
  profile.bytes = "/up/frm_payload";
  profile.port = "/up/f_port";
  profile.seq = "/up/f_cnt";
  profile.battery = "/up/battery";
  return profile;
}

std::string read(const SensorProfile& profile, const std::string& payload) {
  auto reader = ProfileReader::make(profile);
  if (!reader) return reader.error();
  return outcome(reader->read(payload));
}

}  // namespace

TEST_CASE("a value counts only as the kind that the profile names", "[devices][profile]") {
  const auto [value, expected] = GENERATE(table<std::string, std::string>({
      {"true", "occupied"},
      {"false", "free"},
      {"1", "occupied"},
      {"0", "free"},
      {"1.0", "occupied"},
      {"-0.0", "free"},
      {R"("occupied")", "occupied"},
      {R"("free")", "free"},
      {R"("fr\u0065e")", "free"},
      {R"("1")", "rejected: unknown_value"},
      {R"("true")", "rejected: unknown_value"},
      {R"("Occupied")", "rejected: unknown_value"},
      {R"("")", "rejected: unknown_value"},
      {"2", "rejected: unknown_value"},
      {"1.5", "rejected: unknown_value"},
      {"18446744073709551615", "rejected: unknown_value"},
      {"null", "rejected: unknown_value"},
      {"[true]", "rejected: wrong_type"},
      {"{}", "rejected: wrong_type"},
  }));
  CAPTURE(value);
  CHECK(read(flat(), R"({"state":)" + value + "}") == expected);
}

TEST_CASE("members beside the state are read where they are there", "[devices][profile]") {
  const auto [members, expected] = GENERATE(table<std::string, std::string>({
      {R"("seq":17,"ts":"2026-11-20T10:00:00Z","battery":0.87)",
       "occupied seq=17 ts=2026-11-20T10:00:00.000Z battery=87"},
      {R"("battery":0)", "occupied battery=0"},
      {R"("battery":0.995)", "occupied battery=100"},
      {R"("battery":2)", "occupied battery=2"},
      {R"("battery":87.4)", "occupied battery=87"},
      {R"("battery":100)", "occupied battery=100"},
      {R"("battery":1)", "occupied"},
      {R"("battery":100.1)", "occupied"},
      {R"("battery":-1)", "occupied"},
      {R"("battery":3600)", "occupied"},
      {R"("battery":null,"seq":null,"ts":null)", "occupied"},
      {R"("battery":"87")", "rejected: wrong_type"},
      {R"("seq":-1)", "rejected: wrong_type"},
      {R"("seq":1.5)", "rejected: wrong_type"},
      {R"("ts":1763632800)", "rejected: wrong_type"},
      {R"("ts":"soon")", "rejected: bad_time"},
      {R"("seq":1,"seq":2)", "rejected: duplicate_member"},
      {R"("ts":"2026-11-20T10:00:00Z","ts":1)", "rejected: duplicate_member"},
      {R"("battery":0.5,"battery":0.6)", "rejected: duplicate_member"},
      {R"("state":1)", "rejected: duplicate_member"},
      {R"("slot":"B-002","other":{"state":0})", "occupied"},
  }));
  CAPTURE(members);
  CHECK(read(flat(), R"({"state":true,)" + members + "}") == expected);
}

TEST_CASE("without a state the message is dropped, whatever else it carries",
          "[devices][profile]") {
  const auto [payload, reason] = GENERATE(table<std::string, std::string>({
      {"{}", "missing_member"},
      {R"({"seq":1})", "missing_member"},
      {"[]", "missing_member"},
      {"1", "not_an_object"},
      {"null", "not_an_object"},
      {"ON", "bad_json"},
      {"", "empty"},
      {"{\"state\":\"\xFF\"}", "bad_utf8"},
      {std::string(8'000, '[') + std::string(8'000, ']'), "too_deep"},
      {std::string(16'385, ' '), "oversize"},
  }));
  CHECK(read(flat(), payload) == "rejected: " + reason);
}

TEST_CASE("a pointer leads through objects and arrays and nothing else", "[devices][profile]") {
  const auto [pointer, payload, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"/a/b", R"({"a":{"b":1}})", "occupied"},
      {"/a/0", R"({"a":[1,0]})", "occupied"},
      {"/a/1", R"({"a":[1,0]})", "free"},
      {"/0/b", R"([{"b":1}])", "occupied"},
      {"/a/2", R"({"a":[1,0]})", "rejected: missing_member"},
      {"/a/01", R"({"a":[1,0]})", "rejected: missing_member"},
      {"/a/-", R"({"a":[1,0]})", "rejected: missing_member"},
      {"/a/99999999999999999999", R"({"a":[1,0]})", "rejected: missing_member"},
      {"/a/0", R"({"a":{"0":1}})", "occupied"},
      {"/a/b", R"({"a":1})", "rejected: missing_member"},
      {"/a/b", R"({"a":"b"})", "rejected: missing_member"},
      {"/a/b", R"({"a":null})", "rejected: missing_member"},
      {"/a~1b/~0", R"({"a/b":{"~":1}})", "occupied"},
      {"/~01", R"({"~1":1})", "occupied"},
      {"/", R"({"":1})", "occupied"},
      {"//a", R"({"":{"a":1}})", "occupied"},
      {"/a/b", R"({"a":{"b":0},"a":{"b":1}})", "rejected: duplicate_member"},
      {"/a/b", R"({"a":{"b":1,"\u0062":1}})", "rejected: duplicate_member"},
      {"/a/b", R"({"a":{"b":1,"c":0,"c":1}})", "occupied"},
  }));
  SensorProfile profile = flat();
  profile.occupied = pointer;
  CAPTURE(pointer, payload);
  CHECK(read(profile, payload) == expected);
}

TEST_CASE("a state left out means free only where the server leaves out what is false",
          "[devices][profile]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"up":{"f_port":2,"f_cnt":7,"decoded":{"occupied":true}}})", "occupied seq=7"},
      {R"({"up":{"f_port":2,"f_cnt":7,"decoded":{}}})", "free seq=7"},
      {R"({"up":{"f_port":2,"decoded":{"occupied":true}}})", "occupied seq=0"},
      {R"({"up":{"f_port":2,"decoded":{"occupied":null}}})", "rejected: unknown_value"},
      // The server's own decoder failed: nobody knows what the frame said.
      {R"({"up":{"f_port":2,"f_cnt":7}})", "rejected: missing_member"},
      {R"({"up":{"f_port":2,"f_cnt":7,"decoded":null}})", "rejected: missing_member"},
      // Another port: battery and age, nothing of the slot.
      {R"({"up":{"f_port":3,"f_cnt":8,"decoded":{"battery":0.5}}})", "alive seq=8 battery=50"},
      {R"({"up":{"f_port":3,"f_cnt":8,"decoded":{"occupied":true}}})", "alive seq=8"},
      {R"({"up":{"f_port":3}})", "alive seq=0"},
      {R"({"up":{"f_cnt":9}})", "alive seq=9"},
      {R"({"up":{}})", "alive seq=0"},
      {R"({"up":{"f_port":"2","decoded":{}}})", "rejected: wrong_type"},
      {R"({"up":{"f_port":256,"decoded":{}}})", "rejected: wrong_type"},
      {R"({"up":{"f_port":-2,"decoded":{}}})", "rejected: wrong_type"},
      {R"({"up":{"f_port":2,"f_port":2,"decoded":{}}})", "rejected: duplicate_member"},
      // Not an uplink at all.
      {"{}", "rejected: missing_member"},
      {R"({"up":[]})", "rejected: missing_member"},
      {R"({"join":{"f_port":2}})", "rejected: missing_member"},
  }));
  CAPTURE(payload);
  CHECK(read(things_stack(), payload) == expected);

  SECTION("and is missing where the profile does not say so") {
    SensorProfile profile = things_stack();
    profile.absent_is_free = false;
    CHECK(read(profile, R"({"up":{"f_port":2,"decoded":{}}})") == "rejected: missing_member");
  }
}

TEST_CASE("a counter left out is 0 only in a LoRaWAN server's message", "[devices][profile]") {
  CHECK(read(flat(), R"({"state":true})") == "occupied");
  SensorProfile profile = flat();
  profile.port = "/port";
  CHECK(read(profile, R"({"state":true})") == "occupied seq=0");
}

TEST_CASE("a payload that is the state itself may be JSON or a bare word", "[devices][profile]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {"1", "occupied"},
      {"0", "free"},
      {" 1\r\n", "occupied"},
      {"1.0", "occupied"},
      {"true", "occupied"},
      {"ON", "occupied"},
      {"OFF\n", "free"},
      {R"("ON")", "occupied"},
      {"free", "free"},
      {"on", "rejected: unknown_value"},
      {"2", "rejected: unknown_value"},
      {"01", "rejected: unknown_value"},
      {"null", "rejected: unknown_value"},
      {"NaN", "rejected: unknown_value"},
      {"1e999", "rejected: unknown_value"},
      {std::string("1\0", 2), "rejected: unknown_value"},
      {std::string("ON\0", 3), "rejected: unknown_value"},
      {"O\xFF", "rejected: bad_utf8"},
      {R"({"occupied":true})", "rejected: wrong_type"},
      {"[1]", "rejected: wrong_type"},
      {"", "rejected: empty"},
      {"  ", "rejected: empty"},
      {std::string(16'385, '1'), "rejected: oversize"},
  }));
  SensorProfile profile;
  profile.name = "bare";
  profile.topic = "x/{slot}";
  profile.occupied_values = {std::int64_t{1}, true, "ON", "occupied"};
  profile.free_values = {std::int64_t{0}, false, "OFF", "free"};
  CAPTURE(payload);
  CHECK(read(profile, payload) == expected);
}

TEST_CASE("raw bytes go through the decoder of the profile", "[devices][profile]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"up":{"f_port":1,"f_cnt":4,"frm_payload":"AQ=="}})", "occupied seq=4"},
      {R"({"up":{"f_port":1,"frm_payload":"AA=="}})", "free seq=0"},
      {R"({"up":{"f_port":2,"frm_payload":"Af8=","battery":0.5}})", "occupied seq=0 battery=50"},
      {R"({"up":{"f_port":6,"frm_payload":"AQ=="}})", "alive seq=0"},
      {R"({"up":{"f_cnt":4}})", "alive seq=4"},
      {R"({"up":{"f_port":1}})", "rejected: missing_member"},
      {R"({"up":{"f_port":1,"frm_payload":""}})", "rejected: bad_frame"},
      {R"({"up":{"f_port":1,"frm_payload":"AQE="}})", "rejected: bad_frame"},
      {R"({"up":{"f_port":1,"frm_payload":"AQ"}})", "rejected: bad_base64"},
      {R"({"up":{"f_port":1,"frm_payload":[1]}})", "rejected: wrong_type"},
      {R"({"up":{"f_port":1,"frm_payload":"AQ==","frm_payload":"AA=="}})",
       "rejected: duplicate_member"},
      {R"({"frm_payload":"AQ=="})", "rejected: missing_member"},
  }));
  CAPTURE(payload);
  CHECK(read(bosch(), payload) == expected);
}

TEST_CASE("a decoder is asked only on the ports that the profile names", "[devices][profile]") {
  SensorProfile profile = bosch();
  profile.ports = {1};
  CHECK(read(profile, R"({"up":{"f_port":1,"frm_payload":"AQ=="}})") == "occupied seq=0");
  CHECK(read(profile, R"({"up":{"f_port":2,"frm_payload":"Af8=","battery":0.5}})") ==
        "alive seq=0 battery=50");
}

TEST_CASE("a decoder that needs no port reads frames that carry none", "[devices][profile]") {
  SensorProfile profile = bosch();
  profile.decoder = "libelium_v2";
  profile.port = "";
  profile.seq = "";
  CHECK(read(profile, R"({"up":{"frm_payload":"gAoBAgMEBQYHCAk="}})") == "occupied");
  CHECK(read(profile, R"({"up":{"frm_payload":""}})") == "rejected: bad_frame");
  CHECK(read(profile, R"({"up":{}})") == "rejected: missing_member");
}

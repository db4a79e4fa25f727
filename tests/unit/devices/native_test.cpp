#include "devices/sensors/native.hpp"

#include "tests/unit/devices/outcome.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

std::string state(const std::string& payload) {
  static SensorReader reader;
  return outcome(reader.read_state(payload, TopicId{"A-001", "demo"}));
}

std::string device_status(const std::string& payload) {
  static SensorReader reader;
  const auto read = reader.read_status(payload, TopicId{"A-001", "demo"});
  if (!read) return "rejected: " + std::string(name(read.error()));
  const DeviceStatus& status = *read;
  std::string text = status.online ? "online" : "offline";
  if (status.ts) text += " ts=" + format_rfc3339(*status.ts);
  if (!status.firmware.empty()) text += " firmware=" + status.firmware;
  return text;
}

}  // namespace

TEST_CASE("a slot's state is read as the contract writes it", "[devices][native]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"occupied":true,"ts":"2026-11-20T10:00:00.123Z","seq":17,"battery":0.87,"rssi":-71})",
       "occupied seq=17 ts=2026-11-20T10:00:00.123Z battery=87 rssi=-71"},
      {R"({"occupied":true})", "occupied"},
      {R"({"occupied":false})", "free"},
      {R"( { "seq" : 1 , "occupied" : false } )", "free seq=1"},
      {R"({"occupied":true,"ts":"2026-11-20T15:30:00+05:30"})",
       "occupied ts=2026-11-20T10:00:00.000Z"},
      {R"({"occupied":true,"colour":"red","deep":{"occupied":false,"seq":"x"}})", "occupied"},
      {R"({"\u006fccupied":true})", "occupied"},
      {R"({"occupied":true,"slot":"A-001","device":"A-001"})", "occupied"},
      {R"({"occupied":true,"lot":"demo","slot":"A-001"})", "occupied"},
      {R"({"occupied":true,"seq":0})", "occupied seq=0"},
      {R"({"occupied":true,"seq":18446744073709551615})", "occupied seq=18446744073709551615"},
      {R"({"occupied":true,"battery":0})", "occupied battery=0"},
      {R"({"occupied":true,"battery":1})", "occupied battery=100"},
      {R"({"occupied":true,"battery":0.005})", "occupied battery=1"},
      {R"({"occupied":true,"rssi":-71.6})", "occupied rssi=-72"},
      // Members of the status message mean nothing here, whatever they are.
      {R"({"occupied":true,"online":7,"firmware":[]})", "occupied"},
  }));
  CAPTURE(payload);
  CHECK(state(payload) == expected);
}

TEST_CASE("valid JSON is valid, however large a number or odd a text nobody asks for",
          "[devices][native]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"occupied":true,"x":1e999})", "occupied"},
      {R"({"occupied":true,"x":[-1E+400,{"y":1.5e999}],"seq":4})", "occupied seq=4"},
      {R"({"x":123456789012345678901234567890,"occupied":false})", "free"},
      {R"({"x":-123456789012345678901234567890,"occupied":false,"seq":7})", "free seq=7"},
      {R"({"occupied":true,"x":1e-999})", "occupied"},
      {R"({"occupied":true,"x":"\ud800"})", "occupied"},
      {R"({"occupied":true,"x":"\udc00\ud800"})", "occupied"},
      {R"({"occupied":true,"x":"\ud83d\ud83d\ude00","seq":2})", "occupied seq=2"},
      {R"({"occupied":true,"\udfff":1,"seq":2})", "occupied seq=2"},
      // What stands beside them is as it was written.
      {R"({"x":1e999,"occupied":true,"seq":18446744073709551615,"rssi":-71.6})",
       "occupied seq=18446744073709551615 rssi=-72"},
      {R"({"x":"\\ud800 1e999","y":1e999,"occupied":true})", "occupied"},
      {R"({"x":"\"1e999\\","y":1e999,"occupied":true})", "occupied"},
      // Out of the range of what it says, like any other.
      {R"({"occupied":true,"battery":1e999,"rssi":-1e999})", "occupied"},
      {R"({"occupied":true,"battery":18446744073709551616})", "occupied"},
  }));
  CAPTURE(payload);
  CHECK(state(payload) == expected);
}

TEST_CASE("an impossible battery or radio level leaves the occupancy usable", "[devices][native]") {
  const auto* payload = GENERATE(
      R"({"occupied":true,"battery":87})", R"({"occupied":true,"battery":1.01})",
      R"({"occupied":true,"battery":-0.1})", R"({"occupied":true,"battery":1e308})",
      R"({"occupied":true,"rssi":51})", R"({"occupied":true,"rssi":-201})",
      R"({"occupied":true,"rssi":-9223372036854775808})", R"({"occupied":true,"battery":null})",
      R"({"occupied":true,"rssi":null})", R"({"occupied":true,"seq":null,"ts":null})",
      R"({"occupied":true,"slot":null,"device":null})");
  CAPTURE(payload);
  CHECK(state(payload) == "occupied");
}

TEST_CASE("a state that cannot be used is dropped with the reason why", "[devices][native]") {
  const auto [payload, reason] = GENERATE(table<std::string, std::string>({
      {"", "empty"},
      {" \n ", "empty"},
      {std::string(1, '\0'), "bad_json"},
      {std::string("{\"occupied\":true}\0", 18), "bad_json"},
      {std::string("{\"occupied\0\":true}", 18), "bad_json"},
      {"{\"occupied\":true,\"x\":\"\xFF\"}", "bad_utf8"},
      {"{\"occupied\":true,\"x\":\"\xED\xA0\x80\"}", "bad_utf8"},
      {R"({"occupied":true)", "bad_json"},
      {R"({"occupied":true,})", "bad_json"},
      {R"({"occupied":true}{"occupied":false})", "bad_json"},
      {R"({occupied:true})", "bad_json"},
      {R"({"occupied":NaN})", "bad_json"},
      {R"({"occupied":true,"battery":NaN})", "bad_json"},
      {R"({"occupied":true,"battery":1e})", "bad_json"},
      {R"({"occupied":true,"x":-})", "bad_json"},
      {R"({"occupied":true,"x":01e999})", "bad_json"},
      {R"({"occupied":true,"x":1.e999})", "bad_json"},
      {R"({"occupied":true,"x":"\ud80"})", "bad_json"},
      {R"({"occupied":true,"x":"\udzzz"})", "bad_json"},
      {R"({"occupied":true,"x":1e999,"y":01})", "bad_json"},
      {R"({"occupied":true,"x":"\ud800","y":})", "bad_json"},
      {R"({"occupied":1e999})", "wrong_type"},
      {R"({"occupied":true,"seq":1e999})", "wrong_type"},
      {R"({"occupied":true,"seq":-18446744073709551616})", "wrong_type"},
      {R"({"occupied":true,"ts":1e999})", "wrong_type"},
      {R"({"occupied":true,"ts":"2026-11-20T10:00:00\ud800Z"})", "bad_time"},
      {R"({"occupied":true,"slot":"A-001\udfff"})", "contradicting_id"},
      {R"({"occupied":true,"battery":Infinity})", "bad_json"},
      {R"({"occupied":true,"seq":18446744073709551616})", "wrong_type"},
      {R"({"occupied":true,"seq":017})", "bad_json"},
  }));
  CAPTURE(payload);
  CHECK(state(payload) == "rejected: " + reason);
}

TEST_CASE("a state whose members cannot be used is dropped with the reason why",
          "[devices][native]") {
  const auto [payload, reason] = GENERATE(table<std::string, std::string>({
      {R"([true])", "not_an_object"},
      {R"("occupied")", "not_an_object"},
      {"true", "not_an_object"},
      {"null", "not_an_object"},
      {"{}", "missing_member"},
      {R"({"Occupied":true})", "missing_member"},
      {R"({"seq":17,"ts":"2026-11-20T10:00:00Z"})", "missing_member"},
      {R"({"occupied":true,"occupied":true})", "duplicate_member"},
      {R"({"occupied":true,"\u006fccupied":false})", "duplicate_member"},
      {R"({"occupied":true,"seq":1,"seq":2})", "duplicate_member"},
      {R"({"occupied":1})", "wrong_type"},
      {R"({"occupied":"true"})", "wrong_type"},
      {R"({"occupied":null})", "wrong_type"},
      {R"({"occupied":true,"seq":-1})", "wrong_type"},
      {R"({"occupied":true,"seq":1.5})", "wrong_type"},
      {R"({"occupied":true,"seq":17.0})", "wrong_type"},
      {R"({"occupied":true,"seq":"17"})", "wrong_type"},
      {R"({"occupied":true,"battery":"0.87"})", "wrong_type"},
      {R"({"occupied":true,"battery":[0.87]})", "wrong_type"},
      {R"({"occupied":true,"rssi":"-71"})", "wrong_type"},
      {R"({"occupied":true,"ts":1763632800})", "wrong_type"},
      {R"({"occupied":true,"ts":"2026-11-20"})", "bad_time"},
      {R"({"occupied":true,"ts":"2026-02-30T10:00:00Z"})", "bad_time"},
      {R"({"occupied":true,"ts":""})", "bad_time"},
      {R"({"occupied":true,"slot":"A-002"})", "contradicting_id"},
      {R"({"occupied":true,"device":"A-002"})", "contradicting_id"},
      {R"({"occupied":true,"slot":"a-001"})", "contradicting_id"},
      {R"({"occupied":true,"slot":1})", "wrong_type"},
      {R"({"occupied":true,"lot":"other"})", "contradicting_id"},
      {R"({"occupied":true,"lot":"other","slot":"A-001"})", "contradicting_id"},
      {R"({"occupied":true,"lot":7})", "wrong_type"},
      {R"({"occupied":true,"lot":"demo","lot":"demo"})", "duplicate_member"},
  }));
  CAPTURE(payload);
  CHECK(state(payload) == "rejected: " + reason);
}

TEST_CASE("a payload is read up to 16 KiB and dropped unread beyond", "[devices][native]") {
  const std::string beginning = R"({"occupied":true,"x":")";
  const std::string end = R"("})";
  const std::size_t room = 16 * 1024 - beginning.size() - end.size();
  CHECK(state(beginning + std::string(room, 'x') + end) == "occupied");
  CHECK(state(beginning + std::string(room + 1, 'x') + end) == "rejected: oversize");
}

TEST_CASE("a payload may nest 16 deep and no deeper", "[devices][native]") {
  const auto nested = [](std::size_t arrays) {
    return R"({"occupied":true,"x":)" + std::string(arrays, '[') + "1" + std::string(arrays, ']') +
           "}";
  };
  // The object and the innermost value are levels as well.
  CHECK(state(nested(14)) == "occupied");
  CHECK(state(nested(15)) == "rejected: too_deep");
  CHECK(state(nested(5'000)) == "rejected: too_deep");
  CHECK(state(nested(100'000)) == "rejected: oversize");
  CHECK(state(std::string(10'000, '[')) == "rejected: bad_json");
}

TEST_CASE("a hostile message leaves nothing behind for the next one", "[devices][native]") {
  SensorReader reader;
  const TopicId slot{"A-001"};
  const std::string hostile = std::string(8'000, '[') + std::string(8'000, ']');
  CHECK(outcome(reader.read_state(R"({"occupied":true,"seq":4})", slot)) == "occupied seq=4");
  CHECK(outcome(reader.read_state(hostile, slot)) == "rejected: too_deep");
  CHECK(outcome(reader.read_state("{", slot)) == "rejected: bad_json");
  CHECK(outcome(reader.read_state(R"({"occupied":false})", slot)) == "free");
}

TEST_CASE("a device's status is read as the contract writes it", "[devices][native]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"online":true,"ts":"2026-11-20T10:00:00Z","firmware":"1.4.2"})",
       "online ts=2026-11-20T10:00:00.000Z firmware=1.4.2"},
      {R"({"online":false})", "offline"},
      {R"({"online":true,"occupied":"x","seq":-1})", "online"},
      {R"({"online":true,"device":"A-001"})", "online"},
      {R"({"online":true,"firmware":null})", "online"},
      {R"({"online":true,"firmware":"1\n2\u007f"})", "online firmware=1?2?"},
      {R"({"online":true,"firmware":"12345678901234567890123456789012345"})",
       "online firmware=12345678901234567890123456789012"},
      // Two bytes a character: the cut does not fall inside one.
      {R"({"online":true,"firmware":"1ééééééééééééééééé"})", "online firmware=1ééééééééééééééé"},
      {R"({"online":1})", "rejected: wrong_type"},
      {R"({"online":true,"online":false})", "rejected: duplicate_member"},
      {R"({"online":true,"firmware":142})", "rejected: wrong_type"},
      {R"({"online":true,"ts":"yesterday"})", "rejected: bad_time"},
      {R"({"online":true,"device":"A-002"})", "rejected: contradicting_id"},
      {R"({"online":true,"slot":"A-002"})", "rejected: contradicting_id"},
      {R"({"occupied":true})", "rejected: missing_member"},
      {R"("online")", "rejected: not_an_object"},
      {"", "rejected: empty"},
  }));
  CAPTURE(payload);
  CHECK(device_status(payload) == expected);
}

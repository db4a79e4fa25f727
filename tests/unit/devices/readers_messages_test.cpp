#include "devices/readers/messages.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

constexpr TopicId gate{"EXIT_GATE_01", "demo"};

std::string time_of(const std::optional<Instant>& ts) {
  return ts ? " ts=" + format_rfc3339(*ts) : "";
}

std::string scan(const std::string& payload) {
  GateReader reader;
  const auto read = reader.read_scan(payload, gate);
  if (!read) return "rejected: " + std::string(name(read.error()));
  std::string text = read->scan_id + " " + read->code + time_of(read->ts);
  if (read->payment_method) text += " " + std::string(name(*read->payment_method));
  return text;
}

std::string press(const std::string& payload) {
  GateReader reader;
  const auto read = reader.read_press(payload, gate);
  if (!read) return "rejected: " + std::string(name(read.error()));
  std::string text = read->press_id + time_of(read->ts);
  if (read->vehicle) text += " " + read->vehicle->text();
  return text;
}

}  // namespace

TEST_CASE("a scan is read as the contract writes it", "[devices][messages]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"scan_id":"9f0c","code":"PARK-1","ts":"2026-11-20T10:00:00.123Z"})",
       "9f0c PARK-1 ts=2026-11-20T10:00:00.123Z"},
      {R"({"scan_id":"9f0c","code":"PARK-1","payment_method":"CASH"})", "9f0c PARK-1 CASH"},
      {R"({"scan_id":"9f0c","code":"PARK-1","payment_method":"ONLINE"})", "9f0c PARK-1 ONLINE"},
      {R"({"scan_id":"a.B:c-d_1","code":"anything at all"})", "a.B:c-d_1 anything at all"},
      {R"({"code":"x","scan_id":"1","gate":"EXIT_GATE_01","more":[1]})", "1 x"},
      {R"({"scan_id":"1","code":"x","ts":null,"payment_method":null})", "1 x"},
      // The button's members mean nothing here.
      {R"({"scan_id":"1","code":"x","press_id":7})", "1 x"},
  }));
  CAPTURE(payload);
  CHECK(scan(payload) == expected);
}

TEST_CASE("a scan that cannot be used is dropped with the reason why", "[devices][messages]") {
  const auto [payload, reason] = GENERATE(table<std::string, std::string>({
      {"", "empty"},
      {"{", "bad_json"},
      {"[]", "not_an_object"},
      {R"({"scan_id":"1"})", "missing_member"},
      {R"({"code":"x"})", "missing_member"},
      {R"({"scan_id":null,"code":"x"})", "missing_member"},
      {R"({"scan_id":1,"code":"x"})", "wrong_type"},
      {R"({"scan_id":"","code":"x"})", "wrong_type"},
      {R"({"scan_id":"a b","code":"x"})", "wrong_type"},
      {R"({"scan_id":"a/b","code":"x"})", "wrong_type"},
      {R"({"scan_id":"1","code":7})", "wrong_type"},
      {R"({"scan_id":"1","code":"x","payment_method":"CARD"})", "wrong_type"},
      {R"({"scan_id":"1","code":"x","payment_method":"cash"})", "wrong_type"},
      {R"({"scan_id":"1","code":"x","ts":5})", "wrong_type"},
      {R"({"scan_id":"1","code":"x","ts":"yesterday"})", "bad_time"},
      {R"({"scan_id":"1","scan_id":"1","code":"x"})", "duplicate_member"},
      {R"({"scan_id":"1","code":"x","gate":"ENTRY_GATE_01"})", "contradicting_id"},
      {R"({"scan_id":"1","code":"x","lot":"other"})", "contradicting_id"},
  }));
  CAPTURE(payload);
  CHECK(scan(payload) == "rejected: " + reason);
}

TEST_CASE("a scan's id has up to 64 characters, of its code the first 100 are kept", "[devices][messages]") {
  const auto sized = [](std::size_t id, std::size_t code) {
    return R"({"scan_id":")" + std::string(id, 'i') + R"(","code":")" + std::string(code, 'c') +
           R"("})";
  };
  CHECK(scan(sized(64, 100)) == std::string(64, 'i') + " " + std::string(100, 'c'));
  CHECK(scan(sized(65, 100)) == "rejected: wrong_type");
  CHECK(scan(sized(64, 4'000)) == std::string(64, 'i') + " " + std::string(100, 'c'));
  CHECK(scan(R"({"scan_id":"1","code":"a\u0000b\nc"})") == "1 a?b?c");
}

TEST_CASE("a press is read as the contract writes it", "[devices][messages]") {
  const auto [payload, expected] = GENERATE(table<std::string, std::string>({
      {R"({"press_id":"p1","ts":"2026-11-20T10:00:00Z","vehicle_number":"DL01AB1234"})",
       "p1 ts=2026-11-20T10:00:00.000Z DL01AB1234"},
      {R"({"press_id":"p1"})", "p1"},
      {R"({"press_id":"p1","vehicle_number":"dl-01 ab 1234"})", "p1 DL01AB1234"},
      // Nobody is kept out for a camera that misread a plate.
      {R"({"press_id":"p1","vehicle_number":"?"})", "p1"},
      {R"({"press_id":"p1","vehicle_number":null})", "p1"},
      {R"({"scan_id":"p1"})", "rejected: missing_member"},
      {R"({"press_id":"p 1"})", "rejected: wrong_type"},
      {R"({"press_id":"p1","vehicle_number":7})", "rejected: wrong_type"},
      {R"({"press_id":"p1","gate":"ENTRY_GATE_01"})", "rejected: contradicting_id"},
  }));
  CAPTURE(payload);
  CHECK(press(payload) == expected);
}

TEST_CASE("a frame's id and time are read from its properties", "[devices][messages]") {
  const Instant ten = parse_rfc3339("2026-11-20T10:00:00Z").value_or(Instant{});
  CHECK(read_frame_properties({}, {}) == FrameProperties{});
  CHECK(read_frame_properties("f-1", "2026-11-20T10:00:00Z") == FrameProperties{"f-1", ten});
  CHECK(read_frame_properties("", {}) == std::unexpected(Rejection::wrong_type));
  CHECK(read_frame_properties("a/b", {}) == std::unexpected(Rejection::wrong_type));
  CHECK(read_frame_properties({}, "10:00") == std::unexpected(Rejection::bad_time));
}

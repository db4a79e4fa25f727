// What must hold of any message at all.
#include "devices/sensors/base64.hpp"
#include "devices/sensors/decoders/decoder.hpp"
#include "devices/sensors/native.hpp"
#include "devices/sensors/profile_reader.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::devices;

namespace {

SensorProfile any_profile(bool with_decoder) {
  SensorProfile profile;
  profile.name = "any";
  profile.topic = "x/{slot}";
  if (with_decoder) {
    profile.decoder = "pni_placepod";
    profile.bytes = "/b";
  } else {
    profile.occupied_values = {std::int64_t{1}, true, "ON"};
    profile.free_values = {std::int64_t{0}, false, "OFF"};
  }
  return profile;
}

/// Bytes, half of them out of what JSON is made of, so that some get past the first brace.
rc::Gen<std::string> any_payload() {
  const auto piece = rc::gen::oneOf(
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
      rc::gen::element<std::string>("{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "null",
                                    "true", "\"occupied\":true", "\"seq\":", "\"ts\":", "-1", "1e9",
                                    "\"b\":\"FWYB\"", " ", std::string(1, '\0')));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string payload;
                        for (const std::string& one : pieces) payload += one;
                        return payload;
                      });
}

Reading any_reading() {
  Reading reading;
  reading.occupied = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) reading.seq = *rc::gen::arbitrary<std::uint64_t>();
  if (*rc::gen::arbitrary<bool>()) {
    // To the end of the year 9999.
    const auto milliseconds = *rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000);
    reading.ts = Instant(std::chrono::milliseconds(milliseconds));
  }
  if (*rc::gen::arbitrary<bool>()) {
    reading.battery_percent = *rc::gen::inRange<std::uint8_t>(0, 101);
  }
  if (*rc::gen::arbitrary<bool>()) reading.rssi_dbm = *rc::gen::inRange<std::int16_t>(-200, 51);
  return reading;
}

/// The reading as a sensor writes it, its members in any order.
std::string written(const Reading& reading) {
  std::vector<std::string> members{
      fmt::format(R"("occupied":{})", reading.occupied.value_or(false))};
  if (reading.seq) members.push_back(fmt::format(R"("seq":{})", *reading.seq));
  if (reading.ts) members.push_back(fmt::format(R"("ts":"{}")", format_rfc3339(*reading.ts)));
  if (reading.battery_percent) {
    members.push_back(fmt::format(R"("battery":{:.2f})", *reading.battery_percent / 100.0));
  }
  if (reading.rssi_dbm) members.push_back(fmt::format(R"("rssi":{})", *reading.rssi_dbm));
  members.emplace_back(R"("colour":"red")");
  for (std::size_t i = members.size(); i > 1; --i) {
    std::swap(members[i - 1], members[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  return fmt::format("{{{}}}", fmt::join(members, ","));
}

template <class Read>
bool is_reading_or_reason(const Read& read) {
  return read.has_value() || !name(read.error()).empty();
}

}  // namespace

TEST_CASE("what a sensor wrote is what is read", "[devices][property]") {
  SensorReader reader;
  CHECK(rc::check([&] {
    const Reading reading = any_reading();
    const auto read = reader.read_state(written(reading), TopicId{"A-001"});
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == reading);
  }));
}

TEST_CASE("any bytes at all give a reading or a reason", "[devices][property]") {
  SensorReader native;
  auto bare = ProfileReader::make(any_profile(false));
  auto decoding = ProfileReader::make(any_profile(true));
  REQUIRE(bare);
  REQUIRE(decoding);
  CHECK(rc::check([&] {
    const std::string payload = *any_payload();
    RC_ASSERT(is_reading_or_reason(native.read_state(payload, TopicId{"A-001"})));
    RC_ASSERT(is_reading_or_reason(native.read_status(payload, TopicId{"A-001"})));
    RC_ASSERT(is_reading_or_reason(bare->read(payload)));
    RC_ASSERT(is_reading_or_reason(decoding->read(payload)));
  }));
}

TEST_CASE("any topic at all is a profile's or is not", "[devices][property]") {
  const auto reader = ProfileReader::make(any_profile(false));
  REQUIRE(reader);
  CHECK(rc::check([&](const std::string& text) {
    const std::string topic = *rc::gen::element<std::string>("", "x/", "x/a") + text;
    const auto captured = reader->match(topic);
    const bool is_its_level = !captured || "x/" + std::string(*captured) == topic;
    RC_ASSERT(is_its_level);
  }));
}

TEST_CASE("any frame at all gives a reading or a reason", "[devices][property]") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& bytes, std::uint8_t port) {
    for (const Decoder& decoder : decoders()) {
      RC_ASSERT(is_reading_or_reason(decoder.decode(bytes, port)));
    }
  }));
}

TEST_CASE("any text at all is a frame or is not", "[devices][property]") {
  CHECK(rc::check([](const std::string& text) {
    const auto frame = Frame::from_base64(text);
    const bool fits = !frame || frame->bytes().size() <= text.size() / 4 * 3;
    RC_ASSERT(fits);
  }));
}

#include "devices/sensors/base64.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

using Bytes = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("a frame comes out of base64 byte for byte", "[devices][base64]") {
  const auto [text, expected] = GENERATE(table<std::string, Bytes>({
      {"", {}},
      {"AQ==", {0x01}},
      {"Af8=", {0x01, 0xFF}},
      {"gkHe", {0x82, 0x41, 0xDE}},
      {"+/+/", {0xFB, 0xFF, 0xBF}},
      {"AAAA", {0, 0, 0}},
  }));
  CAPTURE(text);
  const auto frame = Frame::from_base64(text);
  REQUIRE(frame);
  CHECK(Bytes(frame->bytes().begin(), frame->bytes().end()) == expected);
}

TEST_CASE("what is not exactly base64 is refused", "[devices][base64]") {
  const auto text = GENERATE(as<std::string>(), "A", "AQ", "AQ=", "AQ===", "====", "A===", "=AQ=",
                             "AQ==AQ==", "AR==", "Af9=", " AQ==", "AQ==\n", "AQ= ", "AQ\n=", "-_-_",
                             "A*==", "AQ==    ", "\xC3\xA9\xC3\xA9");
  CAPTURE(text);
  const auto frame = Frame::from_base64(text);
  REQUIRE_FALSE(frame);
  CHECK(frame.error() == Rejection::bad_base64);
  CHECK_FALSE(Frame::from_base64(std::string("A\0==", 4)));
}

TEST_CASE("a frame longer than LoRaWAN carries is refused", "[devices][base64]") {
  CHECK(Frame::from_base64(std::string(340, 'A'))->bytes().size() == 255);
  const auto longer = Frame::from_base64(std::string(344, 'A'));
  REQUIRE_FALSE(longer);
  CHECK(longer.error() == Rejection::bad_frame);
}

#include "edge/domain/plate.hpp"

#include <string>
#include <tuple>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;

TEST_CASE("a vehicle has one number, however it is written", "[domain][plate]") {
  const auto [written, expected] = GENERATE(table<std::string, std::string>({
      {"DL-01-AB-1234", "DL01AB1234"},
      {"DL01AB1234", "DL01AB1234"},
      {" dl 01 ab 1234 ", "DL01AB1234"},
      {"dl.01·ab/1234\n", "DL01AB1234"},
      {"mh 02 cd 5678", "MH02CD5678"},
      {"AB12", "AB12"},
      {"12345678901234567890", "12345678901234567890"},
      {"B-MW 123", "BMW123"},
  }));
  CAPTURE(written);
  REQUIRE(VehicleNumber::parse(written).has_value());
  CHECK(VehicleNumber::parse(written)->text() == expected);
}

TEST_CASE("numbers that differ are different vehicles", "[domain][plate]") {
  CHECK(VehicleNumber::parse("DL1CAB1234").value() != VehicleNumber::parse("DL01CAB1234").value());
  CHECK(VehicleNumber::parse("TS09AB1234").value() != VehicleNumber::parse("TG09AB1234").value());
}

TEST_CASE("only four to twenty letters and digits are a vehicle number", "[domain][plate]") {
  const auto [written, error] = GENERATE(table<std::string, PlateError>({
      {"", PlateError::too_short},
      {"AB1", PlateError::too_short},
      {"A-B-1", PlateError::too_short},
      {"----------", PlateError::too_short},
      {"दिल्ली", PlateError::too_short},
      {"123456789012345678901", PlateError::too_long},
      {std::string(60'000, 'A'), PlateError::too_long},
  }));
  CAPTURE(written.size());
  REQUIRE_FALSE(VehicleNumber::parse(written).has_value());
  CHECK(VehicleNumber::parse(written).error() == error);
  CHECK_FALSE(describe(error).empty());
}

TEST_CASE("a shape is a hint", "[domain][plate]") {
  const auto [written, shape] = GENERATE(table<std::string, std::string>({
      {"DL01AB1234", "standard"},
      {"DL1CAB1234", "standard"},
      {"DL2C6011", "standard"},
      {"KA01EK171", "standard"},
      {"DL12", "standard"},
      {"DL123456", "standard"},
      {"22BH1234AA", "bharat"},
      {"22BH1234A", "bharat"},
      {"22BH1234I", "other"},
      {"22BH1234O", "other"},
      {"T0321DL0123AB", "temporary"},
      {"DLVAAA1234", "vintage"},
      {"77CD12", "diplomatic"},
      {"9CC1", "diplomatic"},
      {"108UN1234", "diplomatic"},
      {"03D153874H", "defence"},
      {"BMW123", "other"},
      {"DL1234567", "other"},
      {"DL01ABCD1234", "other"},
      {"12345678", "other"},
  }));
  CAPTURE(written);
  CHECK(name(VehicleNumber::parse(written).value().shape()) == shape);
}

TEST_CASE("any text is a number or a refusal, and a number stays itself", "[domain][plate]") {
  rc::prop("for any bytes", [](const std::string& text) {
    const auto number = VehicleNumber::parse(text);
    if (!number) return;
    RC_ASSERT(number->text().size() >= plate_characters_min);
    RC_ASSERT(number->text().size() <= plate_characters_max);
    RC_ASSERT(VehicleNumber::parse(number->text()).value() == *number);
    (void)number->shape();
  });
}

#include "simulators/sensors.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse::simulators;

TEST_CASE("an amount is a number of them or a share of them", "[simulators][options]") {
  CHECK(parse_amount("12")->count == 12U);
  CHECK(parse_amount("0")->count == 0U);
  const auto [text, per_million] = GENERATE(table<const char*, std::uint32_t>({
      {"0.05", 50'000},
      {"5%", 50'000},
      {"100%", 1'000'000},
      {"1.0", 1'000'000},
      {"0.000001", 1},
      {"2.5%", 25'000},
  }));
  const auto amount = parse_amount(text);
  REQUIRE(amount);
  CHECK_FALSE(amount->count);
  CHECK(amount->per_million == per_million);
}

TEST_CASE("an amount that is neither is refused", "[simulators][options]") {
  const auto* text = GENERATE("", "x", "-1", "1.5", "101%", "5x", "5%%", "nan", "99999999999999");
  CAPTURE(text);
  CHECK_FALSE(parse_amount(text));
}

TEST_CASE("wrong options and a broker that is not there have their exit codes",
          "[simulators][options]") {
  SensorsOptions options;
  options.lot = *numbered_lot("demo", 1, 2);
  options.lot.broker_url = "http://127.0.0.1";
  CHECK(run_sensors(options, {}).exit_code == 2);
  options.lot.broker_url = "mqtt://127.0.0.1:1";
  options.model.faults.stuck.count = 3;
  CHECK(run_sensors(options, {}).exit_code == 2);
  options.model.faults = {};
  options.credentials_file = "/nowhere/credentials.csv";
  CHECK(run_sensors(options, {}).exit_code == 2);
  options.credentials_file.clear();
  options.connect_timeout = std::chrono::milliseconds(1);
  const auto run = run_sensors(options, {});
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.trouble, Catch::StartsWith("mqtt://127.0.0.1:1: "));
}

// An object that is searched through for every slot takes minutes here: the test's time limit ends
// it.
TEST_CASE("what should be believed of a hundred thousand slots is written in one go",
          "[simulators][truth]") {
  constexpr std::uint32_t slots = 100'000;
  const auto described = *numbered_lot("demo", 1, slots);
  SensorLotOptions model;
  model.zone_slots = described.zone_slots;
  const SensorLot lot(model);
  const std::string truth = truth_json(described, lot);
  CHECK_THAT(truth, Catch::StartsWith(R"({"lot":"demo","slots":{")" + described.slots.front() +
                                      R"(":{"sensor":"none","seq":0,"car":)"));
  CHECK(truth.contains('"' + described.slots.back() + R"(":{"sensor")"));
}

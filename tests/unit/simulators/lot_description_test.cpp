#include "simulators/lot_description.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse::simulators;

TEST_CASE("a lot file gives its slots, zone after zone, and the broker", "[simulators][lot]") {
  const auto lot = read_lot_file(R"(
[lot]
id = "north"
timezone = "Asia/Kolkata"
[broker]
url = "mqtts://broker.example:8883"
ca_file = "/etc/ca.pem"
[billing]
unknown_to_a_simulator = true
[[zones]]
id = "A"
slots = 2
[[zones]]
id = "B"
slots = ["left", "right", "B-7"]
)",
                                 "lot.toml");
  REQUIRE(lot);
  CHECK(lot->lot == "north");
  CHECK(lot->broker_url == "mqtts://broker.example:8883");
  CHECK(lot->ca_file == "/etc/ca.pem");
  CHECK(lot->zone_slots == std::vector<std::uint32_t>{2, 3});
  CHECK(lot->slots == std::vector<std::string>{"A-001", "A-002", "left", "right", "B-7"});
}

TEST_CASE("a lot file gives its lanes, their barriers and zones, and how long a minute is",
          "[simulators][lot]") {
  const auto lot = read_lot_file(R"(
[lot]
id = "north"
[http]
listen = "127.0.0.1:8090"
[billing]
minute_seconds = 1
[[zones]]
id = "A"
slots = 2
[[zones]]
id = "B"
slots = 1
[[gates.lanes]]
id = "IN"
barrier = "b2"
[[gates.lanes]]
id = "OUT"
direction = "exit"
zones = ["B"]
[[barriers]]
id = "b1"
[[barriers]]
id = "b2"
url = "tcp://127.0.0.1:1602"
unit = 7
profile = "came"
)",
                                 "lot.toml");
  REQUIRE(lot);
  CHECK(lot->http_url == "http://127.0.0.1:8090");
  CHECK(lot->minute_seconds == 1);
  REQUIRE(lot->lanes.size() == 2);
  CHECK(lot->lanes[0].gate == "IN");
  CHECK(lot->lanes[0].use == LaneUse::entry);
  CHECK(lot->lanes[0].barrier == 1U);
  CHECK(lot->lanes[0].zones == std::vector<std::size_t>{0, 1});
  CHECK(lot->lanes[1].use == LaneUse::exit);
  CHECK_FALSE(lot->lanes[1].barrier);
  CHECK(lot->lanes[1].zones == std::vector<std::size_t>{1});
  REQUIRE(lot->barriers.size() == 2);
  CHECK(lot->barriers[0].url == "tcp://127.0.0.1:1502");
  CHECK(lot->barriers[1].unit == 7);
  CHECK(lot->barriers[1].profile == "came");
}

TEST_CASE("a lane that leads nowhere is refused", "[simulators][lot]") {
  const auto [lane, refusal] = GENERATE(table<const char*, const char*>({
      {"id = 'X'\nbarrier = 'b9'", "lot.toml: lane X: there is no barrier b9"},
      {"id = 'X'\nzones = ['Q']", "lot.toml: lane X: a zone that is none"},
      {"id = 'X'\ndirection = 'up'", "lot.toml: direction of lane X: entry, exit or both"},
      {"direction = 'exit'", "lot.toml: [[gates.lanes]] needs an id"},
  }));
  const auto lot =
      read_lot_file(std::string("[lot]\nid = 'a'\n[[gates.lanes]]\n") + lane, "lot.toml");
  REQUIRE_FALSE(lot);
  CHECK(lot.error() == refusal);
}

TEST_CASE("a lot file that cannot be used is refused with the place", "[simulators][lot]") {
  const auto [text, refusal] = GENERATE(table<const char*, const char*>({
      {"[lot\n", "lot.toml:1: "},
      {"[lot]\nname = 'x'", "lot.toml: [lot] id is missing"},
      {"[lot]\nid = 'a/b'", "lot.toml: the lot's id"},
      {"[lot]\nid = 'a'\n[[zones]]\nslots = 3", "lot.toml: [[zones]] needs an id"},
      {"[lot]\nid = 'a'\n[[zones]]\nid = 'A'", "lot.toml: slots of zone A: expected a number"},
      {"[lot]\nid = 'a'\n[[zones]]\nid = 'A'\nslots = -1", "lot.toml: slots of zone A: 0 to"},
      {"[lot]\nid = 'a'\n[[zones]]\nid = 'A'\nslots = [1]", "lot.toml: slots of zone A: a name"},
      {"[lot]\nid = 'a'\n[[zones]]\nid = 'A'\nslots = ['x', 'x']",
       "lot.toml: slot x is there twice"},
      {"[lot]\nid = 'a'\n[[zones]]\nid = 'A'\nslots = ['gateway']", "lot.toml: a slot's id: "},
      {"[lot]\nid = 'a'\n[[zones]]\nid = 'A'\nslots = ['#']", "lot.toml: a slot's id: "},
  }));
  CAPTURE(text);
  const auto lot = read_lot_file(text, "lot.toml");
  REQUIRE_FALSE(lot);
  CHECK_THAT(lot.error(), Catch::StartsWith(refusal));
}

TEST_CASE("a lot of numbers shares its slots out evenly", "[simulators][lot]") {
  const auto lot = numbered_lot("load", 3, 11);
  REQUIRE(lot);
  CHECK(lot->lot == "load");
  CHECK(lot->zone_slots == std::vector<std::uint32_t>{4, 4, 3});
  CHECK(lot->slots.front() == "A-001");
  CHECK(lot->slots.back() == "C-003");
  CHECK(numbered_lot("load", 28, 28)->slots.back() == "Z27-001");
  CHECK(numbered_lot("load", 1, 100'000)->slots.back() == "A-100000");
  CHECK_FALSE(numbered_lot("load", 1, 100'001));
  CHECK_FALSE(numbered_lot("load", 0, 1));
  CHECK_FALSE(numbered_lot("lo ad", 1, 1));
}

TEST_CASE("the first slots of a lot stay in their zones", "[simulators][lot]") {
  auto lot = *numbered_lot("load", 3, 12);
  keep_first(lot, 6);
  CHECK(lot.zone_slots == std::vector<std::uint32_t>{4, 2, 0});
  CHECK(lot.slots.back() == "B-002");
  keep_first(lot, 100);
  CHECK(lot.slots.size() == 6);
}

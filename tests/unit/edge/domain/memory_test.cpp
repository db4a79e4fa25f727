// What is kept of a reading, and what the sensor then says for the lot's purposes.
#include "edge/domain/occupancy.hpp"
#include "tests/unit/edge/domain/readings.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;

TEST_CASE("a state is kept with all it carried", "[domain][memory]") {
  const Reading reading{.occupied = true,
                        .seq = 17,
                        .ts = noon - 2s,
                        .battery_percent = std::uint8_t{87},
                        .rssi_dbm = std::int16_t{-71}};
  CHECK(remember({}, reading, false, noon) == SensorMemory{.spoke = true,
                                                           .occupied = true,
                                                           .seq = 17,
                                                           .ts = noon - 2s,
                                                           .heard_at = noon,
                                                           .battery_percent = std::uint8_t{87},
                                                           .rssi_dbm = std::int16_t{-71}});
}

TEST_CASE("the next state says nothing of the battery and it is still known", "[domain][memory]") {
  SensorMemory memory;
  memory.battery_percent = 87;
  memory.rssi_dbm = -71;
  memory = remember(memory, Says{.occupied = true}, false, noon);
  CHECK(memory.battery_percent == 87);
  CHECK(memory.rssi_dbm == -71);
}

TEST_CASE("number and time are those of the last message, or none", "[domain][memory]") {
  const auto memory = remember(after(Says{.seq = 17, .ts = noon - 5min}), Says{}, false, noon);
  CHECK(memory.seq == std::nullopt);
  CHECK(memory.ts == std::nullopt);
}

TEST_CASE("a sign of life changes the age and not the state", "[domain][memory]") {
  const auto before = after(Says{.occupied = true, .seq = 17});
  const auto memory = remember(before, Says{.occupied = {}, .seq = 18}, false, noon);
  CHECK(memory.occupied);
  CHECK(memory.heard_at == noon);
  CHECK(memory.seq == 18);
}

TEST_CASE("a sign of life alone makes no sensor", "[domain][memory]") {
  const auto memory = remember({}, Says{.occupied = {}, .seq = 1}, false, noon);
  CHECK_FALSE(memory.spoke);
  CHECK(sensor_state(memory, false) == SensorState::none_ever);
  CHECK(judge(memory, Says{.occupied = true, .seq = 0}, false, noon) == Verdict::newest);
}

TEST_CASE("a sign of life after offline and online leaves the slot unknown", "[domain][memory]") {
  auto memory = back_after(Says{.occupied = false, .seq = 17});
  const Reading alive = Says{.occupied = {}, .seq = 0};
  REQUIRE(judge(memory, alive, false, noon) == Verdict::newest);
  memory = remember(memory, alive, false, noon);
  CHECK(sensor_state(memory, false) == SensorState::unknown);
  const Reading state = Says{.occupied = true, .seq = 1};
  REQUIRE(judge(memory, state, false, noon) == Verdict::newest);
  CHECK(sensor_state(remember(memory, state, false, noon), false) == SensorState::occupied);
}

TEST_CASE("the broker's memory does not make a silent sensor fresh", "[domain][memory]") {
  const auto heard = [](const Reading& reading, bool retained) {
    return remember({}, reading, retained, noon).heard_at;
  };
  CHECK(heard(Says{.ts = noon - 30h}, true) == noon - 30h);
  CHECK(heard(Says{.ts = noon - 30h}, false) == noon);
  CHECK(heard(Says{.ts = noon + 30s}, true) == noon);  // a device's clock a little ahead
  CHECK(heard(Says{}, true) == noon);                  // nothing says how old it is
  CHECK(heard(Says{.ts = noon + 1h}, true) == noon);   // not believed
}

TEST_CASE("what a sensor is worth", "[domain][memory]") {
  struct Case {
    std::string sentence;
    SensorMemory memory;
    bool silent;
    SensorState expected;
  };
  using enum SensorState;
  const auto seen_free = after(Says{.occupied = false});
  const auto seen_occupied = after(Says{.occupied = true});
  const auto [sentence, memory, silent, expected] = GENERATE_COPY(values<Case>({
      {"it never spoke", {}, false, none_ever},
      {"it never spoke, whatever its device says", {.offline = true}, false, none_ever},
      {"it never spoke and is silent", {}, true, none_ever},
      {"it says free", seen_free, false, free},
      {"it says occupied", seen_occupied, false, occupied},
      {"it said free long ago", seen_free, true, unknown},
      {"it said occupied long ago", seen_occupied, true, unknown},
      {"its device is offline", remember_device(seen_free, false), false, unknown},
      {"its device is back and it said nothing yet", back_after(Says{}), false, unknown},
      {"its device is back and it spoke",
       remember(back_after(Says{}), Says{.occupied = false}, true, noon), false, free},
  }));
  CAPTURE(sentence);
  CHECK(sensor_state(memory, silent) == expected);
}

TEST_CASE("a device that was never away does not come back by saying online", "[domain][memory]") {
  const auto memory = after(Says{.occupied = true, .seq = 17});
  CHECK(remember_device(memory, true) == memory);
}

TEST_CASE("a device that goes away twice comes back once", "[domain][memory]") {
  auto memory = after(Says{.seq = 17});
  memory = remember_device(remember_device(memory, false), false);
  CHECK(memory.offline);
  CHECK_FALSE(memory.restarted);
  memory = remember_device(remember_device(memory, true), true);
  CHECK_FALSE(memory.offline);
  CHECK(memory.restarted);
  CHECK_FALSE(remember(memory, Says{.seq = 0}, false, noon).restarted);
}

TEST_CASE("a state that was heard while its device is offline leaves it unknown",
          "[domain][memory]") {
  const auto away = remember_device(after(Says{.occupied = true, .seq = 17}), false);
  const auto memory = remember(away, Says{.occupied = false, .seq = 18}, false, noon);
  CHECK(sensor_state(memory, false) == SensorState::unknown);
}

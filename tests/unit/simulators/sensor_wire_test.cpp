#include "simulators/sensor_wire.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;

namespace {
const Instant morning = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 10h + 123ms;
}

TEST_CASE("a sensor's topics are those of the contract", "[simulators][wire]") {
  CHECK(state_topic("demo", "A-001") == "parking/v1/demo/slots/A-001/state");
  CHECK(device_status_topic("demo", "A-001") == "parking/v1/demo/devices/A-001/status");
}

TEST_CASE("a sensor's payloads are those of the contract", "[simulators][wire]") {
  const SensorMessage state{.occupied = true, .seq = 17, .battery_percent = 87, .rssi_dbm = -71};
  CHECK(payload(state, morning) ==
        R"({"occupied":true,"ts":"2026-11-20T10:00:00.123Z","seq":17,"battery":0.87,"rssi":-71})");
  const SensorMessage full{.said = Said::late, .battery_percent = 100, .rssi_dbm = -100};
  CHECK(payload(full, morning) ==
        R"({"occupied":false,"ts":"2026-11-20T10:00:00.123Z","seq":0,"battery":1.00,"rssi":-100})");
  CHECK(payload({.said = Said::offline}, morning) ==
        R"({"online":false,"ts":"2026-11-20T10:00:00.123Z","firmware":"sim-1.0.0"})");
  CHECK(payload({.said = Said::online}, morning) == birth_payload(morning));
  CHECK(last_will_payload() == R"({"online":false})");
}

TEST_CASE("speed moves when a message is due, and what its clock shows", "[simulators][timeline]") {
  const auto [speed_thousandths, at, due] =
      GENERATE(table<std::uint64_t, VirtualTime, std::chrono::microseconds>({
          {1'000, 90s, 90s},
          {60'000, 90s, 1'500ms},
          {60'000, 100ms, 1'666us},
          {500, 3s, 6s},
          {1'000, 24h * 3'650, 24h * 3'650},
      }));
  const Timeline timeline(morning, speed_thousandths);
  CHECK(timeline.is_paced());
  CHECK(timeline.due_after(at) == due);
  CHECK(timeline.shown(at) == morning + std::chrono::floor<std::chrono::milliseconds>(due));
}

TEST_CASE("unpaced, no sensor's clock runs a minute ahead within hours of virtual time",
          "[simulators][timeline]") {
  const Timeline timeline(morning, 0);
  CHECK_FALSE(timeline.is_paced());
  CHECK(timeline.shown(10h) == morning + 36s);
  CHECK(timeline.shown(1h) < timeline.shown(2h));
}

// How the barriers of one line are polled in turn, and what a failed request costs.
// docs/contract/modbus.md, "What the gateway does".
#include "tests/unit/devices/barriers_fake_port.hpp"
#include "tests/unit/devices/barriers_yard.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace std::chrono_literals;
using devices::ModbusFailure;
using engine::BarrierOrderKind;
using Kind = ModbusFailure::Kind;

namespace {

ModbusFailure fault(Kind kind, std::uint8_t exception = 0) {
  return {.kind = kind, .exception = exception};
}
std::ptrdiff_t count(const Lines& lines, const std::string& line) {
  return std::ranges::count(lines, line);
}

}  // namespace

TEST_CASE("Silence counts from the first asking, not from when the arm was made",
          "[barriers][bus]") {
  const devices::BarrierSettings settings;
  const devices::ArmSettings of_arm =
      devices::arm_settings(settings, devices::profile_of(settings, {}), false);
  Moment now;
  devices::Arm arm(BarrierIndex{0}, of_arm, now);
  now.steady += 10s;
  CHECK(arm.step(now, devices::TimePassed{}).reports.empty());
  now.steady += of_arm.offline_after - 1ms;
  CHECK(arm.step(now, devices::TimePassed{}).reports.empty());
  now.steady += 1ms;
  const auto reports = arm.step(now, devices::TimePassed{}).reports;
  REQUIRE(reports.size() == 1);
  CHECK(line_of(reports.front()) == "unreachable");
}

TEST_CASE("On connect the coils that the gateway pulses are 0 before anything else",
          "[barriers][bus]") {
  BusYard yard;
  yard.port.devices[1].coils = {{0, 1}, {1, 1}};
  yard.pass(50ms);
  CHECK(yard.port.take() == Lines{"connect", "write 1 0=0", "write 1 1=0", "read 1 0+5"});
  CHECK(yard.take_reports() == Lines{"b1 closed"});
}

TEST_CASE("Inputs are polled every poll_ms with one read for each block", "[barriers][bus]") {
  BusYard yard;
  yard.pass(50ms);
  yard.port.take();
  yard.pass(1s);
  CHECK(yard.port.take() == Lines(10, "read 1 0+5"));
}

TEST_CASE("An opening is written at once, and its pulse ended in time", "[barriers][bus]") {
  BusYard yard;
  yard.pass(50ms);
  yard.port.take();
  yard.order(BarrierOrderKind::open, 7);
  CHECK(yard.port.take().front() == "write 1 0=1");
  const Steady written = yard.clock.now().steady;
  while (yard.port.devices[1].coils[0] != 0) yard.pass(1ms);
  CHECK(yard.clock.now().steady - written <= 510ms);
  CHECK(yard.figure("gatehouse_barrier_pulses_total", "open") == 1);
}

TEST_CASE("After a write without an answer the connection is made anew and the inputs are read",
          "[barriers][bus]") {
  BusYard yard;
  yard.pass(2s);
  yard.port.take();
  const Kind kind = GENERATE(Kind::timed_out, Kind::garbled, Kind::disconnected);
  yard.port.faults = {fault(kind)};
  yard.order(BarrierOrderKind::open, 7);
  yard.pass(50ms);
  // Not repeated: the coil is 0 again, and what the barrier made of it is read first.
  const Lines said = yard.port.take();
  REQUIRE(said.size() >= 6);
  CHECK(Lines(said.begin(), said.begin() + 6) ==
        Lines{"write 1 0=1", "close", "connect", "write 1 0=0", "write 1 1=0", "read 1 0+5"});
  yard.pass(5400ms);
  CHECK(count(yard.port.take(), "write 1 0=1") == 0);
  yard.pass(1s);
  CHECK(count(yard.port.take(), "write 1 0=1") == 1);
}

TEST_CASE("A refused pulse is not repeated at once either", "[barriers][bus]") {
  BusYard yard;
  yard.pass(2s);
  yard.port.take();
  yard.port.faults = {fault(Kind::refused, 4)};
  yard.order(BarrierOrderKind::open, 7);
  yard.pass(5900ms);
  CHECK(count(yard.port.take(), "write 1 0=1") == 1);
  CHECK(yard.figure("gatehouse_barrier_errors_total", "refused") == 1);
  yard.pass(200ms);
  CHECK(count(yard.port.take(), "write 1 0=1") == 1);
}

TEST_CASE("What is no answer counts as an error and never as an input", "[barriers][bus]") {
  BusYard yard;
  yard.pass(2s);
  const auto [kind, name] =
      GENERATE(table<Kind, const char*>({{Kind::refused, "refused"},
                                         {Kind::garbled, "garbled"},
                                         {Kind::timed_out, "timed_out"},
                                         {Kind::disconnected, "disconnected"}}));
  yard.take_reports();
  yard.port.faults = {fault(kind)};
  yard.pass(1s);
  CHECK(yard.take_reports().empty());
  CHECK(yard.figure("gatehouse_barrier_errors_total", name) == 1);
}

TEST_CASE("A barrier that only refuses is out of reach after offline_after_ms", "[barriers][bus]") {
  BusYard yard;
  yard.pass(50ms);
  yard.take_reports();
  yard.port.faults.assign(20, fault(Kind::refused, 2));
  yard.pass(1400ms);
  CHECK(yard.take_reports().empty());
  yard.pass(200ms);
  CHECK(yard.take_reports() == Lines{"b1 unreachable"});
}

TEST_CASE("A barrier that never answered is called unreachable once it had its time",
          "[barriers][bus]") {
  BusYard yard;
  yard.port.takes_connections = false;
  yard.pass(1400ms);
  CHECK(yard.take_reports().empty());
  yard.pass(200ms);
  CHECK(yard.take_reports() == Lines{"b1 unreachable"});
  CHECK(yard.figure("gatehouse_barrier_connected", "b1") == 0);
}

TEST_CASE("It is connected again ever more rarely, half a second to ten seconds apart",
          "[barriers][bus]") {
  BusYard yard;
  yard.port.takes_connections = false;
  std::vector<std::chrono::milliseconds> pauses;
  Steady last = yard.clock.now().steady;
  while (pauses.size() < 40) {
    const Steady next = yard.bus->serve({});
    if (!yard.port.take().empty()) {
      const Steady now = yard.clock.now().steady;
      pauses.push_back(std::chrono::round<std::chrono::milliseconds>(now - last));
      last = now;
    }
    if (next > yard.clock.now().steady) yard.clock.pass(next - yard.clock.now().steady);
  }
  pauses.erase(pauses.begin());
  CHECK(std::ranges::min(pauses) >= 500ms);
  CHECK(std::ranges::max(pauses) <= 10'001ms);
  CHECK(std::ranges::max(pauses) > 3s);
  yard.port.takes_connections = true;
  yard.pass(11s);
  CHECK(yard.reports.back() == "b1 closed");
}

TEST_CASE("A server that drops every connection is not stormed", "[barriers][bus]") {
  BusYard yard;
  for (int i = 0; i < 1000; ++i) {
    yard.port.faults.insert(yard.port.faults.end(), {{}, {}, {}, fault(Kind::disconnected)});
  }
  yard.pass(60s);
  CHECK(count(yard.port.take(), "connect") <= 120);
}

TEST_CASE("A dead neighbour does not make a barrier of the same serial line unreachable",
          "[barriers][bus]") {
  BusYard yard(3, true);
  yard.pass(1s);
  yard.take_reports();
  yard.port.devices[2].is_silent = true;
  yard.port.devices[3].is_silent = true;
  yard.pass(5min);
  const Lines reports = yard.take_reports();
  CHECK(reports.size() == 2);
  CHECK(count(reports, "b1 unreachable") == 0);
  yard.port.devices[2].is_silent = false;
  yard.pass(15s);
  CHECK(yard.take_reports() == Lines{"b2 closed"});
}

TEST_CASE("A unit that is dead behind a TCP gateway does not make the others unreachable",
          "[barriers][bus]") {
  BusYard yard(3);
  yard.pass(1s);
  yard.take_reports();
  yard.port.devices[2].is_silent = true;
  yard.port.devices[3].is_silent = true;
  yard.pass(5min);
  const Lines reports = yard.take_reports();
  CHECK(reports.size() == 2);
  CHECK(count(reports, "b1 unreachable") == 0);
}

TEST_CASE("On a serial line a disturbed reading costs only that reading", "[barriers][bus]") {
  BusYard yard(2, true);
  yard.pass(1s);
  yard.port.take();
  yard.take_reports();
  yard.port.faults = {fault(Kind::garbled)};
  yard.pass(1s);
  CHECK(count(yard.port.take(), "close") == 0);
  CHECK(yard.take_reports().empty());
}

TEST_CASE("A barrier that comes back is told nothing old", "[barriers][bus]") {
  BusYard yard;
  yard.pass(2s);
  yard.port.takes_connections = false;
  yard.port.faults = {fault(Kind::disconnected)};
  yard.pass(100ms);
  yard.order(BarrierOrderKind::open, 7);
  yard.pass(20s);
  yard.port.takes_connections = true;
  yard.port.take();
  yard.pass(20s);
  CHECK(count(yard.port.take(), "write 1 0=1") == 0);
  CHECK(yard.take_reports() ==
        Lines{"b1 closed", "b1 unreachable", "b1 opening 7 too_old", "b1 closed"});
}

TEST_CASE("At the end no pulse of the gateway's stays on", "[barriers][bus]") {
  BusYard yard;
  yard.pass(50ms);
  yard.order(BarrierOrderKind::open, 7);
  yard.bus->finish();
  CHECK(yard.port.devices[1].coils[0] == 0);
  CHECK(yard.port.take().back() == "close");
}

// What becomes of a scan before anybody asks whose it is: repetitions, the debounce, clocks, bad
// codes (docs/contract/mqtt.md, "Scans and presses", "Later answers").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

TEST_CASE("a scan that is repeated gets its answer again and opens nothing more",
          "[engine][gate][scan]") {
  GateLot lot;
  const std::string code = lot.ticket();
  const Heard first = lot.scan("ENTRY_GATE_01", code, {.id = "one"});
  lot.advance(10min);
  const Heard again = lot.scan("ENTRY_GATE_01", code, {.id = "one"});
  CHECK(first.answer == "open/entered");
  CHECK(again.answer == first.answer);
  CHECK(again.update == 0);
  CHECK(lot.openings("ENTRY_GATE_01") == 1);
  CHECK(lot.number("SELECT count(*) FROM scans") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("a repetition gets the newest answer, also from the next process",
          "[engine][gate][scan]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.scan("ENTRY_GATE_01", code, {.id = "one"});
  lot.opening(How::failed);
  lot.restart();
  const Heard again = lot.scan("ENTRY_GATE_01", code, {.id = "one"});
  CHECK(again.answer == "deny/barrier_fault");
  CHECK(again.update == 1);
}

TEST_CASE("ids are a gate's own: another gate's scan of the same id is another",
          "[engine][gate][scan]") {
  GateLot lot;
  CHECK(lot.scan("ENTRY_GATE_01", "nothing", {.id = "one"}).answer == "deny/invalid_code");
  CHECK(lot.scan("BOTH_GATE", lot.ticket(), {.id = "one"}).answer == "open/entered");
}

TEST_CASE("the same code a moment later is answered the same, and nothing opens for it",
          "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.scan("ENTRY_GATE_01", code);
  lot.advance(3s);
  const Heard second = lot.scan("ENTRY_GATE_01", code);
  CHECK(second.answer == "open/entered");
  CHECK(second.update == 0);
  CHECK(lot.openings("ENTRY_GATE_01") == 1);
  lot.advance(1s);
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
  CHECK(lot.openings("ENTRY_GATE_01") == 2);
  CHECK(lot.violations() == "");
}

TEST_CASE("the same answer names the same sum", "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.parked();
  SECTION("that is due") {
    lot.advance(50min);
    const Heard first = lot.scan("EXIT_GATE_01", code);
    CHECK(first.answer == "pay/payment_due");
    CHECK(lot.scan("EXIT_GATE_01", code).amount_due == first.amount_due);
  }
  SECTION("when nothing is") {
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/nothing_due");
    const Heard second = lot.scan("EXIT_GATE_01", code);
    CHECK(second.answer == "open/nothing_due");
    CHECK(second.amount_due == Paise(0));
  }
}

TEST_CASE("a reader that never rests is heard again once the moment is over",
          "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.ticket();
  for (int second = 0; second < 12; ++second) {
    CHECK(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
    lot.advance(1s);
  }
  CHECK(lot.openings("ENTRY_GATE_01") == 3);  // at 0, 4 and 8 s
}

TEST_CASE("a car that went through ends the moment", "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.scan("ENTRY_GATE_01", code);
  lot.drive_through();
  lot.advance(1s);
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "deny/already_entered");
}

TEST_CASE("nobody is asked for money that was paid a moment ago",
          "[engine][gate][scan][debounce]") {
  GateLot lot({.with_presence_loops = true});
  const std::string code = lot.ticket();
  lot.barrier("ENTRY_GATE_01", BarrierState::closed, {.vehicle_present = true});
  REQUIRE(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
  lot.drive_through();
  lot.advance(50min);
  lot.barrier("EXIT_GATE_01", BarrierState::closed, {.vehicle_present = true});
  REQUIRE(lot.scan("EXIT_GATE_01", code).answer == "pay/payment_due");
  lot.barrier("EXIT_GATE_01", BarrierState::closed);  // on foot to the counter, the car backed off
  CHECK(lot.leave(code));
  lot.barrier("EXIT_GATE_01", BarrierState::closed, {.vehicle_present = true});
  lot.advance(1s);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/paid");
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("where no barrier tells who went through, reading a code twice lets nobody out",
          "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.ticket();
  CHECK(lot.scan("BOTH_GATE", code).answer == "open/entered");
  lot.advance(1s);
  CHECK(lot.scan("BOTH_GATE", code).answer == "open/entered");
  CHECK(lot.state(code) == SessionState::active);
  lot.advance(4s);
  CHECK(lot.scan("BOTH_GATE", code).answer == "open/nothing_due");
  CHECK(lot.state(code) == SessionState::completed);
}

TEST_CASE("the moment is measured by the clock that never steps",
          "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.scan("ENTRY_GATE_01", code);
  lot.step_wall_clock(-1h);
  lot.advance(4s);
  lot.scan("ENTRY_GATE_01", code);
  CHECK(lot.openings("ENTRY_GATE_01") == 2);
}

TEST_CASE("a code is the same however it is spelt", "[engine][gate][scan][debounce]") {
  GateLot lot;
  const std::string code = lot.ticket();
  std::string typed = " ";
  for (const char c : code) typed += static_cast<char>(std::tolower(c));
  lot.scan("ENTRY_GATE_01", code);
  lot.advance(1s);
  CHECK(lot.scan("ENTRY_GATE_01", typed + "\r\n").answer == "open/entered");
  CHECK(lot.openings("ENTRY_GATE_01") == 1);
}

TEST_CASE("two scans of one code in one batch open one barrier", "[engine][gate][scan][batch]") {
  const auto [inside, one, other] = GENERATE(table<bool, std::string, std::string>({
      {false, "ENTRY_GATE_01", "ENTRY_GATE_02"},
      {false, "ENTRY_GATE_02", "ENTRY_GATE_01"},
      {false, "ENTRY_GATE_01", "ENTRY_GATE_01"},
      {true, "EXIT_GATE_01", "EXIT_GATE_02"},
      {true, "EXIT_GATE_02", "EXIT_GATE_01"},
      {true, "EXIT_GATE_01", "EXIT_GATE_01"},
  }));
  CAPTURE(one, other);
  GateLot lot;
  const std::string code = inside ? lot.parked("B") : lot.ticket("B");
  lot.forget();
  lot.put_scan(one, code);
  lot.put_scan(other, code);
  lot.turn();
  CHECK(lot.openings(one) == 1);
  if (one != other) {
    CHECK(lot.openings(other) == 0);
    CHECK(lot.newest(other).answer == (inside ? "deny/already_exited" : "deny/already_entered"));
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("a scan far from our clock on either side is stale, and decides nothing",
          "[engine][gate][scan][stale]") {
  const auto [off, answer] = GENERATE(table<std::chrono::milliseconds, std::string>({
      {-15'001ms, "deny/stale_scan"},
      {-15'000ms, "open/entered"},
      {0ms, "open/entered"},
      {15'000ms, "open/entered"},
      {15'001ms, "deny/stale_scan"},
  }));
  CAPTURE(off.count());
  GateLot lot;
  const Heard heard =
      lot.scan("ENTRY_GATE_01", lot.ticket(), {.device_ts = lot.clock.now().utc + off});
  CHECK(heard.answer == answer);
}

TEST_CASE("a stale scan does not keep the next one of its code away",
          "[engine][gate][scan][stale]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.scan("ENTRY_GATE_01", code, {.device_ts = lot.clock.now().utc - 1min});
  lot.advance(1s);
  CHECK(lot.scan("ENTRY_GATE_01", code, {.device_ts = lot.clock.now().utc}).answer ==
        "open/entered");
}

TEST_CASE("three stale scans in a row mean a wrong clock, until one is right again",
          "[engine][gate][scan][stale]") {
  GateLot lot;
  const auto scan_off = [&lot](std::chrono::seconds off) {
    lot.scan("ENTRY_GATE_01", "x", {.device_ts = lot.clock.now().utc + off});
  };
  scan_off(-60s);
  scan_off(-60s);
  scan_off(0s);
  scan_off(-60s);
  scan_off(-60s);
  CHECK(lot.alerts.empty());
  scan_off(-60s);
  scan_off(-60s);
  CHECK(lot.alerts == std::vector<std::string>{"clock_skew ENTRY_GATE_01"});
  SECTION("in this process") {}
  SECTION("in the next one") { lot.restart(); }
  scan_off(0s);
  CHECK(lot.alerts.back() == "cleared clock_skew ENTRY_GATE_01");
  CHECK(lot.alerts.size() == 2);
}

TEST_CASE("bad codes are throttled, good ones never", "[engine][gate][scan][throttle]") {
  GateLot lot;
  const std::string code = lot.ticket();
  const std::string stranger = lot.unknown_code();
  for (int i = 0; i < 10; ++i)
    CHECK(lot.scan("ENTRY_GATE_01", "BAD-" + std::to_string(i)).answer == "deny/invalid_code");
  CHECK_FALSE(lot.was_alerted("bad_codes ENTRY_GATE_01"));
  CHECK(lot.scan("ENTRY_GATE_01", "BAD-10").answer == "deny/throttled");
  CHECK(lot.scan("ENTRY_GATE_01", "BAD-11").answer == "deny/throttled");
  CHECK(lot.alerts == std::vector<std::string>{"bad_codes ENTRY_GATE_01"});
  CHECK(lot.scan("ENTRY_GATE_02", "BAD-12").answer == "deny/invalid_code");
  CHECK(lot.scan("ENTRY_GATE_01", stranger).answer == "deny/unknown_code");
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
  SECTION("until the reader calms down") {}
  SECTION("also over a restart") { lot.restart(); }
  lot.advance(61s);
  CHECK(lot.scan("ENTRY_GATE_01", "BAD-13").answer == "deny/invalid_code");
  lot.advance(61s);
  CHECK(lot.was_alerted("cleared bad_codes ENTRY_GATE_01"));
}

TEST_CASE("pictures without a code are no bad codes", "[engine][gate][scan][throttle]") {
  GateLot lot;
  for (int i = 0; i < 20; ++i) CHECK(lot.frame("ENTRY_GATE_01", {}).answer == "deny/unreadable");
  CHECK(lot.alerts.empty());
  CHECK(lot.frame("ENTRY_GATE_01", lot.ticket()).answer == "open/entered");
}

TEST_CASE("every scan is written down, accepted or not, and told of", "[engine][gate][scan]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.forget();
  lot.scan("ENTRY_GATE_01", code);
  lot.scan("EXIT_GATE_01", "rubbish");
  lot.press("EXIT_GATE_01");
  lot.frame("ENTRY_GATE_02", {});
  CHECK(lot.number("SELECT count(*) FROM scans") == 4);
  CHECK(lot.number("SELECT count(*) FROM decisions") == 4);
  CHECK(lot.count_events("gate.scanned") == 4);
  CHECK(lot.newest("EXIT_GATE_01").answer == "deny/wrong_gate");
}

// Openings that are lost, repeated, refused and given up (docs/contract/modbus.md, "What the
// gateway does"): nobody is locked in, and nothing opens twice.
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

/// Paid at the counter while it waits: its opening is the newest.
std::string let_out(GateLot& lot) {
  std::string code = lot.parked();
  lot.advance(50min);
  lot.forget();
  lot.scan("EXIT_GATE_01", code);
  CHECK(lot.leave(code));
  CHECK(lot.newest("EXIT_GATE_01").answer == "open/paid");
  return code;
}

Heard scan_later(GateLot& lot, std::string_view gate, const std::string& code) {
  lot.advance(4s);
  return lot.scan(gate, code);
}

}  // namespace

TEST_CASE("before the arm was seen open, a driver opens again by scanning, without limit",
          "[engine][gate][openings]") {
  GateLot lot;
  const std::string code = let_out(lot);
  for (int i = 0; i < 5; ++i) CHECK(scan_later(lot, "EXIT_GATE_01", code).answer == "open/paid");
  lot.advance(3h);
  CHECK(scan_later(lot, "EXIT_GATE_01", code).answer == "open/paid");
  CHECK(lot.openings("EXIT_GATE_01") == 7);
  CHECK(lot.payments(code).size() == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("after the arm was seen open, at most twice and within two minutes",
          "[engine][gate][openings]") {
  const bool leaves = GENERATE(true, false);
  GateLot lot;
  const std::string gate = leaves ? "EXIT_GATE_01" : "ENTRY_GATE_01";
  const std::string open = leaves ? "open/paid" : "open/entered";
  const std::string shut = leaves ? "deny/already_exited" : "deny/already_entered";
  const std::string code = leaves ? let_out(lot) : lot.ticket();
  if (!leaves) lot.scan(gate, code);
  lot.opening(How::seen_open);
  lot.opening(How::closed_unpassed);
  SECTION("twice") {
    CHECK(scan_later(lot, gate, code).answer == open);
    lot.opening(How::seen_open);
    lot.opening(How::closed_unpassed);
    CHECK(scan_later(lot, gate, code).answer == open);
    CHECK(scan_later(lot, gate, code).answer == shut);
    CHECK(lot.openings(gate) == 3);
  }
  SECTION("up to the end of the window") {
    lot.advance(120s);
    CHECK(lot.scan(gate, code).answer == open);
  }
  SECTION("not behind it") {
    lot.clock.pass(120s + 1ms);
    CHECK(lot.scan(gate, code).answer == shut);
    lot.advance(1s);
    CHECK(scan_later(lot, gate, code).answer == shut);
  }
  SECTION("at the same gate only") {
    const std::string other = leaves ? "BOTH_GATE_02" : "ENTRY_GATE_02";
    CHECK(scan_later(lot, other, code).answer == shut);
    CHECK(lot.openings(other) == 0);
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("never once another vehicle has passed there", "[engine][gate][openings]") {
  GateLot lot;
  const std::string lost = lot.ticket();
  lot.scan("ENTRY_GATE_01", lost);
  SECTION("on its own ticket") {
    const std::string other = lot.ticket();
    lot.scan("ENTRY_GATE_01", other);
    lot.drive_through();
    CHECK(lot.session(other).entry_confirmed_at);
  }
  SECTION("without any") { lot.intrusion("ENTRY_GATE_01", IntrusionReported::Kind::forced); }
  SECTION("opened for by hand") {
    CHECK(lot.ask(MoveBarrier{lot.gate("ENTRY_GATE_01"), BarrierOrderKind::open, "A delivery"}));
    lot.drive_through();
  }
  lot.forget();
  CHECK(scan_later(lot, "ENTRY_GATE_01", lost).answer == "deny/already_entered");
  CHECK(lot.openings("ENTRY_GATE_01") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("what barriers tell of an opening is told to its driver", "[engine][gate][openings]") {
  const auto [how, answer] = GENERATE(table<How, std::string>({
      {How::failed, "deny/barrier_fault"},
      {How::refused, "deny/barrier_fault"},
      {How::too_old, "deny/scan_again"},
  }));
  CAPTURE(answer);
  GateLot lot;
  const std::string code = let_out(lot);
  const OpeningId first = lot.newest_opening();
  lot.opening(how);
  CHECK(lot.newest("EXIT_GATE_01").answer == answer);
  CHECK(lot.newest("EXIT_GATE_01").update == 2);
  lot.opening(first, How::failed);
  lot.opening(first, How::seen_open);
  CHECK(lot.newest("EXIT_GATE_01").update == 2);
  CHECK(scan_later(lot, "EXIT_GATE_01", code).answer == "open/paid");
  CHECK(lot.openings("EXIT_GATE_01") == 2);
  CHECK(lot.number("SELECT count(*) FROM authorisations WHERE direction = 'exit'") == 1);
  CHECK(lot.payments(code).size() == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("an order of an earlier process is given up, and the next scan opens",
          "[engine][gate][openings][restart]") {
  GateLot lot;
  const std::string code = let_out(lot);
  const std::string scan_id = lot.newest("EXIT_GATE_01").scan_id;
  const bool was_seen = GENERATE(false, true);
  if (was_seen) lot.opening(How::seen_open);
  lot.forget();
  lot.restart();
  CHECK(lot.orders.empty());
  CHECK(lot.newest("EXIT_GATE_01").answer == (was_seen ? "" : "deny/scan_again"));
  const Heard repeated = lot.scan("EXIT_GATE_01", code, {.id = scan_id});
  CHECK(repeated.answer == (was_seen ? "open/paid" : "deny/scan_again"));
  CHECK(lot.orders.empty());
  // At once: who is told to scan again must not wait for the moment of an earlier process.
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "open/paid");
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.payments(code).size() == 1);
  lot.drive_through();
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "deny/already_exited");
  CHECK(lot.violations() == "");
}

TEST_CASE("where the barrier cannot open, an exit is billed and settled, and opens later",
          "[engine][gate][openings][barrier]") {
  const auto [state, answer] = GENERATE(table<BarrierState, std::string>({
      {BarrierState::fault, "deny/barrier_fault"},
      {BarrierState::unreachable, "deny/barrier_fault"},
      {BarrierState::locked, "deny/out_of_service"},
  }));
  const bool owes = GENERATE(true, false);
  CAPTURE(answer, owes);
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(owes ? 50min : 3min);
  lot.barrier("EXIT_GATE_01", state);
  lot.forget();
  if (owes) {
    CHECK(lot.scan("EXIT_GATE_01", code).answer == "pay/payment_due");
    CHECK(lot.leave(code));
  } else {
    lot.scan("EXIT_GATE_01", code);
  }
  CHECK(lot.newest("EXIT_GATE_01").answer == answer);
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.orders.empty());
  CHECK(scan_later(lot, "EXIT_GATE_01", code).answer == answer);
  CHECK(lot.orders.empty());
  lot.barrier("EXIT_GATE_01", BarrierState::closed);
  CHECK(scan_later(lot, "EXIT_GATE_01", code).answer == (owes ? "open/paid" : "open/nothing_due"));
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("a barrier that is held up is not told to open, and lets everybody through",
          "[engine][gate][openings][barrier]") {
  GateLot lot;
  const std::string in = lot.ticket();
  const std::string out = lot.parked();
  lot.advance(3min);
  lot.barrier("ENTRY_GATE_01", BarrierState::held);
  lot.barrier("EXIT_GATE_01", BarrierState::held);
  lot.forget();
  CHECK(lot.scan("ENTRY_GATE_01", in).answer == "open/entered");
  CHECK(lot.scan("EXIT_GATE_01", out).answer == "open/nothing_due");
  CHECK(lot.orders.empty());
  lot.barrier("EXIT_GATE_01", BarrierState::closed);
  CHECK(scan_later(lot, "EXIT_GATE_01", out).answer == "open/nothing_due");
  CHECK(lot.openings("EXIT_GATE_01") == 1);
  lot.advance(3min);
  CHECK(lot.alerts.empty());
  CHECK(scan_later(lot, "EXIT_GATE_01", out).answer == "deny/already_exited");
  CHECK(lot.violations() == "");
}

TEST_CASE("a barrier nobody has heard of yet opens for nobody",
          "[engine][gate][openings][barrier]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.end_process();
  lot.begin_process();
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "deny/barrier_fault");
  CHECK(lot.state(code) == SessionState::booked);
}

TEST_CASE("a barrier that fails or is out of reach is an alert until it is well again",
          "[engine][gate][openings][alerts]") {
  const auto [state, kind] = GENERATE(table<BarrierState, std::string>({
      {BarrierState::fault, "barrier_fault b2"},
      {BarrierState::unreachable, "barrier_unreachable b2"},
  }));
  GateLot lot;
  SECTION("in the middle of the day") {}
  SECTION("from the start on") {
    lot.end_process();
    lot.begin_process();
  }
  SECTION("over a restart") {
    lot.barrier("EXIT_GATE_01", state);
    CHECK(lot.alerts == std::vector<std::string>{kind});
    lot.forget();
    lot.end_process();
    lot.begin_process();
    lot.barrier("EXIT_GATE_01", state);
    CHECK(lot.alerts.empty());
    lot.barrier("EXIT_GATE_01", BarrierState::closed);
    CHECK(lot.alerts == std::vector<std::string>{"cleared " + kind});
    lot.forget();
  }
  lot.barrier("EXIT_GATE_01", state);
  lot.barrier("EXIT_GATE_01", state, {.vehicle_present = true});
  CHECK(lot.alerts == std::vector<std::string>{kind});
  lot.barrier("EXIT_GATE_01", BarrierState::closed);
  CHECK(lot.alerts == std::vector<std::string>{kind, "cleared " + kind});
}

TEST_CASE("who passes without being let through is an alert", "[engine][gate][openings][alerts]") {
  GateLot lot;
  lot.intrusion("EXIT_GATE_01", IntrusionReported::Kind::tailgate);
  lot.intrusion("EXIT_GATE_01", IntrusionReported::Kind::forced);
  lot.intrusion("EXIT_GATE_01", IntrusionReported::Kind::tailgate);
  CHECK(lot.alerts == std::vector<std::string>{"tailgate EXIT_GATE_01", "forced EXIT_GATE_01",
                                               "cleared tailgate EXIT_GATE_01",
                                               "tailgate EXIT_GATE_01"});
  CHECK(lot.violations() == "");
}

TEST_CASE("a second car on a repeated opening is a tailgater", "[engine][gate][openings][alerts]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.scan("ENTRY_GATE_01", code);
  const OpeningId first = lot.newest_opening();
  scan_later(lot, "ENTRY_GATE_01", code);
  const OpeningId second = lot.newest_opening();
  lot.opening(first, How::seen_open);
  lot.opening(second, How::seen_open);
  lot.opening(first, How::passed);
  CHECK(lot.alerts.empty());
  lot.opening(second, How::passed);
  CHECK(lot.alerts == std::vector<std::string>{"tailgate ENTRY_GATE_01"});
  CHECK(lot.violations() == "");
}

TEST_CASE("in a lane of both directions a code enters, opens again, and leaves",
          "[engine][gate][openings][both]") {
  GateLot lot;
  const std::string code = lot.ticket();
  CHECK(lot.scan("BOTH_GATE_02", code).answer == "open/entered");
  SECTION("an unconfirmed entry opens again") {
    CHECK(scan_later(lot, "BOTH_GATE_02", code).answer == "open/entered");
    CHECK(lot.openings("BOTH_GATE_02") == 2);
    CHECK(lot.state(code) == SessionState::active);
  }
  SECTION("a confirmed one leaves") {
    lot.drive_through();
    CHECK(lot.scan("BOTH_GATE_02", code).answer == "open/nothing_due");
    lot.drive_through();
    CHECK(lot.scan("BOTH_GATE_02", code).answer == "deny/already_exited");
  }
  SECTION("whoever comes long after leaves, and pays, seen open or not") {
    if (GENERATE(true, false)) lot.opening(How::seen_open);
    lot.advance(50min);
    CHECK(lot.scan("BOTH_GATE_02", code).answer == "pay/payment_due");
    CHECK(lot.openings("BOTH_GATE_02") == 1);
  }
  CHECK(lot.violations() == "");
}

TEST_CASE(
    "a copy of a ticket that comes to a lane of both directions while it enters opens nothing",
    "[engine][gate][openings][both]") {
  GateLot lot;
  const std::string code = lot.ticket();
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
  SECTION("in the same moment, and until its entry was seen") {
    CHECK(lot.scan("BOTH_GATE_02", code).answer == "deny/already_entered");
    CHECK(scan_later(lot, "BOTH_GATE_02", code).answer == "deny/already_entered");
    CHECK(lot.openings("BOTH_GATE_02") == 0);
    CHECK(lot.state(code) == SessionState::active);
  }
  SECTION("once it is in, it may leave there") {
    lot.drive_through();
    CHECK(lot.scan("BOTH_GATE_02", code).answer == "open/nothing_due");
  }
  SECTION("nobody is locked in whose entry was never seen") {
    lot.advance(50min);
    CHECK(lot.scan("BOTH_GATE_02", code).answer == "pay/payment_due");
  }
  CHECK(lot.violations() == "");
}

namespace {

MoveBarrier fire() {
  return {.gate = {}, .kind = BarrierOrderKind::hold, .reason = "Fire", .is_emergency = true};
}

}  // namespace

TEST_CASE("staff move barriers by hand, and no session is touched", "[engine][gate][staff]") {
  GateLot lot;
  const auto kind =
      GENERATE(BarrierOrderKind::open, BarrierOrderKind::close, BarrierOrderKind::hold,
               BarrierOrderKind::lock, BarrierOrderKind::release);
  CHECK(lot.ask(MoveBarrier{lot.gate("EXIT_GATE_01"), kind, "A test"}));
  REQUIRE(lot.orders.size() == 1);
  CHECK(lot.orders[0].kind == kind);
  CHECK(lot.orders[0].opening.has_value() == (kind == BarrierOrderKind::open));
  CHECK(lot.ask(MoveBarrier{lot.gate("BOTH_GATE"), kind, "A test"}));
  CHECK(lot.orders.size() == 1);
  CHECK(lot.number("SELECT count(*) FROM sessions") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("emergency opening raises and holds all", "[engine][gate][staff]") {
  GateLot lot;
  CHECK(lot.ask(fire()));
  REQUIRE(lot.orders.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(lot.orders[i].kind == BarrierOrderKind::hold);
    CHECK(at(lot.orders[i].barrier) == i);
  }
}

TEST_CASE("after an emergency an administrator alone lets the barriers down again",
          "[engine][gate][staff]") {
  GateLot lot;
  CHECK(lot.ask(fire()));
  const bool is_restarted = GENERATE(false, true);
  if (is_restarted) lot.restart();
  const auto kind = GENERATE(BarrierOrderKind::close, BarrierOrderKind::lock,
                             BarrierOrderKind::release, BarrierOrderKind::hold);
  const MoveBarrier down{lot.gate("EXIT_GATE_01"), kind, "All clear"};
  lot.forget();
  CHECK(lot.is_refused(lot.ask(down), Refusal::emergency));
  CHECK(lot.orders.empty());
  CHECK(lot.ask(MoveBarrier{lot.gate("EXIT_GATE_01"), BarrierOrderKind::open, "A car"}));
  lot.is_administrator = true;
  CHECK(lot.ask(MoveBarrier{lot.gate("EXIT_GATE_01"), BarrierOrderKind::release, "All clear"}));
  lot.is_administrator = false;
  // From then on that gate is staff's again, the others are not yet.
  CHECK(lot.ask(down));
  CHECK(lot.is_refused(lot.ask(MoveBarrier{lot.gate("ENTRY_GATE_01"), kind, "All clear"}),
                       Refusal::emergency));
  CHECK(lot.violations() == "");
}

TEST_CASE("what is held or locked stays so over a restart, until it is released",
          "[engine][gate][staff]") {
  GateLot lot;
  const auto kind = GENERATE(BarrierOrderKind::hold, BarrierOrderKind::lock);
  const auto exit = lot.gate("EXIT_GATE_01");
  CHECK(lot.ask(MoveBarrier{exit, kind, "Repairs"}));
  CHECK(lot.ask(MoveBarrier{exit, BarrierOrderKind::close, "By mistake"}));
  lot.forget();
  lot.restart();
  REQUIRE(lot.orders.size() == 1);
  CHECK(lot.orders[0].kind == kind);
  CHECK(lot.orders[0].barrier == lot.plan_of(exit).barrier);
  CHECK(lot.ask(MoveBarrier{exit, BarrierOrderKind::release, "Repaired"}));
  lot.forget();
  lot.restart();
  CHECK(lot.orders.empty());
}

TEST_CASE("a barrier that cannot open now is not said to be told so", "[engine][gate][staff]") {
  GateLot lot;
  const MoveBarrier open{lot.gate("EXIT_GATE_01"), BarrierOrderKind::open, "A delivery"};
  SECTION("locked") {
    CHECK(lot.ask(MoveBarrier{lot.gate("EXIT_GATE_01"), BarrierOrderKind::lock, "Repairs"}));
  }
  SECTION("not reached") { lot.barrier("EXIT_GATE_01", BarrierState::unreachable); }
  lot.forget();
  CHECK(lot.is_refused(lot.ask(open), Refusal::barrier_fault));
  CHECK(lot.orders.empty());
}

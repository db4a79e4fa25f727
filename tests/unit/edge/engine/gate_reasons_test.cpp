// Every answer of the decision table (docs/contract/mqtt.md, "Decision"), provoked once.
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <functional>
#include <set>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

struct Provoked {
  const char* answer;
  std::function<Heard(GateLot&)> by;
  LotRules rules = {};
};

Heard exit_after(GateLot& lot, std::chrono::minutes stay) {
  const std::string code = lot.parked();
  lot.advance(stay);
  return lot.scan("EXIT_GATE_01", code);
}

Heard scan_twice(GateLot& lot, std::string_view gate, const std::string& code) {
  lot.scan(gate, code);
  lot.advance(4s);
  return lot.scan(gate, code);
}

/// The provider has answered: its order waits for money.
Heard scan_with_order(GateLot& lot) {
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.scan("EXIT_GATE_01", code);
  lot.run("UPDATE payments SET status = 'PENDING'");
  lot.advance(4s);
  return lot.scan("EXIT_GATE_01", code);
}

Heard scan_after_the_lot_filled(GateLot& lot) {
  const std::string code = lot.ticket();
  for (const char* slot : {"A-001", "A-002", "A-003", "B-001", "B-002"}) lot.sensor(slot, true);
  return scan_twice(lot, "ENTRY_GATE_01", code);
}

Heard press_until_full(GateLot& lot) {
  for (int i = 0; i < 2; ++i) {
    lot.press("ENTRY_GATE_02");
    lot.drive_through();
  }
  return lot.press("ENTRY_GATE_02");
}

Heard bring_bad_codes(GateLot& lot, int codes) {
  Heard last;
  for (int i = 0; i < codes; ++i) last = lot.scan("EXIT_GATE_01", "BAD-" + std::to_string(i));
  return last;
}

Heard scan_at(GateLot& lot, BarrierState state) {
  lot.barrier("ENTRY_GATE_01", state);
  return lot.scan("ENTRY_GATE_01", lot.ticket());
}

LotRules online() { return {.takes_online_payments = true}; }

std::vector<Provoked> answers_to_entering() {
  return {
      {"open/entered", [](GateLot& lot) { return lot.scan("ENTRY_GATE_01", lot.ticket()); }},
      {"open/ticket_issued", [](GateLot& lot) { return lot.press("ENTRY_GATE_01"); }},
      {"deny/already_entered",
       [](GateLot& lot) { return lot.scan("ENTRY_GATE_01", lot.parked()); }},
      {"deny/booking_unpaid",
       [](GateLot& lot) {
         return lot.scan("ENTRY_GATE_01",
                         lot.booking({.state = SessionState::pending_payment, .paid = Paise(0)}));
       }},
      {"deny/booking_expired",
       [](GateLot& lot) {
         const std::string code = lot.ticket();
         lot.advance(16min);
         return lot.scan("ENTRY_GATE_01", code);
       }},
      {"deny/booking_cancelled", scan_after_the_lot_filled},
      {"deny/wrong_gate", [](GateLot& lot) { return lot.scan("ENTRY_GATE_02", lot.ticket("A")); }},
      {"deny/zone_full", press_until_full},
      {"deny/zone_closed",
       [](GateLot& lot) { return lot.press("ENTRY_GATE_02"); },
       {.b_takes_walk_ins = false}},
      {"deny/vehicle_inside",
       [](GateLot& lot) {
         lot.ticket("A", "DL01AB1234");
         return lot.press("ENTRY_GATE_01", "DL-01-AB-1234");
       }},
      {"deny/no_vehicle",
       [](GateLot& lot) { return lot.press("ENTRY_GATE_01"); },
       {.with_presence_loops = true}},
  };
}

std::vector<Provoked> answers_to_anybody() {
  return {
      {"deny/invalid_code", [](GateLot& lot) { return lot.scan("ENTRY_GATE_01", "A banknote"); }},
      {"deny/unknown_code",
       [](GateLot& lot) { return lot.scan("ENTRY_GATE_01", lot.unknown_code()); }},
      {"deny/stale_scan",
       [](GateLot& lot) {
         return lot.scan("ENTRY_GATE_01", lot.ticket(), {.device_ts = lot.clock.now().utc - 16s});
       }},
      {"deny/throttled", [](GateLot& lot) { return bring_bad_codes(lot, 11); }},
      {"deny/unreadable", [](GateLot& lot) { return lot.frame("ENTRY_GATE_01", {}); }},
      {"deny/scan_again",
       [](GateLot& lot) {
         lot.scan("ENTRY_GATE_01", lot.ticket());
         lot.opening(How::too_old);
         return lot.newest("ENTRY_GATE_01");
       }},
      {"deny/barrier_fault", [](GateLot& lot) { return scan_at(lot, BarrierState::fault); }},
      {"deny/out_of_service", [](GateLot& lot) { return scan_at(lot, BarrierState::locked); }},
  };
}

std::vector<Provoked> answers_to_leaving() {
  return {
      {"open/paid",
       [](GateLot& lot) {
         const std::string code = lot.parked();
         lot.advance(50min);
         lot.scan("EXIT_GATE_01", code);
         CHECK(lot.leave(code));
         return lot.newest("EXIT_GATE_01");
       }},
      {"open/nothing_due", [](GateLot& lot) { return exit_after(lot, 4min); }},
      {"pay/payment_due", [](GateLot& lot) { return exit_after(lot, 50min); }},
      {"wait/payment_pending", [](GateLot& lot) { return exit_after(lot, 50min); }, online()},
      {"pay/payment_pending", scan_with_order, online()},
      {"deny/not_entered", [](GateLot& lot) { return lot.scan("EXIT_GATE_01", lot.ticket()); }},
      {"deny/already_exited",
       [](GateLot& lot) {
         const std::string code = lot.parked();
         lot.scan("EXIT_GATE_01", code);
         lot.drive_through();
         return lot.scan("EXIT_GATE_01", code);
       }},
      {"wait/ask_staff",
       [](GateLot& lot) {
         const std::string code = lot.parked();
         lot.step_wall_clock(2h);
         return lot.scan("EXIT_GATE_01", code);
       }},
  };
}

std::vector<Provoked> every_answer() {
  std::vector<Provoked> all = answers_to_entering();
  for (const auto& some : {answers_to_anybody(), answers_to_leaving()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace

TEST_CASE("every answer of the table can be provoked, and leaves the books in order",
          "[engine][gate][reasons]") {
  const Provoked row = GENERATE(from_range(every_answer()));
  CAPTURE(row.answer);
  GateLot lot(row.rules);
  const Heard heard = row.by(lot);
  CHECK(heard.answer == row.answer);
  CHECK_FALSE(heard.message.empty());
  CHECK(lot.violations() == "");
}

TEST_CASE("the table of answers leaves out no reason but that of passes",
          "[engine][gate][reasons]") {
  std::set<std::string> provoked;
  for (const Provoked& row : every_answer()) {
    const std::string answer = row.answer;
    provoked.insert(answer.substr(answer.find('/') + 1));
  }
  for (std::size_t i = 0; i < reason_count; ++i) {
    const auto reason = static_cast<Reason>(i);
    CAPTURE(name(reason));
    CHECK((provoked.contains(std::string(name(reason))) || reason == Reason::pass));
  }
}

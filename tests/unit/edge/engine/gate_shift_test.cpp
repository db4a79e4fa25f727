// Shifts at the drawer: opened, worked, counted (docs/contract/http.md, "Staff").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

ShiftShown shown(const std::expected<CallResult, CallRefused>& result) {
  return std::get<ShiftShown>(result.value());
}

Paise balance(GateLot& lot, Account account) {
  return lot.books().ledger.balances()[std::size_t(account)];
}

/// Somebody stays for an hour and pays 50 rupees in cash.
void stay(GateLot& lot, std::optional<Paise> tendered = {}) {
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.amount = Paise(5'000), .tendered = tendered}));
}

}  // namespace

TEST_CASE("a shift is opened with a float, worked and counted", "[engine][gate][shift]") {
  const auto [counted, over] =
      GENERATE(table<int, int>({{12'000, 0}, {11'950, -50}, {12'100, 100}, {0, -12'000}}));
  CAPTURE(counted);
  GateLot lot;
  const ShiftShown opened = shown(lot.ask(OpenShift{Paise(2'000)}));
  CHECK(opened.user == "staff1");
  CHECK(opened.shift.cash_float == Paise(2'000));
  CHECK(opened.expected == Paise(2'000));
  stay(lot, Paise(10'000));
  stay(lot);
  lot.ask(MoveBarrier{{}, BarrierOrderKind::open, "A delivery"});
  const ShiftShown worked = shown(lot.ask(AskShift{}));
  CHECK(worked.expected == Paise(12'000));
  CHECK(worked.takings.cash == store::MethodTakings{2, Paise(10'000), 0, {}});
  CHECK_FALSE(worked.shift.closed_at);
  CHECK(worked.acts.openings_by_hand == 5);
  // An arm that is held up lets out as many as one that is opened; letting go of it raises nothing.
  lot.ask(MoveBarrier{GateIndex(1), BarrierOrderKind::hold, "A convoy"});
  lot.ask(MoveBarrier{GateIndex(1), BarrierOrderKind::release, "It is through"});
  CHECK(shown(lot.ask(AskShift{})).acts.openings_by_hand == 6);

  const ShiftShown closed = shown(lot.ask(CloseShift{Paise(counted)}));
  CHECK(closed.shift.counted == Paise(counted));
  CHECK(closed.shift.closed_at == lot.clock.now().utc);
  CHECK(closed.shift.z_number == 1);
  CHECK(closed.expected == Paise(12'000));
  CHECK(closed.takings == worked.takings);
  CHECK(balance(lot, Account::drawer) == Paise(0));
  CHECK(balance(lot, Account::over_short) == Paise(over));
  CHECK(balance(lot, Account::safe) == Paise(2'000 - counted));
  CHECK(balance(lot, Account::revenue) == Paise(10'000));
  CHECK(lot.violations() == "");

  // The Z report can be printed again, whatever comes after it.
  CHECK(lot.is_refused(lot.ask(AskShift{}), Refusal::no_shift));
  stay(lot);
  const ShiftShown again = shown(lot.ask(AskShift{.shift = closed.shift.key}));
  CHECK(again.shift == closed.shift);
  CHECK(again.takings == closed.takings);
  CHECK(again.expected == closed.expected);
  CHECK(lot.violations() == "");
}

TEST_CASE("change that was given stays out of the drawer's sum", "[engine][gate][shift]") {
  GateLot lot;
  stay(lot, Paise(50'000));
  const ShiftShown shift = shown(lot.ask(AskShift{}));
  CHECK(shift.expected == Paise(5'000));
  CHECK(lot.number("SELECT tendered_paise FROM payments") == 50'000);
}

TEST_CASE("cash opens a shift of float 0 where none is open", "[engine][gate][shift]") {
  GateLot lot;
  CHECK(lot.is_refused(lot.ask(AskShift{}), Refusal::no_shift));
  CHECK(lot.is_refused(lot.ask(CloseShift{Paise(0)}), Refusal::no_shift));
  stay(lot);
  const ShiftShown shift = shown(lot.ask(AskShift{}));
  CHECK(shift.shift.cash_float == Paise(0));
  CHECK(shift.expected == Paise(5'000));
  CHECK(lot.is_refused(lot.ask(OpenShift{Paise(100)}), Refusal::shift_open));
  CHECK(lot.number("SELECT count(*) FROM shifts") == 1);
  CHECK(shown(lot.ask(CloseShift{Paise(5'000)})).shift.z_number == 1);
  CHECK(shown(lot.ask(OpenShift{Paise(100)})).shift.cash_float == Paise(100));
  CHECK(lot.violations() == "");
}

TEST_CASE("a stay without charge opens no shift", "[engine][gate][shift]") {
  GateLot lot;
  const std::string code = lot.parked();
  REQUIRE(lot.leave(code));
  CHECK(lot.number("SELECT count(*) FROM shifts") == 0);
}

TEST_CASE("another's shift is an administrator's to see", "[engine][gate][shift]") {
  GateLot lot;
  lot.run(
      "INSERT INTO users (username, role, password_hash, created_at) "
      "VALUES ('other', 'staff', 'x', 0);"
      "INSERT INTO shifts (user, opened_at, float_paise) VALUES (2, 0, 0)");
  CHECK(lot.is_refused(lot.ask(AskShift{.shift = store::ShiftKey{1}}), Refusal::no_shift));
  CHECK(shown(lot.ask(AskShift{.shift = store::ShiftKey{1}, .may_be_anybodys = true})).user ==
        "other");
  CHECK(lot.is_refused(lot.ask(AskShift{.shift = store::ShiftKey{7}, .may_be_anybodys = true}),
                       Refusal::no_shift));
  // Somebody else's open shift takes no cash of ours.
  stay(lot);
  CHECK(shown(lot.ask(AskShift{})).expected == Paise(5'000));
  CHECK(lot.violations() == "");
}

TEST_CASE("a shift survives a restart", "[engine][gate][shift]") {
  GateLot lot;
  lot.ask(OpenShift{Paise(2'000)});
  stay(lot);
  lot.restart();
  CHECK(shown(lot.ask(AskShift{})).expected == Paise(7'000));
  CHECK(lot.is_refused(lot.ask(OpenShift{Paise(0)}), Refusal::shift_open));
}

// The examples and decided contradictions of the product's requirements, by their numbers: EX-01 to
// EX-28 and C-01 to C-26, as far as they speak of rules and not of a wire.
#include "edge/domain/lifecycle.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/plan.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/settlement.hpp"
#include "tests/unit/edge/domain/stays.hpp"

#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

const Instant ten = at_wall(10h);
const BillingRules rules;

std::string after(SessionState state, SessionEvent event) {
  const auto then = next(state, event);
  return then ? std::string(name(*then)) : "refused";
}

/// What a booking of `booked` hours at ₹50 owes and gets back after a stay.
Settlement after_prepaid(hours booked, minutes stayed) {
  const PriceList prices{flat, india};
  const Paise credits = quote(prices, rules, ten, booked);
  const Paise kept = quote(prices, rules, ten, std::min(booked, rules.prepaid_min));
  return settle(AdmissionKind::prepaid, cost(flat, ten, ten + stayed), credits, kept);
}

}  // namespace

TEST_CASE("EX-01 to EX-14: what a stay is billed", "[domain][examples]") {
  const auto [stayed, billed, paid, source] = GENERATE(table<int, int, int, std::string>({
      {3, 0, 0, "EX-01"},
      {5, 0, 0, "EX-02"},
      {6, 1, 50, "EX-03"},
      {45, 1, 50, "EX-04, and C-04: the amount holds, whatever its intermediate value"},
      {60, 1, 50, "EX-05"},
      {61, 1, 50, "EX-06, C-01: with 65 minutes for one hour, 61 cannot be two"},
      {65, 1, 50, "EX-07"},
      {66, 2, 100, "EX-08"},
      {90, 2, 100, "EX-09"},
      {120, 2, 100, "EX-10"},
      {125, 2, 100, "EX-11"},
      {150, 3, 150, "EX-12"},
      {180, 3, 150, "EX-13"},
      {300, 5, 250, "EX-14"},
  }));
  CAPTURE(source, stayed);
  CHECK(billed_hours(minutes(stayed), rules.grace) == hours(billed));
  CHECK(cost(flat, ten, ten + minutes(stayed)) == rupees(paid));
}

TEST_CASE("C-02, C-05: minutes are whole and elapsed, and the minimum begins with the sixth",
          "[domain][examples]") {
  const auto [stayed, paid, why] = GENERATE(table<milliseconds, int, std::string>({
      {0s, 0, "C-02: no minimum within the grace"},
      {5min + 59s + 999ms, 0, "C-05: 5:59 is free"},
      {6min, 50, "C-02: one hour at least from here on"},
      {65min + 59s, 50, "C-05: 65:59 is one hour"},
      {66min, 100, "and 66:00 is two"},
      {120min + 333ms, 100, "C-03: two hours and a third of a second are not three"},
  }));
  CAPTURE(why);
  CHECK(cost(flat, ten, ten + stayed) == rupees(paid));
}

TEST_CASE("C-05: what counts is the time between, not the minutes that the clock showed",
          "[domain][examples]") {
  // 10:00:59 to 10:07:00 shows seven minutes and lasts six; to 10:06:58 it lasts five.
  CHECK(cost(flat, ten + 59s, ten + 7min) == rupees(50));
  CHECK(cost(flat, ten + 59s, ten + 6min + 58s) == rupees(0));
}

TEST_CASE("C-26: bands meet at their edges, and an hour costs the rate of its start",
          "[domain][examples]") {
  const auto [from, to, paid] = GENERATE(table<minutes, minutes, int>({
      {10h, 10h + 45min, 50},
      {10h, 12h + 30min, 150},
      {9h, 14h, 250},
      {10h + 30min, 12h + 30min, 100},
      {8h + 30min, 10h, 80 + 50},
      {17h + 59min, 20h, 50 + 70},
      {20h, 23h, 70 + 30 + 30},
      {23h, 31h, 7 * 30 + 80},
  }));
  CAPTURE(from.count(), to.count());
  CHECK(cost(banded, at_wall(from), at_wall(to)) == rupees(paid));
}

TEST_CASE("C-06: one equation for every way in", "[domain][examples]") {
  using enum AdmissionKind;
  const auto [kind, charge, credits, due, refund, source] =
      GENERATE(table<AdmissionKind, int, int, int, int, std::string>({
          {walk_in, 150, 0, 150, 0, "C-06: a walk-in pays its stay"},
          {deposit, 150, 50, 100, 0, "EX-15: booking fee 50, three hours, 100 at the exit"},
          {deposit, 0, 50, 0, 0, "C-08: a fee is never given back at the exit"},
          {deposit, 30, 50, 0, 0, "C-22: not even where the stay cost less"},
          {walk_in, 0, 0, 0, 0, "C-09: within the grace a walk-in stays free"},
      }));
  CAPTURE(source);
  const Settlement sums = settle(kind, rupees(charge), rupees(credits), Paise(0));
  CHECK(sums.due == rupees(due));
  CHECK(sums.refund == rupees(refund));
  CHECK(sums.nothing_due() == (due == 0));
}

TEST_CASE("EX-16, EX-17, EX-27: a booking prepaid by hours", "[domain][examples]") {
  const auto [booked, stayed, due, refund, source] =
      GENERATE(table<hours, minutes, int, int, std::string>({
          {1h, 1h, 0, 0, "EX-27: book one hour, park one"},
          {1h, 2h, 50, 0, "EX-16, EX-27: book one hour, park two: one more to pay"},
          {2h, 1h, 0, 50, "EX-17, EX-27: book two hours, park one: one back"},
          {2h, 3min, 0, 50, "C-09: the first booked hour is kept, however short the stay"},
          {1h, 3min, 0, 0, "C-09: and it is all there was"},
          {3h, 65min, 0, 100, "C-08: what was not used"},
          {3h, 5h, 100, 0, "EX-16: overtime"},
      }));
  CAPTURE(source);
  const Settlement sums = after_prepaid(booked, stayed);
  CHECK(sums.due == rupees(due));
  CHECK(sums.refund == rupees(refund));
}

TEST_CASE("EX-18 to EX-20, C-10: cancelling", "[domain][examples]") {
  const auto [after_booking, eligible, refund, reason, source] =
      GENERATE(table<milliseconds, bool, int, std::string, std::string>({
          {2min, true, 50, "Cancelled within grace period (2 min < 5 min). 100% refund eligible.",
           "EX-18"},
          {6min, false, 0, "Cancelled after grace period (6 min > 5 min). 0% refund.", "EX-19"},
          {300s, true, 50, "Cancelled within grace period (5 min < 5 min). 100% refund eligible.",
           "C-10: up to and including 300 seconds"},
          {300s + 1ms, false, 0, "Cancelled after grace period (5 min > 5 min). 0% refund.",
           "C-10: and not a moment longer"},
          {0s, true, 50, "Cancelled within grace period (0 min < 5 min). 100% refund eligible.",
           "C-11: counted from the booking"},
      }));
  CAPTURE(source);
  const Cancellation cancelled = cancel(rules, ten, ten + after_booking, rupees(50));
  CHECK(cancelled.refund_eligible == eligible);
  CHECK(cancelled.refund == rupees(refund));
  CHECK(cancelled.reason == reason);
}

TEST_CASE("EX-20, C-12, C-13: a booking is cancelled before entry and never after",
          "[domain][examples]") {
  CHECK(no_refund_after_entry == "No refund allowed after vehicle entry (QR scanned)");
  CHECK(after(SessionState::booked, SessionEvent::cancel) == "CANCELLED");
  CHECK(after(SessionState::active, SessionEvent::cancel) == "refused");
  CHECK(after(SessionState::exit_pending, SessionEvent::cancel) == "refused");
}

TEST_CASE("C-21: eligible for a refund of nothing, where nothing was paid", "[domain][examples]") {
  const Cancellation cancelled = cancel(rules, ten, ten + 1min, Paise(0));
  CHECK(cancelled.refund_eligible);
  CHECK(cancelled.refund == Paise(0));
}

TEST_CASE("EX-21: ten slots, three of them taken", "[domain][examples]") {
  SlotCounts counts;
  for (int i = 0; i < 3; ++i) counts.add(SlotStatus::occupied);
  for (int i = 0; i < 7; ++i) counts.add(SlotStatus::free);
  CHECK(counts.total() == 10);
  CHECK(counts.of(SlotStatus::free) == 7);
  CHECK(counts.occupancy_permille() == 300);
  CHECK(rupees(50).rupees() == "50.00");
}

TEST_CASE("EX-22: rupees are paise", "[domain][examples]") {
  CHECK(Paise::parse("100") == Paise(10'000));
  CHECK(Paise::parse("100.50") == Paise(10'050));
}

TEST_CASE("EX-23 to EX-27: every step once, and in its order", "[domain][examples]") {
  using enum SessionState;
  using enum SessionEvent;
  const auto [state, event, expected, source] =
      GENERATE(table<SessionState, SessionEvent, std::string, std::string>({
          {active, enter, "refused", "EX-23: a second entry scan"},
          {booked, request_exit, "refused", "EX-24: an exit without an entry"},
          {completed, request_exit, "refused", "EX-25: a second exit"},
          {active, request_exit, "EXIT_PENDING", "EX-26: an exit scan fixes the bill"},
          {exit_pending, pay, "EXIT_PENDING", "EX-26: money alone moves no arm"},
          {active, settle_and_leave, "refused", "EX-26: nobody leaves without a bill"},
          {exit_pending, settle_and_leave, "COMPLETED", "EX-26: verified, settled, let out"},
          {exit_pending, request_exit, "EXIT_PENDING", "C-18: a scan resumes the bill"},
          {pending_payment, pay, "BOOKED", "EX-27: book, pay"},
          {booked, enter, "ACTIVE", "EX-27: and enter"},
          {pending_payment, enter, "refused", "C-07: unpaid bookings do not enter"},
          {pending_payment, cancel, "CANCELLED", "EX-27: cancel before paying"},
          {expired, enter, "refused", "EX-27: an expired booking"},
          {cancelled, enter, "refused", "EX-27: a cancelled one"},
          {expired, pay, "refused", "C-25: money for an expired booking goes back"},
      }));
  CAPTURE(source);
  CHECK(after(state, event) == expected);
}

TEST_CASE("C-24, C-25: how long a booking is kept", "[domain][examples]") {
  using enum AdmissionKind;
  CHECK(payment_window_ends(rules, ten) == ten + 300s);
  CHECK(arrival_window_ends(rules, deposit, ten, 0h) == ten + 60min);
  CHECK(arrival_window_ends(rules, prepaid, ten, 3h) == ten + 3h);
  CHECK(arrival_window_ends(rules, walk_in, ten, 0h) == ten + 15min);
}

TEST_CASE("C-23: a pass is a credit of what the stay costs", "[domain][examples]") {
  const Settlement sums = settle(AdmissionKind::walk_in, rupees(150), rupees(150), Paise(0));
  CHECK(sums.nothing_due());
  CHECK(sums.refund == Paise(0));
}

TEST_CASE("EX-28, C-34: the first lot's slots and vehicles", "[domain][examples]") {
  CHECK(numbered_slot_name("A", 1) == "A-001");
  CHECK(numbered_slot_name("A", 10) == "A-010");
  CHECK(VehicleNumber::parse("DL-01-AB-1234").value() ==
        VehicleNumber::parse("DL01AB1234").value());
  CHECK(VehicleNumber::parse("MH-02-CD-5678").value().text() == "MH02CD5678");
}

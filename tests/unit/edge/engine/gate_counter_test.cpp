// Whose length of stay a person chooses, who gives a ticket back before entry, and what staff note
// (docs/contract/http.md, "Life cycles and sums", "Staff").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

using Answered = std::expected<CallResult, CallRefused>;

BillShown bill(const Answered& result) { return std::get<BillShown>(result.value()); }

struct Chosen {
  std::optional<StayLength> stay;
  std::optional<Paise> amount = {};
  PaymentMethod method = PaymentMethod::cash;
};

Answered leave_by(GateLot& lot, const std::string& code, const Chosen& chosen) {
  return lot.ask(Leave{.which = ByCode{code},
                       .method = chosen.method,
                       .amount = chosen.amount,
                       .tendered = {},
                       .gate = {},
                       .stay = chosen.stay,
                       .reason = "The clock was set at noon"});
}

/// 50 minutes of a stay during which the wall clock was set on by so much.
std::string suspect(GateLot& lot, std::chrono::milliseconds step) {
  const std::string code = lot.parked();
  lot.advance(50min);
  lot.step_wall_clock(step);
  lot.advance(1s);
  return code;
}

BookingCancelled cancelled(const Answered& result) {
  return std::get<BookingCancelled>(result.value());
}

Answered cancel(GateLot& lot, const std::string& code, bool only_asks = false) {
  return lot.ask(CancelBooking{ByCode{code}, only_asks});
}

}  // namespace

TEST_CASE("a suspect stay shows both of its lengths, and what each would cost",
          "[engine][gate][suspect]") {
  const auto [step, utc, utc_charge] = GENERATE(table<std::chrono::hours, int, int>({
      {5h, 350, 30'000},
      {-2h, -70, 0},
  }));
  CAPTURE(step.count());
  GateLot lot;
  const std::string code = suspect(lot, step);
  const BillShown shown = bill(lot.ask(AskBill{ByCode{code}}));
  CHECK(shown.suspicion);
  CHECK(shown.sums.due == Paise(0));
  REQUIRE(shown.stays.size() == 2);
  CHECK(shown.stays[0].length == StayLength::utc);
  CHECK(shown.stays[0].stayed == std::chrono::minutes(utc));
  CHECK(shown.stays[0].due == Paise(utc_charge));
  CHECK(shown.stays[1].length == StayLength::steady);
  CHECK(shown.stays[1].stayed == 50min);
  CHECK(shown.stays[1].billed_hours == 1h);
  CHECK(shown.stays[1].due == Paise(5'000));
  // The same after a restart.
  lot.restart();
  CHECK(bill(lot.ask(AskBill{ByCode{code}})).stays[1].stayed == 50min);
}

TEST_CASE("staff choose the length of a suspect stay, with a reason", "[engine][gate][suspect]") {
  const auto [stay, charge] = GENERATE(table<StayLength, int>({
      {StayLength::utc, 30'000},
      {StayLength::steady, 5'000},
  }));
  GateLot lot;
  const std::string code = suspect(lot, 5h);
  const Answered unasked = leave_by(lot, code, {});
  REQUIRE(lot.is_refused(unasked, Refusal::ask_staff));
  CHECK(unasked.error().bill.value().stays.size() == 2);
  CHECK(lot.is_refused(leave_by(lot, code, {.stay = stay, .amount = Paise(1)}),
                       Refusal::amount_changed));
  CHECK(lot.state(code) == SessionState::active);
  CHECK(lot.number("SELECT count(*) FROM staff_acts") == 0);
  const BillShown left = bill(leave_by(lot, code, {.stay = stay, .amount = Paise(charge)}));
  CHECK(left.sums.charge == Paise(charge));
  CHECK(left.payment_status == SessionPaymentStatus::success);
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.session(code).chosen_stay);
  CHECK(lot.number("SELECT count(*) FROM staff_acts WHERE kind = 'stay_chosen' "
                   "AND reason = 'The clock was set at noon' "
                   "AND detail LIKE 'by " +
                   std::string(name(stay)) +
                   " of: utc 350 min, 30000 paise; steady 50 min, 5000 paise'") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("a length is chosen of a stay that is doubted, and of no other",
          "[engine][gate][suspect]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  CHECK(lot.is_refused(leave_by(lot, code, {.stay = StayLength::utc}), Refusal::not_suspect));
  CHECK(lot.state(code) == SessionState::active);
}

TEST_CASE("a stay of which UTC says that it never was is billed by either length",
          "[engine][gate][suspect]") {
  const auto [stay, charge] = GENERATE(table<StayLength, int>({
      {StayLength::utc, 0},
      {StayLength::steady, 5'000},
  }));
  GateLot lot;
  const std::string code = suspect(lot, -2h);
  CHECK(bill(leave_by(lot, code, {.stay = stay})).sums.charge == Paise(charge));
  CHECK(lot.state(code) == SessionState::completed);
  CHECK(lot.violations() == "");
}

TEST_CASE("a stay of a month and a day is a person's to judge", "[engine][gate][suspect]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(31 * 24h);
  CHECK(bill(lot.ask(AskBill{ByCode{code}})).suspicion == Suspicion::too_long);
  CHECK(bill(leave_by(lot, code, {.stay = StayLength::utc})).sums.charge == Paise(31 * 24 * 5'000));
  CHECK(lot.violations() == "");
}

TEST_CASE("a length beyond all reason is not offered", "[engine][gate][suspect]") {
  GateLot lot;
  const std::string code = suspect(lot, std::chrono::days(400));
  const BillShown shown = bill(lot.ask(AskBill{ByCode{code}}));
  REQUIRE(shown.stays.size() == 1);
  CHECK(shown.stays[0].length == StayLength::steady);
  CHECK(lot.is_refused(leave_by(lot, code, {.stay = StayLength::utc}), Refusal::ask_staff));
  CHECK(leave_by(lot, code, {.stay = StayLength::steady}));
}

TEST_CASE("a chosen length goes on when its quote has lapsed", "[engine][gate][suspect]") {
  GateLot lot;
  const std::string code = suspect(lot, 5h);
  CHECK(bill(leave_by(lot, code, {.stay = StayLength::steady, .method = PaymentMethod::online}))
            .sums.due == Paise(5'000));
  CHECK(lot.state(code) == SessionState::exit_pending);
  // Within it the driver pays what was said, at the gate or at the counter.
  CHECK(lot.scan("EXIT_GATE_01", code, {.method = PaymentMethod::cash}).amount_due == Paise(5'000));
  lot.advance(16min);
  CHECK(lot.scan("EXIT_GATE_01", code, {.method = PaymentMethod::cash}).amount_due ==
        Paise(10'000));
  lot.advance(70min);
  CHECK(lot.scan("EXIT_GATE_01", code, {.method = PaymentMethod::cash}).amount_due ==
        Paise(15'000));
  CHECK(lot.leave(code, {.amount = Paise(15'000)}));
  CHECK(lot.violations() == "");
}

TEST_CASE("a ticket from the counter is given back before entry", "[engine][gate][cancel]") {
  GateLot lot;
  const std::string code = lot.ticket();
  const bool asks_first = GENERATE(true, false);
  if (asks_first) {
    CHECK(cancelled(cancel(lot, code, true)).state == SessionState::booked);
    CHECK(lot.state(code) == SessionState::booked);
  }
  lot.advance(2min);
  const BookingCancelled told = cancelled(cancel(lot, code));
  CHECK(told.state == SessionState::cancelled);
  CHECK(told.slot == "A-001");
  CHECK(told.refund_eligible);
  CHECK(told.refund == Paise(0));
  CHECK(told.reason == "Cancelled within grace period (2 min < 5 min). 100% refund eligible.");
  CHECK(lot.status("A-001") == "free");
  CHECK(lot.count_events("booking.cancelled") == 1);
  CHECK(lot.scan("ENTRY_GATE_01", code).answer == "deny/booking_cancelled");
  // Whoever asks again, however late, is told the same.
  lot.advance(1h);
  const BookingCancelled again = cancelled(cancel(lot, code));
  CHECK(again.reason == told.reason);
  CHECK(again.refund_eligible);
  CHECK(lot.count_events("booking.cancelled") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("what was paid comes back within five minutes of booking, and not after",
          "[engine][gate][cancel]") {
  const auto [after, refund, reason] = GENERATE(table<std::chrono::seconds, int, std::string>({
      {2min, 5'000, "Cancelled within grace period (2 min < 5 min). 100% refund eligible."},
      {300s, 5'000, "Cancelled within grace period (5 min < 5 min). 100% refund eligible."},
      {301s, 0, "Cancelled after grace period (5 min > 5 min). 0% refund."},
      {6min, 0, "Cancelled after grace period (6 min > 5 min). 0% refund."},
  }));
  CAPTURE(after.count());
  GateLot lot;
  const std::string code = lot.booking({.paid = Paise(5'000)});
  lot.advance(after);
  CHECK(cancelled(cancel(lot, code, true)).refund == Paise(refund));
  const BookingCancelled told = cancelled(lot.ask(CancelBooking{ById{lot.session(code).id}}));
  CHECK(told.refund == Paise(refund));
  CHECK(told.refund_eligible == (refund > 0));
  CHECK(told.reason == reason);
  CHECK(lot.number("SELECT coalesce(sum(amount_paise), 0) FROM refunds") == refund);
  const BookingCancelled again = cancelled(cancel(lot, code));
  CHECK(again.refund == Paise(refund));
  CHECK(again.reason == reason);
  CHECK(lot.number("SELECT coalesce(sum(amount_paise), 0) FROM refunds") == refund);
  CHECK(lot.violations() == "");
}

TEST_CASE("another user's booking is nobody's to cancel who signed in", "[engine][gate][cancel]") {
  GateLot lot;
  const std::string code = lot.ticket();
  lot.run(
      "INSERT INTO users (username, role, password_hash, created_at) "
      "VALUES ('other', 'user', 'x', 0)");
  const auto by_user = [&] {
    return lot.ask(CancelBooking{.which = ByCode{code}, .only_asks = true, .by_user = true});
  };
  CHECK(by_user());  // from the counter: whoever holds it
  lot.run("UPDATE sessions SET created_by = 2");
  CHECK(lot.is_refused(by_user(), Refusal::invalid_qr));
  CHECK(cancel(lot, code));  // a holder who is nobody
}

TEST_CASE("after entry nothing is cancelled, and nothing changes", "[engine][gate][cancel]") {
  GateLot lot;
  const std::string code = lot.parked();
  CHECK(lot.is_refused(cancel(lot, code), Refusal::cannot_cancel));
  lot.advance(50min);
  lot.scan("EXIT_GATE_01", code);
  CHECK(lot.is_refused(cancel(lot, code), Refusal::cannot_cancel));
  CHECK(lot.state(code) == SessionState::exit_pending);
  REQUIRE(lot.leave(code));
  CHECK(lot.is_refused(cancel(lot, code), Refusal::cannot_cancel));
  CHECK(lot.is_refused(cancel(lot, lot.unknown_code()), Refusal::invalid_qr));
  CHECK(lot.is_refused(cancel(lot, "rubbish"), Refusal::invalid_qr));
  const std::string late = lot.ticket();
  lot.advance(16min);
  CHECK(lot.is_refused(cancel(lot, late), Refusal::booking_expired));
  CHECK(lot.violations() == "");
}

TEST_CASE("an incident is noted with what it is about", "[engine][gate][incident]") {
  GateLot lot;
  const std::string code = lot.ticket("A", "DL01AB1234");
  const store::Session session = lot.session(code);
  const auto noted = lot.ask(NoteIncident{.kind = store::IncidentKind::damage,
                                          .description = "A mirror is broken",
                                          .gate = "ENTRY_GATE_01",
                                          .slot = "A-001",
                                          .session = ById{session.id},
                                          .vehicle = {}});
  const store::Incident incident = std::get<IncidentNoted>(noted.value()).incident;
  CHECK(incident.username == "staff1");
  CHECK(incident.session_id == session.id);
  CHECK(incident.vehicle == VehicleNumber::parse("DL01AB1234").value());
  CHECK(incident.at == lot.clock.now().utc);
  CHECK(lot.is_refused(lot.ask(NoteIncident{.kind = store::IncidentKind::other,
                                            .description = "x",
                                            .gate = {},
                                            .slot = {},
                                            .session = ById{"no such"},
                                            .vehicle = {}}),
                       Refusal::invalid_qr));
  const auto shown = std::get<IncidentsShown>(lot.ask(AskIncidents{1, 20}).value());
  CHECK(shown.total == 1);
  REQUIRE(shown.incidents.size() == 1);
  CHECK(shown.incidents[0] == incident);
  CHECK(std::get<IncidentsShown>(lot.ask(AskIncidents{2, 20}).value()).incidents.empty());
}

TEST_CASE("an exit for which no cash was taken is not recorded as one", "[engine][gate][counter]") {
  GateLot lot;
  lot.run("UPDATE zones SET hourly_rate_paise = 0");
  lot.restart();
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.gate = "EXIT_GATE_01"}));
  CHECK(lot.number("SELECT count(*) FROM scans WHERE kind = 'api'") == 1);
  CHECK(lot.number("SELECT count(*) FROM scans WHERE payment_method IS NOT NULL") == 0);
  CHECK(lot.violations() == "");
}

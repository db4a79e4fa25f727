// What reports and the log of payments ask of the store beside sums.
#include "edge/store/doings.hpp"

#include "edge/store/payment_lines.hpp"
#include "edge/store/reports_made.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using std::chrono::sys_days;

namespace {

constexpr Span whole_day{noon - 12h, noon + 12h};
constexpr sys_days friday = sys_days(std::chrono::year(2026) / 11 / 20);

void tell(Parking& parking, const std::string& type, const std::string& subject) {
  parking.commit([&](Transaction& t) {
    parking->outbox.append(t, {.type = type, .subject = subject, .time = noon, .data = "{}"});
  });
}

}  // namespace

TEST_CASE("what staff and the lot did is counted within its time", "[store][reports]") {
  Parking parking;
  const UserKey staff = parking.staff();
  Session lost = parking.parked(0);
  Session gone = parking.ticket_for(1);
  gone.state = SessionState::booked;
  gone = parking.insert(gone);
  gone.state = SessionState::expired;
  gone.closed_at = noon + 1h;
  gone.slot_given_back = true;
  parking.update(gone);
  parking.commit([&](Transaction& t) {
    for (const ActKind kind : {ActKind::lost_ticket, ActKind::stay_chosen, ActKind::stay_chosen})
      parking->staff_acts.append(
          t, {.at = noon, .user = staff, .session = lost.key, .kind = kind, .reason = "r"});
    for (const auto& [n, severity] :
         {std::pair(1, Severity::warning), std::pair(2, Severity::critical)})
      parking->alerts.raise(t, {.id = uuid(800 + static_cast<std::uint64_t>(n)),
                                .kind = "k" + std::to_string(n),
                                .severity = severity,
                                .subject = "s",
                                .message = "m",
                                .raised_at = noon});
  });
  const Doings expected{.expired = 1, .lost_tickets = 1, .stays_chosen = 2, .alerts = {0, 1, 1}};
  CHECK(doings(*parking.store, whole_day) == expected);
  CHECK(doings(*parking.store, {noon + 2h, noon + 3h}) == Doings{});
}

TEST_CASE("shifts count on the day on which they were closed", "[store][reports]") {
  Parking parking;
  const auto close = [&](Paise expected, Paise counted) {
    const ShiftKey shift = parking.shift();
    parking.commit([&](Transaction& t) {
      const auto move = [&](Account debit, Account credit, Paise amount) {
        if (amount > Paise(0))
          parking->ledger.append(
              t, LedgerEntries{{debit, credit, amount}},
              {.at = noon + 2h, .cause = LedgerCause::shift_closed, .shift = shift});
      };
      move(Account::drawer, Account::over_short, counted - expected);
      move(Account::over_short, Account::drawer, expected - counted);
      move(Account::safe, Account::drawer, counted);
      parking->shifts.close(t, shift, noon + 2h, counted);
    });
  };
  parking.stayed(0, Paise(5'000));
  close(Paise(5'000), Paise(4'900));
  parking.stayed(1, Paise(7'500));
  close(Paise(7'500), Paise(7'550));
  const ShiftsClosed expected{
      .shifts = 2, .counted = Paise(12'450), .over = Paise(50), .short_by = Paise(100)};
  CHECK(shifts_closed(*parking.store, whole_day) == expected);
  CHECK(shifts_closed(*parking.store, {noon, noon + 2h}) == ShiftsClosed{});
}

TEST_CASE("a payment's line has its vehicle and whoever took it", "[store][payments]") {
  Parking parking;
  Session session = parking.ticket_for(0);
  session.vehicle = vehicle("DL01AB1234");
  session.state = SessionState::booked;
  session = parking.insert(session);
  Payment payment{.id = uuid(901),
                  .session = session.key,
                  .method = PaymentMethod::cash,
                  .amount = Paise(5'000),
                  .state = PaymentState::success,
                  .created_at = noon,
                  .paid_at = noon,
                  .shift = parking.shift(),
                  .taken_by = parking.staff()};
  payment.key =
      parking.commit([&](Transaction& t) { return parking->payments.insert(t, payment); });
  parking.commit([&](Transaction& t) {
    parking->payments.insert(t, Refund{.id = uuid(902),
                                       .payment = payment.key,
                                       .amount = Paise(100),
                                       .reason = "Paid twice",
                                       .created_at = noon});
  });
  tell(parking, "parking.payment.succeeded.v1", uuid(901));
  tell(parking, "parking.session.closed.v1", session.id);
  tell(parking, "parking.refund.requested.v1", uuid(902));
  const auto lines = payment_lines(*parking.store, {1, 0}, {1, 3});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].type == "parking.payment.succeeded.v1");
  CHECK(lines[0].id == uuid(901));
  CHECK(lines[0].session_id == session.id);
  CHECK(lines[0].vehicle_number == "DL01AB1234");
  CHECK(lines[0].amount == Paise(5'000));
  CHECK(lines[0].by == "staff1");
  CHECK(lines[0].at == noon);
  CHECK(lines[1].id == uuid(902));
  CHECK(lines[1].amount == Paise(100));
  CHECK(lines[1].detail == "Paid twice");
  CHECK(lines[1].by == "");
  CHECK(payment_lines(*parking.store, {1, 1}, {1, 2}).empty());
  CHECK(payment_lines(*parking.store, {1, 2}, {1, 3}).size() == 1);
}

TEST_CASE("a report is noted once", "[store][reports]") {
  Parking parking;
  ReportsMade made(*parking.store);
  CHECK(made.lot_began() == noon);
  CHECK_FALSE(made.newest_before(ReportPeriod::daily, friday, noon));
  const auto add = [&](ReportPeriod period, sys_days begins) {
    parking.commit([&](Transaction& t) { made.add(t, period, begins, noon); });
  };
  add(ReportPeriod::daily, friday);
  add(ReportPeriod::weekly, friday);
  add(ReportPeriod::daily, friday + std::chrono::days(3'650));
  CHECK(failure([&] { add(ReportPeriod::daily, friday); }) == StoreError::Kind::unusable);
  CHECK(made.newest_before(ReportPeriod::daily, friday + std::chrono::days(1), noon) == friday);
  CHECK_FALSE(made.newest_before(ReportPeriod::daily, friday, noon));
  CHECK_FALSE(made.newest_before(ReportPeriod::monthly, friday + std::chrono::days(99), noon));
}

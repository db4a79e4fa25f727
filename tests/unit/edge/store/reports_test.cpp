// Sums over a time, and the connection that reads them beside the one that writes.
#include "edge/store/reports.hpp"

#include "edge/store/reader.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

constexpr Span whole_day{noon - 12h, noon + 12h};

/// What left again, as the fixture's stays do: an hour after noon.
constexpr Instant left = noon + 1h;

}  // namespace

TEST_CASE("money is summed by quarters of an hour, zone and way", "[store][reports]") {
  Parking parking;
  parking.stayed(0, Paise(5'000));
  parking.stayed(1, Paise(7'500));
  parking.stayed(3, Paise(2'000));
  Reports reports(*parking.store);
  CHECK(reports.takings(whole_day) ==
        std::vector<MoneyMoved>{{left, "A", PaymentMethod::cash, "", Paise(12'500), 2},
                                {left, "B", PaymentMethod::cash, "", Paise(2'000), 1}});
  CHECK(reports.takings({noon, left}).empty());
  CHECK(reports.takings({left, left + 1ms}).size() == 2);
}

TEST_CASE("a refund counts when it went out, and only if it did", "[store][reports]") {
  Parking parking;
  const Session session = parking.parked(0);
  const Payment payment = parking.paid(session.key, Paise(5'000));
  const auto given = [&](std::uint64_t n, RefundState state, std::optional<Instant> ended) {
    parking.commit([&](Transaction& t) {
      parking->payments.insert(t, Refund{.id = uuid(n),
                                         .payment = payment.key,
                                         .amount = Paise(100),
                                         .state = state,
                                         .reason = "r",
                                         .created_at = noon,
                                         .ended_at = ended});
    });
  };
  given(901, RefundState::pending, {});
  given(902, RefundState::failed, noon + 16min);
  given(903, RefundState::success, noon + 17min);
  Reports reports(*parking.store);
  CHECK(reports.refunds(whole_day) ==
        std::vector<MoneyMoved>{{noon + 15min, "A", PaymentMethod::cash, "", Paise(100), 1}});
  CHECK(reports.overall().refunded == Paise(100));
}

TEST_CASE("cars are counted when they come and when they leave", "[store][reports]") {
  Parking parking;
  parking.stayed(0);
  parking.parked(1, noon + 20min);
  Reports reports(*parking.store);
  CHECK(reports.entries(whole_day) ==
        std::vector<CarsPassed>{{noon, "A", 1, 0ms}, {noon + 15min, "A", 1, 0ms}});
  CHECK(reports.exits(whole_day) == std::vector<CarsPassed>{{left, "A", 1, 1h}});
  const OpenSessions open = reports.open_sessions();
  CHECK(open.inside == 1);
  CHECK(open.leaving == 0);
  CHECK(open.booked == 0);
}

TEST_CASE("what began is told by how it began, and everything is summed at last",
          "[store][reports]") {
  Parking parking;
  parking.stayed(0);
  Session booking = parking.ticket_for(1);
  booking.kind = AdmissionKind::deposit;
  booking.state = SessionState::pending_payment;
  parking.insert(booking);
  Reports reports(*parking.store);
  const SessionsBegun begun = reports.begun(whole_day);
  CHECK(begun.of(AdmissionKind::walk_in) == 1);
  CHECK(begun.of(AdmissionKind::deposit) == 1);
  CHECK(begun.of(AdmissionKind::prepaid) == 0);
  CHECK(reports.open_sessions().unpaid == 1);
  const Overall overall = reports.overall();
  CHECK(overall.sessions == 2);
  CHECK(overall.payments == 1);
  CHECK(overall.taken == Paise(5'000));
  CHECK(overall.of(Role::staff) == 1);
  CHECK(overall.of(Role::admin) == 0);
}

TEST_CASE("a reader sees what is committed, of one moment, and cannot write", "[store][reader]") {
  Parking parking;
  Reader reader(parking.store.path(), *parking.plan);
  CHECK(reader.lists.sessions({}, {}).total == 0);
  parking.parked(0);
  const auto counts = reader.at_one_moment([&] {
    const auto before = reader.lists.sessions({}, {}).total;
    parking.parked(1);
    return std::pair(before, reader.lists.sessions({}, {}).total);
  });
  CHECK(counts == std::pair<std::uint64_t, std::uint64_t>(1, 1));
  CHECK(reader.lists.sessions({}, {}).total == 2);
}

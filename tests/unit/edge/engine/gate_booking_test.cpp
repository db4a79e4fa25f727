// A slot promised before its car comes (docs/contract/http.md, "User", "Booking by guests",
// "Limits").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <array>
#include <map>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

BookSlot booking_of(GateLot& lot, std::string_view vehicle, std::string_view zone = "A") {
  return {.vehicle = VehicleNumber::parse(vehicle).value(),
          .owner_name = "Priya Singh",
          .phone_number = "9999999999",
          .zone = lot.zone(zone),
          .hours = {},
          .provider = {},
          .booker = {},
          .source = "203.0.113.9"};
}

BookSlot booking_by(GateLot& lot, store::UserKey user, std::string_view vehicle) {
  BookSlot asked = booking_of(lot, vehicle);
  asked.booker = user;
  asked.source = "";
  return asked;
}

const BookingMade& made(const std::expected<CallResult, CallRefused>& result) {
  return std::get<BookingMade>(result.value());
}

store::UserKey some_user(GateLot& lot, int number) {
  lot.run("INSERT INTO users (key, username, role, password_hash, created_at) VALUES (" +
          std::to_string(number) + ", 'user" + std::to_string(number) + "', 'user', '!', 0)");
  return store::UserKey(number);
}

}  // namespace

TEST_CASE("a booking holds its slot until it is paid or its time is over",
          "[engine][gate][booking]") {
  GateLot lot;
  const auto result = lot.ask(booking_of(lot, "DL01AB1234"));
  const BookingMade& booking = made(result);
  CHECK(booking.state == SessionState::pending_payment);
  CHECK(booking.amount == Paise(5'000));
  CHECK(booking.slot == "A-001");
  CHECK(booking.expires_at == lot.clock.now().utc + 5min);
  REQUIRE(booking.payment);
  CHECK(booking.payment->state == PaymentState::creating);
  CHECK(booking.payment->amount == Paise(5'000));
  CHECK(booking.payment->provider == "razorpay");
  CHECK(booking.payment->expires_at == booking.expires_at);
  CHECK(lot.status("A-001") == "reserved");
  CHECK(lot.scan("ENTRY_GATE_01", booking.code).answer == "deny/booking_unpaid");
  CHECK(lot.violations() == "");
  lot.advance(5min);
  CHECK(lot.state(booking.code) == SessionState::expired);
  CHECK(lot.status("A-001") == "free");
  CHECK(lot.payments(booking.code).front().state == PaymentState::expired);
  CHECK(lot.number("SELECT count(*) FROM guest_bookings") == 0);
  CHECK(lot.scan("ENTRY_GATE_01", booking.code).answer == "deny/booking_expired");
  CHECK(lot.violations() == "");
}

TEST_CASE("hours are prepaid at the rates of their times", "[engine][gate][booking]") {
  GateLot lot;
  BookSlot asked = booking_of(lot, "DL01AB1234");
  asked.hours = std::chrono::hours(3);
  asked.provider = "phonepe";
  const auto result = lot.ask(asked);
  CHECK(made(result).amount == Paise(15'000));
  CHECK(made(result).payment->provider == "phonepe");
  const store::Session session = lot.session(made(result).code);
  CHECK(session.kind == AdmissionKind::prepaid);
  CHECK(session.prepaid_hours == std::chrono::hours(3));
  CHECK(session.booked == Paise(15'000));
}

TEST_CASE("where a booking costs nothing it is booked at once", "[engine][gate][booking]") {
  BillingRules billing;
  billing.booking_fee = Paise(0);
  GateLot lot({.billing = billing, .slots_in_a = 20});
  const bool is_guest = GENERATE(true, false);
  const store::UserKey user = some_user(lot, 901);
  const auto book = [&](std::string_view vehicle) {
    return lot.ask(is_guest ? booking_of(lot, vehicle) : booking_by(lot, user, vehicle));
  };
  std::vector<std::string> codes;
  for (const std::string vehicle : {"DL01AB0001", "DL01AB0002"}) {
    const auto result = book(vehicle);
    CHECK(made(result).state == SessionState::booked);
    CHECK_FALSE(made(result).payment);
    CHECK(made(result).expires_at == lot.clock.now().utc + 60min);
    codes.push_back(made(result).code);
  }
  // And nobody takes the whole lot for nothing: whoever holds two comes, or gives one back, first.
  lot.advance(1s);
  CHECK(lot.is_refused(book("DL01AB0003"), Refusal::too_many_holds));
  REQUIRE(lot.scan("ENTRY_GATE_01", codes[0]).answer == "open/entered");
  lot.drive_through();
  CHECK(book("DL01AB0003"));
  CHECK(lot.is_refused(book("DL01AB0004"), Refusal::too_many_holds));
  lot.advance(60min);
  CHECK(lot.number("SELECT count(*) FROM guest_bookings") == 0);
  CHECK(book("DL01AB0004"));
  CHECK(lot.violations() == "");
}

TEST_CASE("bookings that cost nothing hold no more of a zone than unpaid ones",
          "[engine][gate][booking][limits]") {
  BillingRules billing;
  billing.booking_fee = Paise(0);
  GateLot lot({.billing = billing, .slots_in_a = 20});
  for (int number = 1; number <= 5; ++number)
    CHECK(lot.ask(
        booking_by(lot, some_user(lot, 910 + number), "DL01AB000" + std::to_string(number))));
  CHECK(lot.is_refused(lot.ask(booking_of(lot, "DL01AB0009")), Refusal::too_many_holds));
  CHECK(lot.ask(IssueTicket{.vehicle = VehicleNumber::parse("DL01AB0009").value(),
                            .owner_name = {},
                            .phone_number = {},
                            .zone = lot.zone("A"),
                            .gate = {}}));
}

TEST_CASE("a booking for somebody whose account is gone is refused", "[engine][gate][booking]") {
  GateLot lot;
  CHECK(lot.is_refused(lot.ask(booking_by(lot, store::UserKey{999}, "DL01AB1234")),
                       Refusal::not_found));
  CHECK(lot.number("SELECT count(*) FROM sessions") == 0);
}

TEST_CASE("a vehicle's unpaid booking makes room for the ticket that it lost inside",
          "[engine][gate][booking]") {
  GateLot lot;
  const std::string code = made(lot.ask(booking_of(lot, "DL01AB1234"))).code;
  const auto said =
      lot.ask(LostTicket{.which = ByVehicle{VehicleNumber::parse("DL01AB1234").value()},
                         .reason = "It was inside all along",
                         .entered_at = lot.clock.now().utc - 60min,
                         .zone = lot.zone("A")});
  CHECK(std::get<TicketReplaced>(said.value()).is_new);
  CHECK(lot.state(code) == SessionState::cancelled);
  CHECK(lot.violations() == "");
}

TEST_CASE("nobody holds many slots unpaid", "[engine][gate][booking][limits]") {
  GateLot lot({.slots_in_a = 20});
  const store::UserKey user = some_user(lot, 901);
  const store::UserKey other = some_user(lot, 902);
  SECTION("a user two") {
    CHECK(lot.ask(booking_by(lot, user, "DL01AB0001")));
    CHECK(lot.ask(booking_by(lot, user, "DL01AB0002")));
    CHECK(lot.is_refused(lot.ask(booking_by(lot, user, "DL01AB0003")), Refusal::too_many_holds));
    CHECK(lot.ask(booking_by(lot, other, "DL01AB0003")));
    CHECK(lot.ask(booking_of(lot, "DL01AB0004")));
  }
  SECTION("a network of guests two") {
    CHECK(lot.ask(booking_of(lot, "DL01AB0001")));
    CHECK(lot.ask(booking_of(lot, "DL01AB0002")));
    CHECK(lot.is_refused(lot.ask(booking_of(lot, "DL01AB0003")), Refusal::too_many_holds));
    BookSlot elsewhere = booking_of(lot, "DL01AB0003");
    elsewhere.source = "203.0.113.10";
    CHECK(lot.ask(elsewhere));
    CHECK(lot.ask(booking_by(lot, user, "DL01AB0004")));
  }
  SECTION("after a restart too, and no more when their time is over") {
    CHECK(lot.ask(booking_of(lot, "DL01AB0001")));
    CHECK(lot.ask(booking_of(lot, "DL01AB0002")));
    lot.restart();
    CHECK(lot.is_refused(lot.ask(booking_of(lot, "DL01AB0003")), Refusal::too_many_holds));
    lot.advance(5min);
    CHECK(lot.ask(booking_of(lot, "DL01AB0003")));
  }
  SECTION("a zone a quarter of its slots") {
    for (int number = 1; number <= 5; ++number)
      CHECK(lot.ask(
          booking_by(lot, some_user(lot, 910 + number), "DL01AB000" + std::to_string(number))));
    CHECK(lot.is_refused(lot.ask(booking_by(lot, user, "DL01AB0009")), Refusal::too_many_holds));
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("a new booking takes the place of its vehicle's unpaid one", "[engine][gate][booking]") {
  GateLot lot({.slots_in_a = 1});
  const auto first = lot.ask(booking_of(lot, "DL01AB1234"));
  const std::string code = made(first).code;
  SECTION("of a new booking, which gets its slot") {
    const auto second = lot.ask(booking_of(lot, "DL01AB1234"));
    CHECK(made(second).slot == "A-001");
    CHECK(lot.state(code) == SessionState::cancelled);
  }
  SECTION("and stays where the new one is refused") {
    CHECK(lot.ask(booking_of(lot, "DL01AB0002", "B")));
    lot.run("UPDATE sessions SET expires_at = expires_at + 60000");
    BookSlot asked = booking_of(lot, "DL01AB1234", "B");
    asked.source = "203.0.113.10";
    // One slot of B's two is all that may be held unpaid.
    CHECK(lot.is_refused(lot.ask(asked), Refusal::too_many_holds));
    CHECK(lot.state(code) == SessionState::pending_payment);
  }
  SECTION("a paid one does") {
    lot.ticket("B", "DL01AB0009");
    CHECK(lot.is_refused(lot.ask(booking_of(lot, "DL01AB0009")), Refusal::vehicle_inside));
  }
  CHECK(lot.violations() == "");
}

TEST_CASE("a zone that is full, or closed, takes no booking", "[engine][gate][booking]") {
  GateLot lot({.slots_in_a = 1});
  lot.parked("A");
  CHECK(lot.is_refused(lot.ask(booking_of(lot, "DL01AB1234")), Refusal::zone_full));
  CHECK(lot.violations() == "");
}

TEST_CASE("whatever is booked, cancelled and left unpaid, no slot and no vehicle is promised twice",
          "[engine][gate][booking][property]") {
  constexpr std::array vehicles = {"DL01AB0001", "DL01AB0002", "DL01AB0003", "DL01AB0004",
                                   "DL01AB0005"};
  rc::prop("limits and slots hold after any sequence", [&] {
    GateLot lot({.slots_in_a = 8});
    const std::array users = {some_user(lot, 901), some_user(lot, 902)};
    std::map<std::string, std::string> codes;  // of each vehicle's newest booking
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1'000));
    for (const int step : steps) {
      const std::string vehicle = vehicles[std::size_t(step) % vehicles.size()];
      const int what = step / 10 % 5;
      if (what == 4) {
        lot.advance(std::chrono::seconds(step));
      } else if (what == 3 && codes.contains(vehicle)) {
        static_cast<void>(lot.ask(CancelBooking{.which = ByCode{codes[vehicle]}}));
      } else {
        BookSlot asked = what == 2 ? booking_of(lot, vehicle)
                                   : booking_by(lot, users[std::size_t(what) % 2], vehicle);
        if (step % 3 == 0) asked.hours = std::chrono::hours(1 + step % 5);
        const auto result = lot.ask(asked);
        if (result) codes[vehicle] = made(result).code;
      }
      RC_ASSERT(lot.number("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM sessions "
                           "WHERE status = 'PENDING_PAYMENT' AND created_by IS NOT NULL "
                           "GROUP BY created_by)") <= 2);
      RC_ASSERT(lot.number("SELECT count(*) FROM sessions WHERE status = 'PENDING_PAYMENT' "
                           "AND created_by IS NULL") <= 2);
      RC_ASSERT(lot.number("SELECT count(*) FROM sessions WHERE status = 'PENDING_PAYMENT'") <= 2);
    }
    RC_ASSERT(lot.violations() == "");
  });
}

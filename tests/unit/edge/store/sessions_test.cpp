// Bookings and stays: kept as they were written, and found by whatever a gate has in its hand.
#include "edge/store/sessions.hpp"

#include "edge/store/rates_column.hpp"
#include "tests/support/aborts.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

/// Everything that can be said of a session, said.
Session everything(Parking& parking) {
  const UserKey staff = parking.staff();
  Session session = parking.ticket_for(4);
  session.kind = AdmissionKind::prepaid;
  session.state = SessionState::pending_payment;
  session.vehicle = vehicle("DL-01-AB-1234");
  session.owner_name = "Priya Singh";
  session.phone_number = "+91 98100 00000";
  session.rates = {Paise(5'000),
                   {{360min, 540min, Paise(8'000)}, {1'260min, 360min, Paise(3'000)}}};
  session.booked = Paise(10'000);
  session.prepaid_hours = 2h;
  session.surcharge = Paise(1'500);
  session.created_by = staff;
  session.created_gate = "ENTRY_GATE_01";
  session.entry_clock_note = ClockNoteKey{7};
  session.payment_method = PaymentMethod::online;
  session.chosen_stay = 90min;
  return session;
}

std::vector<SessionKey> keys(const std::vector<Session>& sessions) {
  std::vector<SessionKey> found;
  for (const Session& session : sessions) found.push_back(session.key);
  return found;
}

}  // namespace

TEST_CASE("a session is the same after opening the store again", "[store][sessions]") {
  Parking parking;
  const Session few = parking.insert(parking.ticket_for(0));
  Session many = parking.insert(everything(parking));
  many.state = SessionState::booked;
  parking.update(many);
  many.state = SessionState::active;
  many.arrived_in_slot_at = many.entry_time = many.entry_confirmed_at = noon + 5min;
  many.entry_gate = "ENTRY_GATE_01";
  parking.update(many);
  many.state = SessionState::exit_pending;
  many.billing_time = noon + 1h;
  many.quote = SessionQuote{Paise(12'345), noon + 75min};
  many.exit_gate = "EXIT_GATE_01";
  many.let_out_at = noon + 2h;
  many.slot_given_back = true;
  parking.update(many);
  parking.reopen();
  CHECK(parking->sessions.find(few.key) == few);
  CHECK(parking->sessions.find(many.key) == many);
}

TEST_CASE("a session is found by its id, its code, its vehicle and its slot", "[store][sessions]") {
  Parking parking;
  Session session = parking.ticket_for(2);
  session.vehicle = vehicle("DL01AB1234");
  session = parking.insert(session);
  parking.insert(parking.ticket_for(1));
  Sessions& sessions = parking->sessions;
  CHECK(sessions.find_by_id(session.id) == session);
  CHECK(sessions.find_by_code(session.code.body) == session);
  CHECK(sessions.find_open(vehicle("dl 01 ab 1234")) == session);
  CHECK(sessions.find_holder(SlotIndex(2)) == session);
  CHECK_FALSE(sessions.find(SessionKey{99}));
  CHECK_FALSE(sessions.find_by_id(uuid(99)));
  CHECK_FALSE(sessions.find_by_code(ticket(99).body));
  CHECK_FALSE(sessions.find_open(vehicle("DL01AB1235")));
  CHECK_FALSE(sessions.find_holder(SlotIndex(3)));
}

TEST_CASE("a lost ticket's old code leads nowhere", "[store][sessions]") {
  Parking parking;
  Session session = parking.insert(parking.ticket_for(0));
  const TicketCode lost = session.code;
  session.code = ticket(77);
  parking.update(session);
  CHECK_FALSE(parking->sessions.find_by_code(lost.body));
  CHECK(parking->sessions.find_by_code(session.code.body) == session);
}

TEST_CASE("a closed session holds no slot, and its vehicle may come again", "[store][sessions]") {
  Parking parking;
  Session session = parking.ticket_for(0);
  session.vehicle = vehicle("DL01AB1234");
  session = parking.insert(session);
  session.state = SessionState::expired;
  session.closed_at = noon + 15min;
  parking.update(session);
  CHECK_FALSE(parking->sessions.find_holder(SlotIndex(0)));
  CHECK_FALSE(parking->sessions.find_open(vehicle("DL01AB1234")));
  CHECK(parking->sessions.claims().empty());
  CHECK(parking->sessions.find(session.key)->slot_given_back);
  Session again = parking.ticket_for(0);
  again.vehicle = session.vehicle;
  CHECK(parking->sessions.find_open(*again.vehicle) == std::nullopt);
  CHECK(parking->sessions.find_holder(SlotIndex(0)) == std::nullopt);
  again = parking.insert(again);
  CHECK(parking->sessions.find_holder(SlotIndex(0)) == again);
}

TEST_CASE("a car that was let out unpaid is not inside, and may come again", "[store][sessions]") {
  Parking parking;
  Session left = parking.billed(parking.parked(0), Paise(5'000));
  left.vehicle = vehicle("DL01AB1234");
  left.let_out_at = noon + 2h;
  left.slot_given_back = true;
  parking.update(left);
  CHECK_FALSE(parking->sessions.find_open(*left.vehicle));
  Session again = parking.ticket_for(0);
  again.vehicle = left.vehicle;
  again = parking.insert(again);
  CHECK(parking->sessions.find_open(*left.vehicle) == again);
  CHECK(keys(parking->sessions.open()) == std::vector{left.key, again.key});
}

TEST_CASE("what the sessions say of slots is known at the start", "[store][sessions]") {
  Parking parking;
  Session unpaid = parking.ticket_for(3);
  unpaid.state = SessionState::pending_payment;
  parking.insert(unpaid);
  parking.insert(parking.ticket_for(0));
  parking.parked(1);
  parking.billed(parking.parked(4), Paise(5'000));
  parking.stayed(2);
  CHECK(parking->sessions.claims() == std::vector<SlotClaim>{{SlotIndex(0), Claim::held},
                                                             {SlotIndex(1), Claim::active},
                                                             {SlotIndex(3), Claim::held},
                                                             {SlotIndex(4), Claim::active}});
}

TEST_CASE("what expired is found in the order of its time, and no more than asked",
          "[store][sessions]") {
  Parking parking;
  std::vector<SessionKey> made;
  for (const auto after : {10min, 5min, 20min, 15min}) {
    Session session = parking.ticket_for(static_cast<std::uint32_t>(made.size()));
    session.expires_at = noon + after;
    made.push_back(parking.insert(session).key);
  }
  parking.parked(4);  // has entered: never expires, whatever its row says
  Sessions& sessions = parking->sessions;
  CHECK(sessions.expired(noon + 5min - 1ms, 10).empty());
  CHECK(keys(sessions.expired(noon + 5min, 10)) == std::vector{made[1]});
  CHECK(keys(sessions.expired(noon + 15min, 10)) == std::vector{made[1], made[0], made[3]});
  CHECK(keys(sessions.expired(noon + 1h, 2)) == std::vector{made[1], made[0]});
  CHECK(sessions.expired(noon + 1h, 0).empty());
}

TEST_CASE("cars that still wait for their slot are known by zone and time of entry",
          "[store][sessions]") {
  Parking parking;
  const Session late = parking.parked(0, noon + 10min);
  const Session early = parking.parked(1, noon);
  Session arrived = parking.parked(2, noon + 5min);
  arrived.arrived_in_slot_at = noon + 6min;
  parking.update(arrived);
  const Session other = parking.parked(3, noon + 5min);
  parking.insert(parking.ticket_for(4));
  using Zones = std::vector<ZoneIndex>;
  const Zones first{ZoneIndex(0)};
  const Zones both{ZoneIndex(0), ZoneIndex(1)};
  std::size_t sessions_max = 10;
  std::optional<SessionKey> unwanted;
  const auto waiting = [&](const Zones& zones, Instant since, Instant until) {
    return keys(parking->sessions.waiting_for_slot(
        zones, since, until, sessions_max,
        [&](const WaitingForSlot& session) { return session.key != unwanted; }));
  };
  CHECK(waiting(first, noon, noon + 10min) == std::vector{early.key, late.key});
  CHECK(waiting(first, noon + 1ms, noon + 10min) == std::vector{late.key});
  CHECK(waiting(first, noon, noon + 10min - 1ms) == std::vector{early.key});
  CHECK(waiting(both, noon, noon + 10min) == std::vector{early.key, late.key, other.key});
  CHECK(waiting(Zones{}, noon, noon + 10min).empty());
  unwanted = early.key;
  CHECK(waiting(both, noon, noon + 10min) == std::vector{late.key, other.key});
  sessions_max = 1;
  CHECK(waiting(both, noon, noon + 10min) == std::vector{late.key});
}

TEST_CASE("unpaid bookings are counted by zone", "[store][sessions]") {
  Parking parking;
  for (const std::uint32_t slot : {0U, 1U, 3U}) {
    Session session = parking.ticket_for(slot);
    session.state = SessionState::pending_payment;
    parking.insert(session);
  }
  parking.insert(parking.ticket_for(2));
  CHECK(parking->sessions.unpaid_holds(ZoneIndex(0)) == 2);
  CHECK(parking->sessions.unpaid_holds(ZoneIndex(1)) == 1);
}

TEST_CASE("a session that was never inserted cannot be updated", "[store][sessions]") {
  Parking parking;
  const Session stranger = parking.ticket_for(0);
  CHECK(gatehouse::tests::aborts([&] { parking.update(stranger); }));
}

TEST_CASE("a session that was not committed is not there", "[store][sessions]") {
  Parking parking;
  {
    Transaction transaction = parking.store->begin();
    parking->sessions.insert(transaction, parking.ticket_for(0));
  }
  CHECK(parking->sessions.open().empty());
}

TEST_CASE("rates are the same after they stood in a row", "[store][sessions]") {
  rc::prop("for any rates", [] {
    Rates rates{Paise(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000)), {}};
    for (int left = *rc::gen::inRange(0, 6); left > 0; --left) {
      rates.bands.push_back({std::chrono::minutes(*rc::gen::inRange(0, 1'441)),
                             std::chrono::minutes(*rc::gen::inRange(0, 1'441)),
                             Paise(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000))});
    }
    RC_ASSERT(decode_rates(encode_rates(rates)) == rates);
  });
}

TEST_CASE("a text that no rates were written as is refused", "[store][sessions]") {
  const std::string text =
      GENERATE("", " ", "-1", "x", "5000 ", "5000,", "5000 360", "5000 360-540",
               "5000 360-540=", "5000 360-540=x", "5000 360-1441=1", "5000 1441-3=1",
               "5000 360-540=8000x", "99999999999999999999");
  CAPTURE(text);
  CHECK_FALSE(decode_rates(text));
}

// Authorisations and openings; alerts.
#include "edge/store/openings.hpp"

#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

AuthorisationKey authorise(Parking& parking, SessionKey session, Passage direction = Passage::entry,
                           const std::string& gate = "ENTRY_GATE_01") {
  return parking.commit([&](Transaction& t) {
    return parking->openings.insert(
        t, Authorisation{.session = session, .gate = gate, .direction = direction, .at = noon});
  });
}

OpeningKey open(Parking& parking, AuthorisationKey authorisation,
                std::optional<ScanKey> scan = std::nullopt) {
  return parking.commit([&](Transaction& t) {
    return parking->openings.insert(t, Opening{.authorisation = authorisation,
                                               .scan = scan,
                                               .gate = "ENTRY_GATE_01",
                                               .barrier = "b1",
                                               .at = noon});
  });
}

void set_status(Parking& parking, OpeningKey opening, OpeningStatus status, Instant at) {
  parking.commit([&](Transaction& t) { parking->openings.set_status(t, opening, status, at); });
}

Alert alert(const std::string& id, const std::string& kind, const std::string& subject) {
  return {.id = id, .kind = kind, .subject = subject, .message = "look", .raised_at = noon};
}

}  // namespace

TEST_CASE("an authorisation is the same after opening the store again", "[store][openings]") {
  Parking parking;
  const Session session = parking.parked(0);
  Authorisation row{
      .session = session.key, .gate = "EXIT_GATE_01", .direction = Passage::exit, .at = noon};
  row.key = parking.commit([&](Transaction& t) { return parking->openings.insert(t, row); });
  CHECK(parking->openings.find(row.key) == row);
  row.seen_open_at = noon + 2s;
  row.openings_after_seen = 2;
  row.other_passed = true;
  row.confirmed_at = noon + 5s;
  row.closed = true;
  parking.commit([&](Transaction& t) { parking->openings.update(t, row); });
  parking.reopen();
  CHECK(parking->openings.find(row.key) == row);
}

TEST_CASE("a driver whose opening was lost finds the authorisation again", "[store][openings]") {
  Parking parking;
  const Session session = parking.parked(0);
  const AuthorisationKey entry = authorise(parking, session.key);
  const AuthorisationKey exit = authorise(parking, session.key, Passage::exit, "EXIT_GATE_01");
  const AuthorisationKey other = authorise(parking, parking.parked(1).key);
  Openings& openings = parking->openings;
  CHECK(openings.find_open(session.key, Passage::entry)->key == entry);
  CHECK(openings.find_open(session.key, Passage::exit)->key == exit);
  const auto at_entry = openings.open_at("ENTRY_GATE_01");
  REQUIRE(at_entry.size() == 2);
  CHECK(at_entry[0].key == entry);
  CHECK(at_entry[1].key == other);
  CHECK(openings.open_authorisations().size() == 3);

  Authorisation passed = at_entry[0];
  passed.confirmed_at = noon + 5s;
  passed.closed = true;
  parking.commit([&](Transaction& t) { openings.update(t, passed); });
  CHECK_FALSE(openings.find_open(session.key, Passage::entry));
  CHECK(openings.find_newest(session.key, Passage::entry) == passed);
  CHECK(openings.open_at("ENTRY_GATE_01").size() == 1);
}

TEST_CASE("a session is authorised once at a time in each direction", "[store][openings]") {
  Parking parking;
  const Session session = parking.parked(0);
  authorise(parking, session.key);
  CHECK(failure([&] { authorise(parking, session.key, Passage::entry, "OTHER"); }) ==
        StoreError::Kind::unusable);
}

TEST_CASE("one scan opens once", "[store][openings]") {
  Parking parking;
  const AuthorisationKey authorisation = authorise(parking, parking.parked(0).key);
  const ScanKey scan = parking.scanned("s1");
  const OpeningKey opening = open(parking, authorisation, scan);
  CHECK(failure([&] { open(parking, authorisation, scan); }) == StoreError::Kind::unusable);
  CHECK(parking->openings.find_of_scan(scan)->key == opening);
  CHECK(parking->openings.of_authorisation(authorisation).size() == 1);
}

TEST_CASE("openings that have not ended are known at the start", "[store][openings]") {
  Parking parking;
  const AuthorisationKey authorisation = authorise(parking, parking.parked(0).key);
  const OpeningKey first = open(parking, authorisation);
  const OpeningKey second = open(parking, authorisation);
  const OpeningKey third = open(parking, authorisation);
  set_status(parking, second, OpeningStatus::seen_open, noon + 1s);
  set_status(parking, third, OpeningStatus::too_old, noon + 6s);
  parking.reopen();
  const auto going_on = parking->openings.going_on();
  REQUIRE(going_on.size() == 2);
  CHECK(going_on[0].key == first);
  CHECK(going_on[0].status == OpeningStatus::pending);
  CHECK(going_on[1].key == second);
  CHECK_FALSE(going_on[1].ended_at);
  CHECK(parking->openings.find(third)->ended_at == noon + 6s);
}

TEST_CASE("an opening ends once", "[store][openings]") {
  Parking parking;
  const OpeningKey opening = open(parking, authorise(parking, parking.parked(0).key));
  set_status(parking, opening, OpeningStatus::passed, noon + 5s);
  CHECK(failure([&] { set_status(parking, opening, OpeningStatus::failed, noon + 6s); }) ==
        StoreError::Kind::unusable);
  CHECK(parking->openings.find(opening)->status == OpeningStatus::passed);
}

TEST_CASE("an alert is open once, is cleared once, and may be raised anew", "[store][alerts]") {
  Parking parking;
  const auto raise = [&](const Alert& raised) {
    return parking.commit([&](Transaction& t) { return parking->alerts.raise(t, raised); });
  };
  const auto clear = [&](Instant at) {
    return parking.commit(
        [&](Transaction& t) { return parking->alerts.clear(t, "barrier", "b1", at); });
  };
  REQUIRE(raise(alert(uuid(1), "barrier", "b1")));
  CHECK_FALSE(raise(alert(uuid(2), "barrier", "b1")));
  CHECK(raise(alert(uuid(3), "barrier", "b2")));
  parking.reopen();
  CHECK(parking->alerts.open().size() == 2);
  CHECK(parking->alerts.find_open("barrier", "b1")->id == uuid(1));
  const auto cleared = clear(noon + 1h);
  REQUIRE(cleared);
  CHECK(cleared->id == uuid(1));
  CHECK(cleared->cleared_at == noon + 1h);
  CHECK_FALSE(clear(noon + 2h));
  CHECK(raise(alert(uuid(4), "barrier", "b1")));
}

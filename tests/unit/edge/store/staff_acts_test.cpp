// What staff decided, what waits for a person, and the log of incidents: kept as they were written.
#include "edge/store/explain.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

Act act(Parking& parking, const Session& session, ActKind kind) {
  Act made{.at = noon + 30min,
           .user = parking.staff(),
           .session = session.key,
           .kind = kind,
           .reason = "the provider does not answer",
           .reference = "UTR 4711",
           .detail = "at EXIT_GATE_01"};
  made.key = parking.commit([&](Transaction& t) { return parking->staff_acts.append(t, made); });
  return made;
}

Exception unpaid(Parking& parking, const Session& session) {
  Exception made{.id = uuid(++parking.ids),
                 .kind = ExceptionKind::let_out_unpaid,
                 .session = session.key,
                 .amount = Paise(5'000),
                 .reason = "Let out, and never paid",
                 .created_at = noon + 25h};
  made.key = parking.commit([&](Transaction& t) { return parking->exceptions.insert(t, made); });
  return made;
}

bool is_told(const std::vector<ExplainedStep>& steps, const std::string& text) {
  return std::ranges::any_of(
      steps, [&](const ExplainedStep& step) { return step.what.find(text) != text.npos; });
}

}  // namespace

TEST_CASE("what staff decided is the same after opening the store again", "[store][staff]") {
  Parking parking;
  const Session session = parking.parked(0);
  std::vector<Act> acts;
  for (const auto kind :
       {ActKind::lost_ticket, ActKind::stay_chosen, ActKind::let_out, ActKind::terminated})
    acts.push_back(act(parking, session, kind));
  parking.reopen();
  CHECK(parking->staff_acts.of_session(session.key) == acts);
  CHECK(parking->staff_acts.of_session(parking.parked(1).key).empty());
  CHECK(parking.store.refuses("UPDATE staff_acts SET reason = 'x'"));
  CHECK(parking.store.refuses("DELETE FROM staff_acts"));
  for (const char* values : {"1, 1, 'theft', 'x'", "1, 1, 'let_out', ''", "99, 1, 'let_out', 'x'",
                             "1, 99, 'let_out', 'x'", "1, 1, 'let_out', printf('%201d', 1)"}) {
    CAPTURE(values);
    CHECK(parking.store.refuses(
        "INSERT INTO staff_acts (at, user, session, kind, reason) VALUES (0, " +
        std::string(values) + ")"));
  }
}

TEST_CASE("an exception waits until it is resolved, once", "[store][staff]") {
  Parking parking;
  const Session session = parking.parked(0);
  const Exception waiting = unpaid(parking, session);
  CHECK(failure([&] { unpaid(parking, session); }) == StoreError::Kind::unusable);
  parking.reopen();
  CHECK(parking->exceptions.open() == std::vector{waiting});
  CHECK(parking->exceptions.find(waiting.id) == waiting);
  CHECK(parking->exceptions.find_let_out(session.key) == waiting);
  for (const char* change : {"amount_paise = 1", "reason = 'x'", "session = NULL",
                             "kind = 'unmatched'", "resolved_at = 5", "resolution = 'x'"}) {
    CAPTURE(change);
    CHECK(parking.store.refuses("UPDATE exceptions SET " + std::string(change)));
  }
  parking.commit([&](Transaction& t) {
    parking->exceptions.resolve(t, waiting.key, noon + 26h, "The session was COMPLETED");
  });
  CHECK(parking->exceptions.open().empty());
  CHECK(parking->exceptions.find(waiting.id).value().resolved_at == noon + 26h);
  CHECK(parking.store.refuses("UPDATE exceptions SET resolution = 'x'"));
  CHECK(parking.store.refuses("DELETE FROM exceptions"));
}

TEST_CASE("incidents are read page by page, the newest first", "[store][staff]") {
  Parking parking;
  const Session session = parking.parked(0);
  const UserKey user = parking.staff();
  for (int i = 1; i <= 5; ++i) {
    parking.commit([&](Transaction& t) {
      return parking->incidents.append(t, {.id = uuid(900 + std::uint64_t(i)),
                                           .at = noon,
                                           .user = user,
                                           .kind = IncidentKind::damage,
                                           .description = "Bumper " + std::to_string(i)});
    });
  }
  const IncidentKey key = parking.commit([&](Transaction& t) {
    return parking->incidents.append(t, {.id = uuid(950),
                                         .at = noon + 1h,
                                         .user = user,
                                         .kind = IncidentKind::unauthorised_parking,
                                         .description = "Nobody's car",
                                         .gate = "EXIT_GATE_01",
                                         .slot = "A-002",
                                         .session = session.key,
                                         .vehicle = vehicle("DL01AB1234")});
  });
  parking.reopen();
  const Incident whole = parking->incidents.find(key).value();
  CHECK(whole.username == "staff1");
  CHECK(whole.slot == "A-002");
  CHECK(whole.session_id == session.id);
  CHECK(whole.vehicle == vehicle("DL01AB1234"));
  CHECK(parking->incidents.count() == 6);
  const auto texts = [&](int size, std::int64_t skipped) {
    std::string all;
    for (const Incident& each : parking->incidents.page(size, skipped))
      all += each.description + ";";
    return all;
  };
  CHECK(texts(2, 0) == "Nobody's car;Bumper 5;");
  CHECK(texts(2, 2) == "Bumper 4;Bumper 3;");
  CHECK(texts(9, 5) == "Bumper 1;");
  CHECK(texts(9, 6).empty());
  CHECK(texts(9, 1'000'000'000).empty());
  CHECK(parking.store.refuses("UPDATE incidents SET description = 'x'"));
  CHECK(parking.store.refuses("DELETE FROM incidents"));
}

TEST_CASE("an empty log has no incidents", "[store][staff]") {
  Parking parking;
  CHECK(parking->incidents.count() == 0);
  CHECK(parking->incidents.page(20, 0).empty());
}

TEST_CASE("why is told with what staff decided and what waited for them", "[store][explain]") {
  Parking parking;
  const Session session = parking.parked(0);
  act(parking, session, ActKind::let_out);
  const Exception waiting = unpaid(parking, session);
  parking.commit([&](Transaction& t) {
    parking->exceptions.resolve(t, waiting.key, noon + 26h, "The session was COMPLETED");
  });
  const auto steps = explain(*parking.store, session.id);
  CHECK(is_told(steps,
                "staff1: let out (at EXIT_GATE_01), because: the provider does not answer, "
                "reference UTR 4711"));
  CHECK(is_told(steps, "waits for a person: 5000 paise, Let out, and never paid"));
  CHECK(is_told(steps, "waits for nobody any more: The session was COMPLETED"));
}

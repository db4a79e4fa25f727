// A person's data is erased, and nothing of it stands in the store's files any more.
#include "edge/store/erasures.hpp"

#include "edge/store/activity.hpp"
#include "edge/store/audit.hpp"
#include "edge/store/checkpointer.hpp"
#include "edge/store/user_vehicles.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

const std::string plate = "DL01AB1234";
const std::string owner = "Priya Unforgettable";
const std::string phone = "+91-98100-55555";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// That it was answered stays known: whoever repeats the request does nothing a second time.
constexpr const char* erased_answer =
    R"(200 {"success":true,"message":"This was done. What it said was erased","data":null})";

struct Erasing {
  Parking parking;
  std::optional<Erasures> erasures{std::in_place, *parking.store};
  UserVehicles vehicles{*parking.store};
  UserKey admin = parking.staff("admin");
  UserKey user = account("priya");

  UserKey account(const std::string& name) {
    return parking
        .commit([&](Transaction& t) {
          return parking->accounts.insert(t, {.username = name,
                                              .role = Role::user,
                                              .password_hash = "secret hash",
                                              .email = name + "@example.org",
                                              .phone_number = phone,
                                              .created_at = noon});
        })
        .value();
  }
  /// A stay of the person's that is paid and over, with the scan that let it out.
  Session stay(std::optional<UserKey> maker, const std::string& number = plate) {
    Session session = parking.ticket_for(0);
    session.state = SessionState::booked;
    session.vehicle = vehicle(number);
    session.owner_name = owner;
    session.phone_number = phone;
    session.created_by = maker;
    if (maker) session.kind = AdmissionKind::deposit;
    session = parking.insert(session);
    session.state = SessionState::active;
    session.entry_time = noon;
    session.entry_gate = "ENTRY_GATE_01";
    parking.update(session);
    session = parking.billed(session, Paise(5'000));
    parking.paid(session.key, Paise(5'000));
    const ScanKey scan = parking.scanned("scan-" + session.id, session.key);
    parking.commit([&](Transaction& t) {
      parking->scans.answer(t, scan,
                            {.at = noon,
                             .decision = DecisionKind::open,
                             .reason = Reason::paid,
                             .payload = R"({"vehicle_number":")" + number + "\"}"});
    });
    return parking.settled(session);
  }
  Erasure erase(const ErasedPerson& person) {
    const Erasure about{.id = uuid(++parking.ids), .at = noon + 3h, .by = admin, .reason = "asked"};
    return parking.commit([&](Transaction& t) { return erasures->erase(t, person, about); });
  }
  /// For whoever asks again under the same key.
  void keep_answers(const Session& about) {
    CHECK(parking.store.number(
              "INSERT INTO kept_answers (scope, once_key, request_hash, at, status, content_type, "
              "body) VALUES ('scope', '" +
              about.id + "', 'hash', 0, 200, 'application/json', '" + about.id + " " +
              about.vehicle->text() + "') RETURNING 1") == 1);
  }
  [[nodiscard]] std::string kept(const Session& about) {
    return parking.store.text("SELECT status || ' ' || body FROM kept_answers WHERE once_key = '" +
                              about.id + "'");
  }
  [[nodiscard]] bool is_in_a_file(const std::string& text) {
    return bytes_of(parking.store.path()).contains(text) ||
           bytes_of(parking.store.path().string() + "-wal").contains(text);
  }
};

}  // namespace

TEST_CASE("who it was goes, what it cost stays", "[store][erasures]") {
  Erasing store;
  const Session session = store.stay(store.user);
  const Session others = store.stay({}, "KA05MM0007");
  store.keep_answers(session);
  store.keep_answers(others);
  store.parking.commit([&](Transaction& t) {
    store.parking->incidents.append(t, {.id = uuid(++store.parking.ids),
                                        .at = noon,
                                        .user = store.admin,
                                        .description = "A scratch",
                                        .session = session.key,
                                        .vehicle = vehicle(plate)});
    store.vehicles.insert(t, {.user = store.user, .vehicle = vehicle(plate), .created_at = noon});
  });
  const auto [with_account, person] = [&]() -> std::pair<bool, ErasedPerson> {
    switch (GENERATE(0, 1, 2)) {
      case 0:
        return {true, {.user = store.user, .with_sessions = true}};
      case 1:
        return {false, {.vehicle = vehicle(plate)}};
      default:
        return {false, {.session = session.key}};
    }
  }();
  const Erasure erasure = store.erase(person);
  CHECK(erasure.sessions == 1);
  CHECK(erasure.incidents == 1);
  CHECK(erasure.scans == 1);
  CHECK(store.kept(session) == erased_answer);
  CHECK(store.kept(others) == "200 " + others.id + " " + others.vehicle->text());

  Session bare = session;
  bare.vehicle.reset();
  bare.owner_name.clear();
  bare.phone_number.clear();
  CHECK(store.parking->sessions.find(session.key) == bare);
  CHECK(store.parking->sessions.find(others.key) == others);
  CHECK_FALSE(store.parking->incidents.page(1, 0).front().vehicle);
  CHECK(store.parking->incidents.page(1, 0).front().description == "A scratch");
  CHECK(store.parking->payments.credits(session.key) == Paise(5'000));
  CHECK(store.parking.store.number("SELECT count(*) FROM receipts") == 2);
  CHECK(audit(*store.parking.store).violations == std::vector<std::string>{});

  const User account = store.parking->accounts.find(store.user).value();
  CHECK((account.username == "priya") != with_account);
  CHECK(account.disabled == with_account);
  if (with_account) {
    CHECK(account.username == "erased:" + std::to_string(std::to_underlying(store.user)));
    CHECK(account.email + account.phone_number + account.password_hash == "");
    CHECK(account.version == 2);
  }
  CHECK(store.erasures->page(10, 0).front().by_name == "admin");
  CHECK(store.erasures->count() == 1);
}

TEST_CASE("what was erased stays so, and its row too", "[store][erasures]") {
  Erasing store;
  Session session = store.stay({});
  store.erase({.vehicle = vehicle(plate)});
  CHECK(failure([&] { store.parking.update(session); }));
  CHECK(store.parking.store.refuses("UPDATE sessions SET owner_name = 'x'"));
  CHECK(store.parking.store.refuses("DELETE FROM erasures"));
  CHECK(store.parking.store.refuses("UPDATE erasures SET reason = 'x'"));
  CHECK(store.parking.store.refuses("UPDATE incidents SET description = 'x'") ==
        (store.parking.store.number("SELECT count(*) FROM incidents") > 0));
  // Asked again, there is nothing left to erase.
  CHECK(store.erase({.session = session.key}).sessions == 0);
}

TEST_CASE("nobody is erased who is inside or has just left", "[store][erasures]") {
  Erasing store;
  const Session session = store.stay(store.user);
  const ErasedPerson person{.user = store.user, .with_sessions = true};
  CHECK(store.erasures->is_too_early(person, noon + 59min));
  CHECK_FALSE(store.erasures->is_too_early(person, noon + 1h));
  CHECK_FALSE(store.erasures->is_too_early({.user = store.user}, noon));
  CHECK_FALSE(store.erasures->is_too_early({.vehicle = vehicle("KA05MM0007")}, noon));
  Session open = store.parking.ticket_for(1);
  open.vehicle = vehicle(plate);
  open.state = SessionState::booked;
  store.parking.insert(open);
  CHECK(store.erasures->is_too_early({.vehicle = vehicle(plate)}, noon + 1h));
  CHECK_FALSE(store.erasures->is_too_early({.session = session.key}, noon + 1h));
}

TEST_CASE("nothing of the erased is left in the files, whatever was written before",
          "[store][erasures]") {
  Erasing store;
  for (int i = 0; i < 200; ++i) store.stay(store.user, "DL01AB" + std::to_string(1000 + i));
  const std::string prefix = "DL01AB1";
  REQUIRE(store.erasures->wants_empty_log());
  REQUIRE(store.parking.store->empty_log());
  REQUIRE(store.is_in_a_file(prefix));
  REQUIRE(store.is_in_a_file(owner));
  store.erase({.user = store.user, .with_sessions = true});
  CHECK(store.is_in_a_file(owner));  // in the log, or in the file until the log was moved
  REQUIRE(store.erasures->wants_empty_log());
  CHECK_FALSE(store.erasures->wants_empty_log());
  {
    Checkpointer checkpointer(store.parking.store.path());
    checkpointer.empty_log();
  }
  CHECK_FALSE(store.is_in_a_file(owner));
  CHECK_FALSE(store.is_in_a_file(prefix));
  CHECK_FALSE(store.is_in_a_file(phone));
  CHECK_FALSE(store.is_in_a_file("priya@example.org"));
  CHECK_FALSE(store.is_in_a_file("secret hash"));
}

TEST_CASE("a reader keeps the log from being emptied, and is not waited for", "[store][erasures]") {
  Erasing store;
  store.stay(store.user);
  auto reader = Database::open({.path = store.parking.store.path(), .read_only = true});
  {
    SQLite::Statement reading(reader.raw(), "SELECT key FROM sessions");
    REQUIRE(reading.executeStep());
    store.stay({});
    CHECK_FALSE(store.parking.store->empty_log());
  }
  CHECK(store.parking.store->empty_log());
  CHECK(std::filesystem::file_size(store.parking.store.path().string() + "-wal") == 0);
}

TEST_CASE("what an account did is told in order, the newest first", "[store][activity]") {
  Erasing store;
  store.stay(store.user);  // paid into the drawer of staff1
  const UserKey staff = store.parking.staff();
  Activity activity(*store.parking.store);
  const Deeds deeds = activity.of(staff, {}, {.rows = 20});
  REQUIRE(deeds.total == 2);
  CHECK(deeds.deeds[0].kind == "payment_taken");
  CHECK(deeds.deeds[0].amount == Paise(5'000));
  CHECK_FALSE(deeds.deeds[0].session_id.empty());
  CHECK(deeds.deeds[0].detail == "CASH");
  CHECK(deeds.deeds[1].kind == "shift_opened");
  CHECK(activity.of(store.user, {}, {}).deeds.front().kind == "session_made");
  CHECK(activity.of(staff, {.kind = "shift_opened"}, {}).total == 1);
  CHECK(activity.of(staff, {.period = {.from = noon + 1h}}, {}).total == 1);
  CHECK(activity.of(staff, {.period = {.until = noon + 1h}}, {}).total == 1);
  CHECK(activity.of(staff, {}, {.rows = 1, .skipped = 1}).deeds.front().kind == "shift_opened");
  store.erase({.vehicle = vehicle(plate)});
  CHECK(activity.of(store.admin, {}, {}).deeds.front().kind == "erasure");
  for (const Deed& deed : deeds.deeds)
    CHECK(std::ranges::find(activity_kinds(), deed.kind) != activity_kinds().end());
}

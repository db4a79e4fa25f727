// Accounts, what is signed in, and the vehicles that users keep.
#include "edge/store/accounts.hpp"

#include "edge/store/token_families.hpp"
#include "edge/store/user_vehicles.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

std::string id_of(char letter) { return std::string(family_id_characters, letter); }

struct SignedInStore {
  Parking parking;
  TokenFamilies families{*parking.store};
  UserKey staff = parking.staff();

  TokenFamily make(char letter, Instant at = noon) {
    TokenFamily family{.id = id_of(letter),
                       .user = staff,
                       .refresh_id = id_of('1'),
                       .created_at = at,
                       .last_used_at = at,
                       .expires_at = at + std::chrono::days(7)};
    family.key = parking.commit([&](Transaction& t) { return families.insert(t, family); });
    return family;
  }
  [[nodiscard]] bool is_live(char letter) {
    return parking->accounts.find_bearer(id_of(letter)).has_value();
  }
};

}  // namespace

TEST_CASE("nobody gets the key of an account that is gone", "[store][accounts]") {
  Parking parking;
  const auto add = [&](const std::string& name) {
    return parking.commit([&](Transaction& t) {
      return parking->accounts.insert(t, {.username = name, .password_hash = "x"}).value();
    });
  };
  const UserKey first = add("priya");
  // All that is left of one who did something and was deleted.
  parking.store.run(
      "INSERT INTO audit_log (sequence, at, until, times, user, user_name, role, address, action, "
      "targets, outcome, detail, key_id, previous, hash) VALUES (1, 0, 0, 1, " +
      std::to_string(std::to_underlying(first) + 5) +
      ", '', 'USER', '', 'POST /x/', '', 'done', '', 1, printf('%064d', 0), printf('%064d', 1))");
  CHECK(std::to_underlying(add("ravi")) == std::to_underlying(first) + 6);
  CHECK(std::to_underlying(add("meera")) == std::to_underlying(first) + 7);
}

TEST_CASE("a family's bearer is found until it ends", "[store][families]") {
  SignedInStore store;
  const TokenFamily family = store.make('a');
  CHECK(store.families.find(id_of('a')) == family);
  CHECK(store.parking->accounts.find_bearer(id_of('a'))->key == store.staff);
  CHECK_FALSE(store.parking->accounts.find_bearer(id_of('b')));
  CHECK_FALSE(store.parking->accounts.find_bearer(""));

  store.parking.commit([&](Transaction& t) {
    store.families.rotate(t, family.key, id_of('2'), noon + 1h, noon + 8h);
  });
  const auto rotated = store.families.find(id_of('a')).value();
  CHECK(rotated.refresh_id == id_of('2'));
  CHECK(rotated.previous_id == id_of('1'));
  CHECK(rotated.last_used_at == noon + 1h);
  CHECK(rotated.expires_at == noon + 8h);

  const auto end = [&](FamilyEnd why) {
    store.parking.commit(
        [&](Transaction& t) { store.families.end(t, family.key, noon + 2h, why); });
  };
  end(FamilyEnd::reused);
  end(FamilyEnd::logout);  // it has ended already
  CHECK_FALSE(store.is_live('a'));
  CHECK(store.families.find(id_of('a'))->end == FamilyEnd::reused);
  CHECK(store.families.find(id_of('a'))->ended_at == noon + 2h);
  CHECK(
      store.parking.store.refuses("UPDATE token_families SET ended_at = NULL, end_reason = NULL"));
}

TEST_CASE("a user's families end together, or all but the newest", "[store][families]") {
  SignedInStore store;
  for (const char letter : {'a', 'b', 'c'}) store.make(letter, noon + std::chrono::minutes(letter));
  store.parking.commit(
      [&](Transaction& t) { store.families.end_oldest(t, store.staff, 2, noon + 3h); });
  CHECK_FALSE(store.is_live('a'));
  CHECK(store.families.find(id_of('a'))->end == FamilyEnd::crowded);
  CHECK(store.is_live('b'));
  CHECK(store.parking.commit([&](Transaction& t) {
    return store.families.end_all(t, store.staff, noon + 3h, FamilyEnd::password);
  }) == 2);
  CHECK_FALSE(store.is_live('b'));
  CHECK_FALSE(store.is_live('c'));
}

TEST_CASE("families that expired long ago are forgotten, a few at a time", "[store][families]") {
  SignedInStore store;
  for (const char letter : {'a', 'b', 'c'}) store.make(letter);
  store.make('d', noon + std::chrono::days(30));
  const auto prune = [&](Instant before) {
    return store.parking.commit([&](Transaction& t) { return store.families.prune(t, before, 2); });
  };
  CHECK(prune(noon + std::chrono::days(7)) == 0);
  CHECK(prune(noon + std::chrono::days(8)) == 2);
  CHECK(prune(noon + std::chrono::days(8)) == 1);
  CHECK(store.is_live('d'));
}

TEST_CASE("an account without a history is deleted with what is its own", "[store][accounts]") {
  SignedInStore store;
  store.make('a');
  UserVehicles vehicles(*store.parking.store);
  store.parking.commit([&](Transaction& t) {
    vehicles.insert(t, {.user = store.staff, .vehicle = vehicle("DL01AB1234"), .created_at = noon});
  });
  SECTION("nothing names it") {
    CHECK(store.parking.commit(
        [&](Transaction& t) { return store.parking->accounts.remove(t, store.staff); }));
    CHECK_FALSE(store.parking->accounts.find(store.staff));
    CHECK_FALSE(store.families.find(id_of('a')));
    CHECK(vehicles.of_user(store.staff).empty());
  }
  SECTION("it opened a shift") {
    store.parking.shift();
    // What else the transaction wrote stays.
    store.parking.commit([&](Transaction& t) {
      CHECK_FALSE(store.parking->accounts.remove(t, store.staff));
      store.families.end_all(t, store.staff, noon, FamilyEnd::account);
    });
    CHECK(store.parking->accounts.find(store.staff));
    CHECK(store.families.find(id_of('a'))->end == FamilyEnd::account);
    CHECK(vehicles.of_user(store.staff).size() == 1);
  }
}

TEST_CASE("only administrators who can sign in count", "[store][accounts]") {
  Parking parking;
  CHECK(parking->accounts.active_administrators() == 0);
  const auto add = [&](const char* name, Role role, bool disabled) {
    parking.commit([&](Transaction& t) {
      parking->accounts.insert(t, {.username = name,
                                   .role = role,
                                   .password_hash = "x",
                                   .disabled = disabled,
                                   .created_at = noon});
    });
  };
  add("one", Role::admin, false);
  add("two", Role::admin, true);
  add("three", Role::staff, false);
  CHECK(parking->accounts.active_administrators() == 1);
}

TEST_CASE("a user keeps a vehicle once, and no more than twenty", "[store][accounts]") {
  Parking parking;
  UserVehicles vehicles(*parking.store);
  const UserKey user = parking.staff();
  const auto keep = [&](const std::string& number) {
    return failure([&] {
      parking.commit([&](Transaction& t) {
        vehicles.insert(t, {.user = user, .vehicle = vehicle(number), .created_at = noon});
      });
    });
  };
  for (int i = 0; i < user_vehicles_max; ++i)
    CHECK_FALSE(keep("DL01AB10" + std::string(1, static_cast<char>('A' + i))));
  CHECK(keep("DL01AB10A"));
  CHECK(keep("DL01AB9999"));
  const auto first = vehicles.find(user, vehicle("DL01AB10A")).value();
  parking.commit([&](Transaction& t) { vehicles.rename(t, first.key, "the red one"); });
  CHECK(vehicles.of_user(user).front().name == "the red one");
  const auto remove = [&](const char* number) {
    return parking.commit(
        [&](Transaction& t) { return vehicles.remove(t, user, vehicle(number)); });
  };
  CHECK(remove("DL01AB10A"));
  CHECK_FALSE(remove("DL01AB10A"));
  CHECK(vehicles.of_user(user).size() == 19);
}

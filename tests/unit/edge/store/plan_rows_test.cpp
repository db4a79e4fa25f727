// Zones, slots, outages and settings as administrators change them: what the store keeps, and what
// it refuses by itself.
#include "edge/store/plan_rows.hpp"

#include "edge/store/outages.hpp"
#include "edge/store/stored_settings.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <chrono>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using namespace std::chrono_literals;

namespace {

UserKey user_of(Parking& parking) {
  UserKey key{};
  parking.commit([&](Transaction& t) {
    key = parking->accounts
              .insert(t, {.username = "admin",
                          .role = Role::admin,
                          .gate = {},
                          .password_hash = "x",
                          .email = {},
                          .phone_number = {},
                          .created_at = Instant(1s)})
              .value();
  });
  return key;
}

Outage outage(UserKey user) {
  return {.slot = "A-001",
          .from = Instant(10s),
          .to = Instant(20s),
          .reason = "Paint",
          .created_at = Instant(5s),
          .created_by = user,
          .ended_at = {}};
}

}  // namespace

TEST_CASE("a zone is read back as it was written", "[store][plan]") {
  Parking parking;
  PlanRows rows(*parking.store);
  auto zone = rows.find_zone("A").value().plan;
  zone.name = "Level 1";
  zone.rates = {Paise(9'000), {{6h, 9h, Paise(12'000)}, {22h, 2h, Paise(100)}}};
  zone.active = false;
  zone.walk_in = false;
  zone.contact = "Counter 2";
  zone.features = {"open air", "charging"};
  parking.commit([&](Transaction& t) { rows.update(t, zone); });
  CHECK(rows.find_zone("A")->plan == zone);
  CHECK(load_plan(*parking.store)->zones()[0] == zone);
  zone.rates.bands.clear();
  parking.commit([&](Transaction& t) { rows.update(t, zone); });
  CHECK(rows.find_zone("A")->plan == zone);
  CHECK_FALSE(rows.find_zone("X"));
}

TEST_CASE("what is marked goes with the next start, unless something refers to it by then",
          "[store][plan]") {
  Parking parking;
  PlanRows rows(*parking.store);
  const bool is_used = GENERATE(false, true);
  CHECK_FALSE(rows.slot_is_referred_to("A-001"));
  parking.commit([&](Transaction& t) { rows.mark_zone(t, "A"); });
  CHECK(rows.zones().size() == 1);
  CHECK(rows.slots("A").empty());
  CHECK(rows.find_slot("A-001")->removed);
  CHECK(load_plan(*parking.store)->zones().size() == 2);
  if (is_used) static_cast<void>(parking.parked(0));
  CHECK(rows.slot_is_referred_to("A-001") == is_used);
  CHECK(rows.zone_is_referred_to("A") == is_used);
  parking.commit([&](Transaction& t) { rows.sweep(t); });
  const auto plan = load_plan(*parking.store);
  CHECK(plan->zones().size() == (is_used ? 2 : 1));
  CHECK(rows.find_slot("A-002").has_value() == false);
  const auto slot = rows.find_slot("A-001");
  CHECK(slot.has_value() == is_used);
  if (slot) {
    CHECK(slot->closed);
    CHECK_FALSE(rows.find_zone("A")->plan.active);
  }
}

TEST_CASE("a slot has one outage that is not over, which stays as it was planned",
          "[store][plan]") {
  Parking parking;
  Outages outages(*parking.store);
  const UserKey user = user_of(parking);
  parking.commit([&](Transaction& t) { outages.plan(t, outage(user)); });
  const auto planned = outages.find("A-001");
  REQUIRE(planned);
  CHECK(planned->to == Instant(20s));
  CHECK(outages.standing() == std::vector<Outage>{*planned});
  CHECK_FALSE(outages.find("A-002"));
  {
    Transaction transaction = parking.store->begin();
    CHECK_THROWS_AS(outages.plan(transaction, outage(user)), StoreError);
  }
  parking.commit([&](Transaction& t) { outages.end(t, planned->key, Instant(15s)); });
  CHECK(outages.standing().empty());
  parking.commit([&](Transaction& t) { outages.plan(t, outage(user)); });
  for (const char* tampering : {"DELETE FROM slot_outages", "UPDATE slot_outages SET reason = 'x'",
                                "UPDATE slot_outages SET from_at = 1",
                                "UPDATE slot_outages SET ended_at = 1 "
                                "WHERE ended_at IS NOT NULL"}) {
    CAPTURE(tampering);
    CHECK_THROWS(parking.store->raw().exec(tampering));
  }
}

TEST_CASE("a setting is kept by its key, the newest value of it", "[store][plan]") {
  Parking parking;
  StoredSettings settings(*parking.store);
  const UserKey user = user_of(parking);
  const Setting grace{"billing.grace_minutes", SettingKind::number, "10"};
  const Setting later{"billing.grace_minutes", SettingKind::number, "12"};
  const Setting cap{"billing.daily_cap", SettingKind::text, "300.00"};
  parking.commit([&](Transaction& t) {
    settings.put(t, grace, Instant(1s), user);
    settings.put(t, cap, Instant(1s), user);
    settings.put(t, later, Instant(2s), user);
  });
  CHECK(settings.all() == std::vector<Setting>{cap, later});
  parking.commit([&](Transaction& t) { settings.drop(t, "billing.daily_cap"); });
  CHECK(settings.all() == std::vector<Setting>{later});
}

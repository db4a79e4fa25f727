// The lot's plan: seeded from lot.toml once, afterwards the store's word holds.
#include "edge/store/lot.hpp"

#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using Kind = StoreError::Kind;

namespace {

SlotId slot_id(const std::string& text) { return SlotId::parse(text).value(); }

std::vector<std::string> slot_names(const LotPlan& plan) {
  std::vector<std::string> names;
  for (const SlotPlan& slot : plan.slots()) names.push_back(slot.id.text());
  return names;
}

/// A zone with every member set to something of its own.
ZoneSeed rich_zone() {
  ZoneSeed seed = zone_seed("C", 1);
  seed.zone.name = "Zone \"C\" – हिंदी";
  seed.zone.rates = {Paise(5'000), {{22h, 6h, Paise(2'000)}, {6h, 9h, Paise(8'000)}}};
  seed.zone.active = false;
  seed.zone.walk_in = false;
  seed.zone.operating_hours = "06:00-23:00";
  seed.zone.contact = "+91 11 5550";
  seed.zone.location = "Level 2";
  seed.zone.features = {"covered", "ev charging"};
  return seed;
}

}  // namespace

TEST_CASE("a lot is loaded as it was seeded, in the file's order", "[store][lot]") {
  TestStore store;
  const auto plan = load_plan(*store);
  CHECK(plan->lot().text() == "demo");
  CHECK(plan->lot_name() == "Demo lot");
  REQUIRE(plan->zones().size() == 2);
  CHECK(plan->zones()[0] == demo_seed().zones[0].zone);
  CHECK(slot_names(*plan) == std::vector<std::string>{"A-001", "A-002", "A-003", "B-001", "B-002"});
  CHECK(plan->slot(SlotIndex(3)).zone == ZoneIndex(1));
  CHECK(store.number("SELECT epoch FROM epochs") == 1);
}

TEST_CASE("everything said of a zone is kept, its bands in the order of the day", "[store][lot]") {
  TestStore store;
  LotSeed more = demo_seed();
  more.zones.push_back(rich_zone());
  seed(*store, more, noon);
  store.reopen();
  ZonePlan expected = rich_zone().zone;
  std::swap(expected.rates.bands[0], expected.rates.bands[1]);
  CHECK(load_plan(*store)->zones().at(2) == expected);
  CHECK(differences(*load_plan(*store), more).empty());
}

TEST_CASE("seeding again adds what is new and changes nothing that is there", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.name = "Renamed in the file";
  file.zones[0].zone.name = "Renamed too";
  file.zones[0].zone.rates = {Paise(1), {}};
  file.zones[0].slots.push_back(slot_id("A-004"));
  file.zones.push_back(zone_seed("C", 2));
  const Seeded added = seed(*store, file, noon + 1h);
  CHECK(added.zones == 1);
  CHECK(added.slots == 3);
  const auto plan = load_plan(*store);
  CHECK(plan->lot_name() == "Demo lot");
  CHECK(plan->zones()[0] == demo_seed().zones[0].zone);
  CHECK(slot_names(*plan) == std::vector<std::string>{"A-001", "A-002", "A-003", "B-001", "B-002",
                                                      "A-004", "C-001", "C-002"});
  CHECK(plan->slot(SlotIndex(5)).zone == ZoneIndex(0));
  CHECK(seed(*store, file, noon + 2h).slots == 0);
  CHECK(store.number("SELECT count(*) FROM epochs") == 1);
}

TEST_CASE("what is no longer in the file stays in the store", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.zones.pop_back();
  file.zones[0].slots.pop_back();
  const Seeded added = seed(*store, file, noon);
  CHECK(added.zones + added.slots == 0);
  CHECK(load_plan(*store)->slots().size() == 5);
}

TEST_CASE("another lot's file is refused and adds nothing", "[store][lot]") {
  TestStore store;
  LotSeed other = demo_seed();
  other.lot = LotId::parse("other").value();
  other.zones.push_back(zone_seed("C", 2));
  CHECK(failure([&] { seed(*store, other, noon); }) == Kind::unusable);
  CHECK(load_plan(*store)->lot().text() == "demo");
  CHECK(load_plan(*store)->zones().size() == 2);
}

TEST_CASE("a slot that moved between zones is refused and nothing is added", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.zones.insert(file.zones.begin(), zone_seed("C", 2));
  file.zones.back().slots.push_back(slot_id("A-001"));
  CHECK(failure([&] { seed(*store, file, noon); }) == Kind::unusable);
  CHECK(load_plan(*store)->zones().size() == 2);
}

TEST_CASE("a store that was never seeded has no plan", "[store][lot]") {
  const gatehouse::tests::TempDir dir;
  Database database = Database::open({.path = dir / "gatehouse.db", .create = true});
  migrate(database);
  CHECK(failure([&] { load_plan(database); }) == Kind::unusable);
}

TEST_CASE("a store whose ids no device could have stops the start", "[store][lot]") {
  TestStore store;
  store.run("UPDATE slots SET id = 'A 001' WHERE id = 'A-001'");
  CHECK(failure([&] { load_plan(*store); }) == Kind::unusable);
}

TEST_CASE("file and store that say the same do not differ", "[store][lot]") {
  TestStore store;
  CHECK(differences(*load_plan(*store), demo_seed()).empty());
}

TEST_CASE("each difference between file and store has its sentence", "[store][lot]") {
  using Change = void (*)(LotSeed&);
  const auto [change, sentence] = GENERATE(table<Change, std::string>({
      {[](LotSeed& file) { file.name = "New"; }, "the lot: another name"},
      {[](LotSeed& file) { file.zones[0].zone.name = "New"; }, "zone A: another name"},
      {[](LotSeed& file) { file.zones[0].zone.rates.hourly_rate = Paise(1); },
       "zone A: other rates"},
      {[](LotSeed& file) { file.zones[0].zone.rates.bands = {{6h, 9h, Paise(1)}}; },
       "zone A: other rates"},
      {[](LotSeed& file) { file.zones[1].zone.walk_in = false; }, "zone B: another walk_in"},
      {[](LotSeed& file) { file.zones[0].zone.operating_hours = "06:00-22:00"; },
       "zone A: other operating_hours"},
      {[](LotSeed& file) { file.zones[0].zone.contact = "x"; }, "zone A: another contact"},
      {[](LotSeed& file) { file.zones[0].zone.location = "x"; }, "zone A: another location"},
      {[](LotSeed& file) { file.zones[0].zone.features = {"x"}; }, "zone A: other features"},
      {[](LotSeed& file) { file.zones[0].slots.push_back(slot_id("A-004")); },
       "slot A-004 is in the file only: `gatehouse init` adds it"},
      {[](LotSeed& file) { file.zones[0].slots.pop_back(); }, "slot A-003 is in the store only"},
      {[](LotSeed& file) { file.zones.push_back(zone_seed("C", 2)); },
       "zone C is in the file only: `gatehouse init` adds it"},
  }));
  TestStore store;
  LotSeed file = demo_seed();
  change(file);
  CHECK(differences(*load_plan(*store), file) == std::vector{sentence});
}

TEST_CASE("a zone only the store has is told, with its slots", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.zones.pop_back();
  CHECK(differences(*load_plan(*store), file) ==
        std::vector<std::string>{"zone B is in the store only", "slot B-001 is in the store only",
                                 "slot B-002 is in the store only"});
}

TEST_CASE("a slot that moved is told once, also into a new zone", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.zones[0].slots.pop_back();
  const bool into_a_new_zone = GENERATE(false, true);
  if (into_a_new_zone) file.zones.push_back(zone_seed("C", 0));
  file.zones.back().slots.push_back(slot_id("A-003"));
  const auto found = differences(*load_plan(*store), file);
  REQUIRE(found.size() == (into_a_new_zone ? 2 : 1));
  CHECK(found.back() == "slot A-003 belongs to another zone in the store");
}

TEST_CASE("a slot called like a zone is still missed", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.zones[1].slots.push_back(slot_id("A"));
  seed(*store, file, noon);
  CHECK(differences(*load_plan(*store), demo_seed()) ==
        std::vector<std::string>{"slot A is in the store only"});
}

TEST_CASE("a hundred thousand slots are seeded and loaded in order", "[store][lot]") {
  TestStore store;
  LotSeed file = demo_seed();
  file.zones.push_back(zone_seed("C", 99'995));
  CHECK(seed(*store, file, noon).slots == 99'995);
  const auto plan = load_plan(*store);
  CHECK(plan->slots().size() == 100'000);
  CHECK(plan->find_slot("C-99995") == SlotIndex(99'999));
}

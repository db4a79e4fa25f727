#include "edge/domain/plan.hpp"

#include "tests/support/aborts.hpp"

#include <string>
#include <type_traits>

#include <catch2/catch.hpp>

using namespace gatehouse;
using gatehouse::tests::aborts;

namespace {

ZonePlan zone(const std::string& id) { return {.id = ZoneId::parse(id).value(), .name = id}; }
SlotPlan slot(const std::string& id, std::uint32_t zone) {
  return {.id = SlotId::parse(id).value(), .zone = ZoneIndex(zone)};
}
LotId demo() { return LotId::parse("demo").value(); }

}  // namespace

TEST_CASE("slots of a zone are numbered with three digits at least", "[domain][plan]") {
  CHECK(numbered_slot_name("A", 1) == "A-001");
  CHECK(numbered_slot_name("A", 42) == "A-042");
  CHECK(numbered_slot_name("A", 999) == "A-999");
  CHECK(numbered_slot_name("A", 1'000) == "A-1000");
  CHECK(numbered_slot_name("LEVEL_2", 100'000) == "LEVEL_2-100000");
}

TEST_CASE("zones and slots are found by their ids", "[domain][plan]") {
  const LotPlan plan(demo(), "Demo lot", {zone("A"), zone("B")},
                     {slot("A-001", 0), slot("B-001", 1), slot("B-002", 1)});
  CHECK(plan.lot().text() == "demo");
  CHECK(plan.lot_name() == "Demo lot");
  CHECK(plan.find_zone("B") == ZoneIndex(1));
  CHECK(plan.find_slot("B-002") == SlotIndex(2));
  CHECK(plan.slot(SlotIndex(1)).zone == ZoneIndex(1));
  CHECK(plan.zone(ZoneIndex(1)).id.text() == "B");
  CHECK_FALSE(plan.find_slot("B-003"));
  CHECK_FALSE(plan.find_slot("b-002"));
  CHECK_FALSE(plan.find_slot(""));
  CHECK_FALSE(plan.find_slot("B-0022"));
  CHECK_FALSE(plan.find_zone("B-002"));
}

TEST_CASE("a lot may be empty", "[domain][plan]") {
  const LotPlan plan(demo(), "", {}, {});
  CHECK(plan.zones().empty());
  CHECK_FALSE(plan.find_slot("A-001"));
}

TEST_CASE("a slot may be called like a zone", "[domain][plan]") {
  const LotPlan plan(demo(), "", {zone("P1"), zone("P2")}, {slot("P1", 1)});
  CHECK(plan.find_zone("P1") == ZoneIndex(0));
  CHECK(plan.slot(*plan.find_slot("P1")).zone == ZoneIndex(1));
}

TEST_CASE("ten thousand slots are found, each at its place", "[domain][plan]") {
  std::vector<SlotPlan> slots;
  for (std::size_t i = 1; i <= 10'000; ++i) slots.push_back(slot(numbered_slot_name("A", i), 0));
  const LotPlan plan(demo(), "", {zone("A")}, std::move(slots));
  for (std::size_t i = 0; i < 10'000; i += 999) {
    CHECK(plan.find_slot(numbered_slot_name("A", i + 1)) == SlotIndex(i));
  }
}

TEST_CASE("a plan that contradicts itself stops the process", "[domain][plan]") {
  CHECK(aborts([] { LotPlan(demo(), "", {zone("A"), zone("A")}, {}); }));
  CHECK(aborts([] { LotPlan(demo(), "", {zone("A")}, {slot("A-1", 0), slot("A-1", 0)}); }));
  CHECK(aborts([] { LotPlan(demo(), "", {zone("A")}, {slot("A-1", 1)}); }));
  CHECK_FALSE(aborts([] { LotPlan(demo(), "", {zone("A")}, {slot("A-1", 0)}); }));
}

TEST_CASE("a plan is never copied", "[domain][plan]") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<LotPlan>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<LotPlan>);
}

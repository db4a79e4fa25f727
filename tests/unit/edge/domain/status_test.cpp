// docs/contract/mqtt.md, "A slot's status" and the counts of an availability.
#include "edge/domain/occupancy.hpp"

#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;

namespace {

constexpr std::array all_statuses{SlotStatus::free, SlotStatus::reserved, SlotStatus::occupied,
                                  SlotStatus::unknown, SlotStatus::out_of_service};

SlotCounts counts(std::uint32_t occupied, std::uint32_t free) {
  SlotCounts counted;
  for (std::uint32_t i = 0; i < occupied; ++i) counted.add(SlotStatus::occupied);
  for (std::uint32_t i = 0; i < free; ++i) counted.add(SlotStatus::free);
  return counted;
}

}  // namespace

TEST_CASE("a slot's status follows from its sensor and its session", "[domain][status]") {
  using enum Claim;
  using Sensor = SensorState;
  const auto [sensor, claim, expected, sentence] =
      GENERATE(table<Sensor, Claim, SlotStatus, std::string>({
          {Sensor::none_ever, none, SlotStatus::free, "no sensor, nobody there"},
          {Sensor::none_ever, held, SlotStatus::reserved, "no sensor, booked"},
          {Sensor::none_ever, active, SlotStatus::occupied, "no sensor, a car inside"},
          {Sensor::free, none, SlotStatus::free, "seen free, nobody expected"},
          {Sensor::free, held, SlotStatus::reserved, "seen free, booked"},
          {Sensor::free, active, SlotStatus::reserved, "seen free, its car is on the way"},
          {Sensor::occupied, none, SlotStatus::occupied, "a car nobody knows"},
          {Sensor::occupied, held, SlotStatus::occupied, "a car in a booked slot"},
          {Sensor::occupied, active, SlotStatus::occupied, "the car that belongs there"},
          {Sensor::unknown, none, SlotStatus::unknown, "a silent sensor frees nothing"},
          {Sensor::unknown, held, SlotStatus::unknown, "nor does a booking help"},
          {Sensor::unknown, active, SlotStatus::unknown, "nor a session"},
      }));
  CAPTURE(sentence);
  CHECK(slot_status(false, sensor, claim) == expected);
  CHECK(slot_status(true, sensor, claim) == SlotStatus::out_of_service);
}

TEST_CASE("a status has one word on the wire", "[domain][status]") {
  CHECK(name(SlotStatus::free) == "free");
  CHECK(name(SlotStatus::reserved) == "reserved");
  CHECK(name(SlotStatus::occupied) == "occupied");
  CHECK(name(SlotStatus::unknown) == "unknown");
  CHECK(name(SlotStatus::out_of_service) == "out_of_service");
}

TEST_CASE("occupancy is occupied of all slots, in tenths of a percent, half up",
          "[domain][counts]") {
  const auto [occupied, free, permille] = GENERATE(table<std::uint32_t, std::uint32_t, unsigned>({
      {0, 0, 0},
      {0, 10, 0},
      {3, 7, 300},
      {10, 0, 1000},
      {1, 2, 333},
      {2, 1, 667},
      {1, 7, 125},
      {1, 15, 63},      // 62.5
      {1, 1'999, 1},    // 0.5
      {1, 2'000, 0},    // 0.49975
      {1'999, 1, 1000}  // 999.5
  }));
  CAPTURE(occupied, free);
  CHECK(counts(occupied, free).occupancy_permille() == permille);
}

TEST_CASE("every status counts in the total, only occupied ones in the occupancy",
          "[domain][counts]") {
  SlotCounts counted;
  for (const SlotStatus status : all_statuses) counted.add(status);
  CHECK(counted.total() == 5);
  CHECK(counted.occupancy_permille() == 200);
}

TEST_CASE("counts add up whatever happens to the slots", "[domain][counts]") {
  rc::prop("a count kept up with every change equals a count made anew", [] {
    std::vector<SlotStatus> slots(*rc::gen::inRange<std::size_t>(1, 40), SlotStatus::free);
    SlotCounts kept;
    for (const SlotStatus status : slots) kept.add(status);
    const auto changes = *rc::gen::container<std::vector<std::pair<std::uint8_t, std::uint8_t>>>(
        rc::gen::arbitrary<std::pair<std::uint8_t, std::uint8_t>>());
    for (const auto& [slot, status] : changes) {
      SlotStatus& changed = slots[slot % slots.size()];
      const SlotStatus next = all_statuses[status % all_statuses.size()];
      kept.move(changed, next);
      changed = next;
    }
    SlotCounts anew;
    for (const SlotStatus status : slots) anew.add(status);
    RC_ASSERT(kept == anew);
    RC_ASSERT(kept.total() == slots.size());
    RC_ASSERT(kept.occupancy_permille() <= 1000U);
  });
}

TEST_CASE("the lot's counts are the sum of its zones'", "[domain][counts]") {
  SlotCounts lot = counts(2, 3);
  lot += counts(1, 4);
  CHECK(lot == counts(3, 7));
  lot += SlotCounts{};
  CHECK(lot == counts(3, 7));
}

TEST_CASE("a hundred thousand occupied slots are a thousand permille", "[domain][counts]") {
  CHECK(counts(100'000, 0).occupancy_permille() == 1000);
}

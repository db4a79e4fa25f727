// What the sensors said, saved and loaded.
#include "edge/store/slots.hpp"

#include "tests/support/aborts.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <limits>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

template <class Value>
std::optional<Value> maybe(const rc::Gen<Value>& values) {
  const auto value = *rc::gen::maybe(values);
  return value ? std::optional<Value>(*value) : std::nullopt;
}

Instant any_instant() {
  return Instant(
      std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000)));
}

SensorMemory any_memory() {
  SensorMemory memory;
  memory.spoke = *rc::gen::arbitrary<bool>();
  memory.occupied = *rc::gen::arbitrary<bool>();
  memory.offline = *rc::gen::arbitrary<bool>();
  memory.restarted = *rc::gen::arbitrary<bool>();
  memory.seq = maybe(rc::gen::arbitrary<std::uint64_t>());
  if (*rc::gen::arbitrary<bool>()) memory.ts = any_instant();
  memory.heard_at = any_instant();
  memory.battery_percent = maybe(rc::gen::inRange<std::uint8_t>(0, 101));
  memory.rssi_dbm = maybe(rc::gen::arbitrary<std::int16_t>());
  return memory;
}

SlotStatus any_status() {
  return *rc::gen::element(SlotStatus::free, SlotStatus::reserved, SlotStatus::occupied,
                           SlotStatus::unknown, SlotStatus::out_of_service);
}

/// A store with its plan and rows, as the engine holds them.
struct Slots {
  TestStore store;
  std::unique_ptr<const LotPlan> plan = load_plan(*store);
  std::optional<SlotStates> states{std::in_place, *store, *plan};

  void reopen() {
    states.reset();
    store.reopen();
    states.emplace(*store, *plan);
  }
  void save(SlotIndex slot, const SlotState& state) {
    Transaction transaction = store->begin();
    states->save(transaction, slot, {state.sensor, state.firmware, state.status, state.since});
    static_cast<void>(std::move(transaction).commit(0));
  }
};

}  // namespace

TEST_CASE("slots that were never written are free since now, without a sensor", "[store][slots]") {
  Slots slots;
  const auto states = slots.states->load(noon);
  REQUIRE(states.size() == 5);
  for (const SlotState& state : states) {
    CHECK(state.sensor == SensorMemory{});
    CHECK(state.status == SlotStatus::free);
    CHECK(state.since == noon);
    CHECK(state.firmware.empty());
  }
}

TEST_CASE("whatever a sensor said is the same after opening again", "[store][slots]") {
  Slots slots;
  rc::prop("for any memory, status and firmware, in any slot", [&] {
    const auto slot = SlotIndex(*rc::gen::inRange<std::uint32_t>(0, 5));
    const SlotState saved{any_memory(), *rc::gen::arbitrary<std::string>(), any_status(),
                          any_instant()};
    slots.save(slot, saved);
    slots.reopen();
    const SlotState loaded = slots.states->load(noon).at(at(slot));
    RC_ASSERT(loaded.sensor == saved.sensor);
    RC_ASSERT(loaded.firmware == saved.firmware);
    RC_ASSERT(loaded.status == saved.status);
    RC_ASSERT(loaded.since == saved.since);
  });
}

TEST_CASE("a number above 2^63 keeps its value", "[store][slots]") {
  Slots slots;
  const std::uint64_t seq = GENERATE(std::uint64_t{0}, (std::uint64_t{1} << 63U) - 1,
                                     std::uint64_t{1} << 63U, ~std::uint64_t{0});
  slots.save(SlotIndex(2), {.sensor = {.spoke = true, .seq = seq}});
  slots.reopen();
  CHECK(slots.states->load(noon).at(2).sensor.seq == seq);
}

TEST_CASE("saving one slot leaves the others alone, the newest row counts", "[store][slots]") {
  Slots slots;
  slots.save(SlotIndex(4), {.sensor = {.spoke = true}, .status = SlotStatus::unknown});
  slots.save(SlotIndex(1), {.sensor = {.spoke = true, .seq = 1}, .status = SlotStatus::occupied});
  slots.save(SlotIndex(1), {.sensor = {.spoke = true}, .status = SlotStatus::free});
  const auto states = slots.states->load(noon);
  CHECK(states.at(1).status == SlotStatus::free);
  CHECK_FALSE(states.at(1).sensor.seq);
  CHECK(states.at(4).status == SlotStatus::unknown);
  for (const std::size_t other : {0U, 2U, 3U}) CHECK_FALSE(states.at(other).sensor.spoke);
}

TEST_CASE("a state that was not committed is not there", "[store][slots]") {
  Slots slots;
  {
    Transaction transaction = slots.store->begin();
    const SensorMemory sensor{.spoke = true};
    slots.states->save(transaction, SlotIndex(0), {sensor, "", SlotStatus::occupied, noon});
  }
  CHECK_FALSE(slots.states->load(noon).at(0).sensor.spoke);
}

TEST_CASE("changes of zones and lot are counted over restarts", "[store][slots]") {
  Slots slots;
  CHECK(slots.states->load_zone_counts().at(0).seq == 0);
  CHECK(slots.states->load_lot_count().seq == 0);
  {
    Transaction transaction = slots.store->begin();
    slots.states->save_zone_count(transaction, ZoneIndex(1), {42, noon});
    slots.states->save_lot_count(transaction, {99, noon + 1ms});
    static_cast<void>(std::move(transaction).commit(0));
  }
  slots.reopen();
  const auto zones = slots.states->load_zone_counts();
  REQUIRE(zones.size() == 2);
  CHECK(zones.at(0).seq == 0);
  CHECK(zones.at(1).seq == 42);
  CHECK(zones.at(1).at == noon);
  CHECK(slots.states->load_lot_count().seq == 99);
  CHECK(slots.states->load_lot_count().at == noon + 1ms);
}

TEST_CASE("the heartbeat is written", "[store][slots]") {
  Slots slots;
  Transaction transaction = slots.store->begin();
  slots.states->save_heartbeat(transaction, noon + 5s);
  static_cast<void>(std::move(transaction).commit(0));
  CHECK(slots.store->raw().execAndGet("SELECT at FROM heartbeat").getInt64() ==
        (noon + 5s).time_since_epoch().count());
}

TEST_CASE("a plan of another store stops the process", "[store][slots]") {
  Slots slots;
  const LotPlan other(LotId::parse("demo").value(), "", {}, {});
  CHECK(gatehouse::tests::aborts([&] { const SlotStates wrong(*slots.store, other); }));
}

TEST_CASE("rows that nobody could have written are refused by the store", "[store][slots]") {
  Slots slots;
  slots.save(SlotIndex(0), {});
  CHECK(slots.store.refuses("UPDATE slot_states SET status = 'gone'"));
  CHECK(slots.store.refuses("UPDATE slot_states SET battery_percent = 101"));
  CHECK(slots.store.refuses("UPDATE slot_states SET spoke = 2"));
  CHECK(slots.store.refuses("UPDATE slot_states SET slot = 77"));
  CHECK(slots.store.refuses("DELETE FROM slots"));
}

TEST_CASE("a damaged store that holds the state of no slot is refused", "[store][slots]") {
  Slots slots;
  slots.save(SlotIndex(0), {});
  slots.store.run("PRAGMA foreign_keys = OFF");
  slots.store.run("UPDATE slot_states SET slot = 77");
  CHECK(failure([&] { static_cast<void>(slots.states->load(noon)); }) ==
        StoreError::Kind::unusable);
}

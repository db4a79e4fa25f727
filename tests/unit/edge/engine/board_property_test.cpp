// What holds of the board after any sequence of events, restarts of the process included.
#include "edge/engine/occupancy_board.hpp"
#include "tests/unit/edge/engine/board_lot.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

const std::string& any_slot(const BoardLot& lot) {
  return lot.plan->slots()[*rc::gen::inRange<std::size_t>(0, lot.plan->slots().size())].id.text();
}

void happen(BoardLot& lot) {
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
    case 1: {
      Reading reading;
      if (*rc::gen::inRange(0, 4) > 0) reading.occupied = *rc::gen::arbitrary<bool>();
      if (*rc::gen::arbitrary<bool>()) reading.seq = *rc::gen::inRange(0U, 12U);
      if (*rc::gen::arbitrary<bool>())
        reading.ts = lot.now.utc + std::chrono::minutes(*rc::gen::inRange(-90, 3));
      lot.hears(any_slot(lot), reading, *rc::gen::arbitrary<bool>());
      return;
    }
    case 2:
      return lot.device(any_slot(lot), *rc::gen::arbitrary<bool>(),
                        *rc::gen::element<std::string>("", "1.4.1", "1.4.2"));
    case 3:
      lot.pass(std::chrono::seconds(*rc::gen::inRange(0, 2'000)));
      return lot.board->find_silent(lot.now);
    case 4:
      return lot.board->apply_rates({std::chrono::floor<std::chrono::days>(lot.now.utc),
                                     std::chrono::minutes(*rc::gen::inRange(0, 1'440))});
    case 5:
      lot.now.utc += std::chrono::seconds(*rc::gen::inRange(-5'000, 5'000));
      return;
    default:
      // Only what was settled is on disk: the process is cut right after.
      lot.settle();
      return lot.restart(std::chrono::seconds(*rc::gen::inRange(-100, 5'000)));
  }
}

Availability recounted(const BoardLot& lot, std::string_view zone) {
  Availability recount = lot.zone(zone);
  recount.counts = {};
  for (const SlotPlan& slot : lot.plan->slots()) {
    if (lot.plan->zone(slot.zone).id.text() != zone) continue;
    recount.counts.add(lot.board->shown(lot.index(slot.id.text())).status);
  }
  recount.available = recount.active ? recount.counts.of(SlotStatus::free) : 0;
  return recount;
}

/// The lot's totals are its zones' sums; a zone's counts are those of its slots.
void check_counts(const BoardLot& lot) {
  SlotCounts counts;
  std::uint32_t available = 0;
  for (const char* zone : {"A", "B"}) {
    RC_ASSERT(lot.zone(zone) == recounted(lot, zone));
    counts += lot.zone(zone).counts;
    available += lot.zone(zone).available;
  }
  RC_ASSERT(lot.lot().counts == counts);
  RC_ASSERT(lot.lot().counts.total() == lot.plan->slots().size());
  RC_ASSERT(lot.lot().available == available);
}

/// Of what was told and what was not since the board before.
struct Shown {
  std::vector<SlotShown> slots;
  std::vector<Availability> zones;
  Availability lot;

  explicit Shown(const BoardLot& of) : lot(of.lot()) {
    for (std::size_t i = 0; i < of.plan->slots().size(); ++i)
      slots.push_back(of.board->shown(SlotIndex(i)));
    for (std::size_t i = 0; i < of.plan->zones().size(); ++i)
      zones.push_back(of.board->availability(ZoneIndex(i)));
  }
};

bool tells(const Texts& texts, const std::string& word) {
  return std::ranges::any_of(texts, [&](const auto& text) { return text.starts_with(word); });
}

void check_told(const BoardLot& lot, const Shown& before, const Shown& now, const Told& told) {
  for (std::size_t i = 0; i < now.slots.size(); ++i) {
    const bool is_told = tells(told.slots, lot.plan->slots()[i].id.text());
    RC_ASSERT(is_told == (now.slots[i].status != before.slots[i].status));
    if (!is_told) RC_ASSERT(now.slots[i] == before.slots[i]);
  }
  for (std::size_t i = 0; i < now.zones.size(); ++i) {
    const bool is_told = tells(told.zones, lot.plan->zones()[i].id.text());
    RC_ASSERT(now.zones[i].seq == before.zones[i].seq + (is_told ? 1 : 0));
    if (!is_told) RC_ASSERT(now.zones[i] == before.zones[i]);
  }
  RC_ASSERT(now.lot.seq == before.lot.seq + (told.lot ? 1 : 0));
  if (!told.lot) RC_ASSERT(now.lot == before.lot);
}

}  // namespace

TEST_CASE("counts are those of the slots, and the lot is the sum of its zones",
          "[engine][board][property]") {
  rc::prop("after any sequence of events", [] {
    LotOfTwoZones plan;
    plan.zones[1].active = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) plan.out_of_service = {"A-003"};
    BoardLot lot(plan);
    for (int i = *rc::gen::inRange(0, 60); i > 0; --i) {
      happen(lot);
      if (*rc::gen::inRange(0, 3) > 0) continue;
      lot.settle();
      check_counts(lot);
    }
  });
}

TEST_CASE("what changed is told, and what is not told did not change",
          "[engine][board][property]") {
  rc::prop("between any two commits, over restarts too", [] {
    BoardLot lot;
    Shown before(lot);
    for (int i = *rc::gen::inRange(0, 20); i > 0; --i) {
      const bool restarts = *rc::gen::inRange(0, 5) == 0;
      if (restarts) lot.restart(std::chrono::seconds(*rc::gen::inRange(0, 5'000)));
      for (int j = *rc::gen::inRange(0, 4); j > 0; --j) {
        lot.says(any_slot(lot), *rc::gen::arbitrary<bool>());
        lot.pass(std::chrono::seconds(*rc::gen::inRange(0, 1'000)));
        lot.board->find_silent(lot.now);
      }
      const Told told = lot.settle();
      const Shown now(lot);
      check_told(lot, before, now, told);
      if (restarts) RC_ASSERT(told.zones.size() == 2U);
      before = now;
    }
  });
}

TEST_CASE("whatever happened, the store knows all but the ages", "[engine][board][property]") {
  rc::prop("after any commit", [] {
    BoardLot lot;
    for (int i = *rc::gen::inRange(0, 40); i > 0; --i) happen(lot);
    lot.settle();
    for (std::size_t i = 0; i < lot.plan->slots().size(); ++i) {
      const store::SlotState& saved = lot.stored.slots[i];
      const store::SlotStateView known = lot.board->state(SlotIndex(i));
      RC_ASSERT(saved.status == known.status);
      RC_ASSERT(saved.since == known.since);
      RC_ASSERT(saved.firmware == known.firmware);
      RC_ASSERT(saved.sensor.spoke == known.sensor.spoke);
      RC_ASSERT(saved.sensor.occupied == known.sensor.occupied);
      RC_ASSERT(saved.sensor.offline == known.sensor.offline);
      RC_ASSERT(saved.sensor.restarted == known.sensor.restarted);
    }
    lot.board->save_everything();
    lot.settle();
    for (std::size_t i = 0; i < lot.plan->slots().size(); ++i)
      RC_ASSERT(lot.stored.slots[i].sensor.heard_at ==
                lot.board->state(SlotIndex(i)).sensor.heard_at);
  });
}

// The lot as the world may know it, and the order in which it gets to know.
#include "edge/engine/lot_view.hpp"

#include "tests/support/recording_outside.hpp"
#include "tests/unit/edge/engine/board_lot.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

constexpr SlotIndex second_slot{1};
constexpr ZoneIndex first_zone{0};
constexpr SlotShown a_car{SlotStatus::occupied, noon};

store::Committed<Effects> committed(Effects effects) {
  store::tests::TestStore store;
  return store->begin().commit(std::move(effects));
}

Availability available(std::uint32_t slots, std::uint64_t seq) {
  Availability availability{.available = slots, .seq = seq};
  for (std::uint32_t i = 0; i < slots; ++i) availability.counts.add(SlotStatus::free);
  return availability;
}

}  // namespace

TEST_CASE("the view shows the newest of what was committed", "[engine][view]") {
  LotView view(LotOfTwoZones{}.plan());
  view.act(committed({.zones = {{first_zone, available(3, 7)}}, .lot = available(5, 9)}));
  CHECK(view.zone(first_zone) == available(3, 7));
  CHECK(view.lot() == available(5, 9));
  view.act(committed({.zones = {{first_zone, available(2, 8)}}, .slots = {{second_slot, a_car}}}));
  CHECK(view.zone(first_zone) == available(2, 8));
  CHECK(view.slot(second_slot) == a_car);
}

TEST_CASE("what a commit does not tell of stays as it was", "[engine][view]") {
  LotView view(LotOfTwoZones{}.plan());
  view.act(committed({.zones = {{first_zone, available(3, 7)}},
                      .lot = available(5, 9),
                      .slots = {{second_slot, a_car}}}));
  view.act(committed({.slots = {{SlotIndex(0), a_car}}}));
  CHECK(view.zone(first_zone) == available(3, 7));
  CHECK(view.lot() == available(5, 9));
  CHECK(view.slot(second_slot) == a_car);
}

TEST_CASE("a snapshot is the whole lot and does not change any more", "[engine][view]") {
  LotView view(LotOfTwoZones{}.plan());
  view.act(committed({.lot = available(5, 9), .slots = {{second_slot, a_car}}}));
  const LotView::Snapshot snapshot = view.snapshot();
  view.act(committed({.lot = available(4, 10), .slots = {{second_slot, {}}}}));
  CHECK(snapshot.zones.size() == 2);
  CHECK(snapshot.slots.size() == 5);
  CHECK(snapshot.slots[at(second_slot)] == a_car);
  CHECK(snapshot.lot == available(5, 9));
}

TEST_CASE("whoever is told after the view reads the new value from it", "[engine][view]") {
  LotView view(LotOfTwoZones{}.plan());
  gatehouse::tests::RecordingOutside publisher;
  gatehouse::tests::RecordingOutside pages;
  std::vector<std::string> order;
  publisher.on_act = [&] {
    order.push_back("publisher");
    CHECK(view.slot(second_slot) == a_car);
  };
  pages.on_act = [&] { order.push_back("pages"); };
  Fanout fanout({&view, &publisher, &pages});
  fanout.act(committed({.slots = {{second_slot, a_car}}}));
  CHECK(order == std::vector<std::string>{"publisher", "pages"});
  CHECK(publisher.told.at(0).slots.size() == 1);
}

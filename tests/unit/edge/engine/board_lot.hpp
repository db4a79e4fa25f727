// A board over a small lot, with a store that is only a few values: for the tests of the board.
//
//   BoardLot lot;
//   lot.says("A-001", true);
//   CHECK(lot.settle() == …);
//   lot.restart(2h);   // what was saved, and nothing else, comes back
#pragma once

#include "edge/engine/occupancy_board.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::engine::tests {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

inline constexpr Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

inline ZonePlan zone_plan(std::string_view id, Paise rate, std::vector<RateBand> bands = {}) {
  return {.id = ZoneId::parse(id).value(),
          .name = "Zone " + std::string(id),
          .rates = {rate, std::move(bands)}};
}

/// Zone A with three slots, Rs 50 an hour and Rs 80 from six to nine; zone B with two at Rs 30.
struct LotOfTwoZones {
  std::vector<ZonePlan> zones = {zone_plan("A", Paise(5'000), {{6h, 9h, Paise(8'000)}}),
                                 zone_plan("B", Paise(3'000))};
  std::vector<std::string> out_of_service;

  [[nodiscard]] std::unique_ptr<const LotPlan> plan() const {
    std::vector<SlotPlan> slots;
    const auto add = [&](const std::string& id, std::size_t zone) {
      const bool is_out = std::ranges::find(out_of_service, id) != out_of_service.end();
      slots.push_back({SlotId::parse(id).value(), ZoneIndex(zone), is_out});
    };
    for (const char* id : {"A-001", "A-002", "A-003"}) add(id, 0);
    for (const char* id : {"B-001", "B-002"}) add(id, 1);
    return std::make_unique<const LotPlan>(LotId::parse("demo").value(), "Demo lot", zones, slots);
  }
};

/// What one settle told, in words.
struct Told {
  Texts saved;
  Texts slots;  // "A-001 occupied"
  Texts zones;
  bool lot = false;
  bool operator==(const Told&) const = default;
};

class BoardLot {
 public:
  static constexpr auto stale_after = 1h;

  explicit BoardLot(const LotOfTwoZones& lot = {}) : plan(lot.plan()) {
    stored.slots.resize(plan->slots().size());
    for (auto& slot : stored.slots) slot.since = now.utc;
    stored.zones.resize(plan->zones().size());
    restart(0s);
    settle();
  }

  void pass(std::chrono::milliseconds time) { now = {now.utc + time, now.steady + time}; }

  Verdict hears(std::string_view slot, const Reading& reading, bool retained = false) {
    return board->apply(SlotReported{
        .slot = index(slot), .reading = reading, .retained = retained, .received = now});
  }
  Verdict says(std::string_view slot, bool occupied, std::optional<std::uint64_t> seq = {}) {
    return hears(slot, {.occupied = occupied, .seq = seq});
  }
  void device(std::string_view slot, bool online, std::string firmware = {}) {
    board->apply(SensorReported{
        .slot = index(slot), .online = online, .firmware = std::move(firmware), .received = now});
  }

  /// Settles, and saves what is to be saved.
  Told settle() {
    const OccupancyBoard::Changes& changes = board->settle(now.utc);
    Told told{.lot = changes.lot};
    for (const SlotIndex slot : changes.to_save) {
      const store::SlotStateView state = board->state(slot);
      stored.slots[at(slot)] = {state.sensor, std::string(state.firmware), state.status,
                                state.since};
      told.saved.push_back(plan->slot(slot).id.text());
    }
    for (const SlotIndex slot : changes.slots) {
      const std::string status(name(board->shown(slot).status));
      told.slots.push_back(plan->slot(slot).id.text() + " " + status);
    }
    for (const ZoneIndex zone : changes.zones) {
      stored.zones[at(zone)] = {board->availability(zone).seq, board->availability(zone).at};
      told.zones.push_back(plan->zone(zone).id.text());
    }
    if (changes.lot) stored.lot = {board->lot_availability().seq, board->lot_availability().at};
    return told;
  }

  /// The process ends as it stands, and another begins after a while, on another steady clock.
  void restart(std::chrono::milliseconds away) {
    now = {now.utc + away, Steady(1min)};
    board = std::make_unique<OccupancyBoard>(*plan, stored, stale_after, now);
  }

  [[nodiscard]] std::string status(std::string_view slot) const {
    return std::string(name(board->shown(index(slot)).status));
  }
  [[nodiscard]] Instant since(std::string_view slot) const {
    return board->shown(index(slot)).since;
  }
  [[nodiscard]] const Availability& zone(std::string_view id) const {
    return board->availability(*plan->find_zone(id));
  }
  [[nodiscard]] const Availability& lot() const { return board->lot_availability(); }
  [[nodiscard]] SlotIndex index(std::string_view slot) const { return *plan->find_slot(slot); }

  std::unique_ptr<const LotPlan> plan;
  Moment now{noon, Steady(100h)};
  BoardMemory stored;
  std::unique_ptr<OccupancyBoard> board;
};

/// "free 2 occupied 1": what a zone counts, without what it has none of.
inline std::string counted(const Availability& availability) {
  using enum SlotStatus;
  std::string text;
  for (const SlotStatus status : {free, reserved, occupied, unknown, out_of_service}) {
    const auto count = availability.counts.of(status);
    if (count == 0) continue;
    if (!text.empty()) text += " ";
    text += std::string(name(status)) + " " + std::to_string(count);
  }
  return text;
}

}  // namespace gatehouse::engine::tests

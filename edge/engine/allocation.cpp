#include "edge/engine/allocation.hpp"

namespace gatehouse::engine {

std::optional<SlotIndex> first_free(const Turn& turn, ZoneIndex zone) {
  const LotPlan& plan = turn.premises.plan;
  if (!plan.zone(zone).active) return std::nullopt;
  for (std::size_t i = 0; i < plan.slots().size(); ++i) {
    if (plan.slots()[i].zone != zone) continue;
    const SlotIndex slot{static_cast<std::uint32_t>(i)};
    if (turn.board.shown(slot).status == SlotStatus::free) return slot;
  }
  return std::nullopt;
}

std::optional<SlotIndex> first_free(const Turn& turn, std::span<const ZoneIndex> zones) {
  for (const ZoneIndex zone : zones) {
    if (const auto slot = first_free(turn, zone)) return slot;
  }
  return std::nullopt;
}

bool may_be_entered(const Turn& turn, SlotIndex slot) {
  const SensorState sensor = turn.board.sensor(slot);
  return !turn.premises.plan.slot(slot).out_of_service && !turn.board.outage_is_due(slot) &&
         (sensor == SensorState::free || sensor == SensorState::none_ever);
}

void hold(Turn& turn, store::Session& session, SlotIndex slot) {
  give_back(turn, session);
  session.slot = slot;
  session.slot_given_back = false;
  session.arrived_in_slot_at.reset();
  session.zone = turn.premises.plan.slot(slot).zone;
  show_claim(turn, session);
}

void give_back(Turn& turn, store::Session& session) {
  if (session.slot && !session.slot_given_back)
    turn.board.claim(*session.slot, Claim::none, turn.now.utc);
  session.slot_given_back = true;
}

void show_claim(Turn& turn, const store::Session& session) {
  if (!session.slot || session.slot_given_back) return;
  turn.board.claim(*session.slot, is_inside(session.state) ? Claim::active : Claim::held,
                   turn.now.utc);
}

}  // namespace gatehouse::engine

#include "edge/engine/lot_view.hpp"

namespace gatehouse::engine {

LotView::LotView(std::shared_ptr<const LotPlan> plan) : plan_(std::move(plan)) {
  now_.zones.resize(plan_->zones().size());
  now_.slots.resize(plan_->slots().size());
}

void LotView::act(const store::Committed<Effects>& effects) {
  const std::scoped_lock lock(mutex_);
  for (const SlotChange& change : effects->slots) now_.slots[at(change.slot)] = change.shown;
  for (const ZoneChange& change : effects->zones) now_.zones[at(change.zone)] = change.availability;
  if (effects->lot) now_.lot = *effects->lot;
}

SlotShown LotView::slot(SlotIndex slot) const {
  const std::scoped_lock lock(mutex_);
  return now_.slots[at(slot)];
}

Availability LotView::zone(ZoneIndex zone) const {
  const std::scoped_lock lock(mutex_);
  return now_.zones[at(zone)];
}

Availability LotView::lot() const {
  const std::scoped_lock lock(mutex_);
  return now_.lot;
}

LotView::Snapshot LotView::snapshot() const {
  const std::scoped_lock lock(mutex_);
  return now_;
}

}  // namespace gatehouse::engine

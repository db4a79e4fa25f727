#include "devices/barriers/openings.hpp"

#include <algorithm>

namespace gatehouse::devices {
namespace {

bool is_too_old(Steady authorised, Moment now) { return now.steady - authorised > opening_age_max; }

}  // namespace

void Openings::tell(const std::optional<engine::OpeningId>& id, How how, Moment now,
                    BarrierReports& reports) const {
  if (id) reports.emplace_back(engine::OpeningReported{barrier_, *id, how, now});
}

void Openings::remember(const std::optional<engine::OpeningId>& id) {
  if (!id) return;
  remembered_.push_back(*id);
  if (remembered_.size() > remembered_max) remembered_.pop_front();
}

template <class Which>
void Openings::end_all(Which which, How how, Moment now, BarrierReports& reports) {
  for (const Opening& opening : outstanding_) {
    if (!which(opening)) continue;
    tell(opening.id, how, now, reports);
    remember(opening.id);
  }
  std::erase_if(outstanding_, which);
}

bool Openings::knows(engine::OpeningId id) const {
  return std::ranges::find(remembered_, id) != remembered_.end() ||
         std::ranges::find(outstanding_, std::optional(id), &Opening::id) != outstanding_.end();
}

bool Openings::any_waiting() const { return std::ranges::any_of(outstanding_, &Opening::waits); }

std::optional<Steady> Openings::next_expiry() const {
  std::optional<Steady> next;
  for (const Opening& opening : outstanding_) {
    const Steady expiry = opening.authorised + opening_age_max + Steady::duration(1);
    if (!opening.begun && (!next || expiry < *next)) next = expiry;
  }
  return next;
}

void Openings::add(const engine::BarrierOrder& order, bool is_refused, Moment now,
                   BarrierReports& reports) {
  if (order.opening && knows(*order.opening)) return;
  const bool is_old = is_too_old(order.authorised.steady, now);
  if (is_old || is_refused || outstanding_.size() >= outstanding_max) {
    tell(order.opening, is_old ? How::too_old : How::refused, now, reports);
    remember(order.opening);
    return;
  }
  outstanding_.push_back(
      {.id = order.opening, .passage = order.passage, .authorised = order.authorised.steady});
}

void Openings::expire(Moment now, BarrierReports& reports) {
  end_all(
      [&](const Opening& opening) {
        return !opening.begun && !opening.seen_open && is_too_old(opening.authorised, now);
      },
      How::too_old, now, reports);
}

void Openings::begin() {
  for (Opening& opening : outstanding_) opening.begun = opening.begun || opening.waits();
}

void Openings::arm_open(Moment now, BarrierReports& reports) {
  for (Opening& opening : outstanding_) {
    if (opening.seen_open) continue;
    opening.begun = opening.seen_open = true;
    tell(opening.id, How::seen_open, now, reports);
  }
}

void Openings::arm_closed(Moment now, BarrierReports& reports) {
  end_all([](const Opening& opening) { return opening.seen_open || opening.called_off; },
          How::closed_unpassed, now, reports);
}

bool Openings::vehicle_passed(Moment now, BarrierReports& reports) {
  const auto oldest = std::ranges::find(outstanding_, true, &Opening::begun);
  if (oldest == outstanding_.end()) return false;
  tell(oldest->id, How::passed, now, reports);
  remember(oldest->id);
  const auto passage = oldest->passage;
  outstanding_.erase(oldest);
  if (passage) {
    end_all([passage](const Opening& opening) { return opening.passage == passage; },
            How::closed_unpassed, now, reports);
  }
  return true;
}

void Openings::lost() {
  for (Opening& opening : outstanding_) opening.lived_through_loss = true;
}

void Openings::expire_lost(Moment now, BarrierReports& reports) {
  end_all(
      [&](const Opening& opening) {
        return opening.waits() && opening.lived_through_loss && is_too_old(opening.authorised, now);
      },
      How::too_old, now, reports);
}

void Openings::fail(Moment now, BarrierReports& reports) {
  end_all([](const Opening& opening) { return opening.begun && opening.waits(); }, How::failed, now,
          reports);
}

void Openings::call_off(Moment now, BarrierReports& reports) {
  end_all([](const Opening& opening) { return !opening.begun; }, How::refused, now, reports);
  for (Opening& opening : outstanding_) opening.called_off = opening.called_off || opening.waits();
}

}  // namespace gatehouse::devices

#include "edge/engine/lanes.hpp"

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t stale_streak = 3;  // docs/contract/mqtt.md: then its clock is wrong

}  // namespace

Passable Lane::passable() const {
  if (!has_barrier_) return Passable::yes;
  switch (barrier_.state) {
    case BarrierState::fault:
    case BarrierState::unreachable:
      return Passable::broken;
    case BarrierState::locked:
      return Passable::locked;
    case BarrierState::closed:
    case BarrierState::opening:
    case BarrierState::open:
    case BarrierState::closing:
    case BarrierState::held:
      return Passable::yes;
  }
  return Passable::broken;
}

void Lane::report(const BarrierShown& shown, Moment at) {
  if (barrier_.vehicle_present && !shown.vehicle_present) left_at_ = at.utc;
  barrier_ = shown;
}

bool Lane::count_bad_code(Steady now) {
  while (!bad_codes_.empty() && now - bad_codes_.front() >= 1min) bad_codes_.pop_front();
  if (bad_codes_.size() >= bad_codes_max_) return true;
  bad_codes_.push_back(now);
  return false;
}

bool Lane::count_stale() { return ++stale_in_a_row_ == stale_streak; }

bool Lane::count_timely() {
  const bool was_wrong = stale_in_a_row_ >= stale_streak;
  stale_in_a_row_ = 0;
  return was_wrong;
}

Lanes::Lanes(const GatePlan& gates, std::size_t bad_codes_per_minute) {
  for (const LanePlan& lane : gates.lanes()) {
    lanes_.emplace_back(lane.barrier.has_value(), bad_codes_per_minute);
  }
}

}  // namespace gatehouse::engine

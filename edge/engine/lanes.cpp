#include "edge/engine/lanes.hpp"

#include <ranges>
#include <utility>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t stale_streak = 3;  // docs/contract/mqtt.md: then its clock is wrong
constexpr auto bad_codes_window = 1min;
// A reader sees one code, or a few in turn; whoever shows it more is not waited for.
constexpr std::size_t decided_max = 16;

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

bool Lane::report(const BarrierShown& shown, Moment at) {
  const bool is_first = !std::exchange(was_reported_, true);
  const bool is_left = barrier_.vehicle_present && !shown.vehicle_present;
  // Nobody knows who came and went before the loop was first heard of.
  if (shown.has_presence_loop && (is_first || is_left)) left_at_ = at.utc;
  const bool is_another = is_first || barrier_.state != shown.state;
  barrier_ = shown;
  return is_another;
}

void Lane::remember_decided(std::string code, store::ScanKey scan, Steady received) {
  if (decided_.size() >= decided_max) decided_.pop_front();
  decided_.push_back({std::move(code), scan, received});
}

std::optional<store::ScanKey> Lane::find_decided(std::string_view code, Steady received,
                                                 Steady::duration debounce) const {
  for (const Decided& decided : std::views::reverse(decided_)) {
    if (decided.code != code) continue;
    if (received - decided.received > debounce) return std::nullopt;
    return decided.scan;
  }
  return std::nullopt;
}

void Lane::forget_decided(std::string_view code) {
  std::erase_if(decided_, [code](const Decided& decided) { return decided.code == code; });
}

bool Lane::count_bad_code(Steady now) {
  while (!bad_codes_.empty() && now - bad_codes_.front() >= bad_codes_window)
    bad_codes_.pop_front();
  if (bad_codes_.size() >= bad_codes_max_) return true;
  bad_codes_.push_back(now);
  return false;
}

bool Lane::is_calm(Steady now) const {
  return bad_codes_.empty() || now - bad_codes_.back() >= bad_codes_window;
}

bool Lane::count_stale() { return ++stale_in_a_row_ >= stale_streak; }

Lanes::Lanes(const GatePlan& gates, std::size_t bad_codes_per_minute) {
  for (const LanePlan& lane : gates.lanes()) {
    lanes_.emplace_back(lane.barrier.has_value(), bad_codes_per_minute);
  }
}

}  // namespace gatehouse::engine

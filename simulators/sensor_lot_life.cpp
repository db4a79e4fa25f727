// The life of a SensorLot: cars that come by the hour, stay and go, and sensors that keep alive.
#include "simulators/sensor_lot.hpp"

#include <algorithm>
#include <numeric>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

// Arrivals in each hour of the local day, in percent of the busiest: offices in the morning, shops
// in the evening.
constexpr std::array<std::uint32_t, 24> busyness_by_hour = {
    6, 4, 3, 3, 4, 8, 20, 45, 75, 95, 100, 95, 90, 85, 85, 90, 95, 100, 90, 70, 50, 30, 18, 10};

constexpr VirtualTime first_words_within = 10s;  // after the power came on

/// The pause between two keep-alives of one sensor, so that over a day `changes_per_million` of
/// all messages are changes: a slot changes twice per car.
VirtualTime keep_alive_interval(const SensorLotOptions& options) {
  const std::uint64_t changes = options.changes_per_million;
  if (changes >= 1'000'000) return 0us;
  const auto day_sum = std::accumulate(busyness_by_hour.begin(), busyness_by_hour.end(), 0U);
  const auto between_changes = ticks(options.mean_stay) * 100 * 100 * busyness_by_hour.size() /
                               (std::uint64_t{2} * options.busiest_percent * day_sum);
  // Never more than one a second, whatever share was asked for.
  return std::max<VirtualTime>(1s, micros(between_changes / (1'000'000 - changes) * changes));
}

}  // namespace

void SensorLot::start_life() {
  keep_alive_interval_ = keep_alive_interval(options_);
  const auto cars = static_cast<std::uint64_t>(slots()) * options_.busiest_percent *
                    busyness_percent(0us) / 10'000;
  for (std::uint64_t car = 0; car < cars; ++car) {
    if (const auto slot = park()) plan(drawn_stay() / 2, Action::departure, *slot);
  }
  for (std::uint32_t slot = 0; slot < slots(); ++slot)
    plan(micros(life_.below(ticks(first_words_within))), Action::first, slot);
  if (slots() > 0) plan(first_words_within, Action::arrival);
}

std::uint32_t SensorLot::busyness_percent(VirtualTime at) const {
  const auto hour = std::chrono::floor<std::chrono::hours>(options_.start_of_day + at).count();
  return busyness_by_hour[static_cast<std::uint64_t>(hour) % busyness_by_hour.size()];
}

VirtualTime SensorLot::drawn_stay() {
  // The sum of two even draws: short and long stays are rare, the mean is as asked.
  const auto mean = ticks(options_.mean_stay);
  return micros(1 + life_.below(mean) + life_.below(mean));
}

void SensorLot::arrive(VirtualTime at) {
  // Candidates come at the busiest hour's rate; the others of the hour drive past.
  const auto gap =
      ticks(options_.mean_stay) * 100 / (std::uint64_t{slots()} * options_.busiest_percent);
  plan(at + micros(1 + life_.below(2 * gap)), Action::arrival);
  if (life_.below(100) >= busyness_percent(at)) return;
  const auto slot = park();
  if (!slot) return;  // the lot is full
  plan(at + drawn_stay(), Action::departure, *slot);
  if (sensors_[*slot].spoke) speak(*slot, at, Said::change);
}

std::optional<std::uint32_t> SensorLot::park() {
  const auto wished = sensors_[life_.below(slots())].zone;
  for (std::size_t i = 0; i < free_slots_.size(); ++i) {
    auto& zone = free_slots_[(wished + i) % free_slots_.size()];
    if (zone.empty()) continue;
    const auto slot = zone.top();
    zone.pop();
    sensors_[slot].car = true;
    return slot;
  }
  return std::nullopt;
}

void SensorLot::depart(std::uint32_t slot, VirtualTime at) {
  auto& sensor = sensors_[slot];
  sensor.car = false;
  free_slots_[sensor.zone].push(slot);
  if (sensor.spoke) speak(slot, at, Said::change);
}

}  // namespace gatehouse::simulators

#include "simulators/sensor_lot.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr VirtualTime flap_interval = 100ms;
constexpr VirtualTime flaps_begin = 10s;
constexpr VirtualTime restart_min = 1s;
constexpr VirtualTime restart_max = 5s;
constexpr std::uint32_t counted_strikes_per_million = 50'000;
constexpr std::uint64_t messages_per_battery_percent = 1'000;
constexpr std::uint64_t faults_stream = 0x6661756c74730000U;

std::uint32_t number_of(const Amount& amount, std::uint32_t sensors) {
  if (amount.count) return *amount.count;
  const auto rounded =
      (static_cast<std::uint64_t>(sensors) * amount.per_million + 500'000) / 1'000'000;
  return static_cast<std::uint32_t>(rounded);
}

}  // namespace

std::string_view name(Said said) {
  switch (said) {
    case Said::first:
      return "first";
    case Said::change:
      return "change";
    case Said::keep_alive:
      return "keep_alive";
    case Said::flap:
      return "flap";
    case Said::repeat:
      return "repeat";
    case Said::late:
      return "late";
    case Said::offline:
      return "offline";
    case Said::online:
      return "online";
    case Said::restarted:
      return "restarted";
  }
  require(false, "a message has a reason");
  return {};
}

std::string_view name(Belief belief) {
  switch (belief) {
    case Belief::none_ever:
      return "none";
    case Belief::free:
      return "free";
    case Belief::occupied:
      return "occupied";
    case Belief::unknown:
      return "unknown";
  }
  require(false, "a belief has a name");
  return {};
}

SensorLot::SensorLot(const SensorLotOptions& options)
    : options_(options),
      life_(options.seed),
      faults_(options.seed ^ faults_stream),
      repeat_{options.faults.repeat.per_million, options.faults.repeat.count},
      late_{options.faults.late.per_million, options.faults.late.count},
      restart_{options.faults.restart.per_million, options.faults.restart.count} {
  require(options_.mean_stay >= 1min && options_.busiest_percent >= 1 &&
              options_.busiest_percent <= 100,
          "a car stays a minute at least and the busiest hour is between 1 and 100 percent");
  draw_sensors();
  assign_natures(options_.faults);
  for (std::uint32_t slot = 0; slot < slots(); ++slot) {
    if (sensors_[slot].nature == Nature::flapping)
      plan(flaps_begin + micros(faults_.below(ticks(flap_interval))), Action::flap, slot);
  }
  if (options_.events_per_second == 0) start_life();
}

void SensorLot::draw_sensors() {
  free_slots_.resize(options_.zone_slots.size());
  for (std::uint32_t zone = 0; zone < options_.zone_slots.size(); ++zone) {
    for (std::uint32_t number = 0; number < options_.zone_slots[zone]; ++number) {
      free_slots_[zone].push(slots());
      Sensor sensor;
      sensor.zone = zone;
      sensor.battery_percent = static_cast<std::uint8_t>(60 + life_.below(41));
      sensor.rssi_base_dbm = static_cast<std::int16_t>(-110 + static_cast<int>(life_.below(50)));
      sensors_.push_back(sensor);
    }
  }
  heard_.resize(sensors_.size());
}

void SensorLot::assign_natures(const SensorFaults& faults) {
  const std::array wanted = {std::pair{Nature::stuck, number_of(faults.stuck, slots())},
                             std::pair{Nature::flapping, number_of(faults.flapping, slots())},
                             std::pair{Nature::silent, number_of(faults.silent, slots())}};
  std::uint64_t total = 0;
  for (const auto& [nature, number] : wanted) total += number;
  if (total > slots())
    throw std::invalid_argument("more stuck, flapping and silent sensors than there are sensors");
  if (total == 0) return;

  // The first places of a shuffle: each faulty sensor has one fault of this kind.
  std::vector<std::uint32_t> order(slots());
  std::iota(order.begin(), order.end(), 0U);
  std::size_t place = 0;
  for (const auto& [nature, number] : wanted) {
    for (std::uint32_t i = 0; i < number; ++i, ++place) {
      std::swap(order[place], order[place + faults_.below(order.size() - place)]);
      sensors_[order[place]].nature = nature;
    }
  }
}

std::optional<SensorMessage> SensorLot::next(VirtualTime until) {
  while (ready_.empty()) {
    if (!advance(until)) return std::nullopt;
  }
  const auto message = ready_.front();
  ready_.pop_front();
  hear(message);
  return message;
}

SlotTruth SensorLot::truth(std::uint32_t slot) const {
  const auto& heard = heard_.at(slot);
  return {.belief = heard.belief, .seq = heard.seq, .car = sensors_[slot].car};
}

void SensorLot::hear(const SensorMessage& message) {
  auto& heard = heard_[message.slot];
  switch (message.said) {
    case Said::first:
    case Said::change:
    case Said::keep_alive:
    case Said::flap:
    case Said::restarted:
      heard = {.belief = message.occupied ? Belief::occupied : Belief::free, .seq = message.seq};
      return;
    case Said::offline:
    case Said::online:  // until it has said its state
      heard.belief = Belief::unknown;
      return;
    case Said::repeat:
    case Said::late:
      return;
  }
}

void SensorLot::plan(VirtualTime at, Action action, std::uint32_t slot) {
  plan_.push({.at = at, .order = planned_++, .action = action, .slot = slot});
}

VirtualTime SensorLot::load_tick_at() const {
  if (options_.events_per_second == 0 || sensors_.empty()) return VirtualTime::max();
  return micros(load_ticks_ * 1'000'000 / options_.events_per_second);
}

bool SensorLot::advance(VirtualTime until) {
  const auto tick_at = load_tick_at();
  const auto planned_at = plan_.empty() ? VirtualTime::max() : plan_.top().at;
  if (std::min(tick_at, planned_at) >= until) return false;
  if (tick_at < planned_at) {
    load_tick(tick_at);
  } else {
    const auto scheduled = plan_.top();
    plan_.pop();
    perform(scheduled);
  }
  return true;
}

void SensorLot::perform(const Scheduled& scheduled) {
  const auto [at, order, action, slot] = scheduled;
  switch (action) {
    case Action::first:
      speak(slot, at, Said::first);
      if (keep_alive_interval_ > 0us)
        plan(at + micros(life_.below(ticks(keep_alive_interval_))), Action::keep_alive, slot);
      return;
    case Action::keep_alive:
      if (sensors_[slot].nature != Nature::flapping) speak(slot, at, Said::keep_alive);
      plan(at + keep_alive_interval_ / 2 + micros(life_.below(ticks(keep_alive_interval_))),
           Action::keep_alive, slot);
      return;
    case Action::flap:
      if (sensors_[slot].spoke) speak(slot, at, Said::flap);
      plan(at + flap_interval, Action::flap, slot);
      return;
    case Action::arrival:
      arrive(at);
      return;
    case Action::departure:
      depart(slot, at);
      return;
    case Action::back_online:
      bring_back(slot, at);
      return;
  }
}

void SensorLot::load_tick(VirtualTime at) {
  const auto tick = load_ticks_++;
  if (tick < slots()) {  // every slot once, so that none is missing in what follows
    speak(static_cast<std::uint32_t>(tick), at, Said::first);
    return;
  }
  // Mute sensors do not lower the rate, as long as a few draws find one that speaks.
  constexpr int draws_max = 64;
  for (int draw = 0; draw < draws_max; ++draw) {
    const auto slot = static_cast<std::uint32_t>(life_.below(slots()));
    if (mute(sensors_[slot])) continue;
    toggle(slot, at);
    return;
  }
}

void SensorLot::toggle(std::uint32_t slot, VirtualTime at) {
  auto& sensor = sensors_[slot];
  const bool changes = life_.chance(options_.changes_per_million);
  if (changes) sensor.car = !sensor.car;
  speak(slot, at, changes && sensor.nature == Nature::sound ? Said::change : Said::keep_alive);
}

void SensorLot::speak(std::uint32_t slot, VirtualTime at, Said said) {
  auto& sensor = sensors_[slot];
  if (mute(sensor)) return;
  if (said == Said::change && sensor.nature != Nature::sound) return;  // it does not notice cars
  const bool begins = said == Said::first || said == Said::restarted;
  if (sensor.nature == Nature::flapping && said == Said::flap) {
    sensor.reports = !sensor.reports;
  } else if (sensor.nature == Nature::sound || !sensor.spoke) {
    sensor.reports = sensor.car;
  }
  if (sensor.next_seq % messages_per_battery_percent == messages_per_battery_percent - 1 &&
      sensor.battery_percent > 0)
    --sensor.battery_percent;
  const SensorMessage message{.at = at,
                              .said_at = at,
                              .slot = slot,
                              .said = said,
                              .occupied = sensor.reports,
                              .seq = sensor.next_seq,
                              .battery_percent = sensor.battery_percent,
                              .rssi_dbm = static_cast<std::int16_t>(
                                  sensor.rssi_base_dbm + static_cast<int>(sensor.next_seq % 7))};
  ++sensor.next_seq;
  sensor.spoke = true;

  if (auto overtaken = std::exchange(sensor.held, std::nullopt)) {
    emit(message);
    overtaken->at = at;
    overtaken->said = Said::late;
    emit(*overtaken);
    return;
  }
  if (!begins && strikes(late_)) {
    sensor.held = message;
    return;
  }
  emit(message);
  if (strikes(repeat_)) {
    auto again = message;
    again.said = Said::repeat;
    emit(again);
  }
  if (strikes(restart_)) take_down(slot, at);
}

bool SensorLot::strikes(Strikes& strikes) {
  if (!strikes.left) return strikes.per_million > 0 && faults_.chance(strikes.per_million);
  if (*strikes.left == 0 || !faults_.chance(counted_strikes_per_million)) return false;
  --*strikes.left;
  return true;
}

void SensorLot::take_down(std::uint32_t slot, VirtualTime at) {
  sensors_[slot].down = true;
  emit({.at = at, .said_at = at, .slot = slot, .said = Said::offline});
  const auto down_for = restart_min + micros(faults_.below(ticks(restart_max - restart_min)));
  plan(at + down_for, Action::back_online, slot);
}

void SensorLot::bring_back(std::uint32_t slot, VirtualTime at) {
  auto& sensor = sensors_[slot];
  sensor.down = false;
  sensor.next_seq = 0;
  emit({.at = at, .said_at = at, .slot = slot, .said = Said::online});
  // A silent sensor went silent before its state: what it would say after the restart is not heard.
  speak(slot, at, Said::restarted);
}

}  // namespace gatehouse::simulators

#include "edge/engine/inbox.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/limits.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace gatehouse::engine {
namespace {

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

SlotIndex slot_of(const SensorEvent& event) {
  return std::visit([](const auto& reported) { return reported.slot; }, event);
}

/// Which of two states of a slot stays when only one can: the earlier one only where the later
/// arrival is a repetition of it, or late.
bool supersedes(const SlotReported& later, const SlotReported& earlier) {
  const Instant heard = later.received.utc;
  const SensorMemory after = remember({}, earlier.reading, earlier.retained, heard);
  return judge(after, later.reading, later.retained, heard) == Verdict::newest;
}

}  // namespace

Inbox::Inbox(std::size_t slots)
    : Inbox(slots, std::max(limits::sensor_inbox_floor, 2 * slots + 2)) {}

Inbox::Inbox(std::size_t slots, std::size_t sensor_capacity)
    : slots_(slots), sensor_capacity_(sensor_capacity), wake_at_sensors_(nobody) {
  // Merging leaves at most one state and one status of each slot: there must be room for more.
  require(sensor_capacity_ > 2 * slots_ + 1,
          "the sensor lane holds more than the newest of each slot");
}

void Inbox::put(SensorEvent event) {
  bool notify = false;
  {
    const std::scoped_lock lock(mutex_);
    if (sensors_waiting() >= sensor_capacity_) merge_sensors();
    sensors_.push_back(std::move(event));
    notify = sensors_waiting() >= wake_at_sensors_;
    if (notify) wake_at_sensors_ = nobody;
  }
  sensors_in_.fetch_add(1, std::memory_order_relaxed);
  if (notify) changed_.notify_one();
}

bool Inbox::put(UrgentEvent event) {
  {
    const std::scoped_lock lock(mutex_);
    if (urgent_.size() >= limits::urgent_inbox_max) {
      urgent_dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    urgent_.push_back(std::move(event));
  }
  urgent_in_.fetch_add(1, std::memory_order_relaxed);
  changed_.notify_one();
  return true;
}

void Inbox::wake() {
  {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Inbox::take(Batch& batch) {
  batch.clear();
  const std::scoped_lock lock(mutex_);
  const auto urgent_count = std::min(urgent_.size(), limits::batch_events_max);
  const auto urgent_end = urgent_.begin() + static_cast<std::ptrdiff_t>(urgent_count);
  batch.urgent.assign(std::make_move_iterator(urgent_.begin()),
                      std::make_move_iterator(urgent_end));
  urgent_.erase(urgent_.begin(), urgent_end);

  const auto sensor_count = std::min(sensors_waiting(), limits::batch_events_max - urgent_count);
  const auto first = sensors_.begin() + static_cast<std::ptrdiff_t>(sensors_taken_);
  batch.sensors.assign(std::make_move_iterator(first),
                       std::make_move_iterator(first + static_cast<std::ptrdiff_t>(sensor_count)));
  sensors_taken_ += sensor_count;
  // The taken front is dropped when everything is taken, or when it outweighs what still waits:
  // each event is moved at most once more for it.
  if (sensors_taken_ == sensors_.size() || sensors_taken_ > sensor_capacity_) {
    sensors_.erase(sensors_.begin(),
                   sensors_.begin() + static_cast<std::ptrdiff_t>(sensors_taken_));
    sensors_taken_ = 0;
  }
}

Inbox::Waiting Inbox::wait(std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  wake_at_sensors_ = 1;
  changed_.wait_for(lock, patience,
                    [&] { return woken_ || !urgent_.empty() || sensors_waiting() > 0; });
  wake_at_sensors_ = nobody;
  woken_ = false;
  if (!urgent_.empty()) return Waiting::urgent;
  return sensors_waiting() > 0 ? Waiting::sensors : Waiting::nothing;
}

void Inbox::linger(std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  wake_at_sensors_ = limits::batch_events_max;
  changed_.wait_for(lock, patience, [&] {
    return woken_ || !urgent_.empty() || sensors_waiting() >= limits::batch_events_max;
  });
  wake_at_sensors_ = nobody;
}

void Inbox::merge_sensors() {
  // The newest of each slot keeps its place in the order of arrival; statuses of devices likewise,
  // apart from states, but an offline in between must not be forgotten: it lets `seq` start anew.
  struct Newest {
    std::size_t state = nobody;
    std::size_t status = nobody;
  };
  std::vector<Newest> newest(slots_);
  std::vector<bool> keep(sensors_.size(), false);
  for (std::size_t i = sensors_taken_; i < sensors_.size(); ++i) {
    Newest& known = newest[at(slot_of(sensors_[i]))];
    if (const auto* state = std::get_if<SlotReported>(&sensors_[i])) {
      if (known.state != nobody) {
        const auto& earlier = std::get<SlotReported>(sensors_[known.state]);
        // After a status of its device a sensor may count anew: then the later arrival is the
        // newer.
        const bool status_between = known.status != nobody && known.status > known.state;
        if (!status_between && !supersedes(*state, earlier)) continue;
        keep[known.state] = false;
      }
      known.state = i;
    } else {
      if (known.status != nobody) {
        auto& status = std::get<SensorReported>(sensors_[i]);
        const auto& earlier = std::get<SensorReported>(sensors_[known.status]);
        status.was_offline = status.was_offline || earlier.was_offline || !earlier.online;
        keep[known.status] = false;
      }
      known.status = i;
    }
    keep[i] = true;
  }
  std::size_t kept = 0;
  for (std::size_t i = sensors_taken_; i < sensors_.size(); ++i) {
    if (!keep[i]) continue;
    if (kept != i) sensors_[kept] = std::move(sensors_[i]);
    ++kept;
  }
  merged_.fetch_add(sensors_waiting() - kept, std::memory_order_relaxed);
  sensors_.resize(kept, SensorEvent(SlotReported{}));
  sensors_taken_ = 0;
}

void Inbox::collect(std::vector<Sample>& samples) const {
  const auto count = [](const std::atomic<std::uint64_t>& counter) {
    return static_cast<double>(counter.load(std::memory_order_relaxed));
  };
  std::size_t waiting = 0;
  {
    const std::scoped_lock lock(mutex_);
    waiting = sensors_waiting() + urgent_.size();
  }
  using enum Sample::Kind;
  samples.push_back({"gatehouse_inbox_sensor_events_total",
                     "Sensor events put into the inbox",
                     counter,
                     count(sensors_in_),
                     {}});
  samples.push_back(
      {"gatehouse_inbox_merged_total",
       "Sensor events merged into a newer one of their slot because the inbox was full",
       counter,
       count(merged_),
       {}});
  samples.push_back({"gatehouse_inbox_urgent_events_total",
                     "Events of gates and people put into the inbox",
                     counter,
                     count(urgent_in_),
                     {}});
  samples.push_back({"gatehouse_inbox_urgent_dropped_total",
                     "Events of gates and people dropped because their lane was full",
                     counter,
                     count(urgent_dropped_),
                     {}});
  samples.push_back({"gatehouse_inbox_waiting",
                     "Events that wait to be decided",
                     gauge,
                     static_cast<double>(waiting),
                     {}});
}

}  // namespace gatehouse::engine

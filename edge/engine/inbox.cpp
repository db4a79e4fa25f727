#include "edge/engine/inbox.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/limits.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace gatehouse::engine {
namespace {

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

/// Merges a full lane: what stays of each slot says the same as all that was said, to whatever
/// memory of the slot it will be applied. At most four events a slot stay:
/// - the newest state; a frame that only keeps alive yields to any state;
/// - a state before it that may have begun to count anew: without it the newest one, numbered
///   low, could look late;
/// - the last state before counting began anew: without it that beginning could look late to a
///   memory that is still low itself;
/// - the device's status, that remembers an offline in between: it lets `seq` start anew.
class Merge {
 public:
  Merge(std::span<SensorEvent> lane, std::size_t slots)
      : lane_(lane), known_(slots), keep_(lane.size(), false) {
    for (std::size_t i = 0; i < lane_.size(); ++i) {
      keep_[i] = std::visit([this, i](auto& reported) { return stays(i, reported); }, lane_[i]);
    }
  }
  [[nodiscard]] bool keeps(std::size_t place) const { return keep_[place]; }

 private:
  struct Known {
    std::size_t state = nobody;
    std::size_t beginning = nobody;
    std::size_t before_beginning = nobody;
    std::size_t status = nobody;
  };

  bool stays(std::size_t place, const SlotReported& state) {
    Known& known = known_[at(state.slot)];
    if (known.state != nobody && !takes_over(known, state)) return false;
    known.state = place;
    return true;
  }

  /// Whether `state` is the newest now, with what is kept behind it.
  bool takes_over(Known& known, const SlotReported& state) {
    const auto& earlier = std::get<SlotReported>(lane_[known.state]);
    const bool only_alive = !state.reading.occupied && earlier.reading.occupied;
    if (only_alive) return false;
    const bool came_back = came_back_since(known);
    if (!supersedes(state, earlier, came_back)) {
      // Late for one memory and a restart for another, that had counted further already.
      const bool doubtful = counts_anew(state.reading, earlier.reading) &&
                            known.beginning == nobody && !may_begin_anew(earlier.reading);
      if (!doubtful) return false;
      known.before_beginning = std::exchange(known.state, nobody);
    } else if (came_back) {
      drop(known.state);
      drop(known.beginning);
      drop(known.before_beginning);
    } else if (counts_anew(state.reading, earlier.reading)) {
      drop(known.beginning);
      drop(known.before_beginning);
      known.before_beginning = known.state;
    } else if (may_begin_anew(earlier.reading)) {
      drop(known.beginning);
      known.beginning = known.state;
    } else {
      drop(known.state);
    }
    return true;
  }

  bool stays(std::size_t place, SensorReported& status) {
    Known& known = known_[at(status.slot)];
    if (known.status != nobody) {
      auto& earlier = std::get<SensorReported>(lane_[known.status]);
      if (status.online && earlier.online && !status.was_offline) {
        // Nothing new: it must not step behind a state that the coming back let start anew.
        if (!status.firmware.empty()) earlier.firmware = std::move(status.firmware);
        return false;
      }
      status.was_offline = status.was_offline || earlier.was_offline || !earlier.online;
      if (status.firmware.empty()) status.firmware = std::move(earlier.firmware);
      drop(known.status);
    }
    known.status = place;
    return true;
  }

  /// Whether the later of two states is neither a repetition of the earlier one nor late.
  static bool supersedes(const SlotReported& later, const SlotReported& earlier, bool came_back) {
    const Instant heard = later.received.utc;
    SensorMemory after = remember({}, earlier.reading, earlier.retained, heard);
    after.spoke = true;
    after.restarted = came_back;
    return judge(after, later.reading, later.retained, heard) == Verdict::newest;
  }

  /// docs/contract/mqtt.md: without times, 0 and 1 tell of a restart that nobody saw.
  static bool may_begin_anew(const Reading& reading) {
    return reading.seq && *reading.seq <= 1 && !reading.ts;
  }

  static bool counts_anew(const Reading& later, const Reading& earlier) {
    return may_begin_anew(later) && earlier.seq && *later.seq < *earlier.seq;
  }

  [[nodiscard]] bool came_back_since(const Known& known) const {
    if (known.status == nobody || known.status < known.state) return false;
    const auto& status = std::get<SensorReported>(lane_[known.status]);
    return status.online && status.was_offline;
  }

  void drop(std::size_t& place) {
    if (place != nobody) keep_[place] = false;
    place = nobody;
  }

  std::span<SensorEvent> lane_;
  std::vector<Known> known_;
  std::vector<bool> keep_;
};

}  // namespace

Inbox::Inbox(std::size_t slots)
    : Inbox(slots, std::max(limits::sensor_inbox_floor, limits::sensor_inbox_per_slot * slots)) {}

Inbox::Inbox(std::size_t slots, std::size_t sensor_capacity)
    : slots_(slots), sensor_capacity_(sensor_capacity), wake_at_sensors_(nobody) {
  // Merging leaves at most four events of each slot: there must be room for more.
  require(sensor_capacity_ > 4 * slots_ + 1,
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

void Inbox::put(const EventsAsked& asked) {
  {
    const std::scoped_lock lock(mutex_);
    asked_ = asked;
  }
  changed_.notify_one();
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
  batch.asked = std::exchange(asked_, std::nullopt);
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
                    [&] { return woken_ || !urgent_.empty() || sensors_waiting() > 0 || asked_; });
  wake_at_sensors_ = nobody;
  woken_ = false;
  if (!urgent_.empty()) return Waiting::urgent;
  return sensors_waiting() > 0 || asked_ ? Waiting::sensors : Waiting::nothing;
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
  const std::span<SensorEvent> lane = std::span(sensors_).subspan(sensors_taken_);
  const Merge merge(lane, slots_);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < lane.size(); ++i) {
    if (!merge.keeps(i)) continue;
    SensorEvent& place = sensors_[kept++];
    if (&place != &lane[i]) place = std::move(lane[i]);
  }
  merged_.fetch_add(lane.size() - kept, std::memory_order_relaxed);
  sensors_.erase(sensors_.begin() + static_cast<std::ptrdiff_t>(kept), sensors_.end());
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

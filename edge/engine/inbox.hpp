// The one way in: a bounded inbox with two lanes, gates and people before sensors.
//
// Any thread puts and returns at once; the engine's thread alone waits and takes. Full, the sensor
// lane merges its states to the newest of each slot; the urgent lane refuses, and whoever was
// refused repeats itself (docs/contract/mqtt.md: readers do).
#pragma once

#include "edge/engine/event.hpp"
#include "edge/engine/metrics.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace gatehouse::engine {

/// One batch, in the order it will be decided: urgent events first.
struct Batch {
  std::vector<UrgentEvent> urgent;
  std::vector<SensorEvent> sensors;
  std::optional<EventsAsked> asked;
  [[nodiscard]] bool empty() const { return urgent.empty() && sensors.empty() && !asked; }
  void clear() { urgent.clear(), sensors.clear(), asked.reset(); }
};

class Inbox final : public MetricsSource {
 public:
  /// `slots`: how many the lot has; the sensor lane always holds more than the newest of each.
  explicit Inbox(std::size_t slots);
  /// A smaller sensor lane, for tests of its overflow. At least 4 · slots + 2.
  Inbox(std::size_t slots, std::size_t sensor_capacity);

  // Any thread.

  /// Never fails: a full lane is merged first. What was merged away is counted.
  void put(SensorEvent event);
  /// False: the lane is full, the event was dropped and counted.
  [[nodiscard]] bool put(UrgentEvent event);
  /// One at a time: a later one takes the place of one that still waits.
  void put(const EventsAsked& asked);
  /// Makes wait() return, now or the next time it is called.
  void wake();
  void collect(std::vector<Sample>& samples) const override;

  // The engine's thread only.

  /// Moves up to batch_events_max waiting events into `batch` (cleared first). Never blocks.
  void take(Batch& batch);
  enum class Waiting : std::uint8_t { nothing, sensors, urgent };
  /// Blocks until something waits, wake() was called or `patience` is over.
  Waiting wait(std::chrono::microseconds patience);
  /// Blocks until something urgent waits, a whole batch waits, wake() or `patience` is over.
  void linger(std::chrono::microseconds patience);
  /// Sensor events merged away since the process began.
  [[nodiscard]] std::uint64_t merged() const { return merged_.load(std::memory_order_relaxed); }

 private:
  [[nodiscard]] std::size_t sensors_waiting() const { return sensors_.size() - sensors_taken_; }
  void merge_sensors();

  const std::size_t slots_;
  const std::size_t sensor_capacity_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::vector<SensorEvent> sensors_;
  std::size_t sensors_taken_ = 0;  // the front of sensors_ that is already in a batch
  std::deque<UrgentEvent> urgent_;
  std::optional<EventsAsked> asked_;
  bool woken_ = false;
  std::size_t wake_at_sensors_;  // notify when that many wait; the highest number: nobody waits

  std::atomic<std::uint64_t> sensors_in_{0};
  std::atomic<std::uint64_t> merged_{0};
  std::atomic<std::uint64_t> urgent_in_{0};
  std::atomic<std::uint64_t> urgent_dropped_{0};
};

}  // namespace gatehouse::engine

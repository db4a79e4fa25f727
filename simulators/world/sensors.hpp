// The sensors of the simulated world and the broker's memory of them: the truth, and what was said.
#pragma once

#include "edge/engine/event.hpp"
#include "simulators/random.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse::world {

/// What a message carries beside `occupied`, as makers differ.
enum class Dialect : std::uint8_t { seq_and_ts, seq_only, ts_only, bare };

struct Sensor {
  Dialect dialect = Dialect::seq_and_ts;
  bool car = false;  // the truth
  bool online = true;
  bool silent = false;    // speaks no more
  bool installed = true;  // never speaks at all if not
  std::uint64_t seq = 0;
  std::optional<Reading> retained_state;
  std::optional<bool> retained_status;
  std::optional<Reading> before_last;  // for messages that come late
};

/// The sensors' own time is right: the gateway's wall clock may not be.
class Sensors {
 public:
  Sensors(std::size_t slots, simulators::Random& random);

  [[nodiscard]] std::size_t count() const { return sensors_.size(); }
  Sensor& at(std::size_t slot) { return sensors_[slot]; }
  [[nodiscard]] const Sensor& at(std::size_t slot) const { return sensors_[slot]; }

  /// The next message of a sensor that says how it is, kept by the broker.
  Reading speak(std::size_t slot, Instant true_time);
  /// Power off and on: its numbering starts anew.
  void restart(std::size_t slot) { sensors_[slot].seq = 0; }
  /// The broker restarted and lost what it kept; the devices' connections to it are made anew.
  void forget_retained();

 private:
  std::vector<Sensor> sensors_;
};

}  // namespace gatehouse::world

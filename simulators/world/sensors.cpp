#include "simulators/world/sensors.hpp"

namespace gatehouse::world {

Sensors::Sensors(std::size_t slots, simulators::Random& random) : sensors_(slots) {
  for (Sensor& sensor : sensors_) {
    sensor.dialect = static_cast<Dialect>(random.below(4));
    sensor.installed = random.below(8) != 0;
  }
}

Reading Sensors::speak(std::size_t slot, Instant true_time) {
  Sensor& sensor = sensors_[slot];
  Reading reading{.occupied = sensor.car};
  if (sensor.dialect == Dialect::seq_and_ts || sensor.dialect == Dialect::seq_only) {
    reading.seq = sensor.seq++;
  }
  if (sensor.dialect == Dialect::seq_and_ts || sensor.dialect == Dialect::ts_only) {
    reading.ts = true_time;
  }
  sensor.before_last = sensor.retained_state;
  sensor.retained_state = reading;
  return reading;
}

void Sensors::forget_retained() {
  for (Sensor& sensor : sensors_) {
    sensor.retained_state.reset();
    // Devices notice a broker that restarts, and say again that they are there.
    if (sensor.retained_status) sensor.retained_status = sensor.online;
  }
}

}  // namespace gatehouse::world

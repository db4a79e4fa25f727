// How a slot's sensor spells what it says on the lot's broker (docs/contract/mqtt.md, "Devices →
// gateway"), and when on our clock.
//
// Spelled here anew instead of with the gateway's own code: a peer that shared it could not show
// that the gateway has the contract wrong. Values; any thread.
#pragma once

#include "edge/domain/time.hpp"
#include "simulators/sensor_lot.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::simulators {

std::string state_topic(std::string_view lot, std::string_view slot);
std::string device_status_topic(std::string_view lot, std::string_view slot);

/// The payload of a state or a device status. `ts` is when the sensor made it, on our clock.
std::string payload(const SensorMessage& message, Instant ts);

/// The status of a device that just connected, and the last will it leaves with the broker: a will
/// does not know when it will be needed, so it has no `ts`.
std::string birth_payload(Instant ts);
std::string last_will_payload();

/// Where virtual time lies on our clocks.
class Timeline {
 public:
  /// `speed_thousandths`: virtual milliseconds per second; 0: not paced, as fast as it goes.
  Timeline(Instant start, std::uint64_t speed_thousandths)
      : start_(start), speed_thousandths_(speed_thousandths) {}

  [[nodiscard]] bool is_paced() const { return speed_thousandths_ > 0; }
  /// How long after the start something is due.
  [[nodiscard]] std::chrono::microseconds due_after(VirtualTime at) const;
  /// What a sensor's clock shows. Unpaced, virtual time may run far ahead of us, and a gateway does
  /// not believe a clock that is more than a minute ahead: there a thousandth of it passes.
  /// Never runs backwards as virtual time goes forwards.
  [[nodiscard]] Instant shown(VirtualTime at) const;

 private:
  Instant start_;
  std::uint64_t speed_thousandths_;
};

}  // namespace gatehouse::simulators

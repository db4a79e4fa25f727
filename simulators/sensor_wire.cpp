#include "simulators/sensor_wire.hpp"

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr std::string_view firmware = "sim-1.0.0";
constexpr std::uint64_t unpaced_speed_thousandths = 1'000'000;

std::string status(bool online, Instant ts) {
  return fmt::format(R"({{"online":{},"ts":"{}","firmware":"{}"}})", online, format_rfc3339(ts),
                     firmware);
}

}  // namespace

std::string state_topic(std::string_view lot, std::string_view slot) {
  return fmt::format("parking/v1/{}/slots/{}/state", lot, slot);
}

std::string device_status_topic(std::string_view lot, std::string_view slot) {
  return fmt::format("parking/v1/{}/devices/{}/status", lot, slot);
}

std::string payload(const SensorMessage& message, Instant ts) {
  if (is_device_status(message.said)) return status(message.said == Said::online, ts);
  return fmt::format(R"({{"occupied":{},"ts":"{}","seq":{},"battery":{}.{:02},"rssi":{}}})",
                     message.occupied, format_rfc3339(ts), message.seq,
                     message.battery_percent / 100, message.battery_percent % 100,
                     message.rssi_dbm);
}

std::string birth_payload(Instant ts) { return status(true, ts); }

std::string last_will_payload() { return R"({"online":false})"; }

std::chrono::microseconds Timeline::due_after(VirtualTime at) const {
  const auto speed = is_paced() ? speed_thousandths_ : unpaced_speed_thousandths;
  const auto virtual_us = static_cast<std::uint64_t>(at.count());
  // In two parts: the product of a long run would not fit.
  const auto micros = virtual_us / speed * 1'000 + virtual_us % speed * 1'000 / speed;
  return std::chrono::microseconds(static_cast<std::chrono::microseconds::rep>(micros));
}

Instant Timeline::shown(VirtualTime at) const {
  return start_ + std::chrono::floor<std::chrono::milliseconds>(due_after(at));
}

}  // namespace gatehouse::simulators

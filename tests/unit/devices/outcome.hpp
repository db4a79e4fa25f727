// What was made of a message, in a line that tables can show: `occupied seq=17 battery=87`,
// `free`, `alive` (nothing of the slot), or `rejected: bad_json`.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/occupancy.hpp"

#include <expected>
#include <string>

namespace gatehouse::devices {

inline std::string outcome(const std::expected<Reading, Rejection>& read) {
  if (!read) return "rejected: " + std::string(name(read.error()));
  const Reading& reading = *read;
  std::string text = !reading.occupied ? "alive" : *reading.occupied ? "occupied" : "free";
  if (reading.seq) text += " seq=" + std::to_string(*reading.seq);
  if (reading.ts) text += " ts=" + format_rfc3339(*reading.ts);
  if (reading.battery_percent) text += " battery=" + std::to_string(*reading.battery_percent);
  if (reading.rssi_dbm) text += " rssi=" + std::to_string(*reading.rssi_dbm);
  return text;
}

}  // namespace gatehouse::devices

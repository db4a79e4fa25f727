// Short words for the events of the tests of the inbox.
#pragma once

#include "edge/engine/inbox.hpp"

#include <string>
#include <utility>
#include <vector>

namespace gatehouse::engine::tests {

using namespace std::chrono_literals;

inline constexpr Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

inline SensorEvent state(std::uint32_t slot, const Reading& reading, bool retained = false) {
  return SlotReported{
      .slot = SlotIndex(slot), .reading = reading, .retained = retained, .received = {noon, {}}};
}
inline SensorEvent numbered(std::uint32_t slot, std::uint64_t seq, bool occupied = true) {
  return state(slot, {.occupied = occupied, .seq = seq});
}
inline SensorEvent alive(std::uint32_t slot, std::uint64_t seq) {
  return state(slot, {.occupied = {}, .seq = seq});
}
inline SensorEvent status(std::uint32_t slot, bool online, std::string firmware = {}) {
  return SensorReported{.slot = SlotIndex(slot),
                        .online = online,
                        .firmware = std::move(firmware),
                        .received = {noon, {}}};
}

/// What an event says, to compare it by: "0:17 occupied", "0:online after offline 1.4.2".
inline std::string text(const SensorEvent& event) {
  if (const auto* reported = std::get_if<SlotReported>(&event)) {
    const Reading& reading = reported->reading;
    std::string said = std::to_string(at(reported->slot)) + ":";
    said += reading.seq ? std::to_string(*reading.seq) : "-";
    return said + (!reading.occupied ? " alive" : *reading.occupied ? " occupied" : " free");
  }
  const auto& reported = std::get<SensorReported>(event);
  std::string said = std::to_string(at(reported.slot));
  said += reported.online ? ":online" : ":offline";
  if (reported.was_offline) said += " after offline";
  return reported.firmware.empty() ? said : said + " " + reported.firmware;
}

inline std::vector<std::string> texts(const std::vector<SensorEvent>& events) {
  std::vector<std::string> all;
  for (const SensorEvent& event : events) all.push_back(text(event));
  return all;
}

/// Everything that waits, batch after batch.
inline std::vector<SensorEvent> take_all(Inbox& inbox) {
  std::vector<SensorEvent> all;
  Batch batch;
  for (inbox.take(batch); !batch.empty(); inbox.take(batch)) {
    for (SensorEvent& event : batch.sensors) all.push_back(std::move(event));
  }
  return all;
}

/// What stays of some events of one slot when the lane is so full that it has to merge.
inline std::vector<std::string> merged(const std::vector<SensorEvent>& events) {
  constexpr std::size_t slots = 20;
  Inbox inbox(slots, 4 * slots + 2);
  for (const SensorEvent& event : events) inbox.put(event);
  // Repetitions of another slot's state fill the lane until it merges, and are merged into one.
  for (std::size_t i = events.size(); i < 4 * slots + 3; ++i) inbox.put(numbered(19, 1));
  std::vector<std::string> kept;
  for (const std::string& said : texts(take_all(inbox))) {
    if (!said.starts_with("19:")) kept.push_back(said);
  }
  return kept;
}

inline double figure(const Inbox& inbox, const std::string& name) {
  std::vector<Sample> samples;
  inbox.collect(samples);
  for (const Sample& sample : samples) {
    if (sample.name == name) return sample.value;
  }
  return -1;
}

}  // namespace gatehouse::engine::tests

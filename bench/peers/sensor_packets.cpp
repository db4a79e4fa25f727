#include "bench/peers/sensor_packets.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace gatehouse::bench {
namespace {

// Packet types and flags: MQTT 3.1.1, sections 2.2, 3.1 and 3.3.
constexpr unsigned connect_type = 0x10;
constexpr unsigned publish_type = 0x30;
constexpr unsigned retain_flag = 0x01;

void append_u16(std::string& bytes, std::size_t number) {
  bytes += static_cast<char>(number >> 8 & 0xFF);
  bytes += static_cast<char>(number & 0xFF);
}

void append_remaining_length(std::string& bytes, std::size_t length) {
  do {
    const std::size_t digit = length % 128;
    length /= 128;
    bytes += static_cast<char>(length > 0 ? digit | 0x80 : digit);
  } while (length > 0);
}

std::string rfc3339(std::int64_t utc_ms) {
  const std::time_t seconds = utc_ms / 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), utc_ms % 1000);
}

}  // namespace

SensorPackets::SensorPackets(SensorLoad load)
    : load_(std::move(load)),
      began_ms_(std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count()),
      said_(load_.slots.size()),
      is_occupied_(load_.slots.size()) {
  if (load_.slots.empty()) throw std::invalid_argument("there are no slots");
}

std::vector<PacketStream> SensorPackets::first_words() {
  std::vector<PacketStream> streams(load_.connections);
  for (std::size_t slot = 0; slot < load_.slots.size(); ++slot)
    append(streams[slot % load_.connections], slot);
  return streams;
}

std::vector<PacketStream> SensorPackets::next(std::uint64_t events) {
  std::vector<PacketStream> streams(load_.connections);
  for (std::uint64_t i = 0; i < events; ++i) {
    const std::size_t slot = rendered_++ % load_.slots.size();
    // Each slot at another of its messages, so that changes are spread over the whole time.
    if (load_.change_every != 0 && (said_[slot] + slot) % load_.change_every == 0) {
      is_occupied_[slot] = !is_occupied_[slot];
      ++changes_;
    }
    append(streams[slot % load_.connections], slot);
  }
  return streams;
}

std::uint64_t SensorPackets::occupied() const {
  return static_cast<std::uint64_t>(std::ranges::count(is_occupied_, true));
}

void SensorPackets::append(PacketStream& stream, std::size_t slot) {
  const auto said = static_cast<std::int64_t>(said_[slot]++);
  const std::string topic = "parking/v1/" + load_.lot + "/slots/" + load_.slots[slot] + "/state";
  // `ts` moves a millisecond a message: later than the one before, never a minute ahead.
  const std::string payload = fmt::format(R"({{"occupied":{},"ts":"{}","seq":{},"rssi":-71}})",
                                          static_cast<bool>(is_occupied_[slot]),
                                          rfc3339(began_ms_ + said), began_ms_ + said);
  const std::size_t id_bytes = load_.qos > 0 ? 2 : 0;
  const auto qos_flag = static_cast<unsigned>(load_.qos) << 1;
  stream.bytes += static_cast<char>(publish_type | qos_flag | (load_.retained ? retain_flag : 0));
  append_remaining_length(stream.bytes, 2 + topic.size() + id_bytes + payload.size());
  append_u16(stream.bytes, topic.size());
  stream.bytes += topic;
  if (id_bytes > 0) append_u16(stream.bytes, stream.ends.size() % 0xFFFF + 1);
  stream.bytes += payload;
  stream.ends.push_back(stream.bytes.size());
}

std::string connect_packet(const std::string& client_id) {
  constexpr char level_3_1_1 = 4;
  constexpr char clean_session = 2;
  std::string bytes(1, static_cast<char>(connect_type));
  append_remaining_length(bytes, 10 + 2 + client_id.size());
  append_u16(bytes, 4);
  bytes += "MQTT";
  bytes += level_3_1_1;
  bytes += clean_session;
  append_u16(bytes, 0);  // no keep-alive: the load is the sign of life
  append_u16(bytes, client_id.size());
  return bytes + client_id;
}

}  // namespace gatehouse::bench

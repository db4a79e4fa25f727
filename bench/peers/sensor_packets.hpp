// The MQTT 3.1.1 bytes of many sensors' slot states (docs/contract/mqtt.md), rendered before the
// clock runs so that sending them costs next to nothing.
//
// Event e is slot e % slots saying its next `seq`. One in `change_every` of a slot's messages turns
// it over, the others repeat what it said, as sensors do. A slot's messages all go over one
// connection, so that the broker keeps their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::bench {

struct SensorLoad {
  std::string lot;
  std::vector<std::string> slots;
  std::uint64_t change_every = 10;  // 0: nothing ever changes
  int qos = 1;
  bool retained = true;
  std::size_t connections = 4;
};

/// PUBLISH packets of one connection, one behind the other.
struct PacketStream {
  std::string bytes;
  std::vector<std::size_t> ends;  // of each packet in `bytes`
};

class SensorPackets {
 public:
  explicit SensorPackets(SensorLoad load);

  /// Everybody says "free" for the first time.
  std::vector<PacketStream> first_words();
  /// The next `events` states, spread over the connections.
  std::vector<PacketStream> next(std::uint64_t events);

  /// Slots that are occupied after all that was rendered so far.
  [[nodiscard]] std::uint64_t occupied() const;
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

 private:
  void append(PacketStream& stream, std::size_t slot);

  SensorLoad load_;
  std::int64_t began_ms_;  // UTC; the first `seq`, so that a later run counts on
  std::vector<std::uint64_t> said_;
  std::vector<bool> is_occupied_;
  std::uint64_t rendered_ = 0;
  std::uint64_t changes_ = 0;
};

std::string connect_packet(const std::string& client_id);

}  // namespace gatehouse::bench

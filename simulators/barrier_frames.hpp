// Modbus TCP frames out of a stream of bytes (MODBUS Messaging on TCP/IP 1.0b, the MBAP header):
//
//   FrameReader reader;
//   reader.append(bytes);
//   while (auto frame = reader.next()) …
//   if (reader.is_broken()) hang_up();
//
// Values; pure.
#pragma once

#include "simulators/barrier_controller.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::simulators {

struct ModbusFrame {
  std::uint16_t transaction = 0;
  std::uint8_t unit = 0;
  Pdu pdu;
};

std::vector<std::uint8_t> to_bytes(const ModbusFrame& frame);

class FrameReader {
 public:
  void append(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::optional<ModbusFrame> next();
  /// Nothing that follows can be understood.
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  std::vector<std::uint8_t> bytes_;
  bool is_broken_ = false;
};

}  // namespace gatehouse::simulators

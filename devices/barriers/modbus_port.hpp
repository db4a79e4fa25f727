// A line to Modbus devices, one request at a time: what the bus needs of it, and nothing more.
// devices/barriers/modbus_connection.hpp is the real one; tests have their own.
//
// One thread. Every call comes back within a bounded time and never throws.
#pragma once

#include "devices/barriers/settings.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace gatehouse::devices {

/// Why a request has no answer that counts. After a write, all but most refusals mean that its
/// outcome is unknown.
struct ModbusFailure {
  enum class Kind : std::uint8_t {
    refused,       // an exception reply
    garbled,       // another unit, a short or broken frame, an answer to something else
    timed_out,     // nothing came in time
    disconnected,  // the connection or the serial device is gone
  };
  Kind kind = Kind::garbled;
  std::uint8_t exception = 0;  // of `refused`
  bool operator==(const ModbusFailure&) const = default;
};

using ModbusValues = std::expected<std::vector<std::uint16_t>, ModbusFailure>;
using ModbusDone = std::expected<void, ModbusFailure>;

class ModbusPort {
 public:
  virtual ~ModbusPort() = default;
  /// One try. The error is a sentence.
  virtual std::expected<void, std::string> connect() = 0;
  /// Whatever was sent and not yet delivered is never delivered.
  virtual void close() = 0;
  /// Several units share the line, and an answer may be late without being recognised as such.
  [[nodiscard]] virtual bool is_serial() const = 0;
  virtual ModbusValues read(std::uint8_t unit, ModbusAddress first, std::uint16_t count) = 0;
  /// Function 5.
  virtual ModbusDone write_single(std::uint8_t unit, std::uint16_t coil, std::uint16_t value) = 0;
};

}  // namespace gatehouse::devices

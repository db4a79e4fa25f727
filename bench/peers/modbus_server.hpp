// A barrier of the profile `generic` (docs/contract/modbus.md) whose arm moves at once, on
// libmodbus, served by a thread of its own for one connection after the other.
//
//   ModbusServer barrier(1502, [](std::int64_t at_ns) { … });   // the coil "open" was written
//
// Whoever is let through drives on with the next polls. The thread ends with the process.
#pragma once

#include <cstdint>
#include <functional>

namespace gatehouse::bench {

class ModbusServer {
 public:
  using OnOpen = std::function<void(std::int64_t at_ns)>;
  using OnClosed = std::function<void()>;
  /// Both are called on the server's thread: at the request for the coil, before it is answered;
  /// and when the arm is down again. Throws std::runtime_error when the port is taken.
  ModbusServer(int port, OnOpen on_open, OnClosed on_closed);
};

}  // namespace gatehouse::bench

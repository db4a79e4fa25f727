// A real line to Modbus devices, through libmodbus 3.1.6: TCP or RTU.
//
//   ModbusConnection line(endpoint, 500ms);
//   if (line.connect()) …
//
// libmodbus sends and receives; the rest is done here, for these reasons (measured on 3.1.6):
// - Its error recovery blocks, for ever when a device is gone: it stays off. The gateway connects
// or
//   opens the device itself, onto a low descriptor (low_descriptor.hpp).
// - It does not check the unit of a TCP answer nor what a write echoes: frames.hpp does.
// - Its raw requests all carry transaction 0. So no connection outlives a request that was not
//   answered as it should be, and bytes that nobody asked for are an error of their own.
// - RTU has no transactions at all: after a time-out the late answer is waited out and flushed, and
//   an adapter that hears itself is recognised by the request coming back.
//
// One thread. A call takes at most two response timeouts, connect() as long as open_line() does.
#pragma once

#include "devices/barriers/endpoint.hpp"
#include "devices/barriers/frames.hpp"
#include "devices/barriers/low_descriptor.hpp"
#include "devices/barriers/modbus_port.hpp"

#include <array>
#include <chrono>
#include <memory>

struct _modbus;

namespace gatehouse::devices {

class ModbusConnection final : public ModbusPort {
 public:
  /// Throws std::runtime_error when no low descriptor is left.
  ModbusConnection(Endpoint endpoint, std::chrono::milliseconds response_timeout);
  ~ModbusConnection() override;
  ModbusConnection(const ModbusConnection&) = delete;
  ModbusConnection& operator=(const ModbusConnection&) = delete;

  std::expected<void, std::string> connect() override;
  void close() override;
  [[nodiscard]] bool is_serial() const override;
  ModbusValues read(std::uint8_t unit, ModbusAddress first, std::uint16_t count) override;
  ModbusDone write_single(std::uint8_t unit, std::uint16_t coil, std::uint16_t value) override;

 private:
  enum class Echo : std::uint8_t { unknown, none, every_request };
  using Answer = std::expected<ModbusBytes, ModbusFailure>;

  Answer transact(const ModbusRequest& request);
  Answer transact_serial(const ModbusRequest& request);
  ModbusDone send(const ModbusRequest& request);
  Answer receive();
  ModbusDone drop_strays();
  ModbusDone skip_echo(const ModbusRequest& request);
  Answer receive_after_echo_of_read(const ModbusRequest& request);
  void look_for_second_answer(const ModbusRequest& request);
  bool read_exactly(std::span<std::uint8_t> bytes);
  bool discard_input(std::chrono::milliseconds wait);
  void wait_out_late_answer();

  // Constant after construction.
  Endpoint endpoint_;
  std::chrono::milliseconds response_timeout_;

  struct FreeContext {
    void operator()(_modbus* context) const;
  };
  LowDescriptor descriptor_;
  std::unique_ptr<_modbus, FreeContext> context_;  // while connected
  Echo echo_ = Echo::unknown;
  std::array<std::uint8_t, 260> frame_{};
};

}  // namespace gatehouse::devices

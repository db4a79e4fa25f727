// The lot's barriers over Modbus: the engine's Barriers port (docs/contract/modbus.md).
//
//   ModbusBarriers barriers(settings, profiles, clock, [&](const BarrierReport& report) { … });
//   barriers.start();
//   barriers.order({.barrier = b1, .kind = BarrierOrderKind::open, .opening = id, .authorised =
//   m}); barriers.stop();
//
// One thread per line: a TCP endpoint, or a serial device that several barriers share in turn.
// Start reading at arm.hpp (what one barrier does), then bus.hpp (how a line is shared), then
// modbus_connection.hpp (what libmodbus is and is not trusted with).
#pragma once

#include "devices/barriers/reports.hpp"
#include "devices/barriers/settings.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace gatehouse::devices {

class Line;

class ModbusBarriers final : public engine::Barriers, public engine::MetricsSource {
 public:
  /// `settings` by BarrierIndex. `clock` outlives it. To be made early: it keeps a file descriptor
  /// below 1024 for each line. Throws std::runtime_error when there is none left, or when barriers
  /// that share a serial device disagree on its speed or parity.
  ModbusBarriers(std::span<const BarrierSettings> settings,
                 std::span<const BarrierProfile> profiles, const engine::Clock& clock,
                 TellBarrierReport tell);
  ~ModbusBarriers() override;
  ModbusBarriers(const ModbusBarriers&) = delete;
  ModbusBarriers& operator=(const ModbusBarriers&) = delete;

  /// Connects, polls and reports, each line on a thread of its own, until stop().
  void start();
  /// Ends all pulses and threads: within about two seconds. Nothing is told afterwards.
  void stop();

  /// Any thread; copies and returns.
  void order(const engine::BarrierOrder& order) override;
  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  const TellBarrierReport tell_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<std::size_t> line_of_;  // by BarrierIndex
};

}  // namespace gatehouse::devices

// The barriers of one line, in turn: polls each, writes what its arm asks for, connects again.
//
//   Bus bus(stations, port, clock, tell, seed);
//   Steady next = bus.serve(orders);   // does what is due; again at `next`, or with new orders
//   bus.finish();                      // at the end: no pulse of ours stays on
//
// serve() waits for nothing but the port: it does at most one barrier's reading, so that orders
// never wait for more. On each contact with a barrier the coils that the gateway pulses are written
// 0 before anything else. What a failure costs: docs/contract/modbus.md, "unknown outcome".
//
// One thread, but figures and collect() are for any.
#pragma once

#include "devices/barriers/arm.hpp"
#include "devices/barriers/backoff.hpp"
#include "devices/barriers/input_plan.hpp"
#include "devices/barriers/modbus_port.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::devices {

/// One barrier as its bus knows it.
struct BusStation {
  BarrierIndex barrier{};
  std::string id;
  std::uint8_t unit = 1;
  BarrierProfile profile;
  ArmSettings arm;
};

/// How long an answer may take on a line with these barriers: all but one may die at the same time,
/// each costing two such times (the late answer is waited out), before the last is called silent.
std::chrono::milliseconds response_timeout(std::span<const BusStation> stations);

class Bus final : public engine::MetricsSource {
 public:
  /// `port`, `clock` and `tell` outlive the bus.
  Bus(std::vector<BusStation> stations, ModbusPort& port, const engine::Clock& clock,
      const TellBarrierReport& tell, std::uint32_t seed);

  /// `orders` are for barriers of this bus. Gives back when it wants to be called again.
  Steady serve(std::span<const engine::BarrierOrder> orders);
  void finish();
  /// A sentence about the line that was not asked for before; empty: nothing new.
  std::string take_news();

  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  static constexpr std::size_t failure_kinds = 4;
  struct Figures {
    std::atomic<bool> is_connected{false};
    std::array<std::atomic<std::uint64_t>, failure_kinds> errors{};
    std::atomic<std::uint64_t> open_pulses{0};
    std::atomic<std::uint64_t> close_pulses{0};
  };
  struct Station {
    Station(BusStation station, Moment now, std::uint32_t seed)
        : is(std::move(station)),
          plan(is.profile),
          arm(is.barrier, is.arm, now),
          due(now.steady),
          backoff(seed) {}
    BusStation is;
    InputPlan plan;
    Arm arm;
    bool has_contact = false;  // its coils were written 0 and nothing failed since
    Steady due;                // of the next reading
    Backoff backoff;           // while it does not answer and others do
    Figures figures;
  };

  void give(std::span<const engine::BarrierOrder> orders);
  void connect();
  void disconnect(const std::string& why);
  Station* next_due();
  void poll(Station& station);
  bool make_contact(Station& station);
  void apply(Station& station, const ArmOutput& output);
  void count_pulse(Station& station, CoilWrite::Purpose purpose);
  void failed(Station& station, const ModbusFailure& failure, bool was_write);
  void lose_contact(Station& station);
  std::chrono::milliseconds pause_before_connecting();
  [[nodiscard]] Steady next_call(Steady now) const;

  ModbusPort& port_;
  const engine::Clock& clock_;
  const TellBarrierReport& tell_;
  std::vector<std::unique_ptr<Station>> stations_;
  bool is_connected_ = false;
  Steady connect_at_;
  Steady last_try_;
  Backoff backoff_;
  std::string news_;
  std::string last_news_;
  std::atomic<std::uint64_t> failed_connects_{0};
};

}  // namespace gatehouse::devices

// A line of Modbus devices in virtual time, with faults on demand, and a bus that is served.
#pragma once

#include "devices/barriers/bus.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/devices/barriers_yard.hpp"

#include <deque>
#include <map>
#include <memory>

namespace gatehouse::tests {

/// Devices that answer within a millisecond unless told otherwise.
class FakePort final : public devices::ModbusPort {
 public:
  using Kind = devices::ModbusFailure::Kind;
  struct Device {
    std::map<std::uint16_t, bool> inputs;
    std::map<std::uint16_t, std::uint16_t> coils;
    bool is_silent = false;
  };

  explicit FakePort(ManualClock& clock, bool is_serial = false)
      : clock_(clock), is_serial_(is_serial) {}

  std::map<std::uint8_t, Device> devices;
  bool takes_connections = true;
  std::chrono::milliseconds timeout{500};
  // What the next requests meet, in order; nullopt: nothing wrong.
  std::deque<std::optional<devices::ModbusFailure>> faults;
  Lines said;

  std::expected<void, std::string> connect() override {
    said.emplace_back("connect");
    clock_.pass(std::chrono::milliseconds(1));
    if (!takes_connections) return std::unexpected("refused");
    is_connected_ = true;
    return {};
  }
  void close() override {
    said.emplace_back("close");
    is_connected_ = false;
  }
  [[nodiscard]] bool is_serial() const override { return is_serial_; }

  devices::ModbusValues read(std::uint8_t unit, devices::ModbusAddress first,
                             std::uint16_t count) override {
    said.push_back("read " + std::to_string(unit) + " " + std::to_string(first.address) + "+" +
                   std::to_string(count));
    if (const auto failure = meet(unit)) return std::unexpected(*failure);
    std::vector<std::uint16_t> values(count);
    for (std::uint16_t i = 0; i < count; ++i) {
      values[i] = devices[unit].inputs[static_cast<std::uint16_t>(first.address + i)] ? 1 : 0;
    }
    return values;
  }
  devices::ModbusDone write_single(std::uint8_t unit, std::uint16_t coil,
                                   std::uint16_t value) override {
    const std::string shown = value == devices::coil_on ? "1" : std::to_string(value);
    said.push_back("write " + std::to_string(unit) + " " + std::to_string(coil) + "=" + shown);
    const auto failure = meet(unit);
    if (!failure || failure->kind == Kind::timed_out) devices[unit].coils[coil] = value;
    if (failure) return std::unexpected(*failure);
    return {};
  }

  Lines take() { return std::exchange(said, {}); }

 private:
  std::optional<devices::ModbusFailure> meet(std::uint8_t unit) {
    if (!is_connected_) return devices::ModbusFailure{.kind = Kind::disconnected};
    std::optional<devices::ModbusFailure> fault;
    if (!faults.empty()) {
      fault = faults.front();
      faults.pop_front();
    } else if (devices[unit].is_silent) {
      fault = devices::ModbusFailure{.kind = Kind::timed_out};
    }
    const bool is_slow = fault && fault->kind == Kind::timed_out;
    // On a serial line the late answer is waited out as well.
    const auto slow = is_serial_ ? 2 * timeout : timeout;
    clock_.pass(is_slow ? slow : std::chrono::milliseconds(1));
    return fault;
  }

  ManualClock& clock_;
  bool is_serial_;
  bool is_connected_ = false;
};

inline constexpr std::uint16_t arm_open_input = 0;
inline constexpr std::uint16_t arm_closed_input = 1;

/// A bus with `units` barriers of the profile generic without its counter, each in its own unit.
struct BusYard {
  explicit BusYard(std::size_t units = 1, bool is_serial = false) : port(clock, is_serial) {
    std::vector<devices::BusStation> stations;
    for (std::size_t i = 0; i < units; ++i) {
      devices::BarrierSettings settings;
      settings.unit = static_cast<std::uint8_t>(i + 1);
      devices::BusStation station{.barrier = static_cast<BarrierIndex>(i),
                                  .id = "b" + std::to_string(i + 1),
                                  .unit = settings.unit,
                                  .profile = devices::profile_of(settings, {}),
                                  .arm = {}};
      station.profile.cycles.reset();
      station.arm = devices::arm_settings(settings, station.profile, is_serial);
      stations.push_back(station);
      port.devices[settings.unit].inputs[arm_closed_input] = true;
    }
    port.timeout = devices::response_timeout(stations);
    bus = std::make_unique<devices::Bus>(std::move(stations), port, clock, tell, 1);
  }

  void pass(std::chrono::milliseconds time) {
    const Steady end = clock.now().steady + time;
    while (clock.now().steady < end) {
      const Steady next = std::min(bus->serve({}), end);
      if (next > clock.now().steady) clock.pass(next - clock.now().steady);
    }
  }
  void order(engine::BarrierOrderKind kind, std::int64_t opening, std::size_t barrier = 0) {
    const engine::BarrierOrder order{.barrier = static_cast<BarrierIndex>(barrier),
                                     .kind = kind,
                                     .opening = static_cast<engine::OpeningId>(opening),
                                     .authorised = clock.now()};
    bus->serve(std::span(&order, 1));
  }
  double figure(const std::string& name, const std::string& label) const {
    std::vector<engine::Sample> samples;
    bus->collect(samples);
    for (const auto& sample : samples) {
      for (const auto& [key, value] : sample.labels) {
        if (sample.name == name && value == label) return sample.value;
      }
    }
    return -1;
  }
  Lines take_reports() { return std::exchange(reports, {}); }

  ManualClock clock;
  FakePort port;
  Lines reports;
  devices::TellBarrierReport tell = [this](const devices::BarrierReport& report) {
    const auto barrier = std::visit([](const auto& each) { return each.barrier; }, report);
    reports.push_back("b" + std::to_string(at(barrier) + 1) + " " + line_of(report));
  };
  std::unique_ptr<devices::Bus> bus;
};

}  // namespace gatehouse::tests

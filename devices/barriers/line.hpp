// The thread of one line: it serves the bus, waits, and is woken by orders. Nothing is decided
// here.
//
// order() from any thread; start() and stop() from one.
#pragma once

#include "devices/barriers/bus.hpp"
#include "devices/barriers/modbus_connection.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::devices {

class Line final : public engine::MetricsSource {
 public:
  /// So many orders never wait for one line; what comes beyond is dropped and counted.
  static constexpr std::size_t orders_max = 256;

  /// Throws std::runtime_error when no low descriptor is left for it.
  Line(const Endpoint& endpoint, std::vector<BusStation> stations, const engine::Clock& clock,
       const TellBarrierReport& tell, std::uint32_t seed);
  ~Line() override;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void start();
  /// The thread ends soon: stop() does not wait long.
  void ask_to_stop();
  /// Ends the gateway's pulses, disconnects and waits for the thread: as long as one request takes.
  void stop();
  void order(const engine::BarrierOrder& order);
  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  void run();
  void log_news();

  const engine::Clock& clock_;
  std::string name_;
  ModbusConnection port_;
  Bus bus_;
  std::atomic<std::uint64_t> orders_dropped_{0};
  Steady logged_at_;  // by the thread

  std::mutex mutex_;
  std::condition_variable woken_;
  std::vector<engine::BarrierOrder> orders_;  // protected by mutex_
  bool is_stopping_ = false;                  // protected by mutex_
  std::thread thread_;
};

}  // namespace gatehouse::devices

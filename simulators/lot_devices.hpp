// A lot's sensors and readers on its broker, in real time: what bays and drivers do becomes
// messages, what gates answer becomes decisions.
//
//   LotDevices devices(lot, {.with_sensors = true});
//   if (!devices.connect(10s, stop)) complain(devices.last_error());
//   devices.scan(0, "r1-1", "PARK-…", now, stop);
//   for (const auto& decision : devices.take_decisions()) …   // the reader is silent again
//   devices.tend(now, stop);                                  // what readers repeat
//
// All calls from one thread. With a credentials file each device has an account and a connection of
// its own; without, they share two.
#pragma once

#include "edge/domain/time.hpp"
#include "simulators/lot_description.hpp"
#include "simulators/lot_wire.hpp"
#include "simulators/publisher.hpp"
#include "simulators/reader_device.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct LotDevicesOptions {
  bool with_sensors = false;
  std::string credentials_file;  // of `gatehouse broker`; may be empty
  std::string payment_method;    // said with every scan at an exit; may be empty
};

struct HeardDecision {
  std::size_t lane = 0;
  GateDecision decision;
};

class LotDevices {
 public:
  LotDevices(const LotDescription& lot, const LotDevicesOptions& options);

  bool connect(std::chrono::milliseconds timeout, const std::stop_token& stop);

  void scan(std::size_t lane, std::string id, const std::string& code, VirtualTime now,
            const std::stop_token& stop);
  void press(std::size_t lane, std::string id, const std::string& vehicle_number, VirtualTime now,
             const std::stop_token& stop);
  /// Nobody waits at this reader any more.
  void forget(std::size_t lane) { readers_.at(lane).forget(); }

  void say_bay(std::uint32_t slot, bool occupied, const std::stop_token& stop);

  /// Whatever readers have to repeat by now, and a sensor's sign of life from time to time.
  void tend(VirtualTime now, const std::stop_token& stop);
  std::vector<HeardDecision> take_decisions();
  [[nodiscard]] bool is_waiting(std::size_t lane) const { return readers_.at(lane).is_waiting(); }

  void wait_until(std::chrono::steady_clock::time_point due, const std::stop_token& stop) {
    publisher_->wait_until(due, stop);
  }
  /// True when everything has arrived.
  bool finish(std::chrono::milliseconds timeout) { return publisher_->finish(timeout); }

  [[nodiscard]] ReaderCounts counts() const;
  [[nodiscard]] PublisherCounts link_counts() const { return publisher_->counts(); }
  [[nodiscard]] std::string last_error() const { return publisher_->last_error(); }

 private:
  struct Bay {
    bool occupied = false;
    std::uint64_t seq = 0;
  };
  struct Inbox {
    std::mutex mutex;
    std::vector<HeardDecision> decisions;
  };

  std::vector<DeviceAccount> accounts() const;
  void receive(const std::string& topic, const std::string& payload);
  void say(std::size_t lane, VirtualTime now, const std::stop_token& stop);

  const LotDescription& lot_;
  LotDevicesOptions options_;
  std::size_t first_reader_ = 0;  // of the connections
  std::vector<ReaderDevice> readers_;
  std::vector<Bay> bays_;
  std::size_t next_alive_ = 0;
  VirtualTime alive_due_{0};
  Inbox inbox_;
  std::unique_ptr<Publisher> publisher_;  // last: it calls receive() until it is gone
};

}  // namespace gatehouse::simulators

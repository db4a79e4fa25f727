// Simulated barriers on the network: Modbus TCP servers in real time, one port for each address,
// several units on one port where they share it.
//
//   BarrierServer barriers({{.id = "b1", .url = "tcp://127.0.0.1:1502", .unit = 1}}, seed);
//   barriers.set_loop(0, Loop::presence, true);
//   barriers.view(0).arm == ArmState::open;
//
// One thread of its own serves all of it; calls from any thread. Throws std::invalid_argument for
// an address that is none and std::runtime_error for one that cannot be listened on. What comes
// over the network can only cost its own connection. Framing: MODBUS Messaging on TCP/IP 1.0b.
#pragma once

#include "simulators/barrier_controller.hpp"
#include "simulators/barrier_mischief.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct ServedBarrier {
  std::string id;
  std::string url;  // tcp://host:port
  std::uint8_t unit = 1;
  RegisterProfile profile = RegisterProfile::generic;
  VirtualTime travel = std::chrono::milliseconds(1'500);
};

/// How a barrier is at one moment.
struct BarrierView {
  ArmState arm = ArmState::closed;
  bool presence = false;
  bool safety = false;
  std::uint32_t cycles = 0;
  std::uint32_t closed_over_vehicle = 0;
  std::uint32_t forced = 0;
  std::uint64_t requests = 0;
  bool operator==(const BarrierView&) const = default;
};

class BarrierServer {
 public:
  BarrierServer(std::vector<ServedBarrier> barriers, std::uint64_t seed);
  ~BarrierServer();
  BarrierServer(const BarrierServer&) = delete;
  BarrierServer& operator=(const BarrierServer&) = delete;

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const std::string& id(std::size_t barrier) const;

  void set_loop(std::size_t barrier, Loop loop, bool on);
  void set_mischief(std::size_t barrier, const BarrierMischief& mischief);
  [[nodiscard]] BarrierMischief mischief(std::size_t barrier) const;
  [[nodiscard]] BarrierView view(std::size_t barrier) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::simulators

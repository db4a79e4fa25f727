// The member of staff at the counter of a simulated lot: sells tickets and takes cash through the
// gateway's own API (docs/contract/http.md, "Staff" and "Older forms"), as a person with a till
// does: looks at the bill, then says that the money is in the drawer.
//
//   StaffCounter counter({.url = "http://127.0.0.1:8080", .username = "staff1", .password = …});
//   counter.ask({.car = 7, .call = CounterCall::settle, .code = "PARK-…", .gate = "EXIT_GATE_01"});
//   for (const auto& reply : counter.take_replies()) …
//
// One thread of its own, one call at a time; ask() and take_replies() from any thread. A gateway
// that does not answer is a reply with `done` false. Logs in by itself, and again when told to.
#pragma once

#include "simulators/driver_acts.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct StaffAccount {
  std::string url;  // of the gateway: http://host:port
  std::string username;
  std::string password;
  std::string ca_file;  // of https://; empty: the system's authorities
};

struct CounterRequest {
  std::uint64_t car = 0;
  CounterCall call = CounterCall::ticket;
  std::string zone;  // of a ticket
  std::string gate;  // of a bill: where the car waits
  std::string code;  // of a bill; empty: found by its vehicle
  std::string vehicle_number;
};

struct CounterReply {
  std::uint64_t car = 0;
  bool done = false;
  std::string refusal;  // the API's word; "unreachable" without an answer
  std::string code;
  std::string slot;
  std::int64_t paid_paise = 0;
};

class StaffCounter {
 public:
  explicit StaffCounter(StaffAccount account);
  ~StaffCounter();
  StaffCounter(const StaffCounter&) = delete;
  StaffCounter& operator=(const StaffCounter&) = delete;

  /// Beyond a hundred that wait, the newest is turned away at once ("busy").
  void ask(CounterRequest request);
  std::vector<CounterReply> take_replies();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::simulators

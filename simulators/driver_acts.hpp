// What drivers do and what they hear and see: the words between DriverLot and whoever plays the
// world around it. Lanes and slots are named by their place in the lot's description. Values.
#pragma once

#include "simulators/barrier_arm.hpp"
#include "simulators/lot_wire.hpp"
#include "simulators/virtual_time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace gatehouse::simulators {

// ---- What they do

struct PressButton {
  std::size_t lane = 0;
  std::string id;
  std::string vehicle_number;
  bool operator==(const PressButton&) const = default;
};

struct ScanTicket {
  std::size_t lane = 0;
  std::string id;
  std::string code;
  bool operator==(const ScanTicket&) const = default;
};

/// Nobody stands at the reader any more.
struct LeaveReader {
  std::size_t lane = 0;
  bool operator==(const LeaveReader&) const = default;
};

struct DriveOver {
  std::size_t lane = 0;
  Loop loop = Loop::presence;
  bool on = false;
  bool operator==(const DriveOver&) const = default;
};

struct UseBay {
  std::uint32_t slot = 0;
  bool occupied = false;
  bool operator==(const UseBay&) const = default;
};

enum class CounterCall : std::uint8_t {
  ticket,  // a ticket for the vehicle
  settle,  // the bill is paid in cash, and the gate opened
};

struct AskCounter {
  CounterCall call = CounterCall::ticket;
  std::uint64_t car = 0;
  std::size_t lane = 0;
  std::size_t zone = 0;  // of a ticket: the place among the lane's zones, modulo their number
  std::string code;      // of a bill; empty: the ticket is lost
  std::string vehicle_number;
  bool operator==(const AskCounter&) const = default;
};

using Act = std::variant<PressButton, ScanTicket, LeaveReader, DriveOver, UseBay, AskCounter>;

struct TimedAct {
  VirtualTime at;
  Act act;
  bool operator==(const TimedAct&) const = default;
};

// ---- What they hear

struct LaneDecision {
  std::size_t lane = 0;
  std::string id;
  Verdict verdict = Verdict::deny;
  std::string reason;
  std::string code;
  std::optional<std::uint32_t> slot;
};

struct CounterAnswer {
  std::uint64_t car = 0;
  bool done = false;
  std::string refusal;
  std::string code;
  std::optional<std::uint32_t> slot;
  std::int64_t paid_paise = 0;
};

}  // namespace gatehouse::simulators

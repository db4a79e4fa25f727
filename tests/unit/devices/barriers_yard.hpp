// One arm in virtual time, and a transcript of what it writes and tells.
//
//   Yard yard;                       // connected, arm closed, nobody on the loops
//   yard.order(BarrierOrderKind::open, 7);
//   yard.pass(200ms);                // polled every 100 ms
//   CHECK(yard.transcript() == Lines{"0 open coil 0 = 1", "0 opening"});
//
// The number in front is milliseconds since the arm was first seen.
#pragma once

#include "devices/barriers/arm.hpp"
#include "devices/barriers/profile.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::tests {

using Lines = std::vector<std::string>;

inline std::string name_of(engine::BarrierState state) {
  constexpr std::array names = {"closed", "opening", "open",  "closing",
                                "held",   "locked",  "fault", "unreachable"};
  return names.at(static_cast<std::size_t>(state));
}
inline std::string name_of(engine::OpeningReported::How how) {
  constexpr std::array names = {"seen_open", "passed",  "closed_unpassed",
                                "failed",    "too_old", "refused"};
  return names.at(static_cast<std::size_t>(how));
}

inline std::string line_of(const devices::BarrierReport& report) {
  if (const auto* barrier = std::get_if<engine::BarrierReported>(&report)) {
    const auto& shown = barrier->shown;
    return name_of(shown.state) + (shown.vehicle_present ? " present" : "") +
           (shown.vehicle_under_arm ? " under" : "");
  }
  if (const auto* opening = std::get_if<engine::OpeningReported>(&report)) {
    return "opening " + std::to_string(static_cast<std::int64_t>(opening->opening)) + " " +
           name_of(opening->how);
  }
  const auto& intrusion = std::get<engine::IntrusionReported>(report);
  return intrusion.kind == engine::IntrusionReported::Kind::forced ? "forced" : "tailgate";
}

inline std::string line_of(const devices::CoilWrite& write) {
  const std::string value = write.value == devices::coil_on ? "1" : std::to_string(write.value);
  const std::string where = "coil " + std::to_string(write.coil) + " = " + value;
  switch (write.purpose) {
    case devices::CoilWrite::Purpose::open:
      return "open " + where;
    case devices::CoilWrite::Purpose::close:
      return "close " + where;
    case devices::CoilWrite::Purpose::end_of_pulse:
      break;
  }
  return "end " + where;
}

class Yard {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit Yard(const devices::BarrierSettings& settings = {}, bool is_serial = false)
      : profile_(devices::profile_of(settings, {})),
        settings_(devices::arm_settings(settings, profile_, is_serial)),
        arm_(BarrierIndex{0}, settings_, now_) {
    inputs.arm_closed = true;
    connect();
    poll();
    transcript_.clear();
  }

  // What the next reading says.
  devices::ArmInputs inputs;

  void closed() { inputs.arm_open = false, inputs.arm_closed = true; }
  void between() { inputs.arm_open = inputs.arm_closed = false; }
  void open() { inputs.arm_open = true, inputs.arm_closed = false; }

  void connect() { step(devices::ContactMade{}); }
  void disconnect() {
    is_answering_ = false;
    step(devices::ContactLost{});
  }
  void reconnect() {
    is_answering_ = true;
    connect();
    poll();
  }
  void order(engine::BarrierOrderKind kind, std::optional<std::int64_t> opening = {},
             Milliseconds age = {}, std::optional<std::int64_t> passage = {}) {
    Moment authorised = now_;
    authorised.steady -= age;
    engine::BarrierOrder order{.kind = kind, .opening = {}, .authorised = authorised};
    if (opening) order.opening = static_cast<engine::OpeningId>(*opening);
    if (passage) order.passage = static_cast<engine::PassageId>(*passage);
    take(arm_.step(now_, devices::TimePassed{}, std::span(&order, 1)));
  }
  void order_open(std::int64_t opening) { order(engine::BarrierOrderKind::open, opening); }

  /// Polled every 100 ms while it answers; woken at the arm's own deadlines too.
  void pass(Milliseconds time) {
    const Steady end = now_.steady + time;
    while (now_.steady < end) {
      Steady next = std::min(end, next_poll_);
      if (const auto deadline = arm_.next_deadline(now_.steady)) next = std::min(next, *deadline);
      go_to(next);
      if (now_.steady >= next_poll_) {
        next_poll_ += Milliseconds(100);
        is_answering_ ? step(inputs) : step(devices::TimePassed{});
      } else {
        step(devices::TimePassed{});
      }
    }
  }
  /// One reading now.
  void poll() { step(inputs); }

  Lines transcript() { return std::exchange(transcript_, {}); }
  /// As transcript(), without the times.
  Lines lines() {
    Lines lines = transcript();
    for (std::string& line : lines) line.erase(0, line.find(' ') + 1);
    return lines;
  }

  /// An opening that went as it should: the arm is up, and told so.
  void let_open(std::int64_t opening) {
    order_open(opening);
    pass(Milliseconds(600));
    open();
    pass(Milliseconds(100));
    transcript_.clear();
  }
  void drive_through() {
    inputs.safety = true;
    pass(Milliseconds(500));
    inputs.safety = false;
    pass(Milliseconds(100));
  }

 private:
  void go_to(Steady steady) {
    now_.utc += std::chrono::floor<Milliseconds>(steady - now_.steady);
    now_.steady = steady;
  }
  void step(const devices::Observation& seen) { take(arm_.step(now_, seen)); }
  void take(const devices::ArmOutput& output) {
    const auto time = std::chrono::floor<Milliseconds>(now_.steady - start_).count();
    for (const auto& write : output.writes) {
      transcript_.push_back(std::to_string(time) + " " + line_of(write));
    }
    for (const auto& report : output.reports) {
      transcript_.push_back(std::to_string(time) + " " + line_of(report));
    }
  }

  static constexpr Steady start_{std::chrono::hours(100)};
  Moment now_{Instant{std::chrono::hours(24 * 365 * 50)}, start_};
  devices::BarrierProfile profile_;
  devices::ArmSettings settings_;
  devices::Arm arm_;
  Steady next_poll_ = start_ + Milliseconds(100);
  bool is_answering_ = true;
  Lines transcript_;
};

}  // namespace gatehouse::tests

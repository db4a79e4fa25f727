// A lot with gates whose people do what a script tells them, one thing after another: the real
// engine, store and arms of barriers under a virtual clock, as in gate_world.hpp.
//
//   const Scenery scenery = first_scenery();
//   Stage stage(scenery, {.place = 17, .fate = Unsynced::lost});
//   stage.begin();
//   const Heard heard = stage.ask(entry, {.plate = plate});   // a press; repeated until answered
//   stage.drive_through(entry);
//   stage.finish();
//
// Where the fault strikes, the process ends and another is started, in whatever the script waits
// for: it goes on as people do, who see a display go dark and light up again. Throws Violation:
// what must hold does not, or what is waited for never comes. One thread.
#pragma once

#include "edge/engine/call.hpp"
#include "simulators/world/gate_process.hpp"
#include "simulators/world/gate_scene.hpp"
#include "simulators/world/gate_witness.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::world {

// The gates of gate_plan().
inline constexpr GateIndex entry_1{0U};
inline constexpr GateIndex exit_1{1U};
inline constexpr GateIndex both_1{2U};
inline constexpr GateIndex exit_2{3U};

/// Where and how the disk or the power fails.
struct Fault {
  enum class Kind : std::uint8_t {
    power,  // at a write, truncation, sync, deletion, or between commit, orders and answers
    error,  // a write, truncation, sync or deletion fails; the power stays
  };
  Kind kind = Kind::power;
  std::uint64_t place = 0;  // the place-th such boundary; 0: nowhere
  Unsynced fate = Unsynced::by_chance;
  // The power goes again within the next start: at its first boundary after the first place, at its
  // second after the second, and round again. Errors go on until the third process has ended.
  bool goes_on = false;
};

/// A lot as it stands between two scripts: nobody at a gate, no process.
struct Scenery {
  std::unique_ptr<Disk> disk;
  std::shared_ptr<const LotPlan> plan;
  VirtualClock clock;
  SeededBytes bytes{1};
  store::UserKey staff{};
  std::vector<bool> bays;  // taken
};

struct SceneryOptions {
  std::size_t slots_per_zone = 3;
  bool weak_synchronous = false;
};
/// A new lot: zone A at ₹50 an hour, zone B free of charge.
Scenery first_scenery(const SceneryOptions& options = {});

/// What a car brings to a reader: its ticket, or a press of the button.
struct Brings {
  std::string code;  // "": presses
  std::optional<VehicleNumber> plate = {};
};

class Stage final : public Reached {
 public:
  using What = decltype(engine::Call::what);
  /// `repeats_pulses`: a defect that must be caught.
  Stage(const Scenery& scenery, const Fault& fault, bool repeats_pulses = false);
  ~Stage() override;

  /// From the beginning on nothing is compared with what the disk would keep.
  void believe_disk() { believes_disk_ = true; }
  /// The process starts, and the barriers are seen.
  void begin();
  /// The process ends in order; what it leaves behind.
  Scenery end();
  /// What must hold of the books at any end.
  void finish();

  // Time.
  void pass(std::chrono::milliseconds time);
  /// False: it did not come in time.
  bool pass_until(const std::function<bool()>& came, std::chrono::milliseconds at_most);

  // People.
  Heard ask(GateIndex gate, const Brings& brings);
  /// The newest answer to what was asked last at a gate.
  [[nodiscard]] const std::optional<Heard>& told(GateIndex gate) const;
  /// Asks, pays what is due, and asks again where it helps, until the arm is up and the car
  /// through.
  Heard get_through(GateIndex gate, const Brings& brings);
  /// Waits for the arm.
  void drive_through(GateIndex gate);
  void park(std::size_t bay) { sense(bay, true); }
  void leave_bay(std::size_t bay) { sense(bay, false); }
  /// Asked again until it is answered.
  engine::CallAnswer call(const What& what);
  /// The code of the vehicle's ticket, whoever printed it.
  std::string issue(const VehicleNumber& plate, ZoneIndex zone);
  void pay_cash(const std::string& code);

  // Without waiting for what comes of it.
  void tell(const engine::UrgentEvent& event);
  std::uint64_t tell_call(const What& what);
  /// Returns its scan_id.
  std::string scan(GateIndex gate, const std::string& code);
  void expect_one_of(std::string first_scan, std::string second_scan) {
    witness_.expect_one_of(std::move(first_scan), std::move(second_scan));
  }

  [[nodiscard]] SimulatedBarrier& barrier(GateIndex gate) { return scene_.barrier(gate); }
  [[nodiscard]] ArmLine& line(GateIndex gate) { return lines_[at(gate)]; }
  [[nodiscard]] bool are_all_up() const;
  [[nodiscard]] bool are_all_down() const;
  [[nodiscard]] Disk& disk() { return *disk_; }
  [[nodiscard]] GateProcess& process() { return *process_; }
  [[nodiscard]] VirtualClock& clock() { return clock_; }
  [[nodiscard]] simulators::Random& random() { return random_; }
  [[nodiscard]] std::uint64_t lives() const { return lives_; }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counted() const { return counted_; }
  [[nodiscard]] store::Session session(const std::string& code);

  /// Decisions and answers as they come, beside what waits for them here.
  std::function<void(GateIndex, const Heard&)> on_decision = [](GateIndex, const Heard&) {};
  std::function<void(const engine::CallAnswer&)> on_answer = [](const engine::CallAnswer&) {};
  std::function<void(const engine::BarrierOrder&)> on_order = [](const engine::BarrierOrder&) {};
  /// A new process has started after one that ended without being asked to.
  std::function<void()> on_restart = [] {};

  void order(const engine::BarrierOrder& order) override {
    on_order(order);
    lines_[at(order.barrier)].order(order);
  }
  void decision(GateIndex gate, const Heard& heard) override;
  void answer(const engine::CallAnswer& answer) override;

 private:
  struct Waiting {
    std::string scan_id;
    std::optional<Heard> heard;
  };
  void pass_tick();
  void turn();
  void boot();
  void begin_life();
  void end_life();
  void keep_log_short();
  void rethrow_unless_fault();
  void pass_boundary();
  void sense(std::size_t bay, bool occupied);
  void put(GateIndex gate, const std::string& scan_id, const Brings& brings);

  const Fault fault_;
  simulators::Random random_{1};
  Trace trace_;
  std::map<std::string, std::uint64_t> counted_;
  VirtualClock clock_;
  IndianCalendar calendar_;
  SeededBytes bytes_;
  std::unique_ptr<Disk> disk_;
  std::shared_ptr<const LotPlan> plan_;
  store::UserKey staff_;
  std::vector<bool> bays_;
  std::vector<SimulatedBarrier> barriers_;
  Scene scene_;
  Witness witness_;
  std::deque<ArmLine> lines_;
  std::unique_ptr<GateProcess> process_;
  std::vector<Waiting> waiting_;
  std::map<std::uint64_t, engine::CallAnswer> answers_;
  std::map<std::string, Paise> cash_;  // by code: what its driver handed over
  std::uint64_t lives_ = 0;
  std::uint64_t scans_ = 0;
  std::uint64_t calls_ = 0;
  bool has_heard_ = false;
  bool believes_disk_ = false;
};

}  // namespace gatehouse::world

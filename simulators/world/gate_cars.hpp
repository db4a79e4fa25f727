// The cars of the simulated lot and the readers they stand at: who comes, presses, scans, waits,
// goes in or not, parks in its bay or in another, pays, and leaves.
//
// They see what a driver sees: the arm, and what the reader's display says. One thread.
#pragma once

#include "simulators/world/gate_scene.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::world {

struct Car {
  enum class Where : std::uint8_t { away, in_front, under_arm, looking, parked, heading_out, gone };
  VehicleNumber plate;
  Where where = Where::away;
  std::string code;                // "": no ticket
  std::string slot;                // that its ticket names
  std::optional<std::size_t> bay;  // in which it stands
  Steady next{};                   // when it does the next thing
  Steady came_in{};                // when it first asked to be let in
  bool wants_out = false;
  bool got_in_by_ticket = false;
  bool lost_its_way = false;  // only a person can help it: its stay or its passage is in doubt
};

/// What a car asked at its gate.
struct Asked {
  std::string scan_id;
  engine::ScanKind kind = engine::ScanKind::scan;
  std::string code;
  Steady since{};
  Steady repeat_at{};
  std::optional<Heard> heard;  // the newest
};

struct Front {
  std::optional<std::size_t> car;
  bool is_leaving = false;
  std::optional<Steady> waved_at;  // a person said: go
  std::optional<Steady> under_since;
  std::optional<Asked> asked;
  Steady ask_again{};
  Steady patience{};
};

class Cars {
 public:
  Cars(Scene& scene, std::size_t cars);

  // What happens by chance.
  void somebody_comes();
  void somebody_wants_out();
  void send_out(std::size_t car);
  /// Everybody who has not been let in goes away.
  void turn_away();

  /// Time passed: everybody goes on with what it does.
  void live();
  void hear(GateIndex gate, const Heard& heard);
  /// A member of staff handed a ticket to a car that has none.
  void take_ticket(std::size_t car, const std::string& code, const std::string& slot);
  /// It was told that all is paid.
  void scan_again_soon(std::size_t car);
  /// Somebody without a ticket comes under an arm that is not down.
  void loiter(GateIndex gate);
  void wave(GateIndex gate) { fronts_[at(gate)].waved_at = scene_.now(); }
  /// The gateway is back and knows nothing of what sensors said meanwhile.
  void say_all_bays();
  /// What only a person can put right from now on: a wall clock that was set.
  void doubt_stays();

  [[nodiscard]] const Front& front(GateIndex gate) const { return fronts_[at(gate)]; }
  [[nodiscard]] const std::vector<Car>& all() const { return cars_; }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& code) const;
  [[nodiscard]] std::size_t inside() const;
  [[nodiscard]] std::uint64_t scans() const { return scans_; }

  /// A scan by somebody who stands nowhere: another's code, a forged one, one that is late.
  std::string scan_from_nowhere(GateIndex gate, const std::string& code,
                                std::optional<Instant> device_ts = {});

 private:
  void stand_in_front(std::size_t car, GateIndex gate, bool is_leaving);
  void live_in_front(GateIndex gate);
  void live_under_arm(GateIndex gate);
  void live_inside(std::size_t car);
  void ask(GateIndex gate);
  void repeat(GateIndex gate);
  void put(GateIndex gate, const Asked& asked, std::optional<Instant> device_ts);
  void live_loitering(GateIndex gate);
  void drive_off(GateIndex gate);
  void drive_under(GateIndex gate);
  void arrive(std::size_t car);
  void take_printed(std::size_t car, const Heard& heard);
  void find_bay(std::size_t car);
  void look_for_exit(std::size_t car);
  void sense(std::size_t bay, bool occupied, bool retained);
  [[nodiscard]] bool may_drive(GateIndex gate) const;

  Scene& scene_;
  std::vector<Car> cars_;
  std::vector<Front> fronts_;
  std::vector<std::optional<std::size_t>> bays_;        // which car stands there
  std::vector<std::optional<Steady>> loitering_until_;  // by gate
  std::uint64_t scans_ = 0;
};

}  // namespace gatehouse::world

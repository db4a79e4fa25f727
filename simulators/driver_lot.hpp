// The drivers of a lot, each with a mind of its own: they come, ask for a ticket, drive in when the
// arm is up, look for a bay, stay, leave, scan, pay and drive out; some of them not as they should.
//
//   DriverLot drivers(options);
//   while (auto done = drivers.next(now)) carry_out(done->act);
//   drivers.hear(decision, now);               // what a gate's display shows
//   drivers.see_arm(lane, ArmState::open, now);
//
// Time is virtual, from 0: the same options and the same news at the same times give the same acts.
// What happens at a gate takes its real seconds; what happens inside is counted in minutes of the
// lot (`lot_minute`), so that a lot can live faster than its barriers move. Pure; one thread.
#pragma once

#include "simulators/driver_acts.hpp"
#include "simulators/driver_plan.hpp"
#include "simulators/lot_description.hpp"
#include "simulators/random.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct DriverLane {
  LaneUse use = LaneUse::entry;
  bool has_barrier = true;
};

struct DriverLotOptions {
  std::uint64_t seed = 1;
  std::string run;  // before the number of every scan: no two runs may share ids
  std::vector<DriverLane> lanes;
  std::vector<std::uint32_t> zone_slots;  // slots are numbered through the zones
  VirtualTime lot_minute = std::chrono::minutes(1);
  std::uint32_t mean_stay_minutes = 0;  // 0: as long as the lanes need to let so many in
  std::uint32_t fill_percent = 70;
  bool has_counter = false;  // somebody sells tickets and takes the money
  DriverHabits habits;
};

/// A car that is in, or about to be: what the next run has to know of it.
struct CarInside {
  std::string vehicle_number;
  std::string code;  // empty: it has no ticket
  std::optional<std::uint32_t> bay;
  bool operator==(const CarInside&) const = default;
};

struct DriverFigures {
  std::uint64_t arrived = 0;
  std::uint64_t drove_past = 0;  // the queue was too long
  std::uint64_t went_away = 0;   // refused, or nobody answered
  std::uint64_t entries = 0;
  std::uint64_t exits = 0;
  std::uint64_t payments = 0;
  std::int64_t takings_paise = 0;
  std::uint64_t tailgated = 0;    // passages behind another car
  std::uint64_t turned_back = 0;  // nobody took their money
  std::uint64_t stranded = 0;     // could not be let in or out, and were taken away
  std::uint64_t unanswered = 0;   // questions nobody answered in time
  std::uint64_t inside = 0;
  std::map<std::string, std::uint64_t> refusals;  // by reason
};

class DriverLot {
 public:
  explicit DriverLot(const DriverLotOptions& options);

  /// Before the first call of next(). A bay that another car has is looked for anew.
  void remember(const CarInside& car);

  /// The next act before `until`; nullopt when there is none. `until` must not go back.
  std::optional<TimedAct> next(VirtualTime until);

  void hear(const LaneDecision& decision, VirtualTime now);
  void hear(const CounterAnswer& answer, VirtualTime now);
  void see_arm(std::size_t lane, ArmState arm, VirtualTime now);

  [[nodiscard]] const DriverFigures& figures() const { return figures_; }
  [[nodiscard]] std::vector<CarInside> inside() const;
  [[nodiscard]] std::uint32_t mean_stay_minutes() const { return mean_stay_minutes_; }

 private:
  enum class Doing : std::uint8_t {
    getting_ticket,  // at the counter, before it drives to the gate
    queueing,
    rolling_up,
    at_reader,  // in front of the arm, about to ask
    asking,     // waits for a decision
    fetching_money,
    paying,  // waits for the counter
    awaiting_arm,
    setting_off,  // the arm is up
    under_arm,
    leaving_arm,
    following,  // close behind another car
    searching,
    parked,
    driving_out,
  };
  struct Car {
    std::uint64_t number = 0;
    Random chance{0};
    DriverPlan plan;
    Doing doing = Doing::queueing;
    std::uint64_t epoch = 0;  // of its newest plan: what was planned before is void
    std::size_t lane = 0;
    bool inside = false;
    bool is_tailgating = false;
    bool is_next = false;     // at the head of the queue, until the arm is down
    bool has_waited = false;  // there, for long enough
    bool may_pass = false;    // it was told that the barrier opens
    bool asked_for_help = false;
    bool ticket_is_lost = false;
    unsigned attempts = 0;
    std::string code;
    std::deque<std::string> ids;  // of its newest questions at this gate
    std::optional<std::uint32_t> bay;

    [[nodiscard]] bool has_ticket() const { return !code.empty() && !ticket_is_lost; }
  };
  struct Lane {
    DriverLane plan;
    ArmState arm = ArmState::closed;
    std::deque<std::uint64_t> queue;
    std::uint64_t front = 0;     // the car at the reader; 0: none
    std::uint64_t follower = 0;  // waits to slip through behind it
  };
  struct Wake {
    VirtualTime at;
    std::uint64_t order;  // those of one instant happen in the order they were planned
    std::uint64_t car;    // 0: the next arrival
    std::uint64_t epoch;
    bool operator>(const Wake& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  // At the gate: driver_lot.cpp.
  void step(Car& car);
  void join(Car& car, bool is_leaving);
  void call_forward(std::size_t lane);
  void roll_up(Car& car);
  void ask(Car& car);
  void on_open(Car& car);
  void on_pay(Car& car);
  void on_deny(Car& car, const std::string& reason);
  void ask_again(Car& car);
  void out_of_patience(Car& car);
  void await_arm(Car& car);
  void set_off(Car& car);
  void drive_under(Car& car);
  void passed(Car& car);
  void follow(std::size_t lane);
  void turn_back(Car& car);
  void vacate(Car& car);
  void strand(Car& car);
  void settle(Car& car);
  [[nodiscard]] bool is_up(std::size_t lane) const;

  // Before and behind it: driver_lot_inside.cpp.
  void arrive();
  Car& new_car(const std::string& vehicle_number);
  [[nodiscard]] std::optional<std::size_t> shortest_queue(bool for_exit) const;
  void get_ticket_answer(Car& car, const CounterAnswer& answer);
  void search(Car& car);
  void leave_bay(Car& car);
  void leave_behind_another(Car& car);
  [[nodiscard]] std::optional<std::uint32_t> choose_bay(const Car& car) const;
  void go_away(Car& car);
  void remove(Car& car);

  void wake(Car& car, VirtualTime after);
  void wake_within(Car& car, VirtualTime least, VirtualTime most);
  void act(Act act);
  void plan_arrival();
  [[nodiscard]] VirtualTime minutes(std::uint32_t count) const;

  DriverLotOptions options_;
  std::uint32_t mean_stay_minutes_ = 0;
  VirtualTime mean_interval_{0};
  std::size_t wanted_inside_ = 0;
  Random chance_;
  VirtualTime now_{0};
  std::vector<Lane> lanes_;
  std::vector<std::size_t> zone_of_slot_;
  std::vector<bool> bay_taken_;
  std::map<std::uint64_t, Car> cars_;
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes_;
  std::uint64_t next_order_ = 0;
  std::uint64_t next_car_ = 1;
  std::uint64_t next_question_ = 1;
  std::deque<TimedAct> acts_;
  DriverFigures figures_;
};

}  // namespace gatehouse::simulators

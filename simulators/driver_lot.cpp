// At the gate: queue, reader, arm, loops.
#include "simulators/driver_lot.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t ids_remembered = 4;
constexpr unsigned attempts_at_entry = 3;
constexpr unsigned attempts_at_exit = 8;
constexpr auto patience_at_reader = 25s;
constexpr auto patience_at_counter = 45s;
constexpr auto patience_for_arm = 10s;
// A queue does not wait for ever for an arm that somebody holds open.
constexpr auto patience_in_queue = 10s;

/// What a driver who wants in asks again after.
bool is_worth_another_try(std::string_view reason) {
  constexpr std::array<std::string_view, 8> reasons = {
      "scan_again", "stale_scan",    "no_vehicle", "throttled",
      "unreadable", "barrier_fault", "ask_staff",  "out_of_service"};
  return std::ranges::find(reasons, reason) != reasons.end();
}

}  // namespace

void DriverLot::hear(const LaneDecision& decision, VirtualTime now) {
  now_ = std::max(now_, now);
  const auto found = cars_.find(lanes_.at(decision.lane).front);
  if (found == cars_.end()) return;
  auto& car = found->second;
  if (std::ranges::find(car.ids, decision.id) == car.ids.end()) return;
  if (car.doing == Doing::at_reader) {  // about to ask again: only what has changed is news
    if (decision.verdict == Verdict::open) await_arm(car);
    if (decision.verdict == Verdict::deny) car.may_pass = false;
    return;
  }
  const bool waits = car.doing == Doing::asking || car.doing == Doing::fetching_money ||
                     car.doing == Doing::paying || car.doing == Doing::awaiting_arm;
  if (!waits) return;
  if (!decision.code.empty()) car.code = decision.code;
  if (decision.slot && !car.inside) car.bay = decision.slot;
  switch (decision.verdict) {
    case Verdict::open:
      return on_open(car);
    case Verdict::pay:
      return on_pay(car);
    case Verdict::wait:
      return wake(car, patience_at_reader);
    case Verdict::deny:
      return on_deny(car, decision.reason);
  }
}

void DriverLot::see_arm(std::size_t lane, ArmState arm, VirtualTime now) {
  now_ = std::max(now_, now);
  auto& seen = lanes_.at(lane);
  if (std::exchange(seen.arm, arm) == arm) return;
  if (arm == ArmState::closed) return call_forward(lane);
  const auto found = cars_.find(seen.front);
  if (arm != ArmState::open || found == cars_.end()) return;
  auto& car = found->second;
  const bool stands = car.doing == Doing::awaiting_arm || car.doing == Doing::at_reader ||
                      car.doing == Doing::asking;
  if (car.may_pass && stands) set_off(car);
}

bool DriverLot::is_up(std::size_t lane) const {
  return !lanes_[lane].plan.has_barrier || lanes_[lane].arm == ArmState::open;
}

void DriverLot::step(Car& car) {
  switch (car.doing) {
    case Doing::getting_ticket:
      return go_away(car);
    case Doing::queueing:
      car.has_waited = true;
      return call_forward(car.lane);
    case Doing::rolling_up:
      act(DriveOver{car.lane, Loop::presence, true});
      car.doing = Doing::at_reader;
      return wake_within(car, 500ms, 2'000ms);
    case Doing::at_reader:
      return ask(car);
    case Doing::asking:
    case Doing::paying:
    case Doing::awaiting_arm:
      return out_of_patience(car);
    case Doing::fetching_money:
      return settle(car);
    case Doing::setting_off:
      return drive_under(car);
    case Doing::under_arm:
      act(DriveOver{car.lane, Loop::presence, false});
      car.doing = Doing::leaving_arm;
      return wake_within(car, 400ms, 700ms);
    case Doing::leaving_arm:
      act(DriveOver{car.lane, Loop::safety, false});
      return passed(car);
    case Doing::following:
      return;  // until the car in front has passed
    case Doing::searching:
      return search(car);
    case Doing::parked:
      return leave_bay(car);
    case Doing::driving_out:
      return join(car, true);
  }
}

void DriverLot::join(Car& car, bool is_leaving) {
  const auto lane = shortest_queue(is_leaving);
  if (!lane) return go_away(car);
  car.lane = *lane;
  car.doing = Doing::queueing;
  car.is_next = false;
  car.has_waited = false;
  car.may_pass = false;
  car.attempts = 0;
  lanes_[*lane].queue.push_back(car.number);
  call_forward(*lane);
}

void DriverLot::call_forward(std::size_t number) {
  auto& lane = lanes_[number];
  if (lane.front != 0 || lane.queue.empty()) return;
  auto& car = cars_.at(lane.queue.front());
  const bool is_down = !lane.plan.has_barrier || lane.arm == ArmState::closed;
  if (is_down || car.has_waited || car.plan.hurries) return roll_up(car);
  if (!std::exchange(car.is_next, true)) wake(car, patience_in_queue);
}

void DriverLot::roll_up(Car& car) {
  auto& lane = lanes_[car.lane];
  lane.queue.pop_front();
  lane.front = car.number;
  car.doing = Doing::rolling_up;
  car.ids.clear();
  car.asked_for_help = false;
  wake_within(car, 600ms, 1'500ms);
}

void DriverLot::ask(Car& car) {
  if (car.inside && !car.has_ticket()) return settle(car);
  ++car.attempts;
  const auto times = car.plan.scans_twice && car.attempts == 1 ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    car.ids.push_back(fmt::format("{}-{}", options_.run, next_question_++));
    if (car.ids.size() > ids_remembered) car.ids.pop_front();
    if (car.code.empty() || (!car.inside && !car.plan.asks_at_counter))
      act(PressButton{car.lane, car.ids.back(), car.plan.vehicle_number});
    else
      act(ScanTicket{car.lane, car.ids.back(), car.code});
  }
  car.doing = Doing::asking;
  wake(car, patience_at_reader);
}

void DriverLot::on_open(Car& car) {
  if (car.doing != Doing::awaiting_arm) await_arm(car);
}

void DriverLot::await_arm(Car& car) {
  car.doing = Doing::awaiting_arm;
  car.may_pass = true;
  if (is_up(car.lane)) return set_off(car);
  wake(car, patience_for_arm);
}

void DriverLot::on_pay(Car& car) {
  if (car.doing != Doing::asking) return;
  if (!options_.has_counter) return turn_back(car);
  car.doing = Doing::fetching_money;
  wake_within(car, 800ms, 2'500ms);
}

void DriverLot::settle(Car& car) {
  if (!options_.has_counter) return turn_back(car);
  ++car.attempts;
  car.asked_for_help |= !car.has_ticket();
  act(AskCounter{.call = CounterCall::settle,
                 .car = car.number,
                 .lane = car.lane,
                 .code = car.has_ticket() ? car.code : std::string(),
                 .vehicle_number = car.plan.vehicle_number});
  car.doing = Doing::paying;
  wake(car, patience_at_counter);
}

void DriverLot::hear(const CounterAnswer& answer, VirtualTime now) {
  now_ = std::max(now_, now);
  if (answer.paid_paise > 0) {
    figures_.takings_paise += answer.paid_paise;
    ++figures_.payments;
  }
  const auto found = cars_.find(answer.car);
  if (found == cars_.end()) return;
  auto& car = found->second;
  if (car.doing == Doing::getting_ticket) return get_ticket_answer(car, answer);
  if (car.doing != Doing::paying) return;
  if (answer.done) return await_arm(car);
  if (!answer.refusal.empty()) ++figures_.refusals[answer.refusal];
  ask_again(car);
}

void DriverLot::on_deny(Car& car, const std::string& reason) {
  ++figures_.refusals[reason];
  car.may_pass = false;
  if (is_worth_another_try(reason)) return ask_again(car);
  if (!car.inside) return strand(car);
  // At the exit there is no way but out: somebody looks for the car under its number plate.
  if (car.asked_for_help || !options_.has_counter) return strand(car);
  car.ticket_is_lost = true;
  ask_again(car);
}

void DriverLot::ask_again(Car& car) {
  if (car.attempts >= (car.inside ? attempts_at_exit : attempts_at_entry)) return strand(car);
  car.doing = Doing::at_reader;
  wake_within(car, 4s, 7s);  // longer than a reader takes it for the same scan
}

/// Refused for good: who wanted in drives away, who wanted out is taken away.
void DriverLot::strand(Car& car) {
  vacate(car);
  if (!car.inside) return go_away(car);
  ++figures_.stranded;
  remove(car);
}

void DriverLot::out_of_patience(Car& car) {
  if (car.doing == Doing::asking) ++figures_.unanswered;
  // Whoever wants out has no other way: an answer that does not come is waited for.
  if (car.inside && car.doing == Doing::asking && car.attempts > 0) --car.attempts;
  ask_again(car);
}

void DriverLot::set_off(Car& car) {
  car.doing = Doing::setting_off;
  wake_within(car, 400ms, 1'200ms);
}

void DriverLot::drive_under(Car& car) {
  if (!is_up(car.lane)) {
    if (!car.is_tailgating) return await_arm(car);
    // Too late: it stands before a closed arm like everybody else.
    car.is_tailgating = false;
    if (car.inside) return turn_back(car);
    car.doing = Doing::at_reader;
    return wake_within(car, 500ms, 2'000ms);
  }
  act(DriveOver{car.lane, Loop::safety, true});
  act(LeaveReader{car.lane});
  car.doing = Doing::under_arm;
  wake_within(car, 300ms, 600ms);
}

void DriverLot::passed(Car& car) {
  const auto lane = car.lane;
  lanes_[lane].front = 0;
  if (std::exchange(car.is_tailgating, false)) ++figures_.tailgated;
  if (car.inside) {
    ++figures_.exits;
    remove(car);
  } else {
    ++figures_.entries;
    ++figures_.inside;
    car.inside = true;
    car.doing = Doing::searching;
    wake_within(car, minutes(1), minutes(3));
  }
  follow(lane);
  call_forward(lane);
}

void DriverLot::follow(std::size_t number) {
  auto& lane = lanes_[number];
  const auto found = cars_.find(std::exchange(lane.follower, 0));
  if (found == cars_.end()) return;
  auto& car = found->second;
  lane.front = car.number;
  car.is_tailgating = true;
  act(DriveOver{number, Loop::presence, true});
  car.doing = Doing::setting_off;
  wake(car, 200ms);
}

void DriverLot::turn_back(Car& car) {
  ++figures_.turned_back;
  vacate(car);
  car.doing = Doing::searching;
  wake_within(car, minutes(1), minutes(3));
}

void DriverLot::vacate(Car& car) {
  act(LeaveReader{car.lane});
  act(DriveOver{car.lane, Loop::presence, false});
  lanes_[car.lane].front = 0;
  // A follower has nobody to follow now; it asks as anybody else would.
  if (const auto follower = cars_.find(std::exchange(lanes_[car.lane].follower, 0));
      follower != cars_.end()) {
    if (follower->second.inside) {
      follower->second.doing = Doing::searching;
      wake_within(follower->second, minutes(1), minutes(3));
    } else {
      follower->second.doing = Doing::queueing;
      lanes_[car.lane].queue.push_front(follower->first);
    }
  }
  call_forward(car.lane);
}

}  // namespace gatehouse::simulators

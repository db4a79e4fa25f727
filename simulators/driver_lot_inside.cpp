// Before the gate and behind it: arrivals, bays, and what is planned.
#include "simulators/driver_lot.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t queue_max = 6;
constexpr std::uint32_t usual_stay_minutes = 90;
// From one car's turn to the next one's, payment at the exit included.
constexpr VirtualTime lane_interval = 12s;
constexpr VirtualTime first_car_within = 3s;
constexpr auto patience_for_ticket = 20s;
constexpr auto retry_without_leader = 5s;

std::size_t lanes_for(const std::vector<DriverLane>& lanes, LaneUse use) {
  return static_cast<std::size_t>(std::ranges::count_if(lanes, [use](const DriverLane& lane) {
    return lane.use == use || lane.use == LaneUse::both;
  }));
}

/// As long as it takes the lanes to bring in as many cars as are wanted.
std::uint32_t fitting_stay_minutes(const DriverLotOptions& options, std::size_t wanted_inside) {
  if (options.mean_stay_minutes > 0) return options.mean_stay_minutes;
  const auto lanes =
      std::min(lanes_for(options.lanes, LaneUse::entry), lanes_for(options.lanes, LaneUse::exit));
  const auto filling = lane_interval * wanted_inside / std::max<std::size_t>(lanes, 1);
  return std::max(usual_stay_minutes, static_cast<std::uint32_t>(filling / options.lot_minute));
}

}  // namespace

DriverLot::DriverLot(const DriverLotOptions& options) : options_(options), chance_(options.seed) {
  if (lanes_for(options.lanes, LaneUse::entry) == 0 || lanes_for(options.lanes, LaneUse::exit) == 0)
    throw std::invalid_argument("drivers need a lane to come in by and one to leave by");
  if (options.lot_minute <= VirtualTime(0))
    throw std::invalid_argument("a minute of the lot takes some time");
  for (const auto& lane : options.lanes) lanes_.push_back({.plan = lane});
  for (std::size_t zone = 0; zone < options.zone_slots.size(); ++zone)
    zone_of_slot_.insert(zone_of_slot_.end(), options.zone_slots[zone], zone);
  bay_taken_.resize(zone_of_slot_.size());
  constexpr std::size_t percent = 100;
  wanted_inside_ = std::max<std::size_t>(bay_taken_.size() * options.fill_percent / percent, 1);
  mean_stay_minutes_ = fitting_stay_minutes(options, wanted_inside_);
  mean_interval_ = minutes(mean_stay_minutes_) / wanted_inside_;
  wakes_.push({micros(chance_.below(ticks(first_car_within))), next_order_++, 0, 0});
}

std::optional<TimedAct> DriverLot::next(VirtualTime until) {
  while (acts_.empty()) {
    if (wakes_.empty() || wakes_.top().at >= until) return std::nullopt;
    const auto due = wakes_.top();
    wakes_.pop();
    now_ = std::max(now_, due.at);
    if (due.car == 0) {
      arrive();
      plan_arrival();
    } else if (const auto found = cars_.find(due.car);
               found != cars_.end() && found->second.epoch == due.epoch) {
      step(found->second);
    }
  }
  auto first = std::move(acts_.front());
  acts_.pop_front();
  return first;
}

void DriverLot::remember(const CarInside& remembered) {
  auto& car = new_car(remembered.vehicle_number);
  car.code = remembered.code;
  car.plan.tailgates = remembered.code.empty();
  car.inside = true;
  ++figures_.inside;
  const bool has_bay =
      remembered.bay && *remembered.bay < bay_taken_.size() && !bay_taken_[*remembered.bay];
  car.doing = has_bay ? Doing::parked : Doing::searching;
  if (!has_bay) return wake_within(car, minutes(1), minutes(3));
  car.bay = remembered.bay;
  bay_taken_[*car.bay] = true;
  act(UseBay{*car.bay, true});
  wake_within(car, minutes(1), minutes(mean_stay_minutes_));
}

std::vector<CarInside> DriverLot::inside() const {
  std::vector<CarInside> cars;
  for (const auto& [number, car] : cars_) {
    // One that was let in and has not passed the arm yet counts: its ticket does.
    if (!car.inside && !car.may_pass) continue;
    const bool is_parked = car.doing == Doing::parked;
    cars.push_back({.vehicle_number = car.plan.vehicle_number,
                    .code = car.code,
                    .bay = is_parked ? car.bay : std::nullopt});
  }
  return cars;
}

DriverLot::Car& DriverLot::new_car(const std::string& vehicle_number) {
  auto& car = cars_[next_car_];
  car.number = next_car_++;
  car.chance = Random(chance_.next());
  car.plan = draw_plan(car.chance, options_.habits, mean_stay_minutes_);
  if (!vehicle_number.empty()) car.plan.vehicle_number = vehicle_number;
  return car;
}

void DriverLot::plan_arrival() {
  // Sometimes two at once, sometimes none for a while.
  const auto after = micros(chance_.below(2 * ticks(mean_interval_) + 1));
  // An empty lot fills quickly.
  const bool is_morning = figures_.inside < wanted_inside_ / 2;
  wakes_.push({now_ + (is_morning ? after / 2 : after), next_order_++, 0, 0});
}

void DriverLot::arrive() {
  ++figures_.arrived;
  const auto lane = shortest_queue(false);
  if (!lane || lanes_[*lane].queue.size() >= queue_max) {
    ++figures_.drove_past;
    return;
  }
  auto& car = new_car({});
  const auto same = std::ranges::count_if(cars_, [&](const auto& each) {
    return each.second.plan.vehicle_number == car.plan.vehicle_number;
  });
  if (same > 1) return remove(car);
  if (car.plan.tailgates && lanes_[*lane].front != 0 && lanes_[*lane].follower == 0) {
    car.lane = *lane;
    car.doing = Doing::following;
    lanes_[*lane].follower = car.number;
  } else if (car.plan.asks_at_counter && options_.has_counter) {
    act(AskCounter{.call = CounterCall::ticket,
                   .car = car.number,
                   .lane = *lane,
                   .zone = car.plan.taste,
                   .vehicle_number = car.plan.vehicle_number});
    car.doing = Doing::getting_ticket;
    wake(car, patience_for_ticket);
  } else {
    car.plan.asks_at_counter = false;
    join(car, false);
  }
}

void DriverLot::get_ticket_answer(Car& car, const CounterAnswer& answer) {
  if (!answer.done || answer.code.empty()) {
    ++figures_.refusals[answer.refusal.empty() ? "no_ticket" : answer.refusal];
    return go_away(car);
  }
  car.code = answer.code;
  car.bay = answer.slot;
  join(car, false);
}

std::optional<std::size_t> DriverLot::shortest_queue(bool for_exit) const {
  const auto wrong_way = for_exit ? LaneUse::entry : LaneUse::exit;
  std::optional<std::size_t> best;
  std::size_t best_length = 0;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (lanes_[lane].plan.use == wrong_way) continue;
    const auto length = lanes_[lane].queue.size() + (lanes_[lane].front == 0 ? 0 : 1);
    if (best && length >= best_length) continue;
    best = lane;
    best_length = length;
  }
  return best;
}

void DriverLot::search(Car& car) {
  const auto bay = choose_bay(car);
  if (!bay) return wake(car, minutes(1));
  car.bay = bay;
  bay_taken_[*bay] = true;
  act(UseBay{*bay, true});
  car.doing = Doing::parked;
  wake(car, minutes(std::max(car.plan.stay_minutes, 1U)));
}

std::optional<std::uint32_t> DriverLot::choose_bay(const Car& car) const {
  const bool has_own = car.bay && *car.bay < bay_taken_.size();
  if (has_own && !bay_taken_[*car.bay] && !car.plan.parks_wrongly) return car.bay;
  std::vector<std::uint32_t> near;
  std::vector<std::uint32_t> anywhere;
  for (std::uint32_t slot = 0; slot < bay_taken_.size(); ++slot) {
    if (bay_taken_[slot]) continue;
    anywhere.push_back(slot);
    if (has_own && zone_of_slot_[slot] == zone_of_slot_[*car.bay]) near.push_back(slot);
  }
  const auto& choice = near.empty() ? anywhere : near;
  if (choice.empty()) return std::nullopt;
  return choice[car.plan.taste % choice.size()];
}

void DriverLot::leave_bay(Car& car) {
  car.ticket_is_lost = car.plan.loses_ticket && options_.has_counter;
  if (car.code.empty() && car.plan.tailgates) return leave_behind_another(car);
  bay_taken_[*car.bay] = false;
  act(UseBay{*car.bay, false});
  car.doing = Doing::driving_out;
  wake_within(car, minutes(1), minutes(2));
}

void DriverLot::leave_behind_another(Car& car) {
  for (std::size_t number = 0; number < lanes_.size(); ++number) {
    auto& lane = lanes_[number];
    const auto front = cars_.find(lane.front);
    if (front == cars_.end() || !front->second.inside || lane.follower != 0) continue;
    bay_taken_[*car.bay] = false;
    act(UseBay{*car.bay, false});
    car.lane = number;
    car.doing = Doing::following;
    ++car.epoch;
    lane.follower = car.number;
    return;
  }
  wake(car, retry_without_leader);
}

void DriverLot::go_away(Car& car) {
  ++figures_.went_away;
  remove(car);
}

void DriverLot::remove(Car& car) {
  if (car.inside) --figures_.inside;
  cars_.erase(car.number);
}

void DriverLot::wake(Car& car, VirtualTime after) {
  wakes_.push({now_ + after, next_order_++, car.number, ++car.epoch});
}

void DriverLot::wake_within(Car& car, VirtualTime least, VirtualTime most) {
  wake(car, least + micros(car.chance.below(ticks(most - least) + 1)));
}

void DriverLot::act(Act done) { acts_.push_back({.at = now_, .act = std::move(done)}); }

VirtualTime DriverLot::minutes(std::uint32_t count) const {
  return options_.lot_minute * static_cast<VirtualTime::rep>(count);
}

}  // namespace gatehouse::simulators

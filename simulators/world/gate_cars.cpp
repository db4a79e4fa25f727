#include "simulators/world/gate_cars.hpp"

#include <algorithm>

namespace gatehouse::world {

using namespace std::chrono_literals;
using engine::ScanKind;

namespace {

constexpr auto under_arm = 1500ms;
constexpr auto off_the_first_loop = 600ms;
// Longer than an entry can be scanned again for: whoever scans after that wants to leave.
constexpr auto stay_min = 40s;

std::string plate(std::size_t number) { return "DL01AB" + std::to_string(1000 + number); }

}  // namespace

Cars::Cars(Scene& scene, std::size_t cars)
    : scene_(scene),
      fronts_(scene.gates.lanes().size()),
      bays_(scene.plan.slots().size()),
      loitering_until_(fronts_.size()) {
  for (std::size_t i = 0; i < cars; ++i)
    cars_.push_back(
        {.plate = VehicleNumber::parse(plate(i)).value(), .code = {}, .slot = {}, .bay = {}});
}

std::optional<std::size_t> Cars::find(const std::string& code) const {
  for (std::size_t i = 0; i < cars_.size(); ++i) {
    if (!code.empty() && cars_[i].code == code) return i;
  }
  return std::nullopt;
}

std::size_t Cars::inside() const {
  return static_cast<std::size_t>(std::ranges::count_if(cars_, [](const Car& car) {
    using enum Car::Where;
    return car.where == looking || car.where == parked || car.where == heading_out;
  }));
}

void Cars::somebody_comes() {
  const std::size_t car = scene_.random.below(cars_.size());
  if (cars_[car].where == Car::Where::gone) {
    // Another visit, with another ticket.
    cars_[car] = {.plate = cars_[car].plate, .code = {}, .slot = {}, .bay = {}};
  }
  const GateIndex gate = scene_.one_in(3) ? GateIndex(2U) : GateIndex(0U);
  if (cars_[car].where != Car::Where::away || front(gate).car) return;
  stand_in_front(car, gate, false);
}

void Cars::somebody_wants_out() {
  for (std::size_t i = 0; i < cars_.size(); ++i) {
    if (cars_[i].where != Car::Where::parked || scene_.now() < cars_[i].next) continue;
    return send_out(i);
  }
}

void Cars::send_out(std::size_t index) {
  Car& car = cars_[index];
  car.wants_out = true;
  if (car.where != Car::Where::parked && car.where != Car::Where::looking) return;
  if (car.bay) {
    bays_[*car.bay].reset();
    sense(*car.bay, false, false);
    car.bay.reset();
  }
  car.where = Car::Where::heading_out;
  car.next = scene_.now() + scene_.within(1s, 4s);
}

void Cars::turn_away() {
  for (std::uint32_t i = 0; i < fronts_.size(); ++i) {
    const GateIndex gate{i};
    Front& at_gate = fronts_[i];
    if (at_gate.car && !at_gate.is_leaving && !at_gate.under_since) drive_off(gate);
  }
}

void Cars::stand_in_front(std::size_t car, GateIndex gate, bool is_leaving) {
  Front& front = fronts_[at(gate)];
  front = {.car = car,
           .is_leaving = is_leaving,
           .waved_at = {},
           .under_since = {},
           .asked = {},
           .ask_again = scene_.now() + scene_.within(300ms, 2s),
           .patience = scene_.now() + scene_.within(20s, 60s)};
  cars_[car].where = Car::Where::in_front;
  scene_.barrier(gate).presence = true;
}

void Cars::live() {
  for (std::uint32_t i = 0; i < fronts_.size(); ++i) {
    const GateIndex gate{i};
    live_loitering(gate);
    if (!fronts_[i].car) continue;
    if (fronts_[i].under_since) {
      live_under_arm(gate);
    } else {
      live_in_front(gate);
    }
  }
  for (std::size_t i = 0; i < cars_.size(); ++i) {
    if (scene_.now() >= cars_[i].next) live_inside(i);
  }
}

/// Who was told to go, or sees a person wave, or an arm that stands up for everybody.
bool Cars::may_drive(GateIndex gate) const {
  const Front& front = fronts_[at(gate)];
  if (front.waved_at) return true;
  return front.asked && front.asked->heard && front.asked->heard->decision == DecisionKind::open;
}

void Cars::live_in_front(GateIndex gate) {
  Front& front = fronts_[at(gate)];
  const SimulatedBarrier& barrier = scene_.barrier(gate);
  if (may_drive(gate) && barrier.is_up() && !barrier.safety) return drive_under(gate);
  if (!front.is_leaving && scene_.now() >= front.patience) return drive_off(gate);
  if (front.asked && !front.asked->heard) return repeat(gate);
  if (scene_.now() >= front.ask_again) ask(gate);
}

void Cars::ask(GateIndex gate) {
  Front& front = fronts_[at(gate)];
  Car& car = cars_[*front.car];
  if (front.asked && !front.is_leaving && front.asked->heard &&
      front.asked->heard->decision == DecisionKind::deny && scene_.one_in(3))
    return drive_off(gate);
  // Another exit may be the right one.
  if (front.asked && front.asked->heard && front.asked->heard->reason == Reason::wrong_gate) {
    scene_.reached("wrong gate");
    return drive_off(gate);
  }
  if (front.is_leaving && car.code.empty()) {
    car.lost_its_way = true;
    front.ask_again = scene_.now() + 5s;
    front.asked = Asked{.scan_id = {}, .code = {}, .since = scene_.now(), .heard = Heard{}};
    return;
  }
  const bool presses = car.code.empty();
  if (car.came_in == Steady{}) car.came_in = scene_.now();
  Asked asked{.scan_id = (presses ? "press-" : "scan-") + std::to_string(++scans_),
              .kind = presses ? ScanKind::press : ScanKind::scan,
              .code = car.code,
              .since = scene_.now(),
              .repeat_at = scene_.now() + 2s,
              .heard = {}};
  std::optional<Instant> device_ts;
  if (scene_.one_in(2)) device_ts = scene_.clock.now().utc;
  put(gate, asked, device_ts);
  if (scene_.one_in(6)) {
    put(gate, asked, device_ts);
    scene_.reached("repeated scan");
  }
  front.asked = std::move(asked);
  front.ask_again = scene_.now() + scene_.within(4s, 12s);
}

void Cars::repeat(GateIndex gate) {
  Asked& asked = *fronts_[at(gate)].asked;
  if (scene_.now() < asked.repeat_at) return;
  asked.repeat_at = scene_.now() + 2s;
  put(gate, asked, {});
  scene_.reached("scan repeated for want of an answer");
}

void Cars::put(GateIndex gate, const Asked& asked, std::optional<Instant> device_ts) {
  engine::GateScanned scanned{.gate = gate,
                              .kind = asked.kind,
                              .scan_id = asked.scan_id,
                              .code = {},
                              .payment_method = {},
                              .vehicle = {},
                              .device_ts = device_ts,
                              .received = scene_.clock.now()};
  if (asked.kind == ScanKind::scan) scanned.code = asked.code;
  const auto& car = fronts_[at(gate)].car;
  if (asked.kind == ScanKind::press && car) scanned.vehicle = cars_[*car].plate;
  scene_.tell(scanned);
}

std::string Cars::scan_from_nowhere(GateIndex gate, const std::string& code,
                                    std::optional<Instant> device_ts) {
  const Asked asked{.scan_id = "scan-" + std::to_string(++scans_), .code = code, .heard = {}};
  put(gate, asked, device_ts);
  return asked.scan_id;
}

void Cars::hear(GateIndex gate, const Heard& heard) {
  Front& front = fronts_[at(gate)];
  if (!front.car || !front.asked || front.asked->scan_id != heard.scan_id) return;
  Asked& asked = *front.asked;
  if (asked.heard && asked.heard->update > heard.update) return;
  if (!asked.heard) {
    // Who is told to pay walks to the counter first.
    const bool pays = heard.decision == DecisionKind::pay;
    front.ask_again = scene_.now() + (pays ? scene_.within(20s, 120s) : scene_.within(4s, 12s));
  }
  asked.heard = heard;
  Car& car = cars_[*front.car];
  if (!heard.code.empty()) take_printed(*front.car, heard);
  if (!heard.slot.empty()) car.slot = heard.slot;
  if (heard.reason == Reason::booking_expired) scene_.reached("expired ticket");
  if (heard.reason == Reason::already_exited || heard.reason == Reason::ask_staff)
    car.lost_its_way = car.lost_its_way || front.is_leaving;
  if (heard.update > 0 && heard.decision == DecisionKind::open)
    scene_.reached("let out by money while it waited");
}

/// Where no loop tells cars apart, whoever presses next may be given the ticket of the one before:
/// two cars have one stay, and only a person can tell whose it is.
void Cars::take_printed(std::size_t index, const Heard& heard) {
  Car& car = cars_[index];
  car.code = heard.code;
  if (heard.vehicle == car.plate.text()) return;
  car.lost_its_way = true;
  car.came_in = Steady(1us);  // the stay began with somebody else
  for (Car& other : cars_)
    if (other.plate.text() == heard.vehicle) other.lost_its_way = true;
  scene_.reached("one ticket for two cars");
}

void Cars::take_ticket(std::size_t index, const std::string& code, const std::string& slot) {
  Car& car = cars_[index];
  if (!car.code.empty() || car.where != Car::Where::away) return;
  car.code = code;
  car.slot = slot;
}

void Cars::scan_again_soon(std::size_t car) {
  for (Front& front : fronts_) {
    if (front.car == car) front.ask_again = std::min(front.ask_again, scene_.now() + 4s);
  }
}

void Cars::loiter(GateIndex gate) {
  SimulatedBarrier& barrier = scene_.barrier(gate);
  if (barrier.is_down() || barrier.safety) return;
  barrier.safety = true;
  loitering_until_[at(gate)] = scene_.now() + scene_.within(500ms, 4s);
  scene_.reached("somebody under the arm");
}

void Cars::live_loitering(GateIndex gate) {
  auto& until = loitering_until_[at(gate)];
  if (!until || scene_.now() < *until) return;
  until.reset();
  scene_.barrier(gate).safety = fronts_[at(gate)].under_since.has_value();
}

void Cars::drive_off(GateIndex gate) {
  Front& front = fronts_[at(gate)];
  Car& car = cars_[*front.car];
  const bool is_leaving = front.is_leaving;
  car.where = is_leaving ? Car::Where::heading_out : Car::Where::away;
  car.next = scene_.now() + scene_.within(2s, 6s);
  // Who went away at the entry comes another day, with another ticket or the same.
  if (!is_leaving && scene_.one_in(2)) car.code.clear();
  scene_.barrier(gate).presence = false;
  front = {};
  scene_.reached(is_leaving ? "went to another exit" : "turned away at the entry");
}

void Cars::drive_under(GateIndex gate) {
  Front& front = fronts_[at(gate)];
  Car& car = cars_[*front.car];
  const bool by_own_scan = !front.waved_at;
  if (front.is_leaving && by_own_scan) scene_.leaves(car.code, car.came_in);
  if (!front.is_leaving) car.got_in_by_ticket = by_own_scan && !car.code.empty();
  car.where = Car::Where::under_arm;
  front.under_since = scene_.now();
  scene_.barrier(gate).safety = true;
}

void Cars::live_under_arm(GateIndex gate) {
  Front& front = fronts_[at(gate)];
  SimulatedBarrier& barrier = scene_.barrier(gate);
  const auto since = scene_.now() - *front.under_since;
  if (since >= off_the_first_loop) barrier.presence = false;
  if (since < under_arm) return;
  barrier.safety = false;
  const std::size_t car = *front.car;
  const bool is_leaving = front.is_leaving;
  front = {};
  if (!is_leaving) return arrive(car);
  cars_[car].where = Car::Where::gone;
  scene_.reached("car left");
}

void Cars::arrive(std::size_t index) {
  Car& car = cars_[index];
  car.where = Car::Where::looking;
  car.wants_out = false;
  car.lost_its_way = car.lost_its_way || !car.got_in_by_ticket;
  car.next = scene_.now() + scene_.within(1s, 8s);
  scene_.reached("car came in");
}

void Cars::live_inside(std::size_t index) {
  const Car::Where where = cars_[index].where;
  if (where == Car::Where::looking) return find_bay(index);
  if (where == Car::Where::heading_out) return look_for_exit(index);
}

/// Its own bay, or any other that is physically free.
void Cars::find_bay(std::size_t index) {
  Car& car = cars_[index];
  std::vector<std::size_t> free;
  std::optional<std::size_t> own;
  for (std::size_t i = 0; i < bays_.size(); ++i) {
    if (bays_[i]) continue;
    free.push_back(i);
    if (scene_.plan.slots()[i].id.text() == car.slot) own = i;
  }
  if (free.empty()) return send_out(index);
  const bool is_careful = own && !scene_.one_in(4);
  car.bay = is_careful ? *own : free[scene_.random.below(free.size())];
  if (car.bay != own) scene_.reached("parked in another bay");
  bays_[*car.bay] = index;
  for (const Car& other : cars_) {
    const bool crosses = other.bay && car.bay != own &&
                         scene_.plan.slots()[*other.bay].id.text() == car.slot &&
                         scene_.plan.slots()[*car.bay].id.text() == other.slot;
    if (crosses) scene_.reached("bays exchanged");
  }
  car.where = Car::Where::parked;
  car.next = scene_.now() + stay_min + scene_.within(0s, 60s);
  sense(*car.bay, true, false);
}

void Cars::look_for_exit(std::size_t index) {
  constexpr GateIndex exits[] = {GateIndex(1U), GateIndex(2U), GateIndex(3U)};
  const GateIndex gate = exits[scene_.random.below(3)];
  cars_[index].next = scene_.now() + 1s;
  if (!front(gate).car) stand_in_front(index, gate, true);
}

void Cars::sense(std::size_t bay, bool occupied, bool retained) {
  Reading reading;
  reading.occupied = occupied;
  scene_.sense(engine::SlotReported{.slot = SlotIndex(static_cast<std::uint32_t>(bay)),
                                    .reading = reading,
                                    .retained = retained,
                                    .received = scene_.clock.now()});
}

void Cars::say_all_bays() {
  for (std::size_t i = 0; i < bays_.size(); ++i) sense(i, bays_[i].has_value(), true);
}

void Cars::doubt_stays() {
  for (Car& car : cars_) {
    if (car.where != Car::Where::away && car.where != Car::Where::gone) car.lost_its_way = true;
  }
}

}  // namespace gatehouse::world

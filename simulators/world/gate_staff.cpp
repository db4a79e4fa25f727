#include "simulators/world/gate_staff.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::world {

using namespace std::chrono_literals;
using engine::BarrierOrderKind;
using engine::Refusal;

std::uint64_t Staff::ask(decltype(engine::Call::what) what, Call call) {
  call.at = scene_.now();
  asked_[++last_id_] = std::move(call);
  scene_.tell(engine::CallMade{
      std::make_shared<const engine::Call>(engine::Call{.id = last_id_,
                                                        .actor = {user_, "staff"},
                                                        .what = std::move(what),
                                                        .received = scene_.clock.now()})});
  return last_id_;
}

void Staff::issue_ticket() {
  const std::size_t car = scene_.random.below(cars_.all().size());
  const Car& driver = cars_.all()[car];
  if (driver.where != Car::Where::away || !driver.code.empty()) return;
  const ZoneIndex zone{static_cast<std::uint32_t>(scene_.random.below(2))};
  ask(engine::IssueTicket{.vehicle = driver.plate,
                          .owner_name = "A driver",
                          .phone_number = {},
                          .zone = zone,
                          .gate = {}},
      {.about = About::ticket, .car = car, .code = {}, .amount = {}});
}

void Staff::move_barrier() {
  const GateIndex gate{static_cast<std::uint32_t>(scene_.random.below(scene_.barriers.size()))};
  using enum BarrierOrderKind;
  constexpr BarrierOrderKind kinds[] = {close, hold, lock, release, release, open};
  const BarrierOrderKind kind = kinds[scene_.random.below(6)];
  if (kind == open) return help(gate);
  if (kind == hold) scene_.reached("barrier held up by hand");
  if (kind == lock) scene_.reached("barrier locked by hand");
  ask(engine::MoveBarrier{.gate = gate, .kind = kind, .reason = "By hand"}, {});
}

void Staff::release_all() {
  ask(engine::MoveBarrier{.gate = {}, .kind = BarrierOrderKind::release, .reason = "Back to work"},
      {});
}

void Staff::help(GateIndex gate) {
  ask(engine::MoveBarrier{.gate = gate, .kind = BarrierOrderKind::open, .reason = "A person helps"},
      {});
  cars_.wave(gate);
  scene_.reached("opened by hand");
}

void Staff::live() {
  for (std::uint32_t i = 0; i < scene_.gates.lanes().size(); ++i) {
    const Front& front = cars_.front(GateIndex(i));
    if (!front.car || !front.asked || !front.asked->heard) continue;
    const Heard& heard = *front.asked->heard;
    if (heard.decision != DecisionKind::pay || !heard.amount_due) continue;
    const auto waited = scene_.now() - front.asked->since;
    if (waited < 1500ms || scene_.now() < absent_until_) continue;
    const std::string& code = cars_.all()[*front.car].code;
    const auto served = served_.find(code);
    if (served != served_.end() && scene_.now() - served->second < 4s) continue;
    const bool names_gate = scene_.one_in(2);
    take_cash(*front.car, *heard.amount_due,
              names_gate ? std::optional(GateIndex(i)) : std::nullopt);
    scene_.reached(waited > 60s ? "late money, after the wait has lapsed"
                                : "cash while a car waits");
  }
}

void Staff::cash_away_from_gate() {
  for (std::size_t i = 0; i < cars_.all().size(); ++i) {
    const Car& car = cars_.all()[i];
    if (car.where != Car::Where::parked || car.code.empty() || scene_.now() < car.next) continue;
    if (served_.contains(car.code)) continue;
    take_cash(i, Paise(0), {});
    return;
  }
}

/// An amount that is not due any more is refused with the one that is.
void Staff::take_cash(std::size_t car, Paise due, std::optional<GateIndex> gate) {
  const std::string& code = cars_.all()[car].code;
  served_[code] = scene_.now();
  ask(engine::Leave{.which = engine::ByCode{code},
                    .method = PaymentMethod::cash,
                    .amount = due,
                    .tendered = due + Paise(1'000),
                    .gate = gate},
      {.about = About::cash, .car = car, .code = code, .amount = due});
  // What the driver hands over, whatever becomes of the answer.
  offered_[code].insert(due);
}

void Staff::hear(const engine::CallAnswer& answer) {
  const auto found = asked_.find(answer.id);
  if (found == asked_.end()) return;
  const Call call = std::move(found->second);
  asked_.erase(found);
  if (call.about == About::cash) return hear_cash(call, answer);
  if (call.about != About::ticket || !answer.result) return;
  const auto& issued = std::get<engine::TicketIssued>(*answer.result);
  cars_.take_ticket(call.car, issued.code, issued.slot);
}

void Staff::hear_cash(const Call& call, const engine::CallAnswer& answer) {
  if (answer.result) {
    taken_[call.code] = call.amount;
    if (cars_.all()[call.car].where == Car::Where::parked)
      scene_.reached("cash away from the gate");
    return cars_.scan_again_soon(call.car);
  }
  const engine::CallRefused& refused = answer.result.error();
  if (refused.why != Refusal::amount_changed || !refused.bill) return;
  scene_.reached("amount changed at the counter");
  if (cars_.find(call.code) == call.car) take_cash(call.car, refused.bill->sums.due, {});
}

bool Staff::may_have_taken(const std::string& code, Paise booked) const {
  if (const auto taken = taken_.find(code); taken != taken_.end()) return taken->second == booked;
  if (booked == Paise(0)) return true;
  const auto offered = offered_.find(code);
  return offered != offered_.end() && offered->second.contains(booked);
}

}  // namespace gatehouse::world

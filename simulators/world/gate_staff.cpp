#include "simulators/world/gate_staff.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::world {

using namespace std::chrono_literals;
using engine::BarrierOrderKind;
using engine::Refusal;

void Staff::ask(decltype(engine::Call::what) what, Call call) {
  const std::uint64_t id = ++last_id_;
  call.at = scene_.now();
  const bool has_key = call.about != About::other;
  if (has_key) call.again = what;
  asked_[id] = std::move(call);
  send(id, what, has_key);
  if (has_key && id % 4 == 0) send(id, what, has_key);
}

void Staff::send(std::uint64_t id, const decltype(engine::Call::what)& what, bool has_key) {
  engine::Call call{.id = id,
                    .actor = {user_, "staff"},
                    .what = what,
                    .received = scene_.clock.now(),
                    .from = {.action = "POST /staff/", .role = "STAFF", .address = "counter"}};
  if (has_key) {
    call.once = engine::OnlyOnce{
        .scope = "counter", .key = std::to_string(id), .request_hash = "x", .render = render};
  }
  scene_.tell(engine::CallMade{std::make_shared<const engine::Call>(std::move(call))});
}

void Staff::forget_calls() {
  std::erase_if(asked_, [](const auto& each) { return !each.second.again; });
}

/// Longer than the gateway takes to answer anything.
void Staff::ask_again() {
  for (auto& [id, call] : asked_) {
    if (!call.again || scene_.now() - call.at < 3s) continue;
    call.at = scene_.now();
    scene_.reached("asked again under the same key");
    send(id, *call.again, true);
  }
}

engine::Rendered Staff::render(const engine::CallAnswer& answer) {
  if (!answer.result) {
    const engine::CallRefused& refused = answer.result.error();
    const std::string due =
        refused.bill ? " " + std::to_string(refused.bill->sums.due.count()) : "";
    return {409, "text/plain", std::string(engine::name(refused.why)) + due};
  }
  const auto* const issued = std::get_if<engine::TicketIssued>(&*answer.result);
  if (issued == nullptr) return {200, "text/plain", "done"};
  return {201, "text/plain", issued->code + " " + issued->slot};
}

Staff::Shown Staff::read(const engine::Rendered& rendered) {
  const auto blank = std::min(rendered.body.find(' '), rendered.body.size());
  Shown shown{.is_done = rendered.status < 400, .word = rendered.body.substr(0, blank)};
  const std::string rest = rendered.body.substr(std::min(blank + 1, rendered.body.size()));
  if (shown.is_done) {
    shown.slot = rest;
  } else if (!rest.empty()) {
    shown.due = Paise(std::stoll(rest));
  }
  return shown;
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
  ask_again();
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
  const auto* const kept = answer.result ? std::get_if<engine::Rendered>(&*answer.result) : nullptr;
  const engine::Rendered rendered = kept != nullptr ? *kept : render(answer);
  if (kept != nullptr) scene_.reached("an answer of before, given again");
  const auto found = asked_.find(answer.id);
  if (const auto said = said_.find(answer.id); said != said_.end()) {
    if (said->second != rendered.body) throw Violation("one key was answered in two ways");
  } else if (found != asked_.end() && found->second.again) {
    said_[answer.id] = rendered.body;
  }
  if (found == asked_.end()) return;
  const Call call = std::move(found->second);
  asked_.erase(found);
  const Shown shown = read(rendered);
  if (call.about == About::cash) return hear_cash(call, shown);
  if (call.about != About::ticket || !shown.is_done) return;
  cars_.take_ticket(call.car, shown.word, shown.slot);
}

void Staff::hear_cash(const Call& call, const Shown& shown) {
  if (shown.is_done) {
    taken_[call.code] = call.amount;
    if (cars_.all()[call.car].where == Car::Where::parked)
      scene_.reached("cash away from the gate");
    return cars_.scan_again_soon(call.car);
  }
  if (shown.word != engine::name(Refusal::amount_changed) || !shown.due) return;
  scene_.reached("amount changed at the counter");
  if (cars_.find(call.code) == call.car) take_cash(call.car, *shown.due, {});
}

bool Staff::may_have_taken(const std::string& code, Paise booked) const {
  if (const auto taken = taken_.find(code); taken != taken_.end()) return taken->second == booked;
  if (booked == Paise(0)) return true;
  const auto offered = offered_.find(code);
  return offered != offered_.end() && offered->second.contains(booked);
}

}  // namespace gatehouse::world

#include "simulators/world/gate_trouble.hpp"

#include <array>
#include <chrono>

namespace gatehouse::world {

using namespace std::chrono_literals;

GateIndex Trouble::any_gate() {
  return GateIndex{static_cast<std::uint32_t>(scene_.random.below(lines_.size()))};
}

void Trouble::begin_on_a_line() {
  const std::size_t line = scene_.random.below(lines_.size());
  constexpr std::array faults{LineFault::silent, LineFault::acts_silently, LineFault::acts_late,
                              LineFault::disconnected, LineFault::acts_silently};
  lines_[line].fault = faults[scene_.random.below(faults.size())];
  until_[line] = scene_.clock.now().steady + scene_.within(500ms, 12s);
}

void Trouble::begin_at_a_barrier() {
  const std::size_t barrier = scene_.random.below(scene_.barriers.size());
  if (scene_.one_in(4)) {
    scene_.barriers[barrier].set_fault(true);
  } else {
    scene_.barriers[barrier].set_stuck(true);
  }
  scene_.reached("barrier does not move");
  until_[barrier] = scene_.clock.now().steady + scene_.within(3s, 25s);
}

void Trouble::live() {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!until_[i] || scene_.clock.now().steady < *until_[i]) continue;
    until_[i].reset();
    lines_[i].fault = LineFault::none;
    scene_.barriers[i].set_stuck(false);
    scene_.barriers[i].set_fault(false);
  }
}

void Trouble::forge() {
  engine::TicketKey other = ticket_key;
  other[0] ^= 1;
  engine::Tickets forger(other, {}, forger_bytes_);
  const GateIndex gate = any_gate();
  witness_.expect_refusal(cars_.scan_from_nowhere(gate, forger.make().text()));
  scene_.reached("forged code");
  if (scene_.one_in(2)) return;
  for (const Car& car : cars_.all()) {
    if (car.code.empty() || car.where == Car::Where::away) continue;
    const Instant long_ago = scene_.clock.now().utc - 5min;
    witness_.expect_refusal(cars_.scan_from_nowhere(gate, car.code, long_ago));
    return scene_.reached("stale scan");
  }
}

void Trouble::scan_at_two_gates() {
  for (const Car& car : cars_.all()) {
    if (car.where != Car::Where::parked || scene_.clock.now().steady < car.next || car.code.empty())
      continue;
    const std::string first = cars_.scan_from_nowhere(GateIndex(1U), car.code);
    const std::string second = cars_.scan_from_nowhere(GateIndex(2U), car.code);
    witness_.expect_one_of(first, second);
    return scene_.reached("same code at two gates");
  }
}

void Trouble::set_clock() {
  if (scene_.one_in(2)) {
    scene_.clock.step(scene_.one_in(2) ? -2s : 2s);
    return scene_.reached("wall clock stepped a little");
  }
  if (!scene_.one_in(20)) return;
  scene_.clock.step(scene_.one_in(2) ? -2h : 2h);
  cars_.doubt_stays();
  scene_.reached("wall clock stepped by hours");
}

void Trouble::end() {
  for (auto& until : until_) until = scene_.now();
  live();
}

}  // namespace gatehouse::world

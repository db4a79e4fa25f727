#include "simulators/world/flows.hpp"

#include "edge/domain/invariant.hpp"

#include <utility>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;
using engine::BarrierOrderKind;

constexpr ZoneIndex zone_a{0U};
constexpr ZoneIndex zone_b{1U};
constexpr std::uint64_t places_max = 10'000;
// Longer than an entry can be scanned again for, and than the grace.
constexpr auto stay = 40s;

VehicleNumber our_car() { return VehicleNumber::parse("DL01AB1001").value(); }

/// Where a story begins: made once, without faults.
struct Start {
  Scenery scenery;
  std::string code;         // of the ticket that our car has
  std::size_t bay = 0;      // in which it stands, or is to stand
  std::size_t bay_not = 0;  // of the same zone
};

std::size_t bay_of(Stage& stage, const std::string& code) {
  const auto slot = stage.session(code).slot;
  if (!slot) throw Violation("a ticket has no bay");
  return at(*slot);
}

void expect_state(Stage& stage, const std::string& code, SessionState expected) {
  const SessionState found = stage.session(code).state;
  if (found != expected)
    throw Violation("a session is " + std::string(name(found)) + ", not " +
                    std::string(name(expected)));
}

void expect_reason(const Heard& heard, Reason expected) {
  if (heard.reason != expected)
    throw Violation("the display says " + std::string(name(heard.reason)) + ", not " +
                    std::string(name(expected)));
}

Start new_lot() { return {.scenery = first_scenery(), .code = {}}; }

Start with_ticket(ZoneIndex zone, std::chrono::milliseconds age) {
  Stage stage(first_scenery(), {});
  stage.begin();
  Start start{.scenery = {}, .code = stage.issue(our_car(), zone)};
  start.bay = bay_of(stage, start.code);
  start.bay_not = start.bay + 1;
  stage.pass(age);
  start.scenery = stage.end();
  return start;
}

Start with_car_inside(ZoneIndex zone, bool is_parked) {
  Stage stage(first_scenery(), {});
  stage.begin();
  Start start{.scenery = {}, .code = stage.issue(our_car(), zone)};
  stage.get_through(entry_1, {.code = start.code});
  start.bay = bay_of(stage, start.code);
  start.bay_not = start.bay + 1;
  if (is_parked) stage.park(start.bay);
  stage.pass(is_parked ? stay : 1s);
  start.scenery = stage.end();
  return start;
}

Start start_of(Flow flow) {
  switch (flow) {
    case Flow::walk_in_entry:
    case Flow::entry_by_counter_ticket:
    case Flow::opened_by_hand:
    case Flow::emergency:
      return new_lot();
    case Flow::expired_ticket:
      return with_ticket(zone_a, 118s);
    case Flow::lost_opening:
      return with_ticket(zone_a, 1s);
    case Flow::exit_nothing_due:
      return with_car_inside(zone_b, true);
    case Flow::another_bay:
      return with_car_inside(zone_a, false);
    case Flow::exit_with_cash:
    case Flow::cash_before_the_gate:
    case Flow::wrong_gate:
    case Flow::clock_step:
      return with_car_inside(zone_a, true);
  }
  return new_lot();
}

void walk_in_entry(Stage& stage) {
  const Heard heard = stage.get_through(entry_1, {.code = {}, .plate = our_car()});
  const auto session = stage.process().books().sessions().find_open(our_car());
  if (!session || session->state != SessionState::active)
    throw Violation("a car came in and has no session");
  if (heard.code != session->code.text()) throw Violation("another ticket was printed");
  stage.park(at(*session->slot));
}

void entry_by_counter_ticket(Stage& stage) {
  const std::string code = stage.issue(our_car(), zone_a);
  stage.get_through(entry_1, {.code = code});
  expect_state(stage, code, SessionState::active);
  stage.park(bay_of(stage, code));
}

void leave_by(Stage& stage, GateIndex gate, const Start& start) {
  stage.leave_bay(start.bay);
  stage.get_through(gate, {.code = start.code});
  expect_state(stage, start.code, SessionState::completed);
}

void cash_before_the_gate(Stage& stage, const Start& start) {
  stage.pay_cash(start.code);
  expect_state(stage, start.code, SessionState::completed);
  leave_by(stage, exit_1, start);
}

void expired_ticket(Stage& stage, const Start& start) {
  stage.pass(4s);
  expect_reason(stage.ask(entry_1, {.code = start.code}), Reason::booking_expired);
  expect_state(stage, start.code, SessionState::expired);
  stage.pass(2s);
  if (!stage.are_all_down()) throw Violation("an arm went up for an expired ticket");
}

void wrong_gate(Stage& stage, const Start& start) {
  stage.leave_bay(start.bay);
  expect_reason(stage.ask(exit_2, {.code = start.code}), Reason::wrong_gate);
  stage.barrier(exit_2).presence = false;
  if (!stage.barrier(exit_2).is_down()) throw Violation("the wrong gate opened");
  leave_by(stage, exit_1, start);
}

void another_bay(Stage& stage, const Start& start) {
  stage.park(start.bay_not);
  const auto is_moved = [&] { return bay_of(stage, start.code) == start.bay_not; };
  if (!stage.pass_until(is_moved, 60s)) throw Violation("a session stays where its car is not");
  expect_state(stage, start.code, SessionState::active);
}

void lost_opening(Stage& stage, const Start& start) {
  stage.barrier(entry_1).presence = true;
  stage.pass(1s);
  stage.line(entry_1).fault = LineFault::silent;
  static_cast<void>(stage.ask(entry_1, {.code = start.code}));
  stage.pass(7s);
  stage.line(entry_1).fault = LineFault::none;
  stage.pass(2s);
  stage.get_through(entry_1, {.code = start.code});
  expect_state(stage, start.code, SessionState::active);
}

void move(Stage& stage, std::optional<GateIndex> gate, BarrierOrderKind kind) {
  stage.call(engine::MoveBarrier{.gate = gate, .kind = kind, .reason = "By hand"});
}

void opened_by_hand(Stage& stage) {
  stage.barrier(exit_1).presence = true;
  stage.pass(300ms);
  for (int tries = 0; tries < 4 && !stage.barrier(exit_1).is_up(); ++tries) {
    move(stage, exit_1, BarrierOrderKind::open);
    stage.pass_until([&] { return stage.barrier(exit_1).is_up(); }, 9s);
  }
  stage.drive_through(exit_1);
}

/// A process that ends forgets what was held: whoever sees an arm come down presses again.
void emergency(Stage& stage) {
  bool is_up_for_long = false;
  for (int tries = 0; tries < 4 && !is_up_for_long; ++tries) {
    move(stage, {}, BarrierOrderKind::hold);
    stage.pass_until([&] { return stage.are_all_up(); }, 9s);
    is_up_for_long =
        stage.are_all_up() && !stage.pass_until([&] { return !stage.are_all_up(); }, 20s);
  }
  if (!is_up_for_long) throw Violation("in an emergency the arms do not stay up");
  move(stage, {}, BarrierOrderKind::release);
  if (!stage.pass_until([&] { return stage.are_all_down(); }, 40s))
    throw Violation("the arms do not come down after an emergency");
}

void clock_step(Stage& stage, const Start& start) {
  stage.leave_bay(start.bay);
  stage.clock().step(2h);
  const Heard heard = stage.ask(exit_1, {.code = start.code});
  // A step that no process noted before the power went is not to be told from a longer stay.
  if (stage.lives() == 1 || heard.reason != Reason::payment_due)
    expect_reason(heard, Reason::ask_staff);
  stage.pass(4s);
  if (!stage.are_all_down())
    throw Violation("an arm went up for a stay that is not to be believed");
  const SessionState state = stage.session(start.code).state;
  if (!is_inside(state)) throw Violation("a stay that is not to be believed was closed");
  if (!stage.process().books().payments().of_session(stage.session(start.code).key).empty())
    throw Violation("a stay that is not to be believed was charged");
}

void play(Flow flow, Stage& stage, const Start& start) {
  switch (flow) {
    case Flow::walk_in_entry:
      return walk_in_entry(stage);
    case Flow::entry_by_counter_ticket:
      return entry_by_counter_ticket(stage);
    case Flow::exit_nothing_due:
      return leave_by(stage, exit_2, start);
    case Flow::exit_with_cash:
      return leave_by(stage, exit_1, start);
    case Flow::cash_before_the_gate:
      return cash_before_the_gate(stage, start);
    case Flow::expired_ticket:
      return expired_ticket(stage, start);
    case Flow::wrong_gate:
      return wrong_gate(stage, start);
    case Flow::another_bay:
      return another_bay(stage, start);
    case Flow::lost_opening:
      return lost_opening(stage, start);
    case Flow::opened_by_hand:
      return opened_by_hand(stage);
    case Flow::emergency:
      return emergency(stage);
    case Flow::clock_step:
      return clock_step(stage, start);
  }
}

/// False: the story ended before the place was reached.
bool play_with_fault(Flow flow, const Start& start, const Fault& fault, FlowReport& report) {
  Stage stage(start.scenery, fault);
  stage.begin();
  play(flow, stage, start);
  stage.finish();
  for (const auto& [what, times] : stage.counted()) report.reached[what] += times;
  return stage.lives() > 1 || stage.disk().has_failed();
}

}  // namespace

std::string_view name(Flow flow) {
  constexpr std::array<std::string_view, all_flows.size()> names{
      "walk-in entry",
      "entry by a ticket from the counter",
      "exit, nothing due",
      "exit, cash at the gate",
      "cash before the gate",
      "expired ticket",
      "wrong gate",
      "car in another bay",
      "lost opening, scanned again",
      "opened by hand",
      "emergency opening and release",
      "clock step while parked"};
  return names.at(std::to_underlying(flow));
}

FlowReport run_flow(Flow flow, const Fault& how, std::optional<std::uint64_t> only) {
  FlowReport report;
  Fault fault = how;
  try {
    const Start start = start_of(flow);
    for (fault.place = only.value_or(1); fault.place < places_max; ++fault.place) {
      if (!play_with_fault(flow, start, fault, report)) return report;
      ++report.places;
      if (only) return report;
    }
    report.violation = "the story never ends before the fault";
  } catch (const Violation& violation) {
    report.violation = violation.what();
  } catch (const store::StoreError& error) {
    report.violation = std::string("the store is lost: ") + error.what();
  }
  *report.violation +=
      " (" + std::string(name(flow)) + ", place " + std::to_string(fault.place) + ")";
  return report;
}

}  // namespace gatehouse::world

#include "simulators/driver_lot.hpp"
#include "simulators/reader_device.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse::simulators;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t entry_lane = 0;
constexpr std::size_t exit_lane = 1;

DriverLotOptions two_lanes(DriverHabits habits = DriverHabits::none()) {
  return {.seed = 7,
          .run = "t",
          .lanes = {{.use = LaneUse::entry}, {.use = LaneUse::exit}},
          .zone_slots = {6, 4},
          .lot_minute = 1s,
          .has_counter = true,
          .habits = habits};
}

/// A gateway that is asked by drivers: what it answers, each test may change.
struct Answers {
  std::function<void(LaneDecision&)> at_entry = [](LaneDecision&) {};
  std::function<void(LaneDecision&)> at_exit = [](LaneDecision& said) {
    said.verdict = Verdict::pay;
    said.reason = "payment_due";
  };
  bool opens = true;  // whether an `open` moves the arm
  bool counter_answers = true;
};

/// Two lanes with barriers, and somebody who answers, 40 ms after the question.
class World {
 public:
  explicit World(const DriverLotOptions& options, Answers answers = {})
      : drivers(options), answers_(std::move(answers)), free_(10, true) {}

  void play(VirtualTime until) {
    for (; now < until; now += 20ms) {
      for (std::size_t lane = 0; lane < 2; ++lane) {
        arms[lane].advance(now);
        if (close_at_[lane] && *close_at_[lane] <= now) {
          arms[lane].close(now);
          close_at_[lane].reset();
        }
        drivers.see_arm(lane, arms[lane].state(), now);
      }
      while (!news_.empty() && news_.front().first <= now) {
        const auto tell = std::move(news_.front().second);
        news_.pop_front();
        tell();
      }
      while (const auto done = drivers.next(now)) {
        trace.push_back(*done);
        std::visit([this](const auto& act) { take(act); }, done->act);
      }
    }
  }

  template <class Kind>
  std::vector<Kind> acts() const {
    std::vector<Kind> found;
    for (const auto& each : trace) {
      if (const auto* act = std::get_if<Kind>(&each.act)) found.push_back(*act);
    }
    return found;
  }

  DriverLot drivers;
  std::vector<TimedAct> trace;
  BarrierArm arms[2] = {BarrierArm(1'500ms), BarrierArm(1'500ms)};
  VirtualTime now{0};

 private:
  void later(std::function<void()> tell) { news_.emplace_back(now + 40ms, std::move(tell)); }

  void answer(LaneDecision said) {
    later([this, said] {
      drivers.hear(said, now);
      if (said.verdict == Verdict::open && answers_.opens) arms[said.lane].open(now);
    });
  }
  void take(const PressButton& act) {
    LaneDecision said{.lane = act.lane,
                      .id = act.id,
                      .verdict = Verdict::open,
                      .reason = "ticket_issued",
                      .code = "PARK-" + act.vehicle_number};
    const auto free = std::ranges::find(free_, true);
    if (free != free_.end()) said.slot = static_cast<std::uint32_t>(free - free_.begin());
    answers_.at_entry(said);
    answer(said);
  }
  void take(const ScanTicket& act) {
    LaneDecision said{
        .lane = act.lane, .id = act.id, .verdict = Verdict::open, .reason = "entered"};
    (act.lane == exit_lane ? answers_.at_exit : answers_.at_entry)(said);
    answer(said);
  }
  void take(const AskCounter& act) {
    if (!answers_.counter_answers) return;
    if (act.call == CounterCall::ticket)
      return later([this, act] {
        drivers.hear(
            CounterAnswer{.car = act.car, .done = true, .code = "PARK-" + act.vehicle_number}, now);
      });
    later([this, act] {
      arms[act.lane].open(now);
      drivers.hear(CounterAnswer{.car = act.car, .done = true, .paid_paise = 5'000}, now);
    });
  }
  void take(const LeaveReader&) {}
  void take(const DriveOver& act) {
    if (act.loop == Loop::presence) return arms[act.lane].set_presence(act.on);
    arms[act.lane].set_safety(act.on, now);
    if (act.on)
      close_at_[act.lane].reset();
    else
      close_at_[act.lane] = now + 800ms;
  }
  void take(const UseBay& act) {
    // No bay holds two cars, and none leaves that was not there.
    CHECK(free_.at(act.slot) == act.occupied);
    free_[act.slot] = !act.occupied;
  }

  Answers answers_;
  std::vector<bool> free_;
  std::optional<VirtualTime> close_at_[2];
  std::deque<std::pair<VirtualTime, std::function<void()>>> news_;
};

DriverHabits only(std::uint32_t DriverHabits::* habit) {
  auto habits = DriverHabits::none();
  habits.*habit = 1'000'000;
  return habits;
}

}  // namespace

TEST_CASE("the same seed gives the same cars and acts, another seed others",
          "[simulators][drivers]") {
  const auto trace_of = [](std::uint64_t seed) {
    auto options = two_lanes(DriverHabits{});
    options.seed = seed;
    World world(options);
    world.play(10min);
    return world.trace;
  };
  const auto first = trace_of(7);
  CHECK(first.size() > 300);
  CHECK(trace_of(7) == first);
  CHECK(trace_of(8) != first);
}

TEST_CASE("cars come in, park, pay and leave, and the lot fills to what is wanted",
          "[simulators][drivers]") {
  World world(two_lanes());
  world.play(10min);
  std::uint64_t inside = 0;
  constexpr int looks = 60;
  for (int look = 1; look <= looks; ++look) {
    world.play(10min + look * 30s);
    inside += world.drivers.figures().inside;
  }
  // 70 % of ten bays, give or take.
  CHECK(inside / looks >= 5);
  CHECK(inside / looks <= 8);
  const auto& figures = world.drivers.figures();
  CHECK(figures.entries > 50);
  CHECK(figures.exits > 40);
  CHECK(figures.entries == figures.exits + figures.inside);
  CHECK(figures.payments >= figures.exits);
  CHECK(figures.takings_paise == 5'000 * static_cast<std::int64_t>(figures.payments));
  CHECK(figures.stranded == 0);
  CHECK(figures.refusals.empty());
}

TEST_CASE("nobody drives under an arm that is not up, and one car passes for each opening",
          "[simulators][drivers]") {
  World world(two_lanes());
  world.play(30min);
  for (const auto& arm : world.arms) {
    CHECK(arm.forced() == 0);
    CHECK(arm.closed_over_vehicle() == 0);
  }
  const auto& figures = world.drivers.figures();
  CHECK(world.arms[entry_lane].cycles() - figures.entries <= 1);
  CHECK(world.arms[exit_lane].cycles() - figures.exits <= 1);
}

TEST_CASE("a car is noticed before the arm, then under it, then no more", "[simulators][drivers]") {
  World world(two_lanes());
  world.play(20s);
  const auto over = world.acts<DriveOver>();
  REQUIRE(over.size() >= 4);
  CHECK(over[0] == DriveOver{entry_lane, Loop::presence, true});
  CHECK(over[1] == DriveOver{entry_lane, Loop::safety, true});
  CHECK(over[2] == DriveOver{entry_lane, Loop::presence, false});
  CHECK(over[3] == DriveOver{entry_lane, Loop::safety, false});
}

TEST_CASE("a driver who is refused for good goes away, and is counted by reason",
          "[simulators][drivers]") {
  Answers answers;
  answers.at_entry = [](LaneDecision& said) {
    said.verdict = Verdict::deny;
    said.reason = "zone_full";
  };
  World world(two_lanes(), answers);
  world.play(3min);
  const auto& figures = world.drivers.figures();
  CHECK(figures.entries == 0);
  CHECK(figures.refusals.at("zone_full") > 3);
  CHECK(figures.went_away >= figures.refusals.at("zone_full"));
  CHECK_FALSE(world.arms[entry_lane].presence());
}

TEST_CASE("a driver asks again where that helps, under a new id and not at once",
          "[simulators][drivers]") {
  Answers answers;
  int refused = 0;
  answers.at_entry = [&refused](LaneDecision& said) {
    if (++refused > 2) return;
    said.verdict = Verdict::deny;
    said.reason = "scan_again";
  };
  World world(two_lanes(), answers);
  world.play(40s);
  CHECK(world.drivers.figures().entries >= 1);
  CHECK(world.drivers.figures().refusals.at("scan_again") == 2);
  std::set<std::string> ids;
  for (const auto& press : world.acts<PressButton>()) CHECK(ids.insert(press.id).second);
  std::vector<VirtualTime> asked;
  for (const auto& each : world.trace) {
    if (std::holds_alternative<PressButton>(each.act)) asked.push_back(each.at);
  }
  REQUIRE(asked.size() >= 2);
  CHECK(asked[1] - asked[0] > 3s);
}

TEST_CASE("an arm that does not move is asked for again, and given up at the entry",
          "[simulators][drivers]") {
  Answers answers;
  answers.opens = false;
  World world(two_lanes(), answers);
  world.play(2min);
  CHECK(world.drivers.figures().entries == 0);
  CHECK(world.drivers.figures().went_away >= 1);
  CHECK(world.arms[entry_lane].forced() == 0);
}

TEST_CASE("who cannot pay because nobody takes the money turns back and frees the lane",
          "[simulators][drivers]") {
  auto options = two_lanes();
  options.has_counter = false;
  World world(options);
  world.play(20min);
  const auto& figures = world.drivers.figures();
  CHECK(figures.turned_back > 3);
  CHECK(figures.exits == 0);
  CHECK(world.acts<AskCounter>().empty());
}

TEST_CASE("a lost ticket is settled under the number plate", "[simulators][drivers]") {
  World world(two_lanes(only(&DriverHabits::loses_ticket)));
  world.play(10min);
  CHECK(world.drivers.figures().exits > 5);
  for (const auto& asked : world.acts<AskCounter>()) {
    if (asked.call != CounterCall::settle) continue;
    CHECK(asked.code.empty());
    CHECK_FALSE(asked.vehicle_number.empty());
  }
  for (const auto& scan : world.acts<ScanTicket>()) CHECK(scan.lane == entry_lane);
}

TEST_CASE("a ticket that the reader gets twice is one passage", "[simulators][drivers]") {
  World world(two_lanes(only(&DriverHabits::scans_twice)));
  world.play(10min);
  const auto& figures = world.drivers.figures();
  CHECK(figures.exits > 5);
  CHECK(world.acts<PressButton>().size() + world.acts<ScanTicket>().size() >=
        2 * (figures.entries + figures.exits));
  CHECK(world.arms[entry_lane].cycles() - figures.entries <= 1);
}

TEST_CASE("who tailgates comes in without a ticket and goes out behind another",
          "[simulators][drivers]") {
  auto habits = DriverHabits::none();
  habits.tailgates = 400'000;
  World world(two_lanes(habits));
  world.play(30min);
  const auto& figures = world.drivers.figures();
  CHECK(figures.tailgated > 2);
  CHECK(world.arms[entry_lane].cycles() < figures.entries);
  CHECK(world.arms[exit_lane].cycles() < figures.exits);
  CHECK(figures.stranded == 0);
}

TEST_CASE("a car at an exit that will not have it is taken away in the end",
          "[simulators][drivers]") {
  Answers answers;
  answers.at_exit = [](LaneDecision& said) {
    said.verdict = Verdict::deny;
    said.reason = "unknown_code";
  };
  answers.counter_answers = false;
  World world(two_lanes(), answers);
  world.play(40min);
  const auto& figures = world.drivers.figures();
  CHECK(figures.stranded > 0);
  CHECK(figures.exits == 0);
  CHECK(figures.entries == figures.stranded + figures.inside);
}

TEST_CASE("the next run knows the cars of the last", "[simulators][drivers]") {
  World before(two_lanes());
  before.play(3min);
  const auto cars = before.drivers.inside();
  REQUIRE(cars.size() >= 3);
  World after(two_lanes());
  for (const auto& car : cars) after.drivers.remember(car);
  CHECK(after.drivers.figures().inside == cars.size());
  auto remembered = after.drivers.inside();
  CHECK(remembered == cars);
  after.play(20min);
  CHECK(after.drivers.figures().exits > cars.size());
  std::set<std::string> scanned;
  for (const auto& scan : after.acts<ScanTicket>()) scanned.insert(scan.code);
  for (const auto& car : cars) CHECK(scanned.contains(car.code));
}

TEST_CASE("drivers need a way in, a way out and time", "[simulators][drivers]") {
  auto options = two_lanes();
  options.lanes = {{.use = LaneUse::entry}};
  CHECK_THROWS_AS(DriverLot(options), std::invalid_argument);
  options.lanes = {{.use = LaneUse::both}};
  CHECK_NOTHROW(DriverLot(options));
  options.lot_minute = 0s;
  CHECK_THROWS_AS(DriverLot(options), std::invalid_argument);
}

TEST_CASE("a reader says the same every two seconds until it hears a decision",
          "[simulators][readers]") {
  ReaderDevice reader;
  CHECK_FALSE(reader.next(0s));
  const Question question{.id = "r-1", .topic = "t", .payload = "p"};
  reader.ask(question, 1s);
  CHECK(reader.next(1s) == question);
  CHECK_FALSE(reader.next(2'999ms));
  CHECK(reader.next(3s) == question);
  reader.hear("r-0");
  CHECK(reader.next(5s) == question);
  reader.hear("r-1");
  CHECK_FALSE(reader.next(7s));
  CHECK(reader.counts() == ReaderCounts{.asked = 1, .repeated = 2, .answered = 1});
}

TEST_CASE("a reader forgets the older question, and a driver who has gone",
          "[simulators][readers]") {
  ReaderDevice reader;
  reader.ask({.id = "r-1"}, 0s);
  reader.ask({.id = "r-2"}, 0s);
  REQUIRE(reader.next(0s));
  reader.hear("r-1");
  CHECK(reader.is_waiting());
  reader.forget();
  CHECK_FALSE(reader.next(10s));
}

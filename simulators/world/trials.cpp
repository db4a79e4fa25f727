#include "simulators/world/trials.hpp"

#include "simulators/world/stage.hpp"

#include <array>
#include <set>
#include <utility>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;

constexpr ZoneIndex zone_b{1U};
// Of a start and some ten commits.
constexpr std::uint64_t cut_within = 400;
constexpr std::array<const char*, 26> letters{"A", "B", "C", "D", "E", "F", "G", "H", "I",
                                              "J", "K", "L", "M", "N", "O", "P", "Q", "R",
                                              "S", "T", "U", "V", "W", "X", "Y", "Z"};

/// Another one each time.
VehicleNumber plate(std::uint64_t number) {
  return VehicleNumber::parse(std::string("DL01A") + letters.at(number / 9'000 % letters.size()) +
                              std::to_string(1'000 + number % 9'000))
      .value();
}

engine::IssueTicket ticket_for(std::uint64_t number) {
  return {.vehicle = plate(number),
          .owner_name = "A driver",
          .phone_number = {},
          .zone = zone_b,
          .gate = {}};
}

/// Runs a trial and puts what broke into its report.
template <class Report, class Trial>
Report report_of(Trial&& trial) {
  Report report;
  try {
    trial(report);
  } catch (const Violation& violation) {
    report.violation = violation.what();
  } catch (const store::StoreError& error) {
    report.violation = std::string("the store is lost: ") + error.what();
  }
  return report;
}

/// What people were told since the last start, and whether the store still knows it.
class Acknowledged {
 public:
  Acknowledged(Stage& stage, PowerCutsReport& report) : stage_(stage), report_(report) {}

  void hear(GateIndex gate, const Heard& heard) {
    scans_.emplace_back(gate, heard.scan_id);
    ++report_.acknowledged;
  }
  void hear(const engine::CallAnswer& answer) {
    if (!answer.result) return;
    newest_ = std::get<engine::TicketIssued>(*answer.result).code;
    codes_.push_back(newest_);
    ++report_.acknowledged;
  }
  void look_after_restart() {
    ++report_.cuts;
    Books& books = stage_.process().books();
    std::uint64_t lost = 0;
    for (const std::string& code : std::exchange(codes_, {}))
      if (!books.sessions().find_by_code(TicketCode::parse(code)->body)) ++lost;
    for (const auto& [gate, scan_id] : std::exchange(scans_, {}))
      if (!books.scans().find(gate_plan().lane(gate).id.text(), scan_id)) ++lost;
    report_.lost += lost;
    if (lost > 0) ++report_.cuts_with_loss;
  }
  /// The newest ticket that is known to be printed; "": none yet.
  [[nodiscard]] const std::string& newest() const { return newest_; }

 private:
  Stage& stage_;
  PowerCutsReport& report_;
  std::string newest_;
  std::vector<std::string> codes_;
  std::vector<std::pair<GateIndex, std::string>> scans_;
};

/// One gate of the second trial: what was ordered there, and what its arm did.
class Lane {
 public:
  Lane(Stage& stage, GateIndex gate, BarrierCommandsReport& report)
      : stage_(stage), gate_(gate), report_(report) {}

  void live(Steady now) {
    count_rises();
    let_through(now);
    fail(now);
    if (now < next_) return;
    // The one before is over and done with, whatever became of it.
    count_rises();
    is_ordered_ = true;
    rises_of_it_ = 0;
    ++report_.openings;
    stage_.barrier(gate_).presence = true;
    stage_.tell_call(engine::MoveBarrier{
        .gate = gate_, .kind = engine::BarrierOrderKind::open, .reason = "By hand"});
    next_ = now + apart;
  }

 private:
  // Two pulses, the time to see that both failed, and the way down.
  static constexpr auto apart = 24s;
  static constexpr auto passes = 1500ms;

  void count_rises() {
    const std::uint32_t rises = stage_.barrier(gate_).rises();
    for (; seen_rises_ < rises; ++seen_rises_) {
      if (!is_ordered_) {
        ++report_.unasked;
      } else if (rises_of_it_++ == 0) {
        ++report_.raised;
      } else {
        ++report_.second_openings;
      }
    }
  }

  void let_through(Steady now) {
    SimulatedBarrier& arm = stage_.barrier(gate_);
    if (arm.presence && arm.is_up()) {
      arm.presence = false;
      arm.safety = true;
      under_until_ = now + passes;
    } else if (arm.safety && now >= under_until_) {
      arm.safety = false;
    }
  }

  void fail(Steady now) {
    simulators::Random& random = stage_.random();
    ArmLine& line = stage_.line(gate_);
    if (now < until_) return;
    if (is_failing_) {
      is_failing_ = false;
      line.fault = LineFault::none;
      stage_.barrier(gate_).set_stuck(false);
      until_ = now + std::chrono::milliseconds(random.below(12'000));
      return;
    }
    is_failing_ = true;
    ++report_.faults;
    constexpr std::array faults{LineFault::silent, LineFault::acts_silently, LineFault::acts_late,
                                LineFault::disconnected, LineFault::acts_silently};
    line.fault = faults.at(random.below(faults.size()));
    stage_.barrier(gate_).set_stuck(random.below(8) == 0);
    until_ = now + 300ms + std::chrono::milliseconds(random.below(9'000));
  }

  Stage& stage_;
  GateIndex gate_;
  BarrierCommandsReport& report_;
  std::uint32_t seen_rises_ = 0;
  std::uint32_t rises_of_it_ = 0;
  bool is_ordered_ = false;
  bool is_failing_ = false;
  Steady next_{};
  Steady until_{};
  Steady under_until_{};
};

/// The third trial: whoever stands at two gates at once.
class Pairs {
 public:
  Pairs(Stage& stage, PairsReport& report) : stage_(stage), report_(report) {
    stage.on_decision = [this](GateIndex, const Heard& heard) {
      if (heard.update == 0 && heard.decision == DecisionKind::open) ++opened_;
    };
    stage.on_order = [this](const engine::BarrierOrder& order) {
      if (order.opening) ordered_.insert(*order.opening);
    };
  }

  void scan(GateIndex first, GateIndex second, const std::string& code) {
    opened_ = 0;
    const std::string first_scan = stage_.scan(first, code);
    stage_.expect_one_of(first_scan, stage_.scan(second, code));
    stage_.pass(100ms);
    ++report_.pairs;
    if (opened_ == 1) ++report_.told_once;
  }

  /// Rows of the store, if each of them was ordered.
  [[nodiscard]] std::uint64_t openings() {
    std::uint64_t rows = 0;
    while (stage_.process().books().openings().find(
        store::OpeningKey(static_cast<std::int64_t>(rows + 1))))
      ++rows;
    if (rows != ordered_.size()) throw Violation("openings were recorded and not ordered");
    return rows;
  }

 private:
  Stage& stage_;
  PairsReport& report_;
  int opened_ = 0;
  std::set<engine::OpeningId> ordered_;
};

}  // namespace

PowerCutsReport run_power_cuts(const PowerCuts& options) {
  return report_of<PowerCutsReport>([&](PowerCutsReport& report) {
    Stage stage(first_scenery({.slots_per_zone = 20, .weak_synchronous = options.weak_synchronous}),
                {});
    // What is lost is to be counted, not to be seen coming.
    stage.believe_disk();
    simulators::Random random(options.seed);
    const auto arm = [&] { stage.disk().cut_power_after(1 + random.below(cut_within)); };
    Acknowledged acknowledged(stage, report);
    stage.on_decision = [&](GateIndex gate, const Heard& heard) { acknowledged.hear(gate, heard); };
    stage.on_answer = [&](const engine::CallAnswer& answer) { acknowledged.hear(answer); };
    stage.on_restart = [&] { acknowledged.look_after_restart(), arm(); };
    stage.begin();
    arm();
    for (std::uint64_t car = 0; report.cuts < options.cuts; ++car) {
      stage.tell_call(ticket_for(car));
      // Nobody who has not come in is let out: an answer, and no arm.
      if (!acknowledged.newest().empty()) stage.scan(exit_1, acknowledged.newest());
      stage.pass(std::chrono::milliseconds(100 + random.below(1'500)));
    }
    stage.disk().keep_power();
    stage.finish();
  });
}

BarrierCommandsReport run_barrier_commands(const BarrierCommands& options) {
  return report_of<BarrierCommandsReport>([&](BarrierCommandsReport& report) {
    Stage stage(first_scenery(), {}, options.repeats_pulses);
    stage.random() = simulators::Random(options.seed);
    stage.begin();
    std::vector<Lane> lanes;
    for (std::uint32_t i = 0; i < gate_plan().lanes().size(); ++i)
      lanes.emplace_back(stage, GateIndex(i), report);
    while (report.openings < options.openings) {
      for (Lane& lane : lanes) lane.live(stage.clock().now().steady);
      stage.pass(100ms);
    }
    stage.finish();
  });
}

PairsReport run_pairs(std::uint64_t pairs) {
  return report_of<PairsReport>([&](PairsReport& report) {
    Stage stage(first_scenery({.slots_per_zone = 40}), {});
    Pairs twice(stage, report);
    stage.begin();
    for (std::uint64_t car = 0; report.pairs < pairs; ++car) {
      const std::string code = stage.issue(plate(car), zone_b);
      twice.scan(entry_1, both_1, code);
      twice.scan(exit_1, exit_2, code);
    }
    report.openings = twice.openings();
    stage.finish();
  });
}

}  // namespace gatehouse::world

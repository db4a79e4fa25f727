#include "simulators/world/gate_world.hpp"

#include "edge/store/outbox.hpp"
#include "simulators/world/gate_build.hpp"
#include "simulators/world/gate_cars.hpp"
#include "simulators/world/gate_checks.hpp"
#include "simulators/world/gate_line.hpp"
#include "simulators/world/gate_process.hpp"
#include "simulators/world/gate_staff.hpp"
#include "simulators/world/gate_trouble.hpp"
#include "simulators/world/gate_witness.hpp"

#include <deque>
#include <set>
#include <utility>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = 100ms;
constexpr std::size_t lives_max = 20;
constexpr int log_frames_max = 200;
constexpr int seconds_to_empty_the_lot = 1800;
constexpr int seconds_to_see_an_alert = 30;

class GateWorld final : public Reached {
 public:
  explicit GateWorld(const GateWorldOptions& options)
      : options_(options),
        random_(options.seed),
        bytes_(random_.next()),
        disk_(std::make_unique<Disk>(random_.next())),
        staff_key_(init_gate_store(*disk_, some_zones(random_), clock_.now().utc)),
        plan_(read_plan(*disk_->copy())),
        barriers_(some_barriers(random_)),
        scene_{.random = random_,
               .clock = clock_,
               .plan = *plan_,
               .gates = gate_plan(),
               .trace = trace_,
               .counted = report_.reached,
               .barriers = barriers_,
               .tell = [this](const engine::UrgentEvent& event) { tell(event); },
               .sense = [this](const engine::SensorEvent& event) { sense(event); },
               .leaves = [this](const std::string& code, Steady since) { leaves(code, since); }},
        witness_(scene_, *this),
        cars_(scene_, 4 + random_.below(8)),
        staff_(scene_, cars_, staff_key_),
        trouble_(scene_, lines_, cars_, witness_) {
    for (std::uint32_t i = 0; i < barriers_.size(); ++i)
      lines_.emplace_back(BarrierIndex(i), barriers_[i], witness_, options.repeats_pulses);
    if (options.lying_disk) disk_->lie_about_syncs();
    if (options.weak_synchronous) disk_->weaken_synchronous();
  }

  GateReport run() {
    try {
      live();
    } catch (const Violation& violation) {
      report_.violation = violation.what();
    } catch (const store::StoreError& error) {
      report_.violation = std::string("the store is lost: ") + error.what();
    }
    witness_.look_away();
    report_.trace_hash = trace_.hash();
    return std::move(report_);
  }

  void order(const engine::BarrierOrder& order) override { lines_[at(order.barrier)].order(order); }
  void decision(GateIndex gate, const Heard& heard) override { cars_.hear(gate, heard); }
  void answer(const engine::CallAnswer& answer) override { staff_.hear(answer); }

 private:
  void live() {
    boot();
    std::set<std::uint64_t> cuts;
    const std::uint64_t crashes = 1 + random_.below(3);
    while (cuts.size() < crashes) cuts.insert(20 + random_.below(options_.steps - 20));
    for (std::uint64_t step = 0; step < options_.steps || report_.events < options_.steps; ++step) {
      if (cuts.contains(step)) arm_cut();
      act();
      pass(scene_.within(100ms, 1200ms));
      check();
    }
    heal();
    leave();
    check_end();
  }

  // The gateway's lives.

  void boot() {
    for (std::size_t life = 0; life < lives_max; ++life) {
      try {
        begin_life();
        return;
      } catch (const store::StoreError&) {
        if (!disk_->is_without_power() && !disk_->has_failed()) throw;
      } catch (const PowerCut&) {
        reached("power cut between commit and act");
      }
      reached("second crash while starting");
      end_life();
    }
    throw Violation("the gateway never starts again");
  }

  void begin_life() {
    // After a power cut the machine's steady clock is another one too.
    const std::string boot = "boot-" + std::to_string(++lives_);
    const std::uint64_t check_one_in = 1 + random_.below(12);
    shadow_.reset();
    if (options_.acts_before_commit) {
      shadow_disk_ = disk_->copy();
      shadow_bytes_ = bytes_;
      shadow_ = std::make_unique<GateProcess>(GateProcessParts{
          *shadow_disk_, gateway_clock(), calendar_, witness_, *shadow_bytes_, boot});
      shadow_->engine().start();
    }
    engine::Outside& outside = shadow_ ? static_cast<engine::Outside&>(nobody_) : witness_;
    process_ = std::make_unique<GateProcess>(
        GateProcessParts{*disk_, gateway_clock(), calendar_, outside, bytes_, boot});
    witness_.watch(*disk_, process_->books(), check_one_in);
    process_->engine().start();
    for (ArmLine& line : lines_) line.begin(gateway_clock().now());
    began_ = clock_.now().steady;
    cars_.say_all_bays();
  }

  void end_life() {
    witness_.look_away();
    process_.reset();
    for (ArmLine& line : lines_) line.end();
    staff_.forget_calls();
    witness_.do_not_cut();
    if (disk_->is_without_power()) {
      if (disk_->restore_power()) reached("torn write");
    } else {
      disk_->repair();
    }
    check_audit(*disk_);
    // A recovery may be cut too.
    if (scene_.one_in(4)) disk_->cut_power_after(1 + random_.below(12));
  }

  void turn() {
    has_heard_ = is_moving_log_ = false;
    try {
      if (shadow_) shadow_->engine().turn();
      process_->engine().turn();
      keep_log_short();
      return;
    } catch (const store::StoreError& error) {
      if (!disk_->is_without_power() && !disk_->has_failed()) throw;
      note_broken_store(error.kind());
      if (options_.survives_failed_commits && !disk_->is_without_power()) return;
    } catch (const PowerCut&) {
      reached("power cut between commit and act");
    }
    end_life();
    pass(scene_.within(500ms, 8s));  // a machine takes its time to start
    boot();
  }

  void note_broken_store(store::StoreError::Kind kind) {
    if (!disk_->is_without_power()) {
      const bool is_of_commit = kind == store::StoreError::Kind::outcome_unknown;
      return reached(is_of_commit ? "commit failed and its outcome was looked up" : "disk error");
    }
    reached(is_moving_log_ ? "power cut while the log was moved" : "power cut within a commit");
  }

  const engine::Clock& gateway_clock() {
    return options_.trusts_wall_clock ? static_cast<engine::Clock&>(wall_clock_) : clock_;
  }

  /// Nobody pays for more time than it stayed, unless the power took the process that saw it come.
  void leaves(const std::string& code, Steady since) {
    const auto stayed = since >= began_ ? std::optional(clock_.now().steady - since) : std::nullopt;
    witness_.leaves(code, stayed);
  }

  /// What the checkpointer does on a thread of its own.
  void keep_log_short() {
    if (process_->engine().log_frames() < log_frames_max) return;
    is_moving_log_ = true;
    process_->database().checkpoint();
    is_moving_log_ = false;
  }

  void arm_cut() {
    switch (random_.below(5)) {
      case 0:
      case 1:
        return witness_.cut_at_next_act(scene_.one_in(2));
      case 2:
      case 3:
        return disk_->cut_power_after(1 + random_.below(30));
      default:
        return disk_->fail_after(1 + random_.below(30), scene_.one_in(2));
    }
  }

  void tell(const engine::UrgentEvent& event) {
    if (!process_) return;
    ++report_.events;
    has_heard_ = true;
    if (!process_->inbox().put(event)) reached("inbox full");
    if (shadow_) static_cast<void>(shadow_->inbox().put(event));
  }

  void sense(const engine::SensorEvent& event) {
    if (!process_) return;
    ++report_.events;
    has_heard_ = true;
    process_->inbox().put(event);
    if (shadow_) shadow_->inbox().put(event);
  }

  // Time.

  void pass(std::chrono::milliseconds span) {
    for (auto left = span; left > 0ms; left -= tick) pass_tick();
  }

  void pass_tick() {
    clock_.pass(tick);
    for (SimulatedBarrier& barrier : barriers_) barrier.pass(tick);
    trouble_.live();
    cars_.live();
    staff_.live();
    const Moment now = gateway_clock().now();
    for (ArmLine& line : lines_) {
      line.serve(now, [this](const devices::BarrierReport& report) {
        std::visit([this](const auto& each) { tell(each); }, report);
      });
    }
    if (process_ && (has_heard_ || process_->engine().next_turn() <= now.steady)) turn();
  }

  // What happens.

  void act() {
    switch (random_.below(24)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return cars_.somebody_comes();
      case 5:
      case 6:
        return staff_.issue_ticket();
      case 7:
      case 8:
      case 9:
      case 10:
        return cars_.somebody_wants_out();
      case 11:
      case 12:
      case 13:
        return trouble_.begin_on_a_line();
      case 14:
        return trouble_.begin_at_a_barrier();
      case 15:
        return scene_.one_in(2) ? staff_.move_barrier() : staff_.release_all();
      case 16:
        return trouble_.forge();
      case 17:
        return trouble_.scan_at_two_gates();
      case 18:
        return staff_.cash_away_from_gate();
      case 19:
        return trouble_.set_clock();
      case 20:
        return staff_.go_away(scene_.within(5s, 90s));
      case 21:
        return cars_.loiter(trouble_.any_gate());
      case 22:
        return help_somebody();
      default:
        return pass(scene_.within(5s, 20s));
    }
  }

  void help_somebody() {
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      const Front& front = cars_.front(GateIndex(i));
      if (!front.car || !front.is_leaving) continue;
      if (front.waved_at && clock_.now().steady - *front.waved_at < 20s) continue;
      if (cars_.all()[*front.car].lost_its_way) staff_.help(GateIndex(i));
    }
  }

  // What must hold.

  void check() {
    const auto& board = process_->engine().occupancy().board();
    for (std::uint32_t zone = 0; zone < plan_->zones().size(); ++zone)
      check_availability(*plan_, board.availability(ZoneIndex(zone)), zone);
    if (!scene_.one_in(5)) return;
    check_open_sessions(process_->books());
    check_claims(process_->books(), board, *plan_);
  }

  // The end.

  /// All faults end, and staff give every barrier back to work.
  void heal() {
    disk_->keep_power();
    disk_->repair();
    witness_.do_not_cut();
    trouble_.end();
    pass(10s);
    staff_.release_all();
    pass(10s);
  }

  /// Every car that is inside gets out: by scanning, with cash where it is due, unless what came
  /// before has left it to a person.
  void leave() {
    std::vector<bool> leaves_by_itself;
    store::Sessions& sessions = process_->books().sessions();
    for (const Car& car : cars_.all()) {
      const auto ticket = TicketCode::parse(car.code);
      const auto session = ticket ? sessions.find_by_code(ticket->body) : std::nullopt;
      leaves_by_itself.push_back(!car.lost_its_way && session && is_inside(session->state) &&
                                 car.got_in_by_ticket);
    }
    for (int second = 0; second < seconds_to_empty_the_lot; ++second) {
      cars_.turn_away();
      bool is_empty = true;
      for (std::size_t i = 0; i < cars_.all().size(); ++i) {
        const Car::Where where = cars_.all()[i].where;
        is_empty = is_empty && (where == Car::Where::away || where == Car::Where::gone);
        const bool may_go =
            where == Car::Where::looking || clock_.now().steady >= cars_.all()[i].next;
        if (may_go) cars_.send_out(i);
      }
      if (is_empty) break;
      help_somebody();
      // An arm that did not come down when it was told to is at fault until a person has looked.
      if (second % seconds_to_see_an_alert == 0 && find_barrier_alert(process_->database()))
        staff_.release_all();
      pass(1s);
    }
    for (std::size_t i = 0; i < cars_.all().size(); ++i) {
      check_left(cars_.all()[i], leaves_by_itself[i]);
      if (leaves_by_itself[i]) reached("left by itself at the end");
    }
  }

  void check_end() {
    pass(60s);  // an arm that was told to close in vain is told again
    check_no_barrier_alerts(process_->database());
    check_audit(*disk_);
    for (const auto& row : store::Outbox(process_->database()).read_after({}, 10'000)) {
      if (row.type == "parking.session.moved.v1") reached("session moved to its car's bay");
    }
    check_cash(process_->books(), staff_);
  }

  void reached(const char* what) { scene_.reached(what); }

  const GateWorldOptions options_;
  GateReport report_;
  Trace trace_;
  simulators::Random random_;
  SeededBytes bytes_;
  VirtualClock clock_;
  WallClock wall_clock_{clock_};
  IndianCalendar calendar_;
  std::unique_ptr<Disk> disk_;
  store::UserKey staff_key_;
  std::unique_ptr<const LotPlan> plan_;
  std::vector<SimulatedBarrier> barriers_;
  Scene scene_;
  Witness witness_;
  Cars cars_;
  Staff staff_;
  std::deque<ArmLine> lines_;
  Trouble trouble_;
  std::unique_ptr<Disk> shadow_disk_;
  std::optional<SeededBytes> shadow_bytes_;
  Nobody nobody_;
  std::unique_ptr<GateProcess> process_;
  std::unique_ptr<GateProcess> shadow_;
  std::uint64_t lives_ = 0;
  Steady began_{};  // the process
  bool has_heard_ = false;
  bool is_moving_log_ = false;
};

}  // namespace

GateReport run_gate_world(const GateWorldOptions& options) { return GateWorld(options).run(); }

}  // namespace gatehouse::world

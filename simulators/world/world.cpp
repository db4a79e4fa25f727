#include "simulators/world/world.hpp"

#include "simulators/world/process.hpp"
#include "simulators/world/sensors.hpp"
#include "simulators/world/shown.hpp"

#include <array>
#include <utility>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds stale_after = 1h;
constexpr std::size_t lives_max = 40;

store::LotSeed a_lot(simulators::Random& random) {
  store::LotSeed seed{.lot = *LotId::parse("world"), .name = "World", .zones = {}};
  const std::size_t zones = 1 + random.below(3);
  for (std::size_t i = 0; i < zones; ++i) {
    const std::string id(1, static_cast<char>('A' + i));
    store::ZoneSeed zone{.zone = {.id = *ZoneId::parse(id), .name = id}, .slots = {}};
    zone.zone.rates.hourly_rate = Paise(5'000);
    zone.zone.rates.bands = {{.from = 6h, .to = 9h, .hourly_rate = Paise(8'000)}};
    zone.zone.active = random.below(6) != 0;
    const std::size_t slots = 2 + random.below(8);
    for (std::size_t n = 1; n <= slots; ++n) {
      zone.slots.push_back(*SlotId::parse(numbered_slot_name(id, n)));
    }
    seed.zones.push_back(std::move(zone));
  }
  return seed;
}

std::unique_ptr<Disk> new_disk(simulators::Random& random, Instant now) {
  auto disk = std::make_unique<Disk>(random.next());
  init_store(*disk, a_lot(random), now);
  return disk;
}

/// The world of one seed. Beside the process under test a shadow lives on a disk that never fails
/// and hears the same: what the store must hold after a crash is the shadow's state before the
/// batch that was cut, or after it.
class World {
 public:
  explicit World(const WorldOptions& options)
      : options_(options),
        random_(options.seed),
        disk_(new_disk(random_, clock_.now().utc)),
        plan_(read_plan(*disk_->copy())),
        sensors_(plan_->slots().size(), random_),
        shown_(*plan_, trace_) {
    if (options.lying_disk) disk_->lie_about_syncs();
  }

  WorldReport run() {
    try {
      live();
    } catch (const Violation& violation) {
      report_.violation = violation.what();
    } catch (const store::StoreError& error) {
      report_.violation = std::string("the store is lost: ") + error.what();
    }
    report_.trace_hash = trace_.hash();
    return std::move(report_);
  }

 private:
  void live() {
    boot();
    for (std::uint64_t step = 0; step < options_.steps; ++step) {
      act();
      if (random_.below(3) == 0) turn();
      check();
    }
    heal();
  }

  /// A life begins, perhaps after several that were cut short at once.
  void boot() {
    for (std::size_t life = 0; life < lives_max; ++life) {
      shadow_disk_ = disk_->copy();
      shown_.watch(disk_.get(), 1 + random_.below(20));
      try {
        process_ =
            std::make_unique<Process>(ProcessParts{*disk_, clock_, calendar_, shown_, stale_after});
        shadow_ = std::make_unique<Process>(
            ProcessParts{*shadow_disk_, clock_, calendar_, shadow_outside_, stale_after});
        shadow_->engine().start();
        process_->engine().start();
        reconnect();
        return;
      } catch (const store::StoreError&) {
        if (!disk_->is_without_power()) throw;
      } catch (const PowerCut&) {
        reached("cut between commit and act");
      }
      reached("second cut while starting");
      lose_power();
    }
    throw Violation("the gateway never starts again");
  }

  void lose_power() {
    process_.reset();
    shadow_.reset();
    shown_.do_not_cut();
    if (disk_->restore_power()) reached("torn write");
    // A recovery may be cut too.
    if (!healing_ && random_.below(4) == 0) disk_->cut_power_after(1 + random_.below(12));
  }

  /// The batch that waits is decided: by the shadow, which survives, and by the process.
  void turn() {
    const bool cut_is_armed =
        disk_->is_about_to_lose_power() || disk_->is_without_power() || shown_.is_cutting();
    std::string before;
    if (cut_is_armed) before = shadow_fingerprint();
    shadow_->engine().turn();
    try {
      process_->engine().turn();
      reached("batch committed");
    } catch (const store::StoreError&) {
      if (!disk_->is_without_power()) throw;
      reached("cut within a commit");
      die(before, shadow_fingerprint());
    } catch (const PowerCut&) {
      reached("cut between commit and act");
      const std::string after = shadow_fingerprint();
      die(after, after);
    }
  }

  std::string shadow_fingerprint() {
    const auto copy = shadow_disk_->copy();
    return fingerprint(*copy);
  }

  /// What is found after a cut is the state before or after the batch: nothing else.
  void die(const std::string& before, const std::string& after) {
    lose_power();
    const auto found_disk = disk_->copy();
    const std::string found = fingerprint(*found_disk);
    if (found != before && found != after) {
      throw Violation("after a power cut the store holds neither what was before nor after");
    }
    reached(found == after ? "batch survived its cut" : "batch lost in its cut");
    boot();
  }

  void act() {
    const std::size_t slot = random_.below(sensors_.count());
    switch (random_.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return car_comes_or_goes(slot);
      case 4:
      case 5:
        return say(slot);
      case 6:
        return repeat(slot);
      case 7:
        return say_late(slot);
      case 8:
        return device_goes_or_comes(slot);
      case 9:
        return fall_silent(slot);
      case 10:
      case 11:
        return pass_time();
      case 12:
        return connect_or_disconnect();
      case 13:
        return burst();
      case 14:
        return step_clock();
      default:
        return arm_cut();
    }
  }

  [[nodiscard]] bool may_speak(std::size_t slot) const {
    const Sensor& sensor = sensors_.at(slot);
    return sensor.installed && sensor.online && !sensor.silent;
  }

  void deliver(std::size_t slot, const Reading& reading, bool retained) {
    if (!connected_) return;
    const engine::SlotReported reported{SlotIndex(slot), reading, retained, clock_.now()};
    process_->inbox().put(reported);
    shadow_->inbox().put(reported);
  }

  void deliver_status(std::size_t slot, bool online) {
    sensors_.at(slot).retained_status = online;
    if (!connected_) return;
    const engine::SensorReported reported{
        .slot = SlotIndex(slot), .online = online, .received = clock_.now()};
    process_->inbox().put(reported);
    shadow_->inbox().put(reported);
  }

  void say(std::size_t slot) {
    if (may_speak(slot)) deliver(slot, sensors_.speak(slot, true_time()), false);
  }

  void car_comes_or_goes(std::size_t slot) {
    sensors_.at(slot).car = !sensors_.at(slot).car;
    say(slot);
  }

  void repeat(std::size_t slot) {
    const auto last = sensors_.at(slot).retained_state;
    if (last) deliver(slot, *last, false);
  }

  void say_late(std::size_t slot) {
    // Only what can be told from a new message: without seq and ts the newest wins, as it must.
    const Sensor& sensor = sensors_.at(slot);
    const bool seq_tells = sensor.before_last && sensor.before_last->seq && sensor.retained_state &&
                           *sensor.retained_state->seq > *sensor.before_last->seq &&
                           *sensor.before_last->seq > 1;
    if (!seq_tells) return;
    deliver(slot, *sensor.before_last, false);
    reached("late message");
  }

  void device_goes_or_comes(std::size_t slot) {
    Sensor& sensor = sensors_.at(slot);
    if (!sensor.installed) return;
    sensor.online = !sensor.online;
    deliver_status(slot, sensor.online);
    if (!sensor.online) return;
    sensors_.restart(slot);
    reached("sensor restarted");
    if (random_.below(2) == 0) say(slot);
  }

  void fall_silent(std::size_t slot) {
    if (random_.below(4) == 0) sensors_.at(slot).silent = true;
  }

  void pass_time() {
    const std::array<std::chrono::milliseconds, 5> spans{1ms, 40ms, 300ms, 20s, 90min};
    const auto span = spans[random_.below(spans.size())];
    clock_.pass(span);
    true_time_ += span;
    if (span > stale_after) reached("long silence");
  }

  void step_clock() {
    const std::array<std::chrono::milliseconds, 4> steps{-24h, -2s, 2s, 24h};
    clock_.step(steps[random_.below(steps.size())]);
    reached("wall clock stepped");
  }

  void connect_or_disconnect() {
    if (connected_) {
      connected_ = false;
      if (random_.below(8) == 0) {
        sensors_.forget_retained();
        reached("broker forgot everything");
      }
    } else {
      reconnect();
    }
  }

  void reconnect() {
    connected_ = true;
    for (std::size_t slot = 0; slot < sensors_.count(); ++slot) {
      const auto status = sensors_.at(slot).retained_status;
      if (status) deliver_status(slot, *status);
    }
    for (std::size_t slot = 0; slot < sensors_.count(); ++slot) {
      const auto state = sensors_.at(slot).retained_state;
      if (state) deliver(slot, *state, true);
    }
  }

  void burst() {
    const std::size_t messages = 5 * sensors_.count();
    for (std::size_t i = 0; i < messages; ++i) say(random_.below(sensors_.count()));
    if (process_->inbox().merged() > 0) reached("inbox merged");
  }

  void arm_cut() {
    if (random_.below(3) == 0) {
      shown_.cut_before_next_act();
    } else {
      disk_->cut_power_after(1 + random_.below(16));
    }
  }

  void check() {
    const engine::Occupancy& occupancy = process_->engine().occupancy();
    for (std::size_t zone = 0; zone < process_->plan().zones().size(); ++zone) {
      check_availability(process_->plan(), occupancy.board().availability(ZoneIndex(zone)), zone);
    }
  }

  /// All faults end; then everything must come true.
  void heal() {
    healing_ = true;
    disk_->keep_power();
    shown_.do_not_cut();
    reconnect();
    settle();
    pass(stale_after + 1min);
    for (std::size_t slot = 0; slot < sensors_.count(); ++slot) say(slot);
    settle();
    check_truth();
  }

  void pass(std::chrono::milliseconds span) {
    clock_.pass(span);
    true_time_ += span;
  }

  void settle() {
    for (int i = 0; i < 20; ++i) {
      pass(400ms);
      turn();
    }
  }

  void check_truth() {
    for (std::size_t slot = 0; slot < sensors_.count(); ++slot) {
      const SlotStatus expected = true_status(slot);
      if (shown_.slot(slot).status != expected) {
        throw Violation("slot " + process_->plan().slots()[slot].id.text() + " is shown as " +
                        std::string(name(shown_.slot(slot).status)) + " and is " +
                        std::string(name(expected)));
      }
    }
    SlotCounts all;
    for (std::size_t zone = 0; zone < process_->plan().zones().size(); ++zone) {
      check_availability(process_->plan(), shown_.zone(zone), zone);
      all += shown_.zone(zone).counts;
    }
    if (all != shown_.lot().counts) throw Violation("the lot's totals are not its zones'");
  }

  /// What the slot must be called, from the world's own truth.
  [[nodiscard]] SlotStatus true_status(std::size_t slot) const {
    const Sensor& sensor = sensors_.at(slot);
    if (may_speak(slot)) return sensor.car ? SlotStatus::occupied : SlotStatus::free;
    // It says nothing now; did it ever get a word through?
    const auto& board = process_->engine().occupancy().board();
    return board.state(SlotIndex(slot)).sensor.spoke ? SlotStatus::unknown : SlotStatus::free;
  }

  [[nodiscard]] Instant true_time() const { return true_time_; }

  void reached(const char* what) {
    ++report_.reached[what];
    trace_.add(what);
  }

  /// The shadow shows nobody anything.
  struct Nobody final : engine::Outside {
    void act(const store::Committed<engine::Effects>& /*effects*/) override {}
  };

  const WorldOptions options_;
  WorldReport report_;
  Trace trace_;
  simulators::Random random_;
  VirtualClock clock_;
  IndianCalendar calendar_;
  Instant true_time_ = clock_.now().utc;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Disk> shadow_disk_;
  std::unique_ptr<const LotPlan> plan_;
  Sensors sensors_;
  Shown shown_;
  Nobody shadow_outside_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<Process> shadow_;
  bool connected_ = false;
  bool healing_ = false;
};

}  // namespace

WorldReport run_world(const WorldOptions& options) { return World(options).run(); }

}  // namespace gatehouse::world

#include "simulators/lot_run.hpp"

#include "simulators/barrier_mischief.hpp"
#include "simulators/barrier_server.hpp"
#include "simulators/car_memory.hpp"
#include "simulators/driver_lot.hpp"
#include "simulators/lot_devices.hpp"
#include "simulators/lot_figures.hpp"
#include "simulators/staff_counter.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int exit_incomplete = 1;
constexpr int exit_usage = 2;
constexpr int exit_unreachable = 3;
constexpr auto look_up = 20ms;  // how often drivers look at the arm
constexpr VirtualTime report_interval = 5s;
constexpr auto finish_timeout = 5s;

/// No two runs may use the same scan ids, whatever their seeds: the gateway answers an id it knows
/// with the answer it gave then.
std::string run_name() {
  std::random_device device;
  return fmt::format("sim-{:08x}{:08x}", device(), device());
}

/// At once, also where somebody reads it through a pipe.
void print_line(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

DriverLotOptions driver_options(const LotOptions& options) {
  DriverLotOptions drivers{.seed = options.seed,
                           .run = run_name(),
                           .lanes = {},
                           .zone_slots = options.lot.zone_slots,
                           .mean_stay_minutes = options.mean_stay_minutes,
                           .fill_percent = options.fill_percent,
                           .has_counter = !options.staff.empty(),
                           .habits = options.habits};
  for (const auto& lane : options.lot.lanes)
    drivers.lanes.push_back({.use = lane.use, .has_barrier = lane.barrier.has_value()});
  constexpr std::uint64_t thousandths = 1'000;
  drivers.lot_minute = micros(ticks(std::chrono::seconds(options.lot.minute_seconds)) *
                              thousandths / std::max<std::uint64_t>(options.speed_thousandths, 1));
  return drivers;
}

LotDevicesOptions device_options(const LotOptions& options) {
  return {.with_sensors = true,
          .credentials_file = options.credentials_file,
          .payment_method = options.staff.empty() ? "" : "CASH"};
}

/// The lot while it runs.
class LivingLot {
 public:
  LivingLot(const LotOptions& options, const std::stop_token& stop)
      : options_(options),
        stop_(stop),
        barriers_(barriers_of(options), options.seed),
        drivers_(driver_options(options)),
        memory_(options.cars_file, options.lot.slots),
        devices_(options.lot, device_options(options)) {
    for (std::uint32_t slot = 0; slot < options.lot.slots.size(); ++slot)
      slots_.emplace(options.lot.slots[slot], slot);
    if (!options.staff.empty())
      counter_ = std::make_unique<StaffCounter>(StaffAccount{.url = options.lot.http_url,
                                                             .username = options.staff,
                                                             .password = options.staff_password,
                                                             .ca_file = options.lot.ca_file});
    if (options.trouble_interval)
      troubles_.emplace(options.seed, barriers_.size(), *options.trouble_interval);
  }

  LotRun play() {
    if (!devices_.connect(options_.connect_timeout, stop_)) {
      devices_.finish(0s);
      if (stop_.stop_requested()) return {};
      return {.exit_code = exit_unreachable,
              .trouble = fmt::format("{}: {}", options_.lot.broker_url, devices_.last_error())};
    }
    started_ = Clock::now();
    begin();
    while (!stop_.stop_requested() && !is_over()) {
      turn();
      devices_.wait_until(Clock::now() + look_up, stop_);
    }
    memory_.write(drivers_.inside());
    const bool settled = devices_.finish(finish_timeout);
    LotRun run{.summary = summary_json(figures())};
    if (!settled) run.trouble = "the broker did not acknowledge everything";
    if (devices_.link_counts().refused > 0)
      run.trouble = fmt::format("the broker refused messages: {}", devices_.last_error());
    if (!run.trouble.empty()) run.exit_code = exit_incomplete;
    return run;
  }

 private:
  static std::vector<ServedBarrier> barriers_of(const LotOptions& options) {
    auto served = served_barriers(options.lot, options.arm_travel);
    if (!served) throw std::invalid_argument(served.error());
    return std::move(*served);
  }

  [[nodiscard]] VirtualTime now() const {
    return std::chrono::floor<VirtualTime>(Clock::now() - started_);
  }
  [[nodiscard]] bool is_over() const {
    return options_.duration_ms && now() >= std::chrono::milliseconds(*options_.duration_ms);
  }

  /// Every sensor says what its bay is like, before anybody comes.
  void begin() {
    std::vector<bool> taken(options_.lot.slots.size());
    for (const auto& car : memory_.read()) {
      drivers_.remember(car);
      if (car.bay) taken[*car.bay] = true;
    }
    for (std::uint32_t slot = 0; slot < taken.size(); ++slot)
      devices_.say_bay(slot, taken[slot], stop_);
    print_line(
        fmt::format("lot {}: {} bays, {} lanes, {} barriers, {} cars inside; cars stay about "
                    "{} minutes of the lot",
                    options_.lot.lot, taken.size(), options_.lot.lanes.size(), barriers_.size(),
                    drivers_.figures().inside, drivers_.mean_stay_minutes()));
  }

  void turn() {
    for (const auto& heard : devices_.take_decisions()) tell(heard);
    if (counter_) {
      for (auto& reply : counter_->take_replies()) tell(std::move(reply));
    }
    for (std::size_t lane = 0; lane < options_.lot.lanes.size(); ++lane) {
      if (const auto barrier = options_.lot.lanes[lane].barrier)
        drivers_.see_arm(lane, barriers_.view(*barrier).arm, now());
    }
    make_trouble();
    while (const auto done = drivers_.next(now()))
      std::visit([this](const auto& act) { carry_out(act); }, done->act);
    devices_.tend(now(), stop_);
    if (now() >= report_due_) {
      report_due_ = now() + report_interval;
      memory_.write(drivers_.inside());
      print_line(figures_line(drivers_.figures()));
    }
  }

  void make_trouble() {
    if (!troubles_) return;
    while (const auto trouble = troubles_->next(now())) {
      BarrierMischief mischief;
      if (mischief.add(trouble->word)) barriers_.set_mischief(trouble->barrier, mischief);
      if (trouble->word != "heal")
        print_line(fmt::format("barrier {}: {}", barriers_.id(trouble->barrier), trouble->word));
    }
  }

  [[nodiscard]] std::optional<std::uint32_t> slot_named(const std::string& name) const {
    const auto found = slots_.find(name);
    return found == slots_.end() ? std::nullopt : std::optional(found->second);
  }

  void tell(const HeardDecision& heard) {
    const auto& decision = heard.decision;
    drivers_.hear(LaneDecision{.lane = heard.lane,
                               .id = decision.id,
                               .verdict = decision.verdict,
                               .reason = decision.reason,
                               .code = decision.code,
                               .slot = slot_named(decision.slot)},
                  now());
  }
  void tell(CounterReply reply) {
    drivers_.hear(CounterAnswer{.car = reply.car,
                                .done = reply.done,
                                .refusal = std::move(reply.refusal),
                                .code = std::move(reply.code),
                                .slot = slot_named(reply.slot),
                                .paid_paise = reply.paid_paise},
                  now());
  }

  void carry_out(const PressButton& act) {
    devices_.press(act.lane, act.id, act.vehicle_number, now(), stop_);
  }
  void carry_out(const ScanTicket& act) { devices_.scan(act.lane, act.id, act.code, now(), stop_); }
  void carry_out(const LeaveReader& act) { devices_.forget(act.lane); }
  void carry_out(const DriveOver& act) {
    if (const auto barrier = options_.lot.lanes[act.lane].barrier)
      barriers_.set_loop(*barrier, act.loop, act.on);
  }
  void carry_out(const UseBay& act) { devices_.say_bay(act.slot, act.occupied, stop_); }
  void carry_out(const AskCounter& act) {
    if (!counter_) return;
    const auto& lane = options_.lot.lanes[act.lane];
    const auto& zones = options_.lot.zones;
    counter_->ask({.car = act.car,
                   .call = act.call,
                   .zone = lane.zones.empty() ? std::string()
                                              : zones[lane.zones[act.zone % lane.zones.size()]],
                   .gate = lane.gate,
                   .code = act.code,
                   .vehicle_number = act.vehicle_number});
  }

  [[nodiscard]] LotFigures figures() const {
    LotFigures figures{.lot = options_.lot.lot,
                       .seed = options_.seed,
                       .took = std::chrono::floor<std::chrono::milliseconds>(now()),
                       .drivers = drivers_.figures(),
                       .readers = devices_.counts(),
                       .barriers = {}};
    for (std::size_t i = 0; i < barriers_.size(); ++i)
      figures.barriers.emplace_back(barriers_.id(i), barriers_.view(i));
    return figures;
  }

  const LotOptions& options_;
  const std::stop_token& stop_;
  Clock::time_point started_{};
  VirtualTime report_due_ = report_interval;
  std::unordered_map<std::string, std::uint32_t> slots_;
  BarrierServer barriers_;
  std::optional<TroubleMaker> troubles_;
  DriverLot drivers_;
  CarMemory memory_;
  LotDevices devices_;
  std::unique_ptr<StaffCounter> counter_;
};

}  // namespace

std::expected<std::vector<ServedBarrier>, std::string> served_barriers(const LotDescription& lot,
                                                                       VirtualTime arm_travel) {
  std::vector<ServedBarrier> served;
  for (const auto& barrier : lot.barriers) {
    const auto profile = parse_register_profile(barrier.profile);
    if (!profile)
      return std::unexpected(
          fmt::format("barrier {}: profile {} is not simulated (generic, relay8, came are)",
                      barrier.id, barrier.profile));
    served.push_back({.id = barrier.id,
                      .url = barrier.url,
                      .unit = barrier.unit,
                      .profile = *profile,
                      .travel = arm_travel});
  }
  return served;
}

LotRun run_lot(const LotOptions& options, const std::stop_token& stop) {
  try {
    return LivingLot(options, stop).play();
  } catch (const std::invalid_argument& error) {
    return {.exit_code = exit_usage, .trouble = error.what()};
  } catch (const std::runtime_error& error) {
    return {.exit_code = exit_unreachable, .trouble = error.what()};
  }
}

}  // namespace gatehouse::simulators

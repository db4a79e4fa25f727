// Whole parking cycles through the engine and a store on disk: ticket, entry scan, passage, fifty
// minutes, cash at the exit, passage. No broker, no barrier: what deciding and keeping costs.
//
//   cycles --path cycles.db --past 1000000 --cycles 2000 --cars 100
//
// Makes the store at --path, lives through --past cycles, then measures: `together` with as many
// cars at as many gates in each commit as --cars says, `alone` with one, whose every event is a
// commit of its own. The clock is turned by hand.
#include "bench/peers/arguments.hpp"
#include "bench/peers/timings.hpp"
#include "edge/domain/invariant.hpp"
#include "edge/engine/call.hpp"
#include "edge/engine/engine.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/checkpointer.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/migrate.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_outside.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>

namespace gatehouse::bench {
namespace {

using namespace std::chrono_literals;
using namespace gatehouse::engine;
namespace tests = gatehouse::tests;

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : source_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(source_() & 0xFFU);
  }

 private:
  std::mt19937_64 source_;
};

class NoPictures final : public QrWriter {
 public:
  [[nodiscard]] std::string svg(std::string_view) const override { return "<svg/>"; }
};

std::unique_ptr<const LotPlan> make_store(store::Database& database, std::uint32_t slots) {
  store::migrate(database);
  store::ZoneSeed zone{
      .zone = {.id = ZoneId::parse("A").value(), .name = "Zone A", .rates = {Paise(5'000), {}}},
      .slots = {}};
  for (std::uint32_t i = 1; i <= slots; ++i)
    zone.slots.push_back(SlotId::parse(fmt::format("A-{:05}", i)).value());
  static_cast<void>(store::seed(database, {LotId::parse("bench").value(), "Bench lot", {zone}},
                                tests::ManualClock::start));
  return store::load_plan(database);
}

store::UserKey make_cashier(store::Database& database) {
  store::Accounts accounts(database);
  store::Transaction transaction = database.begin();
  const auto cashier = accounts.insert(transaction, {.username = "cashier",
                                                     .role = store::Role::staff,
                                                     .gate = {},
                                                     .password_hash = "none: nobody signs in",
                                                     .email = {},
                                                     .phone_number = {},
                                                     .created_at = tests::ManualClock::start});
  return std::move(transaction).commit(cashier.value()).value();
}

/// An entry gate for each car, then an exit gate for each; a barrier at every one.
GatePlan gates_for(std::uint32_t cars) {
  std::vector<LanePlan> lanes;
  std::vector<BarrierId> barriers;
  for (std::uint32_t i = 0; i < 2 * cars; ++i) {
    lanes.push_back({.id = GateId::parse(fmt::format("GATE_{}", i)).value(),
                     .direction = i < cars ? LaneDirection::entry : LaneDirection::exit,
                     .barrier = BarrierIndex(i),
                     .zones = {ZoneIndex(0U)}});
    barriers.push_back(BarrierId::parse(fmt::format("b{}", i)).value());
  }
  return {std::move(lanes), std::move(barriers)};
}

class Lot {
 public:
  Lot(const std::filesystem::path& path, std::uint32_t cars)
      : cars_(cars),
        database_(store::Database::open({.path = path, .create = true})),
        plan_(make_store(database_, 2 * cars)),
        cashier_(make_cashier(database_)),
        premises_({.plan = *plan_,
                   .gates = gates_for(cars),
                   .gate_rules = {},
                   .billing = {},
                   .local = [this](Instant at) { return calendar_.local(at); },
                   .boot = "bench"}),
        inbox_(plan_->slots().size()),
        engine_({.plan = *plan_,
                 .database = database_,
                 .inbox = inbox_,
                 .clock = clock_,
                 .calendar = calendar_,
                 .outside = outside_,
                 .settings = {},
                 .gates = GateParts{.premises = premises_, .qr = pictures_, .random = random_}}),
        checkpointer_(path) {
    engine_.start();
    for (std::uint32_t i = 0; i < 2 * cars_; ++i)
      put(BarrierReported{BarrierIndex(i), {.state = BarrierState::closed}, clock_.now()});
    decide();
  }

  /// `cars` cycles, side by side.
  void live(std::uint32_t cars) {
    const std::vector<std::string> codes = tickets(cars);
    for (std::uint32_t i = 0; i < cars; ++i) {
      put(GateScanned{.gate = GateIndex(i),
                      .kind = ScanKind::scan,
                      .scan_id = fmt::format("scan-{}", ++number_),
                      .code = codes[i],
                      .payment_method = {},
                      .vehicle = {},
                      .device_ts = {},
                      .received = clock_.now()});
    }
    decide();
    drive_through(cars);
    clock_.pass(50min);
    for (std::uint32_t i = 0; i < cars; ++i) {
      ask(Leave{.which = ByCode{codes[i]},
                .method = PaymentMethod::cash,
                .amount = {},
                .tendered = {},
                .gate = GateIndex(cars_ + i)});
    }
    require(decide().size() == cars, "everybody pays");
    drive_through(cars);
    clock_.pass(1min);
  }

 private:
  void put(UrgentEvent event) { require(inbox_.put(std::move(event)), "the inbox has room"); }

  void ask(decltype(Call::what) what) {
    put(CallMade{std::make_shared<const Call>(Call{.id = ++number_,
                                                   .actor = {cashier_, "cashier"},
                                                   .what = std::move(what),
                                                   .received = clock_.now()})});
  }

  /// Everything that waits; the answers to calls come out, the orders to open are kept.
  std::vector<CallResult> decide() {
    while (engine_.turn()) checkpointer_.log_holds(engine_.log_frames());
    std::vector<CallResult> results;
    for (Effects& effects : outside_.told) {
      for (const auto& answer : effects.answers) {
        require(answer->result.has_value(), "nobody is refused");
        results.push_back(*answer->result);
      }
      for (const BarrierOrder& order : effects.orders) {
        if (order.kind == BarrierOrderKind::open) openings_.push_back(order);
      }
    }
    outside_.told.clear();
    return results;
  }

  std::vector<std::string> tickets(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      ask(IssueTicket{.vehicle = VehicleNumber::parse(fmt::format("DL{:06}", ++number_)).value(),
                      .owner_name = "A driver",
                      .phone_number = {},
                      .zone = ZoneIndex(0U),
                      .gate = {}});
    }
    std::vector<std::string> codes;
    for (const CallResult& result : decide()) codes.push_back(std::get<TicketIssued>(result).code);
    require(codes.size() == count, "everybody gets a ticket");
    return codes;
  }

  void drive_through(std::uint32_t cars) {
    require(openings_.size() == cars, "everybody is let through, once");
    using How = OpeningReported::How;
    for (const BarrierOrder& order : std::exchange(openings_, {})) {
      for (const How how : {How::seen_open, How::passed})
        put(OpeningReported{order.barrier, order.opening.value(), how, clock_.now()});
    }
    decide();
  }

  const std::uint32_t cars_;
  tests::ManualClock clock_;
  tests::FixedCalendar calendar_;
  tests::RecordingOutside outside_;
  NoPictures pictures_;
  SeededRandom random_{1};
  store::Database database_;
  std::unique_ptr<const LotPlan> plan_;
  const store::UserKey cashier_;
  Premises premises_;
  Inbox inbox_;
  Engine engine_;
  store::Checkpointer checkpointer_;
  std::vector<BarrierOrder> openings_;
  std::uint64_t number_ = 0;
};

/// Cycles a second.
double measure(Lot& lot, std::uint64_t cycles, std::uint32_t cars) {
  const std::int64_t began_ns = monotonic_ns();
  for (std::uint64_t lived = 0; lived < cycles; lived += cars) lot.live(cars);
  const auto took_s = static_cast<double>(monotonic_ns() - began_ns) / 1e9;
  return static_cast<double>(cycles) / took_s;
}

int run(int count, char** words) {
  const Arguments arguments(
      count, words, {{"path", "cycles.db"}, {"past", "1000"}, {"cycles", "2000"}, {"cars", "100"}});
  // As `gatehouse run` has them (edge/gateway/commands/run.cpp).
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  const std::filesystem::path path = arguments.text("path");
  const auto cars = static_cast<std::uint32_t>(arguments.number("cars"));
  const std::uint64_t cycles = arguments.number("cycles");
  Lot lot(path, cars);
  const double past_per_s = measure(lot, arguments.number("past"), cars);
  const double together_per_s = measure(lot, cycles, cars);
  const double alone_per_s = measure(lot, cycles / 10, 1);
  std::cout
      << fmt::format(
             R"({{"past":{},"past_per_s":{:.0f},"together_per_s":{:.0f},"alone_per_s":{:.0f},"store_mb":{:.1f}}})",
             arguments.number("past"), past_per_s, together_per_s, alone_per_s,
             static_cast<double>(std::filesystem::file_size(path)) / 1e6)
      << std::endl;
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}

// A whole engine over a store on disk, with clocks and a world that a test holds in its hand.
//
//   RunningLot lot({zone_seed("A", 3)});
//   lot.says("A-001", true);
//   lot.engine->turn();
//   lot.restart();   // another process on the same file
#pragma once

#include "edge/engine/engine.hpp"
#include "edge/engine/lot_view.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_outside.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::engine::tests {

using namespace std::chrono_literals;
using store::tests::zone_seed;

class RunningLot {
 public:
  /// The engine has started, and the world has forgotten that it was shown everything.
  explicit RunningLot(std::vector<store::ZoneSeed> zones = {zone_seed("A", 3), zone_seed("B", 2)},
                      EngineSettings settings = {})
      : settings_(settings) {
    database.emplace(store::Database::open({.path = path(), .create = true}));
    store::migrate(*database);
    const store::LotSeed seed{LotId::parse("demo").value(), "Demo lot", std::move(zones)};
    store::seed(*database, seed, clock.now().utc);
    make_engine();
    engine->start();
    outside.told.clear();
  }

  /// The process ends as it stands; another reads what is in the file and starts.
  void restart() {
    engine.reset();
    database.reset();
    database.emplace(store::Database::open({.path = path()}));
    make_engine();
    outside.told.clear();
    engine->start();
  }

  void says(std::string_view slot, bool occupied, std::optional<std::uint64_t> seq = {}) {
    inbox->put(SlotReported{.slot = index(slot),
                            .reading = {.occupied = occupied, .seq = seq},
                            .received = clock.now()});
  }
  bool turn() { return engine->turn(); }

  [[nodiscard]] SlotIndex index(std::string_view slot) const { return *plan->find_slot(slot); }
  [[nodiscard]] std::string status(std::string_view slot) const {
    return std::string(name(view->slot(index(slot)).status));
  }
  [[nodiscard]] std::filesystem::path path() const { return dir_ / "gatehouse.db"; }

  [[nodiscard]] double figure(std::string_view metric, std::string_view label = {}) const {
    std::vector<Sample> samples;
    engine->collect(samples);
    for (const Sample& sample : samples) {
      const bool is_it =
          label.empty() || (!sample.labels.empty() && sample.labels[0].second == label);
      if (sample.name == metric && is_it) return sample.value;
    }
    return -1;
  }
  [[nodiscard]] double commits() const { return figure("gatehouse_commits_total"); }

  gatehouse::tests::ManualClock clock;
  gatehouse::tests::FixedCalendar calendar;
  gatehouse::tests::RecordingOutside outside;
  std::optional<store::Database> database;
  std::shared_ptr<const LotPlan> plan;
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<LotView> view;
  std::unique_ptr<Engine> engine;

 private:
  void make_engine() {
    plan = store::load_plan(*database);
    inbox = std::make_unique<Inbox>(plan->slots().size());
    view = std::make_unique<LotView>(plan);
    fanout_ = std::make_unique<Fanout>(std::vector<Outside*>{view.get(), &outside});
    engine = std::make_unique<Engine>(Engine::Parts{.plan = *plan,
                                                    .database = *database,
                                                    .inbox = *inbox,
                                                    .clock = clock,
                                                    .calendar = calendar,
                                                    .outside = *fanout_,
                                                    .settings = settings_});
  }

  const gatehouse::tests::TempDir dir_;
  const EngineSettings settings_;
  std::unique_ptr<Fanout> fanout_;
};

/// Another connection to the lot's file: sees what is committed and nothing else.
class Onlooker {
 public:
  explicit Onlooker(const RunningLot& lot)
      : database_(store::Database::open({.path = lot.path()})) {}

  std::int64_t number(const std::string& query) {
    return database_.raw().execAndGet(query).getInt64();
  }
  std::string text(const std::string& query) {
    return database_.raw().execAndGet(query).getString();
  }
  void run(const std::string& sql) { database_.raw().exec(sql); }
  std::int64_t outbox_rows() { return number("SELECT count(*) FROM outbox"); }
  Instant heartbeat() {
    return Instant(std::chrono::milliseconds(number("SELECT at FROM heartbeat")));
  }
  /// Whether anything was written since the last time that this was asked.
  bool sees_a_write() {
    const auto version = number("PRAGMA data_version");
    return std::exchange(version_, version) != version;
  }
  /// The data of every outbox row, in the order of their numbers.
  std::vector<std::string> events() {
    std::vector<std::string> all;
    SQLite::Statement query(database_.raw(), "SELECT data FROM outbox ORDER BY epoch, sequence");
    while (query.executeStep()) all.push_back(query.getColumn(0).getString());
    return all;
  }

 private:
  store::Database database_;
  std::int64_t version_ = -1;
};

}  // namespace gatehouse::engine::tests

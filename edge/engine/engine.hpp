// The engine: takes what waits, decides, commits in one transaction, acts on what is committed.
//
//   Engine engine({…});
//   engine.start();              // what the store knows becomes what the world may know
//   while (…) engine.turn();     // one batch each; Loop does this on a thread of its own
//
// One thread. turn() throws StoreError when the store is broken; after that the engine is not to
// be used any more: the process ends and a new one reads the truth (store/database.hpp).
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/engine/gates.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/occupancy.hpp"
#include "edge/engine/outbox_house.hpp"
#include "edge/engine/ports.hpp"
#include "edge/store/ballast.hpp"
#include "edge/store/database.hpp"
#include "edge/store/outbox.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

namespace gatehouse::engine {

struct EngineSettings {
  std::chrono::milliseconds stale_after = std::chrono::hours(24);  // sensors.stale_after_s
  OutboxRules outbox;                                              // [cloud]
};

class Engine final : public MetricsSource {
 public:
  /// Everything referred to must outlive the engine. Reads the store.
  struct Parts {
    const LotPlan& plan;
    store::Database& database;
    Inbox& inbox;
    const Clock& clock;
    const Calendar& calendar;
    Outside& outside;
    EngineSettings settings;
    std::optional<GateParts> gates = {};  // none: a lot of sensors alone
    store::Ballast* ballast = nullptr;    // none: nobody looks after the disk
  };
  explicit Engine(const Parts& parts);

  /// Commits what changed while nobody looked, then acts on everything. Once, before any turn.
  void start();
  /// One batch. Returns whether there was anything to decide.
  bool turn();
  /// Decides all that still waits and saves what would otherwise only be in memory.
  void finish();

  /// Someone asked to stop (StopRequested). The engine's thread.
  [[nodiscard]] bool stop_requested() const { return stop_requested_; }
  /// When turn() has something to do even if nothing happens. The engine's thread.
  [[nodiscard]] Steady next_turn() const;
  /// When the last transaction was committed. Any thread.
  [[nodiscard]] Steady last_commit() const;
  /// Sensor events in the last turn's batch. The engine's thread.
  [[nodiscard]] std::size_t last_batch() const { return last_batch_; }
  /// Frames in the store's log after the last commit. The engine's thread.
  [[nodiscard]] int log_frames() const { return database_.log_frames(); }
  /// What was erased still stands in the store's log: told once. The engine's thread.
  [[nodiscard]] bool wants_empty_log() { return gates_ && gates_->wants_empty_log(); }

  [[nodiscard]] const Occupancy& occupancy() const { return occupancy_; }
  /// Any thread.
  void collect(std::vector<Sample>& samples) const override;

 private:
  void decide(const UrgentEvent& event, Turn* turn);
  void decide(const SensorEvent& event);
  Turn begin_turn(store::Transaction& transaction, Effects& effects, Moment now);
  void look_after_the_store();
  void keep_house(Moment now, Turn* turn);
  void commit_and_act(Moment now, std::optional<store::Transaction> begun, Effects effects);
  void record_and_prune(store::Transaction& transaction, Moment now);
  void save_event_cursor(store::Transaction& transaction);
  void hand_out_events(Effects& effects);
  [[nodiscard]] bool is_heartbeat_due(Moment now) const;

  const LotPlan& plan_;
  store::Database& database_;
  Inbox& inbox_;
  const Clock& clock_;
  const Calendar& calendar_;
  Outside& outside_;
  const EngineSettings settings_;
  store::Ballast* const ballast_;
  store::Outbox outbox_;
  OutboxHouse outbox_house_;
  std::optional<Gates> gates_;
  Occupancy occupancy_;
  Batch batch_;
  Steady next_housekeeping_{};
  Steady next_pruning_{};
  std::size_t last_batch_ = 0;
  std::optional<store::OutboxPlace> events_taken_;  // not saved yet
  bool stop_requested_ = false;
  bool pruning_due_ = false;

  std::atomic<bool> disk_is_scarce_{false};
  std::atomic<Steady::rep> last_commit_us_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> turns_{0};
  std::atomic<std::uint64_t> commit_time_us_{0};
};

}  // namespace gatehouse::engine

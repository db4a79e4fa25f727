// The capability "occupancy": sensors' events in; slot states, counters and slot-changed events
// into the store; availability and statuses out, paced.
//
// decide → settle → record → (commit) → due. The engine's thread; failure is a StoreError.
#pragma once

#include "edge/engine/effect.hpp"
#include "edge/engine/event.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/occupancy_board.hpp"
#include "edge/engine/pacing.hpp"
#include "edge/store/outbox.hpp"
#include "edge/store/slots.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

class Occupancy final : public MetricsSource {
 public:
  /// `claims`: what the sessions say of slots, by SlotIndex; empty where there are none.
  Occupancy(const LotPlan& plan, store::Database& database, std::chrono::milliseconds stale_after,
            Moment now, std::vector<Claim> claims = {});

  void decide(const SlotReported& reported);
  void decide(const SensorReported& reported);
  void keep_house(Moment now, WallTime local);
  void save_everything() { board_.save_everything(); }

  /// Finds out what is different now. After it and before the commit: record().
  void settle(Moment now);
  [[nodiscard]] bool nothing_to_record() const { return board_.changes().nothing_to_record(); }
  void record(store::Transaction& transaction, store::Outbox& outbox, Instant now);

  void save_heartbeat(store::Transaction& transaction, Instant now) {
    states_.save_heartbeat(transaction, now);
  }

  /// Adds what may be shown now, of all that has changed.
  void take_due(Steady now, Effects& effects);
  [[nodiscard]] std::optional<Steady> next_due() const;
  /// Everything, as it is, instead: for a world that knows nothing yet.
  void show_everything(Effects& effects) const;

  [[nodiscard]] const OccupancyBoard& board() const { return board_; }
  [[nodiscard]] OccupancyBoard& board() { return board_; }
  /// Any thread.
  void collect(std::vector<Sample>& samples) const override;

  /// How many sensor states were judged how, since the process began. Any thread.
  struct Judged {
    std::atomic<std::uint64_t> applied{0};
    std::atomic<std::uint64_t> repeated{0};
    std::atomic<std::uint64_t> late{0};
    std::atomic<std::uint64_t> slots_changed{0};
  };
  [[nodiscard]] const Judged& judged() const { return judged_; }

 private:
  void record_slot_changes(store::Transaction& transaction, store::Outbox& outbox, Instant now);

  const LotPlan& plan_;
  store::SlotStates states_;
  OccupancyBoard board_;
  Pacing zone_pacing_;
  Pacing slot_pacing_;
  Pacing lot_pacing_;
  std::vector<std::size_t> due_;  // scratch
  std::string event_data_;        // scratch
  Judged judged_;
};

}  // namespace gatehouse::engine

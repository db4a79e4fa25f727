// What the staff's live stream says beside what anybody may hear: scans, decisions and alerts as
// they come, barriers as they move; first the barriers' state and the alerts that are open.
//
// Noted on the engine's thread, turned into server-sent events a few times a second, kept in a
// bounded journal that all listeners share. Whoever falls behind it gets the state anew: the
// decisions in between stand in GET /api/staff/gates/.
//
// mark() and remember() on any thread; everything else on one thread, the server's.
#pragma once

#include "edge/api/stream_feed.hpp"
#include "edge/domain/gates.hpp"
#include "edge/engine/effect.hpp"
#include "edge/store/alerts.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

class StaffFeed {
 public:
  /// The gates outlive this. Until they are heard of, barriers are unreachable.
  explicit StaffFeed(const GatePlan& gates);
  StaffFeed(const GatePlan& gates, std::size_t journal_bytes_max);

  /// Notes what happened. True: nothing waited before, so publish() should be called soon.
  bool mark(const engine::Effects& effects);
  /// Alerts that were open before this feed heard of any; what it has heard since goes before.
  void remember(const std::vector<store::Alert>& open);

  // The server's thread only.

  /// Where a reader is: how much of the state it has, then its place in the journal.
  struct Reader {
    std::shared_ptr<const std::vector<Chunk>> state;
    std::size_t piece = 0;
    std::uint64_t position = 0;
  };
  /// Call before the first reader begins, and after the last one left.
  void listen(bool anybody);
  [[nodiscard]] Reader begin(Instant now);
  /// Turns what was noted into a chunk of the journal.
  void publish(Instant now);
  /// What the reader should be sent next, at most limits::write_bytes_max and one event; empty: it
  /// knows all.
  std::vector<Chunk> next(Reader& reader, Instant now);

  /// Text kept for readers, not counting what is under way to them.
  [[nodiscard]] std::size_t kept_bytes() const { return journal_bytes_; }

 private:
  struct Noted {
    std::string_view event;
    std::string data;
  };
  struct Marks {
    std::deque<Noted> events;
    std::vector<bool> barriers;  // by GateIndex: has moved
    bool any = false;
  };
  void note(std::string_view event, const std::string& data);
  void note_alert(const engine::AlertShown& alert);
  [[nodiscard]] Marks take_marks();
  [[nodiscard]] std::string barrier_event(GateIndex gate, const engine::BarrierShown& shown,
                                          Instant now) const;
  [[nodiscard]] std::vector<Chunk> render_state(Instant now);
  void append(std::string text);
  [[nodiscard]] std::uint64_t end() const { return first_ + journal_.size(); }

  const GatePlan& gates_;
  const std::size_t journal_bytes_max_;

  std::mutex mutex_;
  // Protected by mutex_.
  bool listening_ = false;
  Marks marks_;
  std::vector<engine::BarrierShown> barriers_;        // by GateIndex
  std::map<std::string, std::string> open_alerts_;    // id → payload
  std::set<std::string> cleared_before_remembering_;  // ids; empty once it was remembered
  bool has_remembered_ = false;

  // The server's thread.
  std::deque<Chunk> journal_;
  std::uint64_t first_ = 1;  // number of the journal's first chunk
  std::size_t journal_bytes_ = 0;
};

}  // namespace gatehouse::api

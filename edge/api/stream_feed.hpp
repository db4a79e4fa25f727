// What the live streams say: the whole state first, then what changes.
//
// Text is made once and shared by all who get it. Changes are marked on the engine's thread and
// turned into server-sent events a few times a second; the newest of them wait in a bounded
// journal. A reader is two numbers: where it is in the journal and how much of the whole state it
// has. Whoever falls behind the journal gets the whole state anew, so that nobody's slowness costs
// memory or time of others.
//
// mark() on any thread; everything else on one thread, the server's.
#pragma once

#include "edge/api/health.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/store/traffic.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

/// Whole server-sent events, at most limits::chunk_bytes_max and a little.
using Chunk = std::shared_ptr<const std::string>;

class StreamFeed {
 public:
  /// `minute`: how long a minute of a stay takes here; a demo lot's is shorter, and says so.
  explicit StreamFeed(const engine::LotView& view, std::chrono::seconds minute = usual_minute);
  /// A smaller journal, for tests of its overrun.
  StreamFeed(const engine::LotView& view, std::size_t journal_bytes_max,
             std::chrono::seconds minute = usual_minute);
  static constexpr std::chrono::seconds usual_minute{60};

  /// Notes what changed; the view must have been told before. True: nothing was noted before, so
  /// publish() should be called soon. Any thread; returns at once.
  bool mark(const engine::Effects& effects);

  // The server's thread only.

  /// Where a reader is. A new one knows nothing yet.
  struct Reader {
    std::uint64_t position = 0;  // number of the next chunk of the journal
    std::size_t piece = 0;       // next piece of the whole state
  };
  /// Call before the first reader begins, and after the last one left: nothing is noted for nobody.
  void listen(bool anybody);
  [[nodiscard]] Reader begin() const;
  /// Turns what was marked into chunks of the journal.
  void publish(Instant now);
  /// A comment line for proxies, and an event for pages, which are not shown comments: so that a
  /// quiet stream can be told from a dead one. It says whether sensors can be heard.
  void heartbeat(Instant now);
  /// What no effect tells of: how the broker is, and who comes and goes (nullopt: nobody counts).
  /// What is new of it is told at once. Before the first reader begins, and now and then.
  void look(Instant now, ServiceState broker, std::optional<store::TrafficCount> traffic);
  /// What the reader should be sent next, at most limits::write_bytes_max; empty: it knows all.
  std::vector<Chunk> next(Reader& reader, Instant now);

  /// Text kept for readers, not counting what is under way to them.
  [[nodiscard]] std::size_t kept_bytes() const { return journal_bytes_ + pieces_bytes_; }
  [[nodiscard]] std::uint64_t overruns() const { return overruns_.load(); }

 private:
  struct Marks {
    std::vector<SlotIndex> slots;
    std::vector<ZoneIndex> zones;
    bool lot = false;
  };
  Marks take_marks();
  void append(std::string text);
  [[nodiscard]] std::uint64_t end() const { return first_ + journal_.size(); }
  [[nodiscard]] std::size_t piece_count() const { return zone_pieces_ + slot_pieces_; }
  Chunk next_chunk(Reader& reader, Instant now);
  Chunk piece(std::size_t number, Instant now);
  [[nodiscard]] std::string render_piece(std::size_t number, Instant now) const;
  void add_zone(std::string& out, ZoneIndex zone) const;
  void add_lot(std::string& out) const;
  void add_alive(std::string& out, Instant now) const;
  void add_slot(std::string& out, SlotIndex slot, Instant now) const;
  void forget_pieces();

  const engine::LotView& view_;
  const std::size_t journal_bytes_max_;
  const std::chrono::seconds minute_;
  const std::size_t zone_pieces_;
  const std::size_t slot_pieces_;

  std::atomic<bool> listening_{false};
  std::atomic<std::uint64_t> overruns_{0};

  std::mutex mutex_;
  // Protected by mutex_.
  Marks marks_;
  std::vector<bool> slot_is_marked_;
  std::vector<bool> zone_is_marked_;
  bool something_is_marked_ = false;

  // The server's thread.
  ServiceState broker_ = ServiceState::off;
  std::optional<store::TrafficCount> traffic_;
  std::deque<Chunk> journal_;
  std::uint64_t first_ = 1;  // number of the journal's first chunk
  std::size_t journal_bytes_ = 0;
  std::vector<Chunk> pieces_;  // of the whole state, as long as the journal has not grown since
  std::size_t pieces_bytes_ = 0;
};

}  // namespace gatehouse::api

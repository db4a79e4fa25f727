// Camera frames read off the engine's thread: a bounded queue, a worker, and what was read handed
// to a callback.
//
//   FramePool frames(FramePool::Settings{}, clock, [&](const FrameRead& read) { … });
//   frames.offer({gate, payload, scan_id, ts, clock.now()});
//
// A reader repeats a frame every 2 s until it hears a decision (docs/contract/mqtt.md). So nothing
// is lost when a frame is not taken: it is counted, never answered, and comes again. At most one
// frame of a gate waits; a newer one takes its place in the queue. Codes that look like a ticket go
// before others; with two different tickets in the frame it is unreadable: nobody guesses whose.
// A code longer than a scan may carry is cut, control characters in it become '?'.
//
// offer() and collect(): any thread, at once. The callback: a worker's thread; it must not throw.
// stop() waits for the frames that are being read, drops those that wait, and joins.
#pragma once

#include "devices/readers/image.hpp"
#include "edge/domain/ids.hpp"
#include "edge/domain/time.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gatehouse::devices {

struct Frame {
  GateIndex gate{};
  std::string bytes;
  std::optional<std::string> scan_id;  // without: made of the bytes
  std::optional<Instant> ts;
  Moment received;
};

struct FrameRead {
  GateIndex gate{};
  std::string scan_id;
  std::optional<Instant> ts;
  Moment received;
  /// The code to decide about; nullopt: unreadable. Or why the bytes are no image.
  std::expected<std::optional<std::string>, ImageRefusal> code;
  std::vector<std::string> texts;  // of all codes in the frame
};

/// Whether a text begins as tickets do: `PARK-`, in any case.
bool looks_like_ticket(std::string_view text);

/// Which of the texts in a frame is meant; nullopt: none, or two different tickets.
std::optional<std::string> choose_code(const std::vector<std::string>& texts);

/// The first 32 hex digits of the bytes' SHA-256.
std::string frame_scan_id(std::string_view bytes);

class FramePool final : public engine::MetricsSource {
 public:
  struct Settings {
    std::size_t workers = 1;
    std::size_t waiting_max = 8;
    // Of QrReader, per frame. A frame takes 2 to 6 ms; a gateway that has ten times as much to do
    // as it can must still see tickets that are far away.
    std::chrono::microseconds budget = std::chrono::milliseconds(300);
  };
  using OnRead = std::function<void(const FrameRead& read)>;

  /// The clock outlives the pool.
  FramePool(Settings settings, const engine::Clock& clock, OnRead on_read);
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;
  ~FramePool() override;

  /// False: the queue is full, the frame is too large or the pool was stopped. Counted.
  bool offer(Frame frame);
  void stop();
  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  void work();
  [[nodiscard]] FrameRead read(Frame frame) const;
  void count(const FrameRead& read, std::chrono::microseconds took);

  const Settings settings_;
  const engine::Clock& clock_;
  const OnRead on_read_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::deque<Frame> waiting_;
  bool stopped_ = false;

  std::atomic<std::uint64_t> in_{0};
  std::atomic<std::uint64_t> full_{0};
  std::atomic<std::uint64_t> oversize_{0};
  std::atomic<std::uint64_t> replaced_{0};
  std::atomic<std::uint64_t> decoded_{0};
  std::atomic<std::uint64_t> unreadable_{0};
  std::atomic<std::uint64_t> no_image_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> decode_us_{0};

  std::vector<std::thread> workers_;  // last: they use all of the above
};

}  // namespace gatehouse::devices

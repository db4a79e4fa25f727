#include "devices/readers/frame_pool.hpp"

#include "devices/readers/messages.hpp"
#include "devices/readers/qr_reader.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace gatehouse::devices {
namespace {

constexpr std::string_view ticket_begin = "PARK-";
constexpr std::size_t scan_id_bytes = 16;  // two hex digits each

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_code(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, upper, upper);
}

}  // namespace

bool looks_like_ticket(std::string_view text) {
  return text.size() > ticket_begin.size() &&
         same_code(text.substr(0, ticket_begin.size()), ticket_begin);
}

std::optional<std::string> choose_code(const std::vector<std::string>& texts) {
  const std::string* chosen = nullptr;
  for (const std::string& text : texts) {
    if (!looks_like_ticket(text)) continue;
    if (chosen != nullptr && !same_code(*chosen, text)) return std::nullopt;
    chosen = &text;
  }
  if (chosen == nullptr) {
    const auto first = std::ranges::find_if_not(texts, &std::string::empty);
    if (first == texts.end()) return std::nullopt;
    chosen = &*first;
  }
  return as_code(*chosen);
}

std::string frame_scan_id(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string id;
  for (std::size_t i = 0; i < scan_id_bytes; ++i) id += fmt::format("{:02x}", digest[i]);
  return id;
}

FramePool::FramePool(Settings settings, const engine::Clock& clock, OnRead on_read)
    : settings_(settings), clock_(clock), on_read_(std::move(on_read)) {
  for (std::size_t i = 0; i < settings_.workers; ++i) workers_.emplace_back([this] { work(); });
}

FramePool::~FramePool() { stop(); }

bool FramePool::offer(Frame frame) {
  in_.fetch_add(1, std::memory_order_relaxed);
  if (frame.bytes.size() > image_bytes_max) {
    oversize_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  {
    const std::scoped_lock lock(mutex_);
    const auto of_gate = std::ranges::find(waiting_, frame.gate, &Frame::gate);
    if (!stopped_ && of_gate != waiting_.end()) {
      std::swap(*of_gate, frame);
      replaced_.fetch_add(1, std::memory_order_relaxed);
      return true;
    }
    if (stopped_ || waiting_.size() >= settings_.waiting_max) {
      full_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    waiting_.push_back(std::move(frame));
  }
  changed_.notify_one();
  return true;
}

void FramePool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
}

void FramePool::work() {
  for (;;) {
    Frame frame;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
      if (stopped_) return;
      frame = std::move(waiting_.front());
      waiting_.pop_front();
    }
    try {
      const Steady begin = clock_.now().steady;
      const FrameRead result = read(std::move(frame));
      count(result, clock_.now().steady - begin);
      on_read_(result);
    } catch (const std::exception&) {
      // No memory for this frame, or a decoder's surprise: as if it had not come.
      failed_.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

FrameRead FramePool::read(Frame frame) const {
  FrameRead result{
      frame.gate, frame.scan_id ? std::move(*frame.scan_id) : frame_scan_id(frame.bytes),
      frame.ts,   frame.received,
      {},         {}};
  const auto image = read_image(frame.bytes);
  if (!image) {
    result.code = std::unexpected(image.error());
    return result;
  }
  const QrReader reader(clock_);
  result.texts = reader.read(*image, settings_.budget, looks_like_ticket);
  result.code = choose_code(result.texts);
  return result;
}

void FramePool::count(const FrameRead& read, std::chrono::microseconds took) {
  auto& outcome = !read.code ? no_image_ : *read.code ? decoded_ : unreadable_;
  outcome.fetch_add(1, std::memory_order_relaxed);
  decode_us_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

void FramePool::collect(std::vector<engine::Sample>& samples) const {
  using Kind = engine::Sample::Kind;
  const auto add = [&](std::string name, std::string help, Kind kind, double value,
                       std::vector<std::pair<std::string, std::string>> labels = {}) {
    samples.push_back({std::move(name), std::move(help), kind, value, std::move(labels)});
  };
  const auto of = [](const std::atomic<std::uint64_t>& counter) {
    return static_cast<double>(counter.load(std::memory_order_relaxed));
  };
  add("gatehouse_frames_received_total", "Camera frames offered for reading", Kind::counter,
      of(in_));
  const std::array<std::pair<const char*, const std::atomic<std::uint64_t>*>, 4> dropped{
      {{"full", &full_}, {"oversize", &oversize_}, {"replaced", &replaced_}, {"failed", &failed_}}};
  for (const auto& [reason, counter] : dropped) {
    add("gatehouse_frames_dropped_total", "Camera frames that were not read and come again",
        Kind::counter, of(*counter), {{"reason", reason}});
  }
  const std::array<std::pair<const char*, const std::atomic<std::uint64_t>*>, 3> read{
      {{"code", &decoded_}, {"unreadable", &unreadable_}, {"no_image", &no_image_}}};
  for (const auto& [outcome, counter] : read) {
    add("gatehouse_frames_read_total", "Camera frames that were looked at", Kind::counter,
        of(*counter), {{"outcome", outcome}});
  }
  add("gatehouse_frame_decode_seconds_total", "Time spent on reading camera frames", Kind::counter,
      of(decode_us_) / 1e6);
  const std::scoped_lock lock(mutex_);
  add("gatehouse_frames_waiting", "Camera frames that wait to be read", Kind::gauge,
      static_cast<double>(waiting_.size()));
}

}  // namespace gatehouse::devices

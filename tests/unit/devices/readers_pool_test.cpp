// The pool between threads. A callback that waits for a gate to be opened holds the worker; nothing
// here waits for time to pass.
#include "devices/readers/frame_pool.hpp"
#include "devices/readers/messages.hpp"
#include "devices/readers/qr_writer.hpp"
#include "tests/support/manual_clock.hpp"

#include <algorithm>
#include <latch>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using namespace gatehouse::tests;
using Strings = std::vector<std::string>;

namespace {

const std::string ticket = "PARK-01ARZ3NDEKTSV4RRFFQ69G5FAV-7K3M9QXZ";
const std::string other_ticket = "PARK-11ARZ3NDEKTSV4RRFFQ69G5FAV-7K3M9QXZ";

Frame frame(std::uint32_t gate, std::string id, std::string bytes) {
  return {GateIndex{gate}, std::move(bytes), std::move(id), {}, ManualClock().now()};
}
Frame ticket_at(std::uint32_t gate, std::string id) {
  return frame(gate, std::move(id), qr_png(ticket).value());
}
std::string blank() { return "P5 32 32 255\n" + std::string(1024, '\xC0'); }

std::string outcome(const FrameRead& read) {
  if (!read.code) return read.scan_id + " no image";
  return read.scan_id + " " + read.code->value_or("unreadable");
}

double figure(const FramePool& pool, std::string_view name, std::string_view label = "") {
  std::vector<engine::Sample> samples;
  pool.collect(samples);
  double sum = 0;
  for (const auto& sample : samples) {
    const bool labelled =
        label.empty() || (!sample.labels.empty() && sample.labels[0].second == label);
    if (sample.name == name && labelled) sum += sample.value;
  }
  return sum;
}

/// A pool whose first frame is held in the callback until it is let go.
class HeldPool {
 public:
  explicit HeldPool(FramePool::Settings settings = {})
      : pool_(settings, clock_, [this](const FrameRead& read) { take(read); }) {
    REQUIRE(pool_.offer(frame(99, "first", blank())));
    held_.wait();
  }
  FramePool& pool() { return pool_; }
  void let_go() { go_.count_down(); }
  /// Of a pool that was stopped.
  [[nodiscard]] const Strings& outcomes() const { return outcomes_; }
  /// Lets the first frame go and waits until `count` more have been read.
  Strings after(int count) {
    let_go();
    for (int i = 0; i < count; ++i) read_.acquire();
    pool_.stop();
    return outcomes_;
  }

 private:
  void take(const FrameRead& read) {
    if (read.scan_id == "first") {
      held_.count_down();
      go_.wait();
      return;
    }
    outcomes_.push_back(outcome(read));
    read_.release();
  }

  ManualClock clock_;
  std::latch held_{1};
  std::latch go_{1};
  std::counting_semaphore<> read_{0};
  Strings outcomes_;  // of one worker, read when it has ended
  FramePool pool_;
};

/// What the pool makes of one frame.
FrameRead only(Frame offered) {
  const ManualClock clock;
  FrameRead result;
  std::latch done(1);
  FramePool pool({}, clock, [&](const FrameRead& read) {
    result = read;
    done.count_down();
  });
  REQUIRE(pool.offer(std::move(offered)));
  done.wait();
  pool.stop();
  return result;
}

}  // namespace

TEST_CASE("a frame's code comes with its gate, its id and its times", "[devices][frame_pool]") {
  const Instant ts = parse_rfc3339("2026-11-20T11:59:58Z").value_or(Instant{});
  Frame offered = ticket_at(3, "f-1");
  offered.ts = ts;
  const FrameRead read = only(offered);
  CHECK(read.gate == GateIndex{3});
  CHECK(read.scan_id == "f-1");
  CHECK(read.ts == ts);
  CHECK(read.received.utc == offered.received.utc);
  CHECK(read.texts == Strings{ticket});
  CHECK(read.code.value() == ticket);
}

TEST_CASE("a frame without an id is named after its bytes", "[devices][frame_pool]") {
  CHECK(frame_scan_id("") == "e3b0c44298fc1c149afbf4c8996fb924");
  CHECK(frame_scan_id("abc") == "ba7816bf8f01cfea414140de5dae2223");
  CHECK(is_scan_id(frame_scan_id("abc")));
  Frame offered = ticket_at(0, "");
  offered.scan_id.reset();
  CHECK(only(offered).scan_id == frame_scan_id(offered.bytes));
}

TEST_CASE("a frame without a code is unreadable, bytes that are no image say so",
          "[devices][frame_pool]") {
  CHECK(outcome(only(frame(0, "a", blank()))) == "a unreadable");
  CHECK(outcome(only(frame(0, "b", "no image"))) == "b no image");
  CHECK(outcome(only(frame(0, "c", ""))) == "c no image");
}

TEST_CASE("tickets go before other codes, and nobody guesses between two",
          "[devices][frame_pool]") {
  CHECK(choose_code({}) == std::nullopt);
  CHECK(choose_code({"poster"}) == "poster");
  CHECK(choose_code({"", "poster"}) == "poster");
  CHECK(choose_code({"poster", "other"}) == "poster");
  CHECK(choose_code({"poster", ticket}) == ticket);
  CHECK(choose_code({ticket, ticket}) == ticket);
  CHECK(choose_code({ticket, "park-01arz3ndektsv4rrffq69g5fav-7k3m9qxz"}).has_value());
  CHECK(choose_code({ticket, "poster", other_ticket}) == std::nullopt);
  CHECK(choose_code({"PARK-"}) == "PARK-");
  CHECK(choose_code({"PARK-", ticket}) == ticket);
}

TEST_CASE("a code is cut to what a scan may carry", "[devices][frame_pool]") {
  CHECK(choose_code({std::string(101, 'x')}) == std::string(100, 'x'));
  CHECK(choose_code({"a\nb\x7F"}) == "a?b?");
  // Two bytes a character: the cut does not fall inside one.
  std::string wide = "x";
  for (int i = 0; i < 60; ++i) wide += "é";
  CHECK(choose_code({wide}).value_or("").size() == 99);
}

TEST_CASE("frames wait in the order of their gates, the newest of each gate only",
          "[devices][frame_pool]") {
  HeldPool held;
  CHECK(held.pool().offer(ticket_at(1, "one-old")));
  CHECK(held.pool().offer(frame(2, "two", blank())));
  CHECK(held.pool().offer(ticket_at(1, "one-new")));
  CHECK(figure(held.pool(), "gatehouse_frames_waiting") == 2);
  CHECK(figure(held.pool(), "gatehouse_frames_dropped_total", "replaced") == 1);
  CHECK(held.after(2) == Strings{"one-new " + ticket, "two unreadable"});
}

TEST_CASE("a full queue refuses other gates and takes a newer frame of its own",
          "[devices][frame_pool]") {
  HeldPool held({.waiting_max = 2});
  CHECK(held.pool().offer(frame(1, "one", blank())));
  CHECK(held.pool().offer(frame(2, "two", blank())));
  CHECK_FALSE(held.pool().offer(frame(3, "three", blank())));
  CHECK(held.pool().offer(frame(2, "two-new", blank())));
  CHECK(figure(held.pool(), "gatehouse_frames_dropped_total", "full") == 1);
  CHECK(held.after(2) == Strings{"one unreadable", "two-new unreadable"});
}

TEST_CASE("by default eight frames wait", "[devices][frame_pool]") {
  HeldPool held;
  for (std::uint32_t gate = 0; gate < 8; ++gate)
    CHECK(held.pool().offer(frame(gate, "x", blank())));
  CHECK_FALSE(held.pool().offer(frame(8, "x", blank())));
  CHECK(held.after(8).size() == 8);
}

TEST_CASE("a frame that is too large is refused before it waits", "[devices][frame_pool]") {
  HeldPool held;
  CHECK_FALSE(held.pool().offer(frame(1, "x", std::string(image_bytes_max + 1, 'x'))));
  CHECK(held.pool().offer(frame(1, "y", std::string(image_bytes_max, 'x'))));
  CHECK(figure(held.pool(), "gatehouse_frames_dropped_total", "oversize") == 1);
  CHECK(held.after(1) == Strings{"y no image"});
}

TEST_CASE("a stopped pool reads nothing more and takes nothing more", "[devices][frame_pool]") {
  HeldPool held;
  CHECK(held.pool().offer(frame(1, "waits", blank())));
  std::thread stopping([&] { held.pool().stop(); });
  // Until stop() has begun, the same gate's frame is only replaced.
  while (held.pool().offer(frame(1, "late", blank()))) std::this_thread::yield();
  held.let_go();
  stopping.join();
  CHECK(held.outcomes().empty());
  CHECK_FALSE(held.pool().offer(frame(2, "x", blank())));
}

TEST_CASE("two workers read two frames at once", "[devices][frame_pool]") {
  const ManualClock clock;
  std::latch both(2);
  FramePool pool({.workers = 2}, clock, [&](const FrameRead&) { both.arrive_and_wait(); });
  REQUIRE(pool.offer(frame(1, "one", blank())));
  REQUIRE(pool.offer(frame(2, "two", blank())));
  both.wait();
  pool.stop();
  CHECK(figure(pool, "gatehouse_frames_read_total", "unreadable") == 2);
}

TEST_CASE("the pool counts what it was offered and what became of it", "[devices][frame_pool]") {
  HeldPool held;
  held.pool().offer(ticket_at(1, "a"));
  held.pool().offer(frame(2, "b", blank()));
  held.pool().offer(frame(3, "c", "no image"));
  held.after(3);
  CHECK(figure(held.pool(), "gatehouse_frames_received_total") == 4);
  CHECK(figure(held.pool(), "gatehouse_frames_read_total", "code") == 1);
  CHECK(figure(held.pool(), "gatehouse_frames_read_total", "unreadable") == 2);
  CHECK(figure(held.pool(), "gatehouse_frames_read_total", "no_image") == 1);
  CHECK(figure(held.pool(), "gatehouse_frames_dropped_total") == 0);
  CHECK(figure(held.pool(), "gatehouse_frames_waiting") == 0);
}

TEST_CASE("the time that reading takes is measured", "[devices][frame_pool]") {
  class SteppingClock final : public engine::Clock {
   public:
    [[nodiscard]] Moment now() const override {
      steady_ += std::chrono::milliseconds(500);
      return {ManualClock::start, steady_};
    }

   private:
    mutable Steady steady_{};
  };
  const SteppingClock clock;
  std::latch done(1);
  FramePool pool({}, clock, [&](const FrameRead&) { done.count_down(); });
  REQUIRE(pool.offer(frame(1, "a", "no image")));
  done.wait();
  pool.stop();
  CHECK(figure(pool, "gatehouse_frame_decode_seconds_total") == 0.5);
}

// What the engine remembers of each lane from one event to the next: its barrier as last reported,
// and how its reader behaves. Nothing here needs to survive a restart: readers repeat, barriers
// report anew, and what was decided stands in the store.
//
// The engine's thread.
#pragma once

#include "edge/domain/gates.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/engine/effect.hpp"
#include "edge/store/keys.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::engine {

/// Whether a lane can let somebody through now.
enum class Passable : std::uint8_t {
  yes,
  broken,  // fault or unreachable: `barrier_fault`
  locked,  // `out_of_service`
};

class Lane {
 public:
  Lane(bool has_barrier, std::size_t bad_codes_per_minute)
      : has_barrier_(has_barrier), bad_codes_max_(bad_codes_per_minute) {}

  [[nodiscard]] bool has_barrier() const { return has_barrier_; }
  [[nodiscard]] const BarrierShown& barrier() const { return barrier_; }
  [[nodiscard]] Passable passable() const;
  /// The arm is up and stays up: whoever was authorised goes, and nothing is to be told to it.
  [[nodiscard]] bool is_held_up() const {
    return has_barrier_ && barrier_.state == BarrierState::held;
  }
  /// Nobody waits in front of the arm, as far as a loop can tell.
  [[nodiscard]] bool is_seen_empty() const {
    return barrier_.has_presence_loop && !barrier_.vehicle_present &&
           barrier_.state != BarrierState::unreachable;
  }

  /// True: the state is another one than was known.
  bool report(const BarrierShown& shown, Moment at);
  /// When the loop in front of the arm last became clear, or may have done so unseen; nullopt: not
  /// since the process began.
  [[nodiscard]] std::optional<Instant> left_at() const { return left_at_; }

  /// A code that was decided here, so that the same one a moment later is answered the same.
  void remember_decided(std::string code, store::ScanKey scan, Steady received);
  [[nodiscard]] std::optional<store::ScanKey> find_decided(std::string_view code, Steady received,
                                                           Steady::duration debounce) const;
  /// Its car went through: what comes with it now is news.
  void forget_decided(std::string_view code);

  /// A code that is none of ours. True: more than the reader may bring in a minute.
  bool count_bad_code(Steady now);
  /// None came for a minute.
  [[nodiscard]] bool is_calm(Steady now) const;
  /// A scan outside its time. True: the third in a row or more, when its clock must be wrong.
  bool count_stale();
  void count_timely() { stale_in_a_row_ = 0; }

  // Alerts about the reader that stand, also from before the process began.
  bool is_clock_wrong = false;
  bool brings_bad_codes = false;

  struct Pressed {
    store::SessionKey session{};
    Steady at{};
  };
  /// The ticket of the last press, until its passage is confirmed or the loop becomes clear.
  std::optional<Pressed> pressed;

 private:
  struct Decided {
    std::string code;
    store::ScanKey scan{};
    Steady received{};
  };

  bool has_barrier_;
  std::size_t bad_codes_max_;
  BarrierShown barrier_;
  bool was_reported_ = false;
  std::optional<Instant> left_at_;
  std::deque<Decided> decided_;
  std::deque<Steady> bad_codes_;
  std::uint32_t stale_in_a_row_ = 0;
};

class Lanes {
 public:
  Lanes(const GatePlan& gates, std::size_t bad_codes_per_minute);

  [[nodiscard]] Lane& at(GateIndex gate) { return lanes_[gatehouse::at(gate)]; }
  [[nodiscard]] const Lane& at(GateIndex gate) const { return lanes_[gatehouse::at(gate)]; }
  [[nodiscard]] std::size_t size() const { return lanes_.size(); }

 private:
  std::vector<Lane> lanes_;
};

}  // namespace gatehouse::engine

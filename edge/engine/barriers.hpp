// What the engine asks of barriers and what they tell it (docs/contract/modbus.md).
//
// Orders are effects: they reach the Barriers port only as committed ones. Reports are events of
// the inbox's urgent lane, put there by the thread of the barrier's bus. The port's adapter is
// devices/barriers; the simulated world has its own.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>

namespace gatehouse::engine {

/// One opening: the key of its row in the store. Its barrier gets at most one order to open for
/// it, and tells how it ended once.
enum class OpeningId : std::int64_t {};

/// What openings on one authorisation have in common: one vehicle goes through on all of them.
enum class PassageId : std::int64_t {};

enum class BarrierOrderKind : std::uint8_t {
  open,     // one opening, with feedback and at most one more pulse
  close,    // by hand: never while the safety loop is on
  hold,     // up, and stays up until released
  lock,     // down, and refuses to open until released
  release,  // out of hold or lock, back to work; closes when the loops are clear
};

struct BarrierOrder {
  BarrierIndex barrier{};
  BarrierOrderKind kind = BarrierOrderKind::open;
  std::optional<OpeningId> opening;  // of `open`
  std::optional<PassageId> passage;  // of `open`; none: the opening is a passage of its own
  // Of the committed authorisation: no opening older than 5 s is ever carried out.
  Moment authorised;
};

/// The word on the wire is its name.
enum class BarrierState : std::uint8_t {
  closed,
  opening,
  open,
  closing,
  held,
  locked,
  fault,
  unreachable,
};

/// What `…/gates/{gate}/barrier` shows.
struct BarrierShown {
  BarrierState state = BarrierState::unreachable;
  bool vehicle_present = false;    // on the loop in front of the arm
  bool vehicle_under_arm = false;  // on the safety loop
  std::optional<std::uint32_t> cycles;
  bool has_presence_loop = false;
  bool operator==(const BarrierShown&) const = default;
};

/// Anything of BarrierShown is different.
struct BarrierReported {
  BarrierIndex barrier{};
  BarrierShown shown;
  Moment at;
};

/// How an opening went on. `seen_open` comes first if the arm was seen open; each at most once.
struct OpeningReported {
  enum class How : std::uint8_t {
    seen_open,        // the arm is up
    passed,           // a vehicle went through: the passage is confirmed
    closed_unpassed,  // the arm is down again and nobody went through
    failed,           // the arm did not follow, twice; or barrier fault: alert, `barrier_fault`
    too_old,          // older than 5 s before it could be carried out: never done, `scan_again`
    refused,          // the barrier is locked, held or unreachable and was so when it arrived
  };
  BarrierIndex barrier{};
  OpeningId opening{};
  How how = How::seen_open;
  Moment at;
};

/// A vehicle went through without an authorisation.
struct IntrusionReported {
  enum class Kind : std::uint8_t { forced, tailgate };
  BarrierIndex barrier{};
  Kind kind = Kind::forced;
  Moment at;
};

/// Carries orders to the barriers. order() is called on the engine's thread after the commit; it
/// copies, returns at once and never throws.
class Barriers {
 public:
  virtual ~Barriers() = default;
  virtual void order(const BarrierOrder& order) = 0;
};

}  // namespace gatehouse::engine

// How the arm of a barrier moves, as one total table (docs/contract/modbus.md).
//
//   Motion motion = next(Motion::closed, MotionEvent::told_open);   // opening
//
// An entry that leads back to where it came from says "ignored, on purpose".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::devices {

enum class Motion : std::uint8_t {
  unset,    // no entry of the table
  unknown,  // nothing is known, or the arm stands between its ends for no known reason
  closed,
  opening,
  open,
  closing,
};
enum class MotionEvent : std::uint8_t {
  told_open,
  told_close,
  seen_open,     // not while it was just told to close and has not moved yet
  seen_between,  // neither end
  seen_closed,   // not while it was told to open and may still move
  did_not_open,
  did_not_close,
  lost,  // no answer for too long
};
inline constexpr std::size_t motions = 6;
inline constexpr std::size_t motion_events = 8;

namespace motion_table {
using enum Motion;
using Row = std::array<Motion, motions>;
inline constexpr std::array<Row, motion_events> table = {{
    // unset    unknown   closed    opening   open      closing
    {unset, opening, opening, opening, open, opening},     // told_open
    {unset, closing, closed, closing, closing, closing},   // told_close
    {unset, open, open, open, open, open},                 // seen_open
    {unset, unknown, opening, opening, closing, closing},  // seen_between
    {unset, closed, closed, closed, closed, closed},       // seen_closed
    {unset, unknown, closed, unknown, open, unknown},      // did_not_open
    {unset, unknown, closed, opening, open, open},         // did_not_close
    {unset, unknown, unknown, unknown, unknown, unknown},  // lost
}};

constexpr bool is_total() {
  for (const Row& row : table) {
    for (std::size_t from = 1; from < motions; ++from) {
      if (row[from] == unset) return false;
    }
  }
  return true;
}
static_assert(is_total());
}  // namespace motion_table

constexpr Motion next(Motion from, MotionEvent event) {
  return motion_table::table[static_cast<std::size_t>(event)][static_cast<std::size_t>(from)];
}

// An arm that is closing can always be told to open, and a lost one is never taken for closed.
static_assert(next(Motion::closing, MotionEvent::told_open) == Motion::opening);
static_assert(next(Motion::closed, MotionEvent::lost) == Motion::unknown);

}  // namespace gatehouse::devices

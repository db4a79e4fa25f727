// What staff and the lot had to do over a time beside letting cars in and out, and what the shifts
// that were closed in it held: for reports (engine/lot_report.hpp).
//
// Reads only. The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/database.hpp"
#include "edge/store/reports.hpp"

#include <array>
#include <cstdint>

namespace gatehouse::store {

struct Doings {
  // How sessions ended.
  std::uint64_t cancelled = 0;
  std::uint64_t expired = 0;
  std::uint64_t terminated = 0;
  // What staff did.
  std::uint64_t lost_tickets = 0;
  std::uint64_t stays_chosen = 0;
  std::uint64_t let_outs = 0;
  std::uint64_t openings_by_hand = 0;
  std::uint64_t incidents = 0;
  std::array<std::uint64_t, 3> alerts{};  // raised, by Severity
  bool operator==(const Doings&) const = default;
};

/// Shifts that were closed, and what their drawers held.
struct ShiftsClosed {
  std::uint64_t shifts = 0;
  Paise counted;
  Paise over;
  Paise short_by;
  bool operator==(const ShiftsClosed&) const = default;
};

[[nodiscard]] Doings doings(Database& database, const Span& span);
[[nodiscard]] ShiftsClosed shifts_closed(Database& database, const Span& span);

}  // namespace gatehouse::store

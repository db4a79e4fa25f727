// What an hour costs when: a zone's rate and its bands of the day.
//
// Bands are half-open in local wall time, may run over midnight (from > to) and never overlap;
// outside them the zone's own rate holds (docs/contract/config-and-cli.md, `rates`). Values; any
// thread.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"

#include <chrono>
#include <vector>

namespace gatehouse {

struct RateBand {
  std::chrono::minutes from;  // of the day, 0–1440
  std::chrono::minutes to;    // exclusive; below `from`: of the next day
  Paise hourly_rate;
  bool operator==(const RateBand&) const = default;
};

struct Rates {
  Paise hourly_rate;
  std::vector<RateBand> bands;
  bool operator==(const Rates&) const = default;
};

/// The hourly rate in force at a local time of day.
Paise rate_in_force(const Rates& rates, WallTime time);

/// Whether any minute of the day lies in both bands.
bool overlap(const RateBand& one, const RateBand& other);

}  // namespace gatehouse

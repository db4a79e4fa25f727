// The capability "reports": at the lot's midnight the report of the day that ended, and of the week
// and the month where they ended too, each once: over restarts, days on which the box was off, and
// clocks that were set.
//
// A row of the outbox in the turn's transaction, at most one a turn. The engine's thread; failure
// is a StoreError.
#pragma once

#include "edge/engine/turn.hpp"
#include "edge/store/reports_made.hpp"

#include <chrono>
#include <optional>

namespace gatehouse::engine {

class DueReports {
 public:
  explicit DueReports(store::Database& database) : database_(database), made_(database) {}

  /// Once a second.
  void keep(Turn& turn);

 private:
  bool make_next(Turn& turn, store::ReportPeriod period, std::chrono::sys_days today);

  store::Database& database_;
  store::ReportsMade made_;
  std::optional<std::chrono::sys_days> done_on_;  // the date on which nothing more was due
};

}  // namespace gatehouse::engine

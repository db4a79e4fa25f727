#include "edge/engine/due_reports.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/lot_report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

using store::ReportPeriod;

// A box that was off for longer, or whose clock ran away by years, has nothing to tell of all the
// days before: they were empty.
constexpr std::chrono::days missed_max{400};

}  // namespace

void DueReports::keep(Turn& turn) {
  const auto today = turn.premises.local(turn.now.utc).date;
  if (done_on_ == today) return;
  for (const auto period : {ReportPeriod::daily, ReportPeriod::weekly, ReportPeriod::monthly}) {
    if (make_next(turn, period, today)) return;
  }
  done_on_ = today;
}

/// The oldest that is missing. False: none is.
bool DueReports::make_next(Turn& turn, ReportPeriod period, std::chrono::sys_days today) {
  const auto now_on = period_begins(period, today);
  const auto began = turn.premises.local(made_.lot_began()).date;
  auto due = period_begins(period, std::max(began, today - missed_max));
  // Only those of before today count: what a clock that ran ahead made is not gone back to.
  if (const auto newest = made_.newest_before(period, now_on, turn.now.utc))
    due = std::max(due, next_period(period, *newest));
  if (due >= now_on) return false;
  const LotReport report =
      make_lot_report(database_, turn.premises.local, turn.premises.billing.minute, period, due);
  made_.add(turn.transaction, period, due, turn.now.utc);
  announce(turn, fmt::format("report.{}", store::name(period)), turn.premises.plan.lot().text(),
           report_json(report));
  return true;
}

}  // namespace gatehouse::engine

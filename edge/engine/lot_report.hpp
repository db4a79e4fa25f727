// The report of a day, a week or a month: who came and left, what came in and what went back, and
// what staff and the lot had to do beside. The same for `gatehouse report` and for the events
// `parking.report.daily|weekly|monthly.v1` (docs/contract/mqtt.md, "Reports").
//
//   const LotReport report = make_lot_report(database, local, rules.minute, ReportPeriod::daily,
//   day); outbox … report_json(report)
//
// Reads only. The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/store/doings.hpp"
#include "edge/store/reports.hpp"
#include "edge/store/reports_made.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace gatehouse::engine {

/// Money and cars of anything they can be summed by.
struct ReportSums {
  Paise revenue;  // what came in
  Paise refunds;  // what went out
  std::uint64_t payments = 0;
  std::uint64_t refunds_paid = 0;
  std::uint64_t entries = 0;
  std::uint64_t exits = 0;
  std::chrono::milliseconds stayed{0};  // of those who left, all together
  bool operator==(const ReportSums&) const = default;
};

struct LotReport {
  using Way = std::pair<PaymentMethod, std::string>;  // and its provider; "": CASH

  store::ReportPeriod period = store::ReportPeriod::daily;
  std::chrono::sys_days first;  // local dates, both of them within
  std::chrono::sys_days last;
  store::Span span;
  ReportSums total;
  std::map<Way, ReportSums> by_method;
  std::map<std::string, ReportSums> by_zone;  // "": money of no session
  store::SessionsBegun begun;
  store::Doings doings;
  store::ShiftsClosed shifts;
  std::int64_t average_stay_minutes = 0;  // whole minutes of the lot; 0: nobody left
};

/// The date that the period of a date begins with: itself, its Monday, the first of its month.
std::chrono::sys_days period_begins(store::ReportPeriod period, std::chrono::sys_days date);
/// The date that the next period begins with.
std::chrono::sys_days next_period(store::ReportPeriod period, std::chrono::sys_days begins);

/// `minute`: how long a minute of the lot takes. `begins`: as period_begins() gives it.
LotReport make_lot_report(store::Database& database, const LocalTime& local,
                          std::chrono::milliseconds minute, store::ReportPeriod period,
                          std::chrono::sys_days begins);

/// A JSON object.
std::string report_json(const LotReport& report);

}  // namespace gatehouse::engine

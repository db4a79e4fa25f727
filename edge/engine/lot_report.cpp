#include "edge/engine/lot_report.hpp"

#include "edge/domain/local_days.hpp"
#include "edge/engine/json_object.hpp"

namespace gatehouse::engine {
namespace {

using store::ReportPeriod;

Step step_of(ReportPeriod period) {
  switch (period) {
    case ReportPeriod::daily:
      return Step::day;
    case ReportPeriod::weekly:
      return Step::week;
    case ReportPeriod::monthly:
      return Step::month;
  }
  return Step::day;
}

/// Adds the money of a span to whatever `sums_of` names for a row.
template <class SumsOf>
void add_money(store::Reports& reports, const store::Span& span, SumsOf&& sums_of) {
  for (const store::MoneyMoved& taken : reports.takings(span)) {
    for (ReportSums* sums : sums_of(taken)) {
      sums->revenue += taken.amount;
      sums->payments += taken.times;
    }
  }
  for (const store::MoneyMoved& refunded : reports.refunds(span)) {
    for (ReportSums* sums : sums_of(refunded)) {
      sums->refunds += refunded.amount;
      sums->refunds_paid += refunded.times;
    }
  }
}

void add_cars(store::Reports& reports, LotReport& report) {
  for (const store::CarsPassed& entered : reports.entries(report.span)) {
    report.total.entries += entered.cars;
    report.by_zone[entered.zone].entries += entered.cars;
  }
  for (const store::CarsPassed& left : reports.exits(report.span)) {
    for (ReportSums* sums : {&report.total, &report.by_zone[left.zone]}) {
      sums->exits += left.cars;
      sums->stayed += left.stayed;
    }
  }
}

void add_money_members(JsonObject& object, const ReportSums& sums) {
  object.number("payments", sums.payments);
  object.number("revenue_paise", sums.revenue.count());
  object.number("refunds", sums.refunds_paid);
  object.number("refunds_paise", sums.refunds.count());
}

std::string zone_json(const std::string& zone, const ReportSums& sums) {
  JsonObject object;
  if (zone.empty()) {
    object.raw("zone", "null");
  } else {
    object.text("zone", zone);
  }
  object.number("entries", sums.entries);
  object.number("exits", sums.exits);
  add_money_members(object, sums);
  return std::move(object).finish();
}

std::string method_json(const LotReport::Way& way, const ReportSums& sums) {
  JsonObject object;
  object.text("method", name(way.first));
  object.text("provider", way.second);
  add_money_members(object, sums);
  return std::move(object).finish();
}

std::string shifts_json(const store::ShiftsClosed& shifts) {
  JsonObject object;
  object.number("closed", shifts.shifts);
  object.number("counted_paise", shifts.counted.count());
  object.number("over_paise", shifts.over.count());
  object.number("short_paise", shifts.short_by.count());
  return std::move(object).finish();
}

std::string alerts_json(const store::Doings& doings) {
  JsonObject object;
  for (std::size_t i = 0; i < doings.alerts.size(); ++i)
    object.number(store::name(static_cast<store::Severity>(i)), doings.alerts.at(i));
  return std::move(object).finish();
}

void add_doings(JsonObject& object, const store::Doings& doings) {
  object.number("cancelled", doings.cancelled);
  object.number("expired", doings.expired);
  object.number("terminated", doings.terminated);
  object.number("lost_tickets", doings.lost_tickets);
  object.number("stays_chosen", doings.stays_chosen);
  object.number("let_outs", doings.let_outs);
  object.number("openings_by_hand", doings.openings_by_hand);
  object.number("incidents", doings.incidents);
}

}  // namespace

std::chrono::sys_days period_begins(ReportPeriod period, std::chrono::sys_days date) {
  // A date as it is, by a clock without offset: buckets are cut by dates alone.
  const auto as_it_is = [](Instant at) {
    return WallTime{std::chrono::floor<std::chrono::days>(at), {}};
  };
  return bucket_of(as_it_is, Instant(date), step_of(period)).date;
}

std::chrono::sys_days next_period(ReportPeriod period, std::chrono::sys_days begins) {
  return next_bucket({.date = begins}, step_of(period)).date;
}

LotReport make_lot_report(store::Database& database, const LocalTime& local,
                          std::chrono::milliseconds minute, ReportPeriod period,
                          std::chrono::sys_days begins) {
  store::Reports reports(database);
  const auto next = next_period(period, begins);
  LotReport report{.period = period,
                   .first = begins,
                   .last = next - std::chrono::days(1),
                   .span = {day_begins(local, begins), day_begins(local, next)}};
  add_money(reports, report.span, [&](const store::MoneyMoved& moved) {
    return std::array{&report.total, &report.by_method[{moved.method, moved.provider}],
                      &report.by_zone[moved.zone]};
  });
  add_cars(reports, report);
  report.begun = reports.begun(report.span);
  report.doings = store::doings(database, report.span);
  report.shifts = store::shifts_closed(database, report.span);
  if (report.total.exits > 0) {
    report.average_stay_minutes =
        report.total.stayed / static_cast<std::int64_t>(report.total.exits) / minute;
  }
  return report;
}

std::string report_json(const LotReport& report) {
  JsonObject object;
  object.text("period", store::name(report.period));
  object.text("from", format_date(report.first));
  object.text("to", format_date(report.last));
  object.time("begins", report.span.from);
  object.time("ends", report.span.until);
  object.number("bookings",
                report.begun.of(AdmissionKind::deposit) + report.begun.of(AdmissionKind::prepaid));
  object.number("tickets", report.begun.of(AdmissionKind::walk_in));
  object.number("entries", report.total.entries);
  object.number("exits", report.total.exits);
  object.number("average_stay_minutes", report.average_stay_minutes);
  add_money_members(object, report.total);
  object.number("net_paise", (report.total.revenue - report.total.refunds).count());
  std::vector<std::string> methods;
  for (const auto& [way, sums] : report.by_method) methods.push_back(method_json(way, sums));
  object.list("by_method", methods);
  std::vector<std::string> zones;
  for (const auto& [zone, sums] : report.by_zone) zones.push_back(zone_json(zone, sums));
  object.list("by_zone", zones);
  object.raw("shifts", shifts_json(report.shifts));
  add_doings(object, report.doings);
  object.raw("alerts", alerts_json(report.doings));
  return std::move(object).finish();
}

}  // namespace gatehouse::engine

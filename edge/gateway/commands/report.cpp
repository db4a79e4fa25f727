#include "edge/domain/local_days.hpp"
#include "edge/engine/lot_report.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/log.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/migrate.hpp"

#include <ostream>
#include <vector>

#include <fmt/ostream.h>

namespace gatehouse::gateway {
namespace {

/// One figure: whose it is, what it is, how much.
struct Line {
  std::string group;  // total, method, zone, shifts, staff, alerts
  std::string item;   // CASH, A; "": the group has one
  std::string figure;
  std::string value;
};

class Lines {
 public:
  void begin(std::string group, std::string item = {}) {
    group_ = std::move(group);
    item_ = std::move(item);
  }
  template <class Number>
  void count(const char* figure, Number number) {
    lines.push_back({group_, item_, figure, std::to_string(number)});
  }
  void rupees(const char* figure, Paise amount) {
    const bool is_below = amount < Paise(0);
    lines.push_back(
        {group_, item_, figure, (is_below ? "-" : "") + (is_below ? -amount : amount).rupees()});
  }
  void money(const engine::ReportSums& sums) {
    count("payments", sums.payments);
    rupees("revenue", sums.revenue);
    count("refunds", sums.refunds_paid);
    rupees("refunded", sums.refunds);
  }
  std::vector<Line> lines;

 private:
  std::string group_;
  std::string item_;
};

std::vector<Line> lines_of(const engine::LotReport& report) {
  Lines all;
  all.begin("total");
  all.count("bookings",
            report.begun.of(AdmissionKind::deposit) + report.begun.of(AdmissionKind::prepaid));
  all.count("tickets", report.begun.of(AdmissionKind::walk_in));
  all.count("entries", report.total.entries);
  all.count("exits", report.total.exits);
  all.count("average_stay_minutes", report.average_stay_minutes);
  all.money(report.total);
  all.rupees("net", report.total.revenue - report.total.refunds);
  for (const auto& [way, sums] : report.by_method) {
    all.begin("method", way.second.empty() ? std::string(name(way.first)) : way.second);
    all.money(sums);
  }
  for (const auto& [zone, sums] : report.by_zone) {
    all.begin("zone", zone);
    all.count("entries", sums.entries);
    all.count("exits", sums.exits);
    all.money(sums);
  }
  all.begin("shifts");
  all.count("closed", report.shifts.shifts);
  all.rupees("counted", report.shifts.counted);
  all.rupees("over", report.shifts.over);
  all.rupees("short", report.shifts.short_by);
  all.begin("sessions");
  all.count("cancelled", report.doings.cancelled);
  all.count("expired", report.doings.expired);
  all.count("terminated", report.doings.terminated);
  all.begin("staff");
  all.count("lost_tickets", report.doings.lost_tickets);
  all.count("stays_chosen", report.doings.stays_chosen);
  all.count("let_outs", report.doings.let_outs);
  all.count("openings_by_hand", report.doings.openings_by_hand);
  all.count("incidents", report.doings.incidents);
  for (std::size_t i = 0; i < report.doings.alerts.size(); ++i) {
    all.begin("alerts", std::string(store::name(static_cast<store::Severity>(i))));
    all.count("raised", report.doings.alerts.at(i));
  }
  return all.lines;
}

void print_table(const engine::LotReport& report, const LotPlan& plan, std::ostream& out) {
  fmt::print(out, "{}, {} report of {}", plan.lot_name(), store::name(report.period),
             format_date(report.first));
  if (report.last != report.first) fmt::print(out, " to {}", format_date(report.last));
  fmt::print(out, "\n");
  std::string before;
  for (const Line& line : lines_of(report)) {
    const std::string group = line.item.empty() ? line.group : line.group + " " + line.item;
    if (group != before) fmt::print(out, "\n{}\n", group);
    fmt::print(out, "  {:<24}{:>14}\n", line.figure, line.value);
    before = group;
  }
}

void print_csv(const engine::LotReport& report, std::ostream& out) {
  fmt::print(out, "from,to,group,item,figure,value\r\n");
  for (const Line& line : lines_of(report)) {
    fmt::print(out, "{},{},{},{},{},{}\r\n", format_date(report.first), format_date(report.last),
               line.group, line.item, line.figure, line.value);
  }
}

int print(const Config& config, const ReportCommand& command, std::chrono::sys_days date,
          const ZonedCalendar& calendar, std::ostream& out) {
  auto database = store::Database::open({.path = config.store.path, .read_only = true});
  const int version = store::schema_version(database);
  const auto newest = static_cast<int>(store::migrations().size());
  if (version != newest) {
    log_error(fmt::format("{}: schema {}, and this Gatehouse reads schema {}",
                          config.store.path.string(), version, newest));
    return exit_code::not_so;
  }
  const auto plan = store::load_plan(database);
  const auto local = [&calendar](Instant instant) { return calendar.local(instant); };
  const auto period = store::parse_report_period(command.period).value();
  const engine::LotReport report = engine::make_lot_report(
      database, local, config.billing.minute, period, engine::period_begins(period, date));
  if (command.format == "json") {
    fmt::print(out, "{}\n", engine::report_json(report));
  } else if (command.format == "csv") {
    print_csv(report, out);
  } else {
    print_table(report, *plan, out);
  }
  return exit_code::done;
}

}  // namespace

int report(const Config& config, const ReportCommand& command, std::ostream& out) {
  const auto date = parse_date(command.day);
  if (!date) {
    log_error(
        fmt::format("--day {}: expected a day from 1970 to 9999, like 2026-11-20", command.day));
    return exit_code::wrong_usage;
  }
  const auto calendar = ZonedCalendar::open(config.lot.timezone);
  if (!calendar) {
    log_error(fmt::format("lot.timezone: {}", calendar.error()));
    return exit_code::wrong_usage;
  }
  try {
    return print(config, command, *date, *calendar, out);
  } catch (const store::StoreError& error) {
    log_error(error.what());
    return exit_code::not_so;
  }
}

}  // namespace gatehouse::gateway

#include "edge/store/reports_made.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<3> period_names = {"daily", "weekly", "monthly"};
static_assert(are_distinct(period_names));

std::int64_t number_of(std::chrono::sys_days date) { return date.time_since_epoch().count(); }

}  // namespace

std::string_view name(ReportPeriod period) { return word_of(period_names, period); }
std::optional<ReportPeriod> parse_report_period(std::string_view text) {
  return read_word<ReportPeriod>(period_names, text);
}

struct ReportsMade::Statements {
  explicit Statements(SQLite::Database& raw)
      : newest(raw,
               "SELECT begins FROM reports_made WHERE period = ? AND begins < ? "
               "AND made_at <= ? ORDER BY begins DESC LIMIT 1"),
        // In the place of one that a clock ahead made, and of no other.
        add(raw,
            "INSERT OR REPLACE INTO reports_made (period, begins, made_at) SELECT ?1, ?2, ?3 "
            "WHERE NOT EXISTS (SELECT 1 FROM reports_made "
            "                  WHERE period = ?1 AND begins = ?2 AND made_at <= ?3)"),
        began(raw, "SELECT created_at FROM lot WHERE only_row = 1") {}
  Statement newest;
  Statement add;
  Statement began;
};

ReportsMade::ReportsMade(Database& database) {
  attempt("cannot open the reports that were made",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

ReportsMade::~ReportsMade() = default;

std::optional<std::chrono::sys_days> ReportsMade::newest_before(ReportPeriod period,
                                                                std::chrono::sys_days date,
                                                                Instant now) {
  return attempt("cannot read which reports were made",
                 [&]() -> std::optional<std::chrono::sys_days> {
                   Run run(statements_->newest, period, number_of(date), now);
                   if (!run.next()) return std::nullopt;
                   return std::chrono::sys_days(std::chrono::days(run.get<std::int64_t>()));
                 });
}

void ReportsMade::add(Transaction& /*transaction*/, ReportPeriod period,
                      std::chrono::sys_days begins, Instant at) {
  attempt("cannot note a report", [&] {
    if (Run(statements_->add, period, number_of(begins), at).exec() == 1) return;
    throw StoreError(StoreError::Kind::unusable, "a report is noted once");
  });
}

Instant ReportsMade::lot_began() {
  return attempt("cannot read when the lot began", [&] {
    Run run(statements_->began);
    if (!run.next()) throw_impossible("lot");
    return run.get<Instant>();
  });
}

}  // namespace gatehouse::store

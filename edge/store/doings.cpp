#include "edge/store/doings.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/raised_by_hand.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// ?1 and ?2 are the span.

const std::string doings_sql =
    "SELECT (SELECT count(*) FROM sessions WHERE closed_at >= ?1 AND closed_at < ?2 "
    "        AND status = 'CANCELLED'), "
    "  (SELECT count(*) FROM sessions WHERE closed_at >= ?1 AND closed_at < ?2 "
    "   AND status = 'EXPIRED'), "
    "  (SELECT count(*) FROM sessions WHERE closed_at >= ?1 AND closed_at < ?2 "
    "   AND status = 'TERMINATED'), "
    "  (SELECT count(*) FROM staff_acts WHERE at >= ?1 AND at < ?2 AND kind = 'lost_ticket'), "
    "  (SELECT count(*) FROM staff_acts WHERE at >= ?1 AND at < ?2 AND kind = 'stay_chosen'), "
    "  (SELECT count(*) FROM staff_acts WHERE at >= ?1 AND at < ?2 AND kind = 'let_out'), "
    "  (SELECT count(*) FROM (" +
    std::string(raised_by_hand) +
    ") WHERE at >= ?1 AND at < ?2), "
    "  (SELECT count(*) FROM incidents WHERE at >= ?1 AND at < ?2)";

constexpr const char* shifts_sql =
    "WITH closed AS (SELECT key, counted_paise FROM shifts "
    "                WHERE closed_at >= ?1 AND closed_at < ?2), "
    "  judged AS (SELECT credit, amount_paise FROM ledger JOIN closed ON shift = closed.key "
    "             WHERE cause = 'shift_closed' AND 'over_short' IN (debit, credit)) "
    "SELECT count(*), coalesce(sum(counted_paise), 0), "
    "  (SELECT coalesce(sum(amount_paise), 0) FROM judged WHERE credit = 'over_short'), "
    "  (SELECT coalesce(sum(amount_paise), 0) FROM judged WHERE credit <> 'over_short') "
    "FROM closed";

}  // namespace

Doings doings(Database& database, const Span& span) {
  return attempt("cannot count what was done", [&] {
    SQLite::Statement query(database.raw(), doings_sql);
    Run run(query, span.from, span.until);
    Doings doings;
    if (run.next()) {
      for (std::uint64_t* count :
           {&doings.cancelled, &doings.expired, &doings.terminated, &doings.lost_tickets,
            &doings.stays_chosen, &doings.let_outs, &doings.openings_by_hand, &doings.incidents})
        *count = run.get<std::uint64_t>();
    }
    SQLite::Statement alerts(database.raw(),
                             "SELECT severity, count(*) FROM alerts "
                             "WHERE raised_at >= ? AND raised_at < ? GROUP BY severity");
    Run alert(alerts, span.from, span.until);
    while (alert.next()) {
      const auto severity = alert.parsed(parse_severity, "severity");
      doings.alerts.at(static_cast<std::size_t>(severity)) = alert.get<std::uint64_t>();
    }
    return doings;
  });
}

ShiftsClosed shifts_closed(Database& database, const Span& span) {
  return attempt("cannot add shifts up", [&] {
    SQLite::Statement query(database.raw(), shifts_sql);
    Run run(query, span.from, span.until);
    ShiftsClosed closed;
    if (run.next()) {
      closed.shifts = run.get<std::uint64_t>();
      closed.counted = run.get<Paise>();
      closed.over = run.get<Paise>();
      closed.short_by = run.get<Paise>();
    }
    return closed;
  });
}

}  // namespace gatehouse::store

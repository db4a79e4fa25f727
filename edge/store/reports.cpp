#include "edge/store/reports.hpp"

#include "edge/domain/lifecycle.hpp"
#include "edge/store/columns.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::chrono::milliseconds quarter = std::chrono::minutes(15);

Instant quarter_begins(std::int64_t number) { return Instant(quarter * number); }

// ?1 and ?2 are the span, ?3 the length of a quarter.

constexpr const char* takings_sql =
    "SELECT p.paid_at / ?3, coalesce(z.id, ''), p.method, p.provider, sum(p.amount_paise), "
    "  count(*) "
    "FROM payments AS p LEFT JOIN sessions AS s ON s.key = p.session "
    "LEFT JOIN zones AS z ON z.key = s.zone "
    "WHERE p.paid_at >= ?1 AND p.paid_at < ?2 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

constexpr const char* refunds_sql =
    "SELECT r.ended_at / ?3, coalesce(z.id, ''), p.method, p.provider, sum(r.amount_paise), "
    "  count(*) "
    "FROM refunds AS r JOIN payments AS p ON p.key = r.payment "
    "LEFT JOIN sessions AS s ON s.key = p.session LEFT JOIN zones AS z ON z.key = s.zone "
    "WHERE r.ended_at >= ?1 AND r.ended_at < ?2 AND r.status = 'SUCCESS' "
    "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

constexpr const char* entries_sql =
    "SELECT s.entry_time / ?3, z.id, count(*), 0 "
    "FROM sessions AS s JOIN zones AS z ON z.key = s.zone "
    "WHERE s.entry_time >= ?1 AND s.entry_time < ?2 GROUP BY 1, 2 ORDER BY 1, 2";

constexpr const char* exits_sql =
    "SELECT s.exit_time / ?3, z.id, count(*), sum(max(s.exit_time - s.entry_time, 0)) "
    "FROM sessions AS s JOIN zones AS z ON z.key = s.zone "
    "WHERE s.exit_time >= ?1 AND s.exit_time < ?2 GROUP BY 1, 2 ORDER BY 1, 2";

}  // namespace

std::vector<MoneyMoved> Reports::money(const char* sql, const Span& span) {
  return attempt("cannot add money up", [&] {
    SQLite::Statement query(database_.raw(), sql);
    Run run(query, span.from, span.until, quarter);
    std::vector<MoneyMoved> moved;
    while (run.next()) {
      moved.push_back({.quarter = quarter_begins(run.get<std::int64_t>()),
                       .zone = run.get<std::string>(),
                       .method = run.parsed(parse_payment_method, "payment method"),
                       .provider = run.get<std::string>(),
                       .amount = run.get<Paise>(),
                       .times = run.get<std::uint64_t>()});
    }
    return moved;
  });
}

std::vector<CarsPassed> Reports::cars(const char* sql, const Span& span) {
  return attempt("cannot count cars", [&] {
    SQLite::Statement query(database_.raw(), sql);
    Run run(query, span.from, span.until, quarter);
    std::vector<CarsPassed> passed;
    while (run.next()) {
      passed.push_back({.quarter = quarter_begins(run.get<std::int64_t>()),
                        .zone = run.get<std::string>(),
                        .cars = run.get<std::uint64_t>(),
                        .stayed = run.get<std::chrono::milliseconds>()});
    }
    return passed;
  });
}

std::vector<MoneyMoved> Reports::takings(const Span& span) { return money(takings_sql, span); }
std::vector<MoneyMoved> Reports::refunds(const Span& span) { return money(refunds_sql, span); }
std::vector<CarsPassed> Reports::entries(const Span& span) { return cars(entries_sql, span); }
std::vector<CarsPassed> Reports::exits(const Span& span) { return cars(exits_sql, span); }

SessionsBegun Reports::begun(const Span& span) {
  return attempt("cannot count sessions", [&] {
    SQLite::Statement query(database_.raw(),
                            "SELECT kind, count(*) FROM sessions "
                            "WHERE created_at >= ? AND created_at < ? GROUP BY kind");
    Run run(query, span.from, span.until);
    SessionsBegun begun;
    while (run.next()) {
      const auto kind = run.parsed(parse_admission_kind, "kind of session");
      begun.by_kind.at(static_cast<std::size_t>(kind)) = run.get<std::uint64_t>();
    }
    return begun;
  });
}

OpenSessions Reports::open_sessions() {
  return attempt("cannot count the open sessions", [&] {
    SQLite::Statement query(database_.raw(),
                            "SELECT status, count(*) FROM sessions INDEXED BY sessions_open "
                            "WHERE is_open = 1 GROUP BY status");
    Run run(query);
    OpenSessions open;
    while (run.next()) {
      const auto state = run.parsed(parse_session_state, "status of a session");
      const auto count = run.get<std::uint64_t>();
      if (state == SessionState::pending_payment) open.unpaid = count;
      if (state == SessionState::booked) open.booked = count;
      if (state == SessionState::exit_pending) open.leaving = count;
      if (is_inside(state)) open.inside += count;
    }
    return open;
  });
}

Overall Reports::overall() {
  return attempt("cannot add everything up", [&] {
    Overall overall;
    SQLite::Statement sums(
        database_.raw(),
        "SELECT (SELECT count(*) FROM sessions), "
        "  (SELECT count(*) FROM payments WHERE paid_at IS NOT NULL), "
        "  (SELECT coalesce(sum(amount_paise), 0) FROM payments WHERE paid_at IS NOT NULL), "
        "  (SELECT coalesce(sum(amount_paise), 0) FROM refunds "
        "   WHERE ended_at IS NOT NULL AND status = 'SUCCESS')");
    Run sum(sums);
    if (sum.next()) {
      overall.sessions = sum.get<std::uint64_t>();
      overall.payments = sum.get<std::uint64_t>();
      overall.taken = sum.get<Paise>();
      overall.refunded = sum.get<Paise>();
    }
    SQLite::Statement users(database_.raw(),
                            "SELECT role, count(*) FROM users WHERE disabled = 0 GROUP BY role");
    Run user(users);
    while (user.next()) {
      const auto role = user.parsed(parse_role, "role");
      overall.users.at(static_cast<std::size_t>(role)) = user.get<std::uint64_t>();
    }
    return overall;
  });
}

}  // namespace gatehouse::store

#include "edge/store/payment_lines.hpp"

#include "edge/store/columns.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr const char* sql =
    "SELECT o.time, o.type, o.subject, coalesce(s.id, ''), coalesce(s.vehicle_number, ''), "
    "  p.method, p.provider, coalesce(r.amount_paise, p.amount_paise), "
    "  coalesce(r.reason, p.failure), coalesce(u.username, '') "
    "FROM outbox AS o "
    "LEFT JOIN refunds AS r ON r.id = o.subject "
    "JOIN payments AS p ON p.key = coalesce(r.payment, "
    "                                       (SELECT key FROM payments WHERE id = o.subject)) "
    "LEFT JOIN sessions AS s ON s.key = p.session "
    "LEFT JOIN users AS u ON u.key = iif(r.key IS NULL, p.taken_by, r.created_by) "
    "WHERE (o.epoch, o.sequence) > (?, ?) AND (o.epoch, o.sequence) <= (?, ?) "
    "  AND (o.type GLOB 'parking.payment.*' OR o.type GLOB 'parking.refund.*') "
    "ORDER BY o.epoch, o.sequence";

}  // namespace

std::vector<PaymentLine> payment_lines(Database& database, OutboxPlace after, OutboxPlace up_to) {
  return attempt("cannot read the lines of payments", [&] {
    SQLite::Statement query(database.raw(), sql);
    Run run(query, after.epoch, after.sequence, up_to.epoch, up_to.sequence);
    std::vector<PaymentLine> lines;
    while (run.next()) {
      lines.push_back({.at = run.get<Instant>(),
                       .type = run.get<std::string>(),
                       .id = run.get<std::string>(),
                       .session_id = run.get<std::string>(),
                       .vehicle_number = run.get<std::string>(),
                       .method = run.parsed(parse_payment_method, "payment method"),
                       .provider = run.get<std::string>(),
                       .amount = run.get<Paise>(),
                       .detail = run.get<std::string>(),
                       .by = run.get<std::string>()});
    }
    return lines;
  });
}

}  // namespace gatehouse::store

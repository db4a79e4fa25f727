#include "edge/store/audit.hpp"

#include "edge/store/audit_staff_rules.hpp"
#include "edge/store/check.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/snapshot.hpp"

#include <algorithm>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// A rule that is broken a thousand times is told in full by its first rows and its count.
constexpr std::size_t sentences_max = 20;

// Each returns a sentence for every row that breaks its rule.

constexpr std::string_view session_rules[] = {
    "SELECT 'slot ' || slots.id || ' is held by the open sessions ' || group_concat(s.key, ', ') "
    "FROM sessions AS s JOIN slots ON slots.key = s.slot "
    "WHERE s.is_open = 1 AND s.slot_given_back = 0 GROUP BY s.slot HAVING count(*) > 1",

    "SELECT 'vehicle ' || vehicle_number || ' is inside or booked in the sessions ' "
    "  || group_concat(key, ', ') FROM sessions WHERE is_open = 1 AND let_out_at IS NULL "
    "AND vehicle_number IS NOT NULL GROUP BY vehicle_number HAVING count(*) > 1",

    "SELECT 'session ' || key || ' is ' || status || ' but still holds a slot' "
    "FROM sessions WHERE is_open = 0 AND slot_given_back = 0",

    "SELECT 'session ' || key || ' is COMPLETED, charged ' || quote_charge_paise "
    "  || ' paise, and earned ' || earned FROM (SELECT key, quote_charge_paise, "
    "    (SELECT coalesce(sum(amount_paise), 0) FROM ledger WHERE session = sessions.key "
    "     AND cause = 'settled_stay' AND credit = 'revenue') AS earned "
    "  FROM sessions WHERE status = 'COMPLETED') WHERE earned < quote_charge_paise",

    "SELECT 'session ' || key || ' is ' || status || ' and its customer account stands at ' "
    "  || balance || ' paise' FROM (SELECT s.key, s.status, s.is_open, "
    "    coalesce(sum(iif(credit = 'customer', amount_paise, 0) "
    "                 - iif(debit = 'customer', amount_paise, 0)), 0) AS balance "
    "  FROM sessions AS s JOIN ledger ON ledger.session = s.key GROUP BY s.key) "
    "WHERE (is_open = 0 AND balance <> 0) OR balance < 0",

    "SELECT 'session ' || s.key || ' is ' || s.status || ', was not let out, and its exit at ' "
    "  || a.gate || ' was authorised' "
    "FROM authorisations AS a JOIN sessions AS s ON s.key = a.session "
    "WHERE a.direction = 'exit' AND s.status <> 'COMPLETED' AND s.let_out_at IS NULL",

    "SELECT 'session ' || s.key || ' never entered and its entry at ' || a.gate "
    "  || ' was authorised' FROM authorisations AS a JOIN sessions AS s ON s.key = a.session "
    "WHERE a.direction = 'entry' AND s.entry_time IS NULL",
};

// Which account a payment's money stands on, and what is to be found in the ledger of it.
constexpr std::string_view money_rules[] = {
    "SELECT 'payment ' || p.id || ' of ' || p.amount_paise || ' paise is ' || p.status "
    "  || ' and stands ' || count(l.key) || ' times in the ledger' "
    "FROM payments AS p LEFT JOIN ledger AS l ON l.payment = p.key "
    "  AND l.cause = 'payment_captured' AND l.amount_paise = p.amount_paise "
    "  AND l.credit = 'customer' AND (l.session IS p.session OR l.session IS NULL) "
    "  AND l.debit = iif(p.method = 'CASH', 'drawer', 'provider_' || p.provider) "
    "GROUP BY p.key "
    "HAVING count(l.key) <> (p.status IN ('SUCCESS', 'PARTIALLY_REFUNDED', 'REFUNDED'))",

    "SELECT 'payment ' || p.id || ' was written to the ledger ' || count(*) || ' times as "
    "captured' "
    "FROM ledger AS l JOIN payments AS p ON p.key = l.payment "
    "WHERE l.cause = 'payment_captured' GROUP BY p.key HAVING count(*) > 1",

    "SELECT 'payment ' || id || ' is ' || status || ' and paid_at says otherwise' FROM payments "
    "WHERE (paid_at IS NOT NULL) "
    "  <> (status IN ('SUCCESS', 'PARTIALLY_REFUNDED', 'REFUNDED'))",

    "SELECT 'payment ' || p.id || ' of ' || p.amount_paise || ' paise has refunds of ' "
    "  || sum(r.amount_paise) FROM payments AS p JOIN refunds AS r ON r.payment = p.key "
    "WHERE r.status <> 'FAILED' GROUP BY p.key "
    "HAVING sum(r.amount_paise) > iif(p.paid_at IS NULL, 0, p.amount_paise)",

    "SELECT 'payment ' || id || ' of ' || amount_paise || ' paise is ' || status || ' and ' "
    "  || returned || ' of it went back' FROM (SELECT id, amount_paise, status, "
    "    (SELECT coalesce(sum(amount_paise), 0) FROM refunds "
    "     WHERE payment = payments.key AND status = 'SUCCESS') AS returned FROM payments) "
    "WHERE status <> CASE WHEN returned = 0 THEN status WHEN returned < amount_paise "
    "                THEN 'PARTIALLY_REFUNDED' ELSE 'REFUNDED' END "
    "  OR (returned = 0 AND status IN ('PARTIALLY_REFUNDED', 'REFUNDED'))",

    "SELECT 'refund ' || r.id || ' of ' || r.amount_paise || ' paise is ' || r.status "
    "  || ' and stands ' || count(l.key) || ' times in the ledger as paid' "
    "FROM refunds AS r JOIN payments AS p ON p.key = r.payment LEFT JOIN ledger AS l "
    "  ON l.refund = r.key AND l.cause = 'refund_paid' AND l.amount_paise = r.amount_paise "
    "  AND l.debit = 'refunds_due' "
    "  AND l.credit = iif(p.method = 'CASH', 'drawer', 'provider_' || p.provider) "
    "GROUP BY r.key HAVING count(l.key) <> (r.status = 'SUCCESS')",

    "SELECT 'session ' || session || ' owes refunds of ' || due || ' paise, and ' || pending "
    "  || ' are on their way' FROM (SELECT session, "
    "    sum(iif(credit = 'refunds_due', amount_paise, 0) "
    "        - iif(debit = 'refunds_due', amount_paise, 0)) AS due, "
    "    (SELECT coalesce(sum(r.amount_paise), 0) FROM refunds AS r "
    "     JOIN payments AS p ON p.key = r.payment "
    "     WHERE p.session = ledger.session AND r.status = 'PENDING') AS pending "
    "  FROM ledger WHERE session IS NOT NULL GROUP BY session) WHERE due < pending",

    "SELECT 'ledger row ' || key || ' moves ' || amount_paise || ' paise from ' || credit "
    "  || ' to ' || debit FROM ledger WHERE amount_paise <= 0 OR debit = credit",

    "SELECT 'the accounts of the ledger together stand at ' || total || ' paise' FROM ("
    "  SELECT coalesce(sum(amount), 0) AS total FROM ("
    "    SELECT credit AS account, amount_paise AS amount FROM ledger UNION ALL "
    "    SELECT debit, -amount_paise FROM ledger) "
    "  WHERE account IN ('drawer', 'provider_razorpay', 'provider_phonepe', 'customer', "
    "                    'revenue', 'refunds_due', 'written_off', 'passes', 'safe', "
    "                    'over_short')) WHERE total <> 0",

    "SELECT 'ledger row ' || key || ' moves money from ' || credit || ' to ' || debit "
    "  || ' as ' || cause FROM ledger "
    "WHERE cause NOT IN ('payment_captured', 'refund_paid', 'correction', 'shift_opened', "
    "                    'shift_closed') "
    "AND (debit IN ('drawer', 'provider_razorpay', 'provider_phonepe') "
    "     OR credit IN ('drawer', 'provider_razorpay', 'provider_phonepe'))",

    "SELECT 'the receipts ' || series || '/' || financial_year || ' are ' || count(*) "
    "  || ' and numbered ' || min(number) || ' to ' || max(number) FROM receipts "
    "GROUP BY series, financial_year HAVING min(number) <> 1 OR max(number) <> count(*)",

    "SELECT 'session ' || session || ' has ' || count(*) || ' receipts' FROM receipts "
    "WHERE refund IS NULL GROUP BY session HAVING count(*) > 1",

    "SELECT 'user ' || users.username || ' has ' || count(*) || ' open shifts' "
    "FROM shifts JOIN users ON users.key = shifts.user WHERE closed_at IS NULL "
    "GROUP BY shifts.user HAVING count(*) > 1",
};

constexpr std::string_view gate_rules[] = {
    "SELECT 'scan ' || scans.scan_id || ' at ' || scans.gate || ' has ' || count(*) "
    "  || ' openings' FROM openings JOIN scans ON scans.key = openings.scan "
    "GROUP BY openings.scan HAVING count(*) > 1",

    "SELECT 'opening ' || key || ' at ' || gate || ' has neither an authorisation nor a reason' "
    "FROM openings WHERE authorisation IS NULL "
    "AND (reason = '' OR cause NOT IN ('staff', 'emergency'))",

    "SELECT 'scan ' || s.scan_id || ' at ' || s.gate || ' counts its answers to ' "
    "  || s.update_number || ' and has ' || count(d.scan) "
    "FROM scans AS s LEFT JOIN decisions AS d ON d.scan = s.key GROUP BY s.key "
    "HAVING s.update_number <> count(d.scan) - 1 OR s.update_number <> "
    "coalesce(max(d.update_number), -1)",

    "SELECT 'scan ' || s.scan_id || ' at ' || s.gate || ' was answered open ' || count(*) "
    "  || ' times' FROM scans AS s JOIN decisions AS d ON d.scan = s.key "
    "WHERE d.decision = 'open' GROUP BY s.key HAVING count(*) > 1",

    "SELECT 'alert ' || kind || ' of ' || subject || ' is open ' || count(*) || ' times' "
    "FROM alerts WHERE cleared_at IS NULL GROUP BY kind, subject HAVING count(*) > 1",

    "SELECT 'the outbox counts ' || counted.rows || ' rows of ' || counted.bytes "
    "  || ' bytes, and holds ' || held.rows || ' of ' || held.bytes "
    "FROM outbox_size AS counted, (SELECT count(*) AS rows, "
    "  coalesce(sum(length(CAST(type AS BLOB)) + length(CAST(subject AS BLOB)) "
    "               + length(CAST(data AS BLOB)) + 24), 0) AS bytes FROM outbox) AS held "
    "WHERE counted.rows <> held.rows OR counted.bytes <> held.bytes",

    "SELECT 'events went out up to ' || c.epoch || '/' || c.sequence || ', the outbox counted to ' "
    "  || max(e.epoch) || '/' || e.last_sequence FROM event_cursor AS c, epochs AS e "
    "HAVING (c.epoch, c.sequence) > (max(e.epoch), e.last_sequence)",
};

struct FigureQuery {
  std::string_view name;
  std::string_view sql;
  bool is_money = false;
};

constexpr FigureQuery figure_queries[] = {
    {"sessions", "SELECT count(*) FROM sessions"},
    {"sessions open", "SELECT count(*) FROM sessions WHERE is_open = 1"},
    {"sessions completed", "SELECT count(*) FROM sessions WHERE status = 'COMPLETED'"},
    {"slots held", "SELECT count(*) FROM sessions WHERE is_open = 1 AND slot_given_back = 0"},
    {"payments captured", "SELECT count(*) FROM payments WHERE paid_at IS NOT NULL"},
    {"money captured",
     "SELECT coalesce(sum(amount_paise), 0) FROM payments WHERE paid_at IS NOT NULL", true},
    {"payments going on", "SELECT count(*) FROM payments WHERE status IN ('CREATING', 'PENDING')"},
    {"refunds", "SELECT count(*) FROM refunds WHERE status = 'SUCCESS'"},
    {"money refunded",
     "SELECT coalesce(sum(amount_paise), 0) FROM refunds WHERE status = 'SUCCESS'", true},
    {"refunds going on", "SELECT count(*) FROM refunds WHERE status = 'PENDING'"},
    {"receipts", "SELECT count(*) FROM receipts"},
    {"scans", "SELECT count(*) FROM scans"},
    {"openings", "SELECT count(*) FROM openings"},
    {"openings passed", "SELECT count(*) FROM openings WHERE status = 'passed'"},
    {"alerts open", "SELECT count(*) FROM alerts WHERE cleared_at IS NULL"},
    {"ledger rows", "SELECT count(*) FROM ledger"},
    {"outbox rows", "SELECT count(*) FROM outbox"},
    {"outbox bytes", "SELECT bytes FROM outbox_size"},
    {"outbox ranges thinned",
     "SELECT count(*) FROM outbox WHERE type = 'parking.outbox.thinned.v1'"},
};

std::string rupees(std::int64_t paise) {
  return paise < 0 ? "-" + Paise(-paise).rupees() : Paise(paise).rupees();
}

void hold(SQLite::Database& raw, std::string_view rule, std::vector<std::string>& found) {
  SQLite::Statement query(raw, std::string(rule));
  std::size_t broken = 0;
  while (query.executeStep()) {
    if (++broken <= sentences_max) found.push_back(query.getColumn(0).getString());
  }
  if (broken > sentences_max) {
    found.push_back("and " + std::to_string(broken - sentences_max) + " more of the same kind");
  }
}

std::vector<AuditFigure> figures(SQLite::Database& raw) {
  std::vector<AuditFigure> found;
  for (const FigureQuery& figure : figure_queries) {
    const std::int64_t count = raw.execAndGet(std::string(figure.sql)).getInt64();
    found.push_back(
        {std::string(figure.name), figure.is_money ? rupees(count) : std::to_string(count)});
  }
  SQLite::Statement balances(
      raw,
      "SELECT account, sum(amount) FROM ("
      "  SELECT credit AS account, amount_paise AS amount FROM ledger UNION ALL "
      "  SELECT debit, -amount_paise FROM ledger) GROUP BY account ORDER BY account");
  while (balances.executeStep()) {
    found.push_back(
        {"account " + balances.getColumn(0).getString(), rupees(balances.getColumn(1).getInt64())});
  }
  return found;
}

}  // namespace

AuditReport audit(Database& database) {
  return attempt("cannot audit the store", [&] {
    const Snapshot snapshot(database.raw());
    AuditReport report;
    report.violations = violations(snapshot, CheckDepth::thorough);
    for (const auto rule : session_rules) hold(snapshot.raw(), rule, report.violations);
    for (const auto rule : money_rules) hold(snapshot.raw(), rule, report.violations);
    for (const auto rule : staff_rules) hold(snapshot.raw(), rule, report.violations);
    for (const auto rule : gate_rules) hold(snapshot.raw(), rule, report.violations);
    report.figures = figures(snapshot.raw());
    return report;
  });
}

}  // namespace gatehouse::store

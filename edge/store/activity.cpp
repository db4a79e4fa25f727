#include "edge/store/activity.hpp"

#include "edge/store/columns.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// An index of the account serves each part.
constexpr const char* deeds =
    "(SELECT opened_at AS at, 'shift_opened' AS kind, NULL AS session, CAST(key AS TEXT) AS "
    "subject, float_paise AS amount, '' AS detail FROM shifts WHERE user = ?1 "
    "UNION ALL SELECT closed_at, 'shift_closed', NULL, CAST(key AS TEXT), counted_paise, '' "
    "FROM shifts WHERE user = ?1 AND closed_at IS NOT NULL "
    "UNION ALL SELECT at, kind, session, reference, NULL, reason FROM staff_acts WHERE user = ?1 "
    "UNION ALL SELECT at, 'barrier_open', session, gate, NULL, reason FROM openings "
    "WHERE by_user = ?1 "
    "UNION ALL SELECT at, 'barrier_' || kind, NULL, gate, NULL, reason FROM barrier_orders "
    "WHERE by_user = ?1 "
    "UNION ALL SELECT at, 'incident', session, id, NULL, kind FROM incidents WHERE user = ?1 "
    "UNION ALL SELECT created_at, 'session_made', key, '', NULL, kind FROM sessions "
    "WHERE created_by = ?1 "
    "UNION ALL SELECT paid_at, 'payment_taken', session, id, amount_paise, method FROM payments "
    "WHERE shift IN (SELECT key FROM shifts WHERE user = ?1) AND paid_at IS NOT NULL "
    "UNION ALL SELECT paid_at, 'payment_taken', session, id, amount_paise, method FROM payments "
    "WHERE method = 'ONLINE' AND taken_by = ?1 AND paid_at IS NOT NULL "
    "UNION ALL SELECT created_at, 'refund_made', (SELECT session FROM payments "
    "WHERE payments.key = refunds.payment), id, amount_paise, reason FROM refunds "
    "WHERE created_by = ?1 "
    "UNION ALL SELECT at, 'erasure', NULL, id, NULL, reason FROM erasures WHERE by_user = ?1) "
    "WHERE (?2 IS NULL OR at >= ?2) AND (?3 IS NULL OR at < ?3) AND (?4 = '' OR kind = ?4)";

Deed read(Run& row) {
  return {.at = row.get<Instant>(),
          .kind = row.get<std::string>(),
          .session_id = row.maybe<std::string>().value_or(""),
          .subject = row.get<std::string>(),
          .amount = row.maybe<Paise>(),
          .detail = row.get<std::string>()};
}

}  // namespace

const std::vector<std::string>& activity_kinds() {
  static const std::vector<std::string> kinds = {
      "shift_opened", "shift_closed",  "lost_ticket",     "stay_chosen",
      "terminated",   "let_out",       "barrier_open",    "barrier_close",
      "barrier_hold", "barrier_lock",  "barrier_release", "incident",
      "session_made", "payment_taken", "refund_made",     "erasure"};
  return kinds;
}

Deeds Activity::of(UserKey user, const ActivityFilter& filter, const Page& page) {
  return attempt("cannot read what an account did", [&] {
    Deeds found;
    SQLite::Statement count(database_.raw(), std::string("SELECT count(*) FROM ") + deeds);
    if (Run run(count, user, filter.period.from, filter.period.until, filter.kind); run.next())
      found.total = run.get<std::uint64_t>();
    SQLite::Statement rows(
        database_.raw(),
        std::string("SELECT at, kind, (SELECT id FROM sessions WHERE key = session), subject, "
                    "amount, detail FROM ") +
            deeds + " ORDER BY at DESC, kind, subject LIMIT ?5 OFFSET ?6");
    found.deeds = all(Run(rows, user, filter.period.from, filter.period.until, filter.kind,
                          page.rows, page.skipped),
                      read);
    return found;
  });
}

}  // namespace gatehouse::store

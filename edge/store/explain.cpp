#include "edge/store/explain.hpp"

#include "edge/domain/plate.hpp"
#include "edge/domain/ticket.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/keys.hpp"
#include "edge/store/snapshot.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// A vehicle that comes daily for years: its newest stays are asked about.
constexpr int sessions_max = 10;

// Each of them answers rows of (at, sentence, ids with | between them); ?1 is a session's key. At
// one instant causes come before what they cause, so the order here is the order of decisions.

constexpr std::string_view scan_steps[] = {
    "SELECT received_at, iif(kind = 'press', 'button pressed', kind || ' of ' "
    "    || iif(code = '', 'no code', code)) || ' at ' || gate, 'scan ' || scan_id "
    "FROM scans WHERE scan_of ORDER BY key",
};

constexpr std::string_view session_steps[] = {
    "SELECT s.created_at, s.kind || ' for ' || coalesce(s.vehicle_number, 'an unnamed vehicle') "
    "    || ' in zone ' || z.id || coalesce(', slot ' || l.id, ''), "
    "  'session ' || s.key || '|' || s.id "
    "FROM sessions AS s JOIN zones AS z ON z.key = s.zone LEFT JOIN slots AS l ON l.key = s.slot "
    "WHERE s.key = ?1",
    "SELECT created_at, method || ' payment of ' || amount_paise || ' paise asked for' "
    "    || iif(provider = '', '', ' at ' || provider), "
    "  'payment ' || id || coalesce('|order ' || order_id, '') FROM payments WHERE session = ?1",
    "SELECT paid_at, 'payment of ' || amount_paise || ' paise verified', "
    "  'payment ' || id || coalesce('|' || provider || ' ' || provider_payment_id, '') "
    "  || coalesce('|shift ' || shift, '') "
    "FROM payments WHERE session = ?1 AND paid_at IS NOT NULL",
    "SELECT entry_time, 'entry recorded at ' || iif(entry_gate = '', 'no gate', entry_gate), "
    "  'session ' || key FROM sessions WHERE key = ?1 AND entry_time IS NOT NULL",
    "SELECT billing_time, 'billed: ' || quote_charge_paise || ' paise', 'session ' || key "
    "FROM sessions WHERE key = ?1 AND billing_time IS NOT NULL",
    "SELECT at, amount_paise || ' paise from ' || credit || ' to ' || debit || ': ' || cause, "
    "  'ledger ' || key FROM ledger WHERE session = ?1 ORDER BY key",
    "SELECT r.created_at, 'refund of ' || r.amount_paise || ' paise: ' || r.reason, "
    "  'refund ' || r.id || '|payment ' || p.id "
    "FROM refunds AS r JOIN payments AS p ON p.key = r.payment WHERE p.session = ?1",
    "SELECT r.ended_at, 'refund of ' || r.amount_paise || ' paise: ' || r.status, "
    "  'refund ' || r.id || coalesce('|provider ' || r.provider_refund_id, '') "
    "FROM refunds AS r JOIN payments AS p ON p.key = r.payment "
    "WHERE p.session = ?1 AND r.ended_at IS NOT NULL",
    "SELECT issued_at, iif(refund IS NULL, 'receipt', 'credit note') || ' over ' || total_paise "
    "    || ' paise', printf('receipt %s/%s/%07d', series, financial_year, number) "
    "FROM receipts WHERE session = ?1",
    "SELECT settled_at, 'settled', 'session ' || key "
    "FROM sessions WHERE key = ?1 AND settled_at IS NOT NULL",
    "SELECT let_out_at, 'let out before the money was confirmed', 'session ' || key "
    "FROM sessions WHERE key = ?1 AND let_out_at IS NOT NULL",
    "SELECT a.at, u.username || ': ' || replace(a.kind, '_', ' ') "
    "    || iif(a.detail = '', '', ' (' || a.detail || ')') || ', because: ' || a.reason "
    "    || iif(a.reference = '', '', ', reference ' || a.reference), 'act ' || a.key "
    "FROM staff_acts AS a JOIN users AS u ON u.key = a.user WHERE a.session = ?1 ORDER BY a.key",
    // Ids of sessions are long: none is a part of another text.
    "SELECT a.at, iif(a.user_name = '', iif(a.role = '', 'somebody', a.role), a.user_name) || ': ' "
    "    || a.action || iif(a.outcome = 'done', '', ' (' || a.outcome || ')'), "
    "  'audit ' || a.sequence FROM sessions AS s JOIN audit_log AS a ON instr(a.targets, s.id) > 0 "
    "WHERE s.key = ?1 ORDER BY a.sequence",
    "SELECT i.at, u.username || ' noted: ' || replace(i.kind, '_', ' '), 'incident ' || i.id "
    "FROM incidents AS i JOIN users AS u ON u.key = i.user WHERE i.session = ?1 ORDER BY i.key",
    "SELECT created_at, 'waits for a person: ' || amount_paise || ' paise, ' || reason, "
    "  'exception ' || id FROM exceptions WHERE session = ?1",
    "SELECT resolved_at, 'waits for nobody any more: ' || resolution, 'exception ' || id "
    "FROM exceptions WHERE session = ?1 AND resolved_at IS NOT NULL",
    "SELECT closed_at, status || iif(close_reason = '', '', ': ' || close_reason), "
    "  'session ' || key FROM sessions WHERE key = ?1 AND closed_at IS NOT NULL",
};

constexpr std::string_view answer_steps[] = {
    "SELECT d.at, 'answered ' || d.decision || '/' || d.reason "
    "    || iif(d.update_number = 0, '', ', update ' || d.update_number) || ' at ' || scans.gate, "
    "  'scan ' || scans.scan_id "
    "FROM decisions AS d JOIN scans ON scans.key = d.scan WHERE scan_of "
    "ORDER BY d.scan, d.update_number",
};

constexpr std::string_view gate_steps[] = {
    "SELECT at, direction || ' authorised at ' || gate, 'authorisation ' || key "
    "FROM authorisations WHERE session = ?1",
};

constexpr std::string_view opening_steps[] = {
    "SELECT o.at, 'barrier ' || o.barrier || ' ordered to open: ' || o.cause "
    "    || iif(o.reason = '', '', ', ' || o.reason) || coalesce(', by ' || u.username, ''), "
    "  'opening ' || o.key || coalesce('|authorisation ' || o.authorisation, '') "
    "  || coalesce('|scan ' || s.scan_id, '') "
    "FROM openings AS o LEFT JOIN scans AS s ON s.key = o.scan "
    "LEFT JOIN users AS u ON u.key = o.by_user WHERE opening_of ORDER BY o.key",
    "SELECT o.ended_at, 'opening ended: ' || o.status, 'opening ' || o.key "
    "FROM openings AS o WHERE opening_of AND o.ended_at IS NOT NULL ORDER BY o.key",
};

constexpr std::string_view motion_steps[] = {
    "SELECT seen_open_at, 'arm seen open at ' || gate, 'authorisation ' || key "
    "FROM authorisations WHERE session = ?1 AND seen_open_at IS NOT NULL",
    "SELECT confirmed_at, 'passage confirmed at ' || gate, 'authorisation ' || key "
    "FROM authorisations WHERE session = ?1 AND confirmed_at IS NOT NULL",
    "SELECT s.arrived_in_slot_at, 'its car seen in slot ' || l.id, 'session ' || s.key "
    "FROM sessions AS s JOIN slots AS l ON l.key = s.slot "
    "WHERE s.key = ?1 AND s.arrived_in_slot_at IS NOT NULL",
    // What the slot's sensor showed while the session held it, as far as the outbox reaches.
    "SELECT o.time, 'slot ' || l.id || ' changed', "
    "  'outbox ' || o.epoch || '/' || o.sequence "
    "FROM sessions AS s JOIN slots AS l ON l.key = s.slot JOIN outbox AS o "
    "  ON o.type = 'parking.slot.changed.v1' AND instr(o.data, '\"' || l.id || '\"') > 0 "
    "  AND o.time BETWEEN s.created_at AND coalesce(s.closed_at, o.time) WHERE s.key = ?1",
    "SELECT o.time, o.type || iif((o.epoch, o.sequence) <= (c.epoch, c.sequence), "
    "    ', sent to the lot''s events', ', not sent yet'), "
    "  'outbox ' || o.epoch || '/' || o.sequence "
    "FROM sessions AS s JOIN outbox AS o ON o.subject = s.id, event_cursor AS c WHERE s.key = ?1",
    "SELECT a.raised_at, 'alert ' || a.kind || ': ' || a.message, 'alert ' || a.id "
    "FROM sessions AS s JOIN alerts AS a ON a.subject = s.id WHERE s.key = ?1",
};

std::vector<std::string> split(const std::string& ids) {
  std::vector<std::string> found;
  for (std::size_t begin = 0; begin <= ids.size();) {
    const auto end = std::min(ids.find('|', begin), ids.size());
    found.push_back(ids.substr(begin, end - begin));
    begin = end + 1;
  }
  return found;
}

/// The text with `name` replaced by `condition`, wherever it stands.
std::string with(std::string_view sql, std::string_view name, std::string_view condition) {
  std::string text(sql);
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), condition);
    at += condition.size();
  }
  return text;
}

/// What an id leads to. Sets: several of its readings may lead to the same.
struct Found {
  std::set<std::int64_t> sessions;
  std::set<std::int64_t> scans;     // of no session
  std::set<std::int64_t> openings;  // of no session
};

class Search {
 public:
  explicit Search(SQLite::Database& raw) : raw_(raw) {}

  Found by(std::string_view id) {
    sessions("SELECT key FROM sessions WHERE id = ?1", id);
    sessions(
        "SELECT session FROM payments WHERE id = ?1 OR order_id = ?1 "
        "OR provider_payment_id = ?1",
        id);
    sessions(
        "SELECT session FROM payments JOIN refunds ON refunds.payment = payments.key "
        "WHERE refunds.id = ?1 OR refunds.provider_refund_id = ?1",
        id);
    if (const auto code = TicketCode::parse(id)) {
      sessions("SELECT key FROM sessions WHERE code_body = ?1", code->body.text());
    }
    if (const auto vehicle = VehicleNumber::parse(id)) {
      sessions("SELECT key FROM sessions WHERE vehicle_number = ?1 ORDER BY key DESC",
               vehicle->text());
    }
    of("SELECT session, key FROM scans WHERE scan_id = ?1 OR (code = ?1 AND session IS NULL)", id,
       found_.scans);
    if (const auto number = number_of(id)) {
      sessions("SELECT key FROM sessions WHERE key = CAST(?1 AS INTEGER)", *number);
    }
    if (const auto number = opening_number(id)) {
      of("SELECT session, key FROM openings WHERE key = CAST(?1 AS INTEGER)", *number,
         found_.openings);
    }
    return found_;
  }

 private:
  static std::optional<std::string> number_of(std::string_view text) {
    constexpr std::size_t digits_max = 18;
    const bool is_number = !text.empty() && text.size() <= digits_max &&
                           text.find_first_not_of("0123456789") == std::string_view::npos;
    return is_number ? std::optional<std::string>(text) : std::nullopt;
  }
  /// `opening 7`, `opening:7`; a number alone is a session's.
  static std::optional<std::string> opening_number(std::string_view text) {
    constexpr std::string_view word = "opening";
    if (!text.starts_with(word) || text.size() < word.size() + 2) return std::nullopt;
    return number_of(text.substr(word.size() + 1));
  }

  void sessions(const char* sql, std::string_view id) {
    SQLite::Statement query(raw_, sql);
    Run run(query, id);
    for (int i = 0; i < sessions_max && run.next(); ++i) {
      if (const auto session = run.maybe<std::int64_t>()) found_.sessions.insert(*session);
    }
  }
  /// Rows of a session or, without one, of their own.
  void of(const char* sql, std::string_view id, std::set<std::int64_t>& alone) {
    SQLite::Statement query(raw_, sql);
    Run run(query, id);
    for (int i = 0; i < sessions_max && run.next(); ++i) {
      const auto session = run.maybe<std::int64_t>();
      const auto key = run.get<std::int64_t>();
      if (session) {
        found_.sessions.insert(*session);
      } else {
        alone.insert(key);
      }
    }
  }

  SQLite::Database& raw_;
  Found found_;
};

class Chain {
 public:
  explicit Chain(SQLite::Database& raw) : raw_(raw) {}

  void add_session(std::int64_t session) {
    for (const auto sql : scan_steps) add(with(sql, "scan_of", "session = ?1"), session);
    for (const auto sql : session_steps) add(sql, session);
    for (const auto sql : answer_steps) add(with(sql, "scan_of", "scans.session = ?1"), session);
    for (const auto sql : gate_steps) add(sql, session);
    for (const auto sql : opening_steps) add(with(sql, "opening_of", "o.session = ?1"), session);
    for (const auto sql : motion_steps) add(sql, session);
  }
  void add_scan(std::int64_t scan) {
    for (const auto sql : scan_steps) add(with(sql, "scan_of", "key = ?1"), scan);
    for (const auto sql : answer_steps) add(with(sql, "scan_of", "scans.key = ?1"), scan);
  }
  void add_opening(std::int64_t opening) {
    for (const auto sql : opening_steps) add(with(sql, "opening_of", "o.key = ?1"), opening);
  }

  std::vector<ExplainedStep> in_order() && {
    std::vector<ExplainedStep> steps;
    for (auto& [at, step] : steps_) steps.push_back(std::move(step));
    return steps;
  }

 private:
  void add(std::string_view sql, std::int64_t key) {
    SQLite::Statement query(raw_, std::string(sql));
    Run run(query, key);
    while (run.next()) {
      const auto at = run.get<Instant>();
      auto what = run.get<std::string>();
      steps_.emplace(at, ExplainedStep{at, std::move(what), split(run.get<std::string>())});
    }
  }

  SQLite::Database& raw_;
  std::multimap<Instant, ExplainedStep> steps_;  // of one instant: in the order of adding
};

}  // namespace

std::vector<ExplainedStep> explain(Database& database, std::string_view id) {
  return attempt("cannot explain", [&] {
    const Snapshot snapshot(database.raw());
    const Found found = Search(snapshot.raw()).by(id);
    Chain chain(snapshot.raw());
    for (const std::int64_t session : found.sessions) chain.add_session(session);
    for (const std::int64_t scan : found.scans) chain.add_scan(scan);
    for (const std::int64_t opening : found.openings) chain.add_opening(opening);
    return std::move(chain).in_order();
  });
}

}  // namespace gatehouse::store

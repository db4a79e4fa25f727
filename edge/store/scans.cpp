#include "edge/store/scans.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <algorithm>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<4> source_names = {"scan", "frame", "press", "api"};

// Whatever a reader makes of a poster or a banknote: its beginning is enough to recognise it.
constexpr std::size_t code_characters_max = 100;

std::optional<ScanSource> parse_source(std::string_view text) {
  return read_word<ScanSource>(source_names, text);
}

/// At most the first 100 bytes, and no character of several bytes cut in two.
std::string_view cut(std::string_view code) {
  if (code.size() <= code_characters_max) return code;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(code[at]) & 0xC0U) == 0x80U;
  };
  std::size_t end = code_characters_max;
  while (end > 0 && continues(end)) --end;
  return code.substr(0, end);
}

/// A scan with its newest answer, if it has one.
std::string select(std::string_view condition) {
  return "SELECT s.key, s.gate, s.scan_id, s.kind, s.code, s.session, s.received_at, s.device_ts, "
         "s.payment_method, d.update_number, d.at, d.decision, d.reason, d.payload "
         "FROM scans AS s LEFT JOIN decisions AS d "
         "ON d.scan = s.key AND d.update_number = s.update_number WHERE " +
         std::string(condition);
}

ScanAnswer read_answer(Run& row, std::uint32_t update) {
  return {.update = update,
          .at = row.get<Instant>(),
          .decision = row.parsed(parse_decision_kind, "decision"),
          .reason = row.parsed(parse_reason, "reason of a decision"),
          .payload = row.get<std::string>()};
}

std::optional<Scan> only(Run&& row) {
  if (!row.next()) return std::nullopt;
  Scan scan{.key = row.get<ScanKey>(),
            .gate = row.get<std::string>(),
            .scan_id = row.get<std::string>(),
            .source = row.parsed(parse_source, "kind of scan"),
            .code = row.get<std::string>(),
            .session = row.maybe<SessionKey>(),
            .received_at = row.get<Instant>(),
            .device_ts = row.maybe<Instant>(),
            .payment_method = row.maybe_parsed(parse_payment_method, "payment method")};
  if (const auto update = row.maybe<std::uint32_t>()) scan.answer = read_answer(row, *update);
  return scan;
}

}  // namespace

std::string_view name(ScanSource source) { return word_of(source_names, source); }

struct Scans::Statements {
  explicit Statements(SQLite::Database& raw)
      : by_key(raw, select("s.key = ?")),
        by_id(raw, select("s.gate = ? AND s.scan_id = ?")),
        by_code(raw, select("s.gate = ? AND s.code = ? ORDER BY s.key DESC LIMIT 1")),
        newest(raw, select("s.gate = ? ORDER BY s.key DESC LIMIT 1")),
        answers(raw,
                "SELECT update_number, at, decision, reason, payload FROM decisions "
                "WHERE scan = ? ORDER BY update_number"),
        insert(raw,
               "INSERT INTO scans (gate, scan_id, kind, code, session, received_at, device_ts, "
               "payment_method) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
        set_session(raw, "UPDATE scans SET session = ? WHERE key = ?"),
        answer(raw,
               "INSERT INTO decisions (scan, update_number, at, decision, reason, payload) "
               "SELECT key, update_number + 1, ?, ?, ?, ? FROM scans WHERE key = ? "
               "RETURNING update_number"),
        // One dated after the newest scan was written by a clock that ran ahead: it is as old as
        // those around it.
        oldest(raw,
               "SELECT received_at FROM scans NOT INDEXED WHERE received_at <= "
               "  (SELECT received_at FROM scans ORDER BY key DESC LIMIT 1) ORDER BY key LIMIT 1"),
        // Only a run from the oldest on, so that a step costs what it deletes.
        prune(raw,
              "WITH newest AS (SELECT received_at FROM scans ORDER BY key DESC LIMIT 1) "
              "DELETE FROM scans WHERE key IN (SELECT key FROM ("
              "  SELECT key, max(iif(received_at <= (SELECT received_at FROM newest), received_at, "
              "    0)) OVER (ORDER BY key) AS latest FROM ("
              "    SELECT key, received_at FROM scans ORDER BY key LIMIT ?2)) "
              "  WHERE latest < ?1)") {}
  Statement by_key;
  Statement by_id;
  Statement by_code;
  Statement newest;
  Statement answers;
  Statement insert;
  Statement set_session;
  Statement answer;
  Statement oldest;
  Statement prune;
};

Scans::Scans(Database& database) : database_(database) {
  attempt("cannot open the scans",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Scans::~Scans() = default;

std::optional<Scan> Scans::find(ScanKey scan) {
  return attempt("cannot read a scan", [&] { return only(Run(statements_->by_key, scan)); });
}

std::optional<Scan> Scans::find(std::string_view gate, std::string_view scan_id) {
  return attempt("cannot read a scan",
                 [&] { return only(Run(statements_->by_id, gate, scan_id)); });
}

std::optional<Scan> Scans::find_newest_of_code(std::string_view gate, std::string_view code,
                                               Instant since) {
  return attempt("cannot read a scan", [&]() -> std::optional<Scan> {
    auto scan = only(Run(statements_->by_code, gate, cut(code)));
    if (scan && scan->received_at < since) return std::nullopt;
    return scan;
  });
}

std::optional<Scan> Scans::find_newest_at(std::string_view gate) {
  return attempt("cannot read a scan", [&] { return only(Run(statements_->newest, gate)); });
}

std::vector<ScanAnswer> Scans::answers(ScanKey scan) {
  return attempt("cannot read the answers to a scan", [&] {
    std::vector<ScanAnswer> found;
    Run run(statements_->answers, scan);
    while (run.next()) {
      const auto update = run.get<std::uint32_t>();
      found.push_back(read_answer(run, update));
    }
    return found;
  });
}

ScanKey Scans::insert(Transaction& /*transaction*/, const Scan& scan) {
  return attempt("cannot write a scan", [&] {
    Run(statements_->insert, scan.gate, scan.scan_id, scan.source, cut(scan.code), scan.session,
        scan.received_at, scan.device_ts, scan.payment_method)
        .exec();
    return inserted<ScanKey>(database_.raw());
  });
}

void Scans::set_session(Transaction& /*transaction*/, ScanKey scan, SessionKey session) {
  attempt("cannot write a scan", [&] { Run(statements_->set_session, session, scan).exec(); });
}

std::uint32_t Scans::answer(Transaction& /*transaction*/, ScanKey scan, const ScanAnswer& answer) {
  return attempt("cannot write an answer to a scan", [&] {
    Run run(statements_->answer, answer.at, answer.decision, answer.reason, answer.payload, scan);
    require(run.next(), "a scan that is answered was inserted");
    const auto update = run.get<std::uint32_t>();
    // Not done before it has said so: SQLite writes while it is stepped.
    while (run.next()) continue;
    return update;
  });
}

int Scans::prune(Transaction& /*transaction*/, Instant before, int rows_max) {
  return attempt("cannot prune the scans", [&] {
    // Asked each second, and nearly always for nothing.
    Run oldest(statements_->oldest);
    if (!oldest.next() || oldest.get<Instant>() >= before) return 0;
    return Run(statements_->prune, before, std::max(rows_max, 0)).exec();
  });
}

}  // namespace gatehouse::store

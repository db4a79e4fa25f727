#include "edge/store/alerts.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<3> severity_names = {"info", "warning", "critical"};

constexpr std::string_view columns =
    "id, kind, severity, subject, message, raised_at, cleared_at, acknowledged_at, acknowledged_by";

Alert read(Run& row) {
  return {.key = row.get<AlertKey>(),
          .id = row.get<std::string>(),
          .kind = row.get<std::string>(),
          .severity = row.parsed(parse_severity, "severity"),
          .subject = row.get<std::string>(),
          .message = row.get<std::string>(),
          .raised_at = row.get<Instant>(),
          .cleared_at = row.maybe<Instant>(),
          .acknowledged_at = row.maybe<Instant>(),
          .acknowledged_by = row.maybe<UserKey>()};
}

}  // namespace

std::string_view name(Severity severity) { return word_of(severity_names, severity); }
std::optional<Severity> parse_severity(std::string_view text) {
  return read_word<Severity>(severity_names, text);
}

struct Alerts::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        by_key(raw, select_from("alerts", columns, "key = ?")),
        by_id(raw, select_from("alerts", columns, "id = ?")),
        find_open(
            raw, select_from("alerts", columns, "kind = ? AND subject = ? AND cleared_at IS NULL")),
        open(raw, select_from("alerts INDEXED BY alerts_one_open", columns,
                              "cleared_at IS NULL ORDER BY key")),
        insert(raw,
               "INSERT INTO alerts (id, kind, severity, subject, message, raised_at) "
               "VALUES (?, ?, ?, ?, ?, ?) "
               "ON CONFLICT (kind, subject) WHERE cleared_at IS NULL DO NOTHING"),
        clear(raw, "UPDATE alerts SET cleared_at = ? WHERE key = ?"),
        acknowledge(raw,
                    "UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? "
                    "WHERE key = ? AND acknowledged_at IS NULL") {}
  SQLite::Database& raw;
  Statement by_key;
  Statement by_id;
  Statement find_open;
  Statement open;
  Statement insert;
  Statement clear;
  Statement acknowledge;
};

Alerts::Alerts(Database& database) {
  attempt("cannot open the alerts",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Alerts::~Alerts() = default;

std::optional<AlertKey> Alerts::raise(Transaction& /*transaction*/, const Alert& alert) {
  return attempt("cannot write an alert", [&]() -> std::optional<AlertKey> {
    const int rows = Run(statements_->insert, alert.id, alert.kind, alert.severity, alert.subject,
                         alert.message, alert.raised_at)
                         .exec();
    if (rows == 0) return std::nullopt;
    return inserted<AlertKey>(statements_->raw);
  });
}

std::optional<Alert> Alerts::clear(Transaction& /*transaction*/, std::string_view kind,
                                   std::string_view subject, Instant at) {
  auto alert = find_open(kind, subject);
  if (!alert) return std::nullopt;
  alert->cleared_at = at;
  attempt("cannot write an alert", [&] { Run(statements_->clear, at, alert->key).exec(); });
  return alert;
}

std::optional<Alert> Alerts::find(AlertKey alert) {
  return attempt("cannot read an alert",
                 [&] { return only(Run(statements_->by_key, alert), read); });
}

std::optional<Alert> Alerts::find_by_id(std::string_view id) {
  return attempt("cannot read an alert", [&] { return only(Run(statements_->by_id, id), read); });
}

void Alerts::acknowledge(Transaction& /*transaction*/, AlertKey alert, Instant at, UserKey by) {
  attempt("cannot write an alert", [&] {
    const int rows = Run(statements_->acknowledge, at, by, alert).exec();
    require(rows == 1, "an alert that is acknowledged was not so yet");
  });
}

std::optional<Alert> Alerts::find_open(std::string_view kind, std::string_view subject) {
  return attempt("cannot read an alert", [&]() -> std::optional<Alert> {
    Run run(statements_->find_open, kind, subject);
    if (!run.next()) return std::nullopt;
    return read(run);
  });
}

std::vector<Alert> Alerts::open() {
  return attempt("cannot read the alerts", [&] {
    std::vector<Alert> found;
    Run run(statements_->open);
    while (run.next()) found.push_back(read(run));
    return found;
  });
}

}  // namespace gatehouse::store

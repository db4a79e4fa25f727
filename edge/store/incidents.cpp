#include "edge/store/incidents.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <algorithm>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<8> kinds = {"accident", "damage",    "theft",
                            "dispute",  "equipment", "unauthorised_parking",
                            "safety",   "other"};
static_assert(are_distinct(kinds));

Incident read(Run& row) {
  return {.key = row.get<IncidentKey>(),
          .id = row.get<std::string>(),
          .at = row.get<Instant>(),
          .user = row.get<UserKey>(),
          .username = row.get<std::string>(),
          .kind = row.parsed(parse_incident_kind, "kind of incident"),
          .description = row.get<std::string>(),
          .gate = row.get<std::string>(),
          .slot = row.maybe<std::string>().value_or(""),
          .session = row.maybe<SessionKey>(),
          .session_id = row.maybe<std::string>().value_or(""),
          .vehicle = row.maybe_parsed(VehicleNumber::parse, "vehicle number")};
}

/// With the names behind its keys.
std::string select(std::string_view rest) {
  return "SELECT i.key, i.id, i.at, i.user, u.username, i.kind, i.description, i.gate, l.id, "
         "i.session, s.id, i.vehicle_number FROM incidents AS i JOIN users AS u ON u.key = i.user "
         "LEFT JOIN slots AS l ON l.key = i.slot LEFT JOIN sessions AS s ON s.key = i.session " +
         std::string(rest);
}

}  // namespace

std::string_view name(IncidentKind kind) { return word_of(kinds, kind); }
std::optional<IncidentKind> parse_incident_kind(std::string_view text) {
  return read_word<IncidentKind>(kinds, text);
}

struct Incidents::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        insert(raw,
               "INSERT INTO incidents (id, at, user, kind, description, gate, slot, session, "
               "vehicle_number) "
               "VALUES (?, ?, ?, ?, ?, ?, (SELECT key FROM slots WHERE id = ?), ?, ?)"),
        incident(raw, select("WHERE i.key = ?")),
        // Keys ascend with time, and none is ever deleted.
        page(raw, select("WHERE i.key <= (SELECT max(key) FROM incidents) - ? "
                         "ORDER BY i.key DESC LIMIT ?")),
        count(raw, "SELECT coalesce(max(key), 0) FROM incidents") {}
  SQLite::Database& raw;
  Statement insert;
  Statement incident;
  Statement page;
  Statement count;
};

Incidents::Incidents(Database& database) {
  attempt("cannot open the incidents",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Incidents::~Incidents() = default;

IncidentKey Incidents::append(Transaction& /*transaction*/, const Incident& incident) {
  return attempt("cannot write an incident", [&] {
    std::optional<std::string> vehicle;
    if (incident.vehicle) vehicle = incident.vehicle->text();
    Run(statements_->insert, incident.id, incident.at, incident.user, incident.kind,
        incident.description, incident.gate, incident.slot, incident.session, vehicle)
        .exec();
    return inserted<IncidentKey>(statements_->raw);
  });
}

std::optional<Incident> Incidents::find(IncidentKey incident) {
  return attempt("cannot read an incident",
                 [&] { return only(Run(statements_->incident, incident), read); });
}

std::vector<Incident> Incidents::page(int incidents_max, std::int64_t skipped) {
  return attempt("cannot read the incidents", [&] {
    return all(
        Run(statements_->page, std::max(skipped, std::int64_t{0}), std::max(incidents_max, 0)),
        read);
  });
}

std::int64_t Incidents::count() {
  return attempt("cannot count the incidents", [&] {
    Run run(statements_->count);
    return run.next() ? run.get<std::int64_t>() : 0;
  });
}

}  // namespace gatehouse::store

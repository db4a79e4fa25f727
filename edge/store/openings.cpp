#include "edge/store/openings.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/row_update.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<2> passage_names = {"entry", "exit"};
constexpr Words<4> cause_names = {"scan", "button", "staff", "emergency"};
constexpr Words<7> status_names = {"pending", "seen_open", "passed", "closed_unpassed",
                                   "failed",  "too_old",   "refused"};

std::optional<Passage> parse_passage(std::string_view text) {
  return read_word<Passage>(passage_names, text);
}
std::optional<OpeningCause> parse_cause(std::string_view text) {
  return read_word<OpeningCause>(cause_names, text);
}
std::optional<OpeningStatus> parse_status(std::string_view text) {
  return read_word<OpeningStatus>(status_names, text);
}

constexpr std::string_view authorisation_columns =
    "session, gate, direction, at, seen_open_at, confirmed_at, openings_after_seen, other_passed, "
    "closed";
constexpr std::string_view opening_columns =
    "authorisation, cause, scan, gate, barrier, session, by_user, reason, at, status, ended_at";

std::string select_authorisations(std::string_view condition) {
  return select_from("authorisations", authorisation_columns, condition);
}
std::string select_openings(std::string_view condition) {
  return select_from("openings", opening_columns, condition);
}
Authorisation read_authorisation(Run& row) {
  return {.key = row.get<AuthorisationKey>(),
          .session = row.get<SessionKey>(),
          .gate = row.get<std::string>(),
          .direction = row.parsed(parse_passage, "direction"),
          .at = row.get<Instant>(),
          .seen_open_at = row.maybe<Instant>(),
          .confirmed_at = row.maybe<Instant>(),
          .openings_after_seen = row.get<std::uint32_t>(),
          .other_passed = row.get<bool>(),
          .closed = row.get<bool>()};
}

Opening read_opening(Run& row) {
  return {.key = row.get<OpeningKey>(),
          .authorisation = row.maybe<AuthorisationKey>(),
          .cause = row.parsed(parse_cause, "cause of an opening"),
          .scan = row.maybe<ScanKey>(),
          .gate = row.get<std::string>(),
          .barrier = row.get<std::string>(),
          .session = row.maybe<SessionKey>(),
          .by_user = row.maybe<UserKey>(),
          .reason = row.get<std::string>(),
          .at = row.get<Instant>(),
          .status = row.parsed(parse_status, "status of an opening"),
          .ended_at = row.maybe<Instant>()};
}

}  // namespace

std::string_view name(Passage passage) { return word_of(passage_names, passage); }
std::string_view name(OpeningCause cause) { return word_of(cause_names, cause); }
std::string_view name(OpeningStatus status) { return word_of(status_names, status); }

struct Openings::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        authorisation(raw, select_authorisations("key = ?")),
        open_of_session(raw, select_authorisations("session = ? AND direction = ? AND closed = 0")),
        newest_of_session(
            raw, select_authorisations("session = ? AND direction = ? ORDER BY key DESC LIMIT 1")),
        open_at_gate(raw, select_authorisations("gate = ? AND closed = 0 ORDER BY key")),
        open(raw, select_from("authorisations INDEXED BY authorisations_open",
                              authorisation_columns, "closed = 0 ORDER BY key")),
        opening(raw, select_openings("key = ?")),
        of_scan(raw, select_openings("scan = ?")),
        of_authorisation(raw, select_openings("authorisation = ? ORDER BY key")),
        going_on(raw, select_from("openings INDEXED BY openings_going_on", opening_columns,
                                  "ended_at IS NULL ORDER BY key")),
        authorise(raw, insert_into("authorisations", authorisation_columns)),
        update(raw, "authorisations", authorisation_columns),
        insert(raw, insert_into("openings", opening_columns)),
        set_status(raw, "UPDATE openings SET status = ?, ended_at = ? WHERE key = ?") {}
  SQLite::Database& raw;
  Statement authorisation;
  Statement open_of_session;
  Statement newest_of_session;
  Statement open_at_gate;
  Statement open;
  Statement opening;
  Statement of_scan;
  Statement of_authorisation;
  Statement going_on;
  Statement authorise;
  RowUpdate update;
  Statement insert;
  Statement set_status;
};

Openings::Openings(Database& database) {
  attempt("cannot open the openings",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Openings::~Openings() = default;

std::optional<Authorisation> Openings::find(AuthorisationKey authorisation) {
  return attempt("cannot read an authorisation", [&] {
    return only(Run(statements_->authorisation, authorisation), read_authorisation);
  });
}

std::optional<Opening> Openings::find(OpeningKey opening) {
  return attempt("cannot read an opening",
                 [&] { return only(Run(statements_->opening, opening), read_opening); });
}

std::optional<Opening> Openings::find_of_scan(ScanKey scan) {
  return attempt("cannot read an opening",
                 [&] { return only(Run(statements_->of_scan, scan), read_opening); });
}

std::optional<Authorisation> Openings::find_open(SessionKey session, Passage direction) {
  return attempt("cannot read an authorisation", [&] {
    return only(Run(statements_->open_of_session, session, direction), read_authorisation);
  });
}

std::optional<Authorisation> Openings::find_newest(SessionKey session, Passage direction) {
  return attempt("cannot read an authorisation", [&] {
    return only(Run(statements_->newest_of_session, session, direction), read_authorisation);
  });
}

std::vector<Authorisation> Openings::open_at(std::string_view gate) {
  return attempt("cannot read the authorisations",
                 [&] { return all(Run(statements_->open_at_gate, gate), read_authorisation); });
}

std::vector<Authorisation> Openings::open_authorisations() {
  return attempt("cannot read the authorisations",
                 [&] { return all(Run(statements_->open), read_authorisation); });
}

std::vector<Opening> Openings::of_authorisation(AuthorisationKey authorisation) {
  return attempt("cannot read the openings", [&] {
    return all(Run(statements_->of_authorisation, authorisation), read_opening);
  });
}

std::vector<Opening> Openings::going_on() {
  return attempt("cannot read the openings",
                 [&] { return all(Run(statements_->going_on), read_opening); });
}

AuthorisationKey Openings::insert(Transaction& /*transaction*/, const Authorisation& row) {
  return attempt("cannot write an authorisation", [&] {
    Run(statements_->authorise, row.session, row.gate, row.direction, row.at, row.seen_open_at,
        row.confirmed_at, row.openings_after_seen, row.other_passed, row.closed)
        .exec();
    return inserted<AuthorisationKey>(statements_->raw);
  });
}

void Openings::update(Transaction& /*transaction*/, const Authorisation& row) {
  attempt("cannot write an authorisation", [&] {
    const int rows = statements_->update.write(
        row.session, row.gate, row.direction, row.at, row.seen_open_at, row.confirmed_at,
        row.openings_after_seen, row.other_passed, row.closed, row.key);
    require(rows == 1, "an authorisation that is updated was inserted");
  });
}

OpeningKey Openings::insert(Transaction& /*transaction*/, const Opening& row) {
  return attempt("cannot write an opening", [&] {
    Run(statements_->insert, row.authorisation, row.cause, row.scan, row.gate, row.barrier,
        row.session, row.by_user, row.reason, row.at, row.status, row.ended_at)
        .exec();
    return inserted<OpeningKey>(statements_->raw);
  });
}

void Openings::set_status(Transaction& /*transaction*/, OpeningKey opening, OpeningStatus status,
                          Instant at) {
  const std::optional<Instant> ended_at = has_ended(status) ? std::optional(at) : std::nullopt;
  attempt("cannot write an opening", [&] {
    const int rows = Run(statements_->set_status, status, ended_at, opening).exec();
    require(rows == 1, "an opening that goes on was inserted");
  });
}

}  // namespace gatehouse::store

#include "edge/store/erasures.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<3> subjects = {"user", "vehicle", "session"};
static_assert(are_distinct(subjects));

constexpr std::string_view columns =
    "id, at, by_user, subject, user, reason, sessions, incidents, scans";

Erasure read(Run& row) {
  return {.key = row.get<ErasureKey>(),
          .id = row.get<std::string>(),
          .at = row.get<Instant>(),
          .by = row.get<UserKey>(),
          .by_name = row.get<std::string>(),
          .subject = row.parsed(parse_erasure_subject, "subject of an erasure"),
          .user = row.maybe<UserKey>(),
          .reason = row.get<std::string>(),
          .sessions = row.get<std::int64_t>(),
          .incidents = row.get<std::int64_t>(),
          .scans = row.get<std::int64_t>()};
}

// Each person's sessions by an index of their own; a session that is not theirs has no such number.
// A walk-in's ticket was issued at the counter: it is not of the one who issued it, whatever they
// are by now.
constexpr const char* of_person =
    "(SELECT key FROM sessions WHERE created_by = ?1 AND kind <> 'walk_in' "
    "UNION SELECT key FROM sessions WHERE vehicle_number = ?2 "
    "UNION SELECT key FROM sessions WHERE key = ?3)";

std::optional<UserKey> maker_in(const ErasedPerson& person) {
  return person.with_sessions ? person.user : std::nullopt;
}

std::optional<std::string> vehicle_in(const ErasedPerson& person) {
  return person.vehicle ? std::optional(person.vehicle->text()) : std::nullopt;
}

ErasureSubject subject_of(const ErasedPerson& person) {
  if (person.user) return ErasureSubject::user;
  return person.vehicle ? ErasureSubject::vehicle : ErasureSubject::session;
}

}  // namespace

std::string_view name(ErasureSubject subject) { return word_of(subjects, subject); }
std::optional<ErasureSubject> parse_erasure_subject(std::string_view text) {
  return read_word<ErasureSubject>(subjects, text);
}

struct Erasures::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        too_early(raw, std::string("SELECT 1 FROM sessions WHERE key IN ") + of_person +
                           " AND (is_open = 1 OR closed_at > ?4) LIMIT 1"),
        sessions(raw, std::string("SELECT key, id FROM sessions WHERE key IN ") + of_person +
                          " AND key NOT IN (SELECT session FROM erased_sessions)"),
        session(raw,
                "UPDATE sessions SET vehicle_number = NULL, owner_name = '', phone_number = '' "
                "WHERE key = ?"),
        scans(raw, "DELETE FROM scans WHERE session = ?"),
        // Answers that are kept for a day for whoever asks again name people. That the request was
        // done stays known, or it would be done a second time.
        answers(raw, "SELECT key, body FROM kept_answers"),
        blank(raw,
              "UPDATE kept_answers SET content_type = 'application/json', "
              "body = iif(status < 400, '{\"success\":true', '{\"success\":false') || "
              "',\"message\":\"This was done. What it said was erased\",\"data\":null}' "
              "WHERE key = ?"),
        incidents_of_session(raw,
                             "UPDATE incidents SET vehicle_number = NULL "
                             "WHERE session = ? AND vehicle_number IS NOT NULL"),
        incidents_of_vehicle(raw,
                             "UPDATE incidents SET vehicle_number = NULL WHERE vehicle_number = ?"),
        vehicles(raw, "DELETE FROM user_vehicles WHERE vehicle_number = ?"),
        vehicles_of_user(raw, "DELETE FROM user_vehicles WHERE user = ?"),
        families(raw, "DELETE FROM token_families WHERE user = ?"),
        account(raw,
                "UPDATE users SET username = 'erased:' || key, password_hash = '', email = '', "
                "phone_number = '', disabled = 1, version = version + 1 WHERE key = ?"),
        insert(raw, insert_into("erasures", columns)),
        link(raw, "INSERT INTO erased_sessions (session, erasure) VALUES (?, ?)"),
        page(raw,
             "SELECT e.key, e.id, e.at, e.by_user, u.username, e.subject, e.user, e.reason, "
             "e.sessions, e.incidents, e.scans FROM erasures AS e "
             "JOIN users AS u ON u.key = e.by_user ORDER BY e.key DESC LIMIT ? OFFSET ?"),
        count(raw, "SELECT count(*) FROM erasures") {}
  SQLite::Database& raw;
  Statement too_early;
  Statement sessions;
  Statement session;
  Statement scans;
  Statement answers;
  Statement blank;
  Statement incidents_of_session;
  Statement incidents_of_vehicle;
  Statement vehicles;
  Statement vehicles_of_user;
  Statement families;
  Statement account;
  Statement insert;
  Statement link;
  Statement page;
  Statement count;
};

namespace {

/// Whether a text holds one of these ids, looked through once however many there are.
bool names_any(std::string_view text, const std::unordered_set<std::string>& ids) {
  constexpr std::size_t id_characters = 36;
  constexpr std::size_t first_dash = 8;
  if (ids.empty()) return false;
  for (auto dash = text.find('-'); dash != std::string_view::npos;
       dash = text.find('-', dash + 1)) {
    if (dash < first_dash) continue;
    const auto id = text.substr(dash - first_dash, id_characters);
    if (id.size() == id_characters && ids.contains(std::string(id))) return true;
  }
  return false;
}

/// Blanks those of the answers that name one of these sessions or this vehicle, if one is given.
void blank_answers(Statement& answers, Statement& blank, const std::unordered_set<std::string>& ids,
                   const std::optional<std::string>& vehicle) {
  std::vector<std::int64_t> found;
  for (Run run(answers); run.next();) {
    const auto key = run.get<std::int64_t>();
    const auto body = run.get<std::string>();
    if (names_any(body, ids) || (vehicle && body.contains(*vehicle))) found.push_back(key);
  }
  for (const std::int64_t key : found) Run(blank, key).exec();
}

}  // namespace

Erasures::Erasures(Database& database) {
  attempt("cannot open the erasures",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Erasures::~Erasures() = default;

bool Erasures::is_too_early(const ErasedPerson& person, Instant since) {
  return attempt("cannot look for a person's sessions", [&] {
    return Run(statements_->too_early, maker_in(person), vehicle_in(person), person.session, since)
        .next();
  });
}

Erasure Erasures::erase(Transaction& /*transaction*/, const ErasedPerson& person, Erasure erasure) {
  require(int{person.user.has_value()} + int{person.vehicle.has_value()} +
                  int{person.session.has_value()} ==
              1,
          "an erasure is of one person, named once");
  return attempt("cannot erase a person's data", [&] {
    std::vector<SessionKey> theirs;
    std::unordered_set<std::string> ids;
    for (Run run(statements_->sessions, maker_in(person), vehicle_in(person), person.session);
         run.next();) {
      theirs.push_back(run.get<SessionKey>());
      ids.insert(run.get<std::string>());
    }
    for (const SessionKey session : theirs) erase_session(session, erasure);
    if (person.vehicle) {
      erasure.incidents += Run(statements_->incidents_of_vehicle, person.vehicle->text()).exec();
      Run(statements_->vehicles, person.vehicle->text()).exec();
    }
    blank_answers(statements_->answers, statements_->blank, ids, vehicle_in(person));
    if (person.user) erase_account(*person.user);
    erasure.subject = subject_of(person);
    erasure.user = person.user;
    erasure.sessions = static_cast<std::int64_t>(theirs.size());
    Run(statements_->insert, erasure.id, erasure.at, erasure.by, erasure.subject, erasure.user,
        erasure.reason, erasure.sessions, erasure.incidents, erasure.scans)
        .exec();
    erasure.key = inserted<ErasureKey>(statements_->raw);
    for (const SessionKey session : theirs) Run(statements_->link, session, erasure.key).exec();
    wants_empty_log_ = true;
    return erasure;
  });
}

void Erasures::erase_session(SessionKey session, Erasure& erasure) {
  Run(statements_->session, session).exec();
  erasure.scans += Run(statements_->scans, session).exec();
  erasure.incidents += Run(statements_->incidents_of_session, session).exec();
}

void Erasures::erase_account(UserKey user) {
  Run(statements_->vehicles_of_user, user).exec();
  Run(statements_->families, user).exec();
  Run(statements_->account, user).exec();
}

std::vector<Erasure> Erasures::page(int rows, std::int64_t skipped) {
  return attempt("cannot read the erasures", [&] {
    return all(Run(statements_->page, std::max(rows, 0), std::max(skipped, std::int64_t{0})), read);
  });
}

std::int64_t Erasures::count() {
  return attempt("cannot count the erasures", [&] {
    Run run(statements_->count);
    return run.next() ? run.get<std::int64_t>() : 0;
  });
}

}  // namespace gatehouse::store

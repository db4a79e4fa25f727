#include "edge/store/staff_acts.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<4> kinds = {"lost_ticket", "stay_chosen", "terminated", "let_out"};
static_assert(are_distinct(kinds));

constexpr std::string_view columns = "at, user, session, kind, reason, reference, detail";

Act read(Run& row) {
  return {.key = row.get<ActKey>(),
          .at = row.get<Instant>(),
          .user = row.get<UserKey>(),
          .session = row.get<SessionKey>(),
          .kind = row.parsed(parse_act_kind, "kind of act"),
          .reason = row.get<std::string>(),
          .reference = row.get<std::string>(),
          .detail = row.get<std::string>()};
}

}  // namespace

std::string_view name(ActKind kind) { return word_of(kinds, kind); }
std::optional<ActKind> parse_act_kind(std::string_view text) {
  return read_word<ActKind>(kinds, text);
}

struct StaffActs::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        insert(raw, insert_into("staff_acts", columns)),
        of_session(raw, select_from("staff_acts", columns, "session = ? ORDER BY key")) {}
  SQLite::Database& raw;
  Statement insert;
  Statement of_session;
};

StaffActs::StaffActs(Database& database) {
  attempt("cannot open what staff did",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

StaffActs::~StaffActs() = default;

ActKey StaffActs::append(Transaction& /*transaction*/, const Act& act) {
  return attempt("cannot write what staff did", [&] {
    Run(statements_->insert, act.at, act.user, act.session, act.kind, act.reason, act.reference,
        act.detail)
        .exec();
    return inserted<ActKey>(statements_->raw);
  });
}

std::vector<Act> StaffActs::of_session(SessionKey session) {
  return attempt("cannot read what staff did",
                 [&] { return all(Run(statements_->of_session, session), read); });
}

}  // namespace gatehouse::store

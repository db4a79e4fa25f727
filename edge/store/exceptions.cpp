#include "edge/store/exceptions.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<4> kinds = {"unmatched", "wrong_amount", "unrefundable", "let_out_unpaid"};
static_assert(are_distinct(kinds));

constexpr Words<3> actions = {"apply", "refund", "write_off"};
static_assert(are_distinct(actions));

constexpr std::string_view columns =
    "id, kind, payment, session, amount_paise, reason, created_at, resolved_at, resolution, "
    "action, "
    "resolved_by";

Exception read(Run& row) {
  return {.key = row.get<ExceptionKey>(),
          .id = row.get<std::string>(),
          .kind = row.parsed(parse_exception_kind, "kind of exception"),
          .payment = row.maybe<PaymentKey>(),
          .session = row.maybe<SessionKey>(),
          .amount = row.get<Paise>(),
          .reason = row.get<std::string>(),
          .created_at = row.get<Instant>(),
          .resolved_at = row.maybe<Instant>(),
          .resolution = row.get<std::string>(),
          .action = row.maybe_parsed(parse_exception_action, "action on an exception"),
          .resolved_by = row.maybe<UserKey>()};
}

}  // namespace

std::string_view name(ExceptionKind kind) { return word_of(kinds, kind); }
std::optional<ExceptionKind> parse_exception_kind(std::string_view text) {
  return read_word<ExceptionKind>(kinds, text);
}

std::string_view name(ExceptionAction action) { return word_of(actions, action); }
std::optional<ExceptionAction> parse_exception_action(std::string_view text) {
  return read_word<ExceptionAction>(actions, text);
}

struct Exceptions::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        by_key(raw, select_from("exceptions", columns, "key = ?")),
        by_id(raw, select_from("exceptions", columns, "id = ?")),
        let_out(raw, select_from("exceptions", columns, "session = ? AND kind = 'let_out_unpaid'")),
        open(raw, select_from("exceptions INDEXED BY exceptions_open", columns,
                              "resolved_at IS NULL ORDER BY created_at, key")),
        insert(raw, insert_into("exceptions", columns)),
        resolve(raw,
                "UPDATE exceptions SET resolved_at = ?, resolution = ?, action = ?, "
                "resolved_by = ? WHERE key = ? AND resolved_at IS NULL") {}
  SQLite::Database& raw;
  Statement by_key;
  Statement by_id;
  Statement let_out;
  Statement open;
  Statement insert;
  Statement resolve;
};

Exceptions::Exceptions(Database& database) {
  attempt("cannot open the exceptions",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Exceptions::~Exceptions() = default;

std::optional<Exception> Exceptions::find(std::string_view id) {
  return attempt("cannot read an exception",
                 [&] { return only(Run(statements_->by_id, id), read); });
}

std::optional<Exception> Exceptions::find(ExceptionKey exception) {
  return attempt("cannot read an exception",
                 [&] { return only(Run(statements_->by_key, exception), read); });
}

std::optional<Exception> Exceptions::find_let_out(SessionKey session) {
  return attempt("cannot read an exception",
                 [&] { return only(Run(statements_->let_out, session), read); });
}

std::vector<Exception> Exceptions::open() {
  return attempt("cannot read the exceptions", [&] { return all(Run(statements_->open), read); });
}

ExceptionKey Exceptions::insert(Transaction& /*transaction*/, const Exception& exception) {
  return attempt("cannot write an exception", [&] {
    Run(statements_->insert, exception.id, exception.kind, exception.payment, exception.session,
        exception.amount, exception.reason, exception.created_at, exception.resolved_at,
        exception.resolution, exception.action, exception.resolved_by)
        .exec();
    return inserted<ExceptionKey>(statements_->raw);
  });
}

void Exceptions::resolve(Transaction& /*transaction*/, ExceptionKey exception, Instant at,
                         std::string_view resolution) {
  attempt("cannot write an exception", [&] {
    const int rows = Run(statements_->resolve, at, resolution, std::optional<ExceptionAction>(),
                         std::optional<UserKey>(), exception)
                         .exec();
    require(rows == 1, "an exception that is resolved was open");
  });
}

void Exceptions::resolve(Transaction& /*transaction*/, ExceptionKey exception, Instant at,
                         const Verdict& verdict) {
  attempt("cannot write an exception", [&] {
    const int rows = Run(statements_->resolve, at, verdict.reason, std::optional(verdict.action),
                         std::optional(verdict.by), exception)
                         .exec();
    require(rows == 1, "an exception that is resolved was open");
  });
}

}  // namespace gatehouse::store

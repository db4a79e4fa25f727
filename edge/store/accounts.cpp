#include "edge/store/accounts.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/row_update.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace gatehouse::store {
namespace {

constexpr Words<4> role_names = {"admin", "staff", "user", "device"};

constexpr std::string_view user_columns =
    "username, role, gate, password_hash, version, disabled, may_refund, may_terminate, email, "
    "phone_number, created_at";

User read_user(Run& row) {
  return {.key = row.get<UserKey>(),
          .username = row.get<std::string>(),
          .role = row.parsed(parse_role, "role"),
          .gate = row.maybe<std::string>().value_or(""),
          .password_hash = row.get<std::string>(),
          .version = row.get<std::uint32_t>(),
          .disabled = row.get<bool>(),
          .may_refund = row.get<bool>(),
          .may_terminate = row.get<bool>(),
          .email = row.get<std::string>(),
          .phone_number = row.get<std::string>(),
          .created_at = row.get<Instant>()};
}

/// A user's values in the order of its columns, and what follows them.
template <class Into, class... More>
int write(Into& into, const User& user, const More&... more) {
  return write_row(into, user.username, user.role, NullIfEmpty{user.gate}, user.password_hash,
                   user.version, user.disabled, user.may_refund, user.may_terminate, user.email,
                   user.phone_number, user.created_at, more...);
}

}  // namespace

std::string_view name(Role role) { return word_of(role_names, role); }
std::optional<Role> parse_role(std::string_view text) { return read_word<Role>(role_names, text); }

struct Accounts::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        user(raw, select_from("users", user_columns, "key = ?")),
        user_by_name(raw, select_from("users", user_columns, "username = ?")),
        bearer(raw, select_from("users", user_columns,
                                "key = (SELECT user FROM token_families "
                                "WHERE id = ? AND ended_at IS NULL)")),
        active_administrators(raw,
                              "SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0"),
        users(raw, select_from("users", user_columns, "TRUE ORDER BY username")),
        // A key above every one that ever was: what was written of an account that is gone is not
        // the next one's.
        insert(raw, "INSERT INTO users (key, " + std::string(user_columns) +
                        ") VALUES (1 + max(coalesce((SELECT max(key) FROM users), 0), "
                        "coalesce((SELECT max(user) FROM audit_log WHERE user IS NOT NULL), 0)), "
                        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (username) DO NOTHING"),
        update(raw, "users", user_columns),
        remove(raw, "DELETE FROM users WHERE key = ?") {}
  SQLite::Database& raw;
  Statement user;
  Statement user_by_name;
  Statement bearer;
  Statement active_administrators;
  Statement users;
  Statement insert;
  RowUpdate update;
  Statement remove;
};

Accounts::Accounts(Database& database) {
  attempt("cannot open the accounts",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Accounts::~Accounts() = default;

std::optional<User> Accounts::find(UserKey user) {
  return attempt("cannot read a user",
                 [&] { return only(Run(statements_->user, user), read_user); });
}

std::optional<User> Accounts::find(std::string_view username) {
  return attempt("cannot read a user",
                 [&] { return only(Run(statements_->user_by_name, username), read_user); });
}

std::optional<User> Accounts::find_bearer(std::string_view family) {
  return attempt("cannot read a user",
                 [&] { return only(Run(statements_->bearer, family), read_user); });
}

std::int64_t Accounts::active_administrators() {
  return attempt("cannot count the administrators", [&] {
    Run run(statements_->active_administrators);
    return run.next() ? run.get<std::int64_t>() : 0;
  });
}

std::vector<User> Accounts::users() {
  return attempt("cannot read the users", [&] { return all(Run(statements_->users), read_user); });
}

std::optional<UserKey> Accounts::insert(Transaction& /*transaction*/, const User& user) {
  return attempt("cannot write a user", [&]() -> std::optional<UserKey> {
    if (write(statements_->insert, user) == 0) return std::nullopt;
    return inserted<UserKey>(statements_->raw);
  });
}

void Accounts::update(Transaction& /*transaction*/, const User& user) {
  attempt("cannot write a user", [&] {
    const int rows = write(statements_->update, user, user.key);
    require(rows == 1, "a user that is updated was inserted");
  });
}

bool Accounts::remove(Transaction& /*transaction*/, UserKey user) {
  return attempt("cannot delete a user", [&] {
    try {
      Run(statements_->remove, user).exec();
      return true;
    } catch (const SQLite::Exception& refused) {
      // The statement alone is undone; the transaction goes on.
      if (refused.getExtendedErrorCode() != SQLITE_CONSTRAINT_FOREIGNKEY) throw;
      return false;
    }
  });
}

}  // namespace gatehouse::store

#include "edge/store/accounts.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<4> role_names = {"admin", "staff", "user", "device"};

constexpr std::string_view user_columns =
    "username, role, gate, password_hash, version, disabled, may_refund, may_terminate, email, "
    "phone_number, created_at";
constexpr std::string_view shift_columns = "user, opened_at, float_paise, closed_at, counted_paise";

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

Shift read_shift(Run& row) {
  return {.key = row.get<ShiftKey>(),
          .user = row.get<UserKey>(),
          .opened_at = row.get<Instant>(),
          .cash_float = row.get<Paise>(),
          .closed_at = row.maybe<Instant>(),
          .counted = row.maybe<Paise>()};
}

/// A user's values in the order of its columns, and what follows them.
template <class... More>
int write(SQLite::Statement& statement, const User& user, const More&... more) {
  return Run(statement, user.username, user.role, NullIfEmpty{user.gate}, user.password_hash,
             user.version, user.disabled, user.may_refund, user.may_terminate, user.email,
             user.phone_number, user.created_at, more...)
      .exec();
}

}  // namespace

std::string_view name(Role role) { return word_of(role_names, role); }
std::optional<Role> parse_role(std::string_view text) { return read_word<Role>(role_names, text); }

struct Accounts::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        user(raw, select_from("users", user_columns, "key = ?")),
        user_by_name(raw, select_from("users", user_columns, "username = ?")),
        users(raw, select_from("users", user_columns, "TRUE ORDER BY username")),
        insert(raw, insert_into("users", user_columns) + " ON CONFLICT (username) DO NOTHING"),
        update(raw, update_of("users", user_columns)),
        shift(raw, select_from("shifts", shift_columns, "key = ?")),
        open_shift_of(raw, select_from("shifts", shift_columns, "user = ? AND closed_at IS NULL")),
        takings(raw,
                "SELECT (SELECT coalesce(sum(amount_paise), 0) FROM payments "
                "        WHERE shift = ?1 AND paid_at IS NOT NULL), "
                "       (SELECT coalesce(sum(amount_paise), 0) FROM refunds "
                "        WHERE shift = ?1 AND status = 'SUCCESS'), "
                "       (SELECT count(*) FROM payments WHERE shift = ?1 AND paid_at IS NOT NULL)"),
        open_shift(raw, "INSERT INTO shifts (user, opened_at, float_paise) VALUES (?, ?, ?)"),
        close_shift(raw,
                    "UPDATE shifts SET closed_at = ?, counted_paise = ? "
                    "WHERE key = ? AND closed_at IS NULL") {}
  SQLite::Database& raw;
  SQLite::Statement user;
  SQLite::Statement user_by_name;
  SQLite::Statement users;
  SQLite::Statement insert;
  SQLite::Statement update;
  SQLite::Statement shift;
  SQLite::Statement open_shift_of;
  SQLite::Statement takings;
  SQLite::Statement open_shift;
  SQLite::Statement close_shift;
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

std::optional<Shift> Accounts::find(ShiftKey shift) {
  return attempt("cannot read a shift",
                 [&] { return only(Run(statements_->shift, shift), read_shift); });
}

std::optional<Shift> Accounts::find_open_shift(UserKey user) {
  return attempt("cannot read a shift",
                 [&] { return only(Run(statements_->open_shift_of, user), read_shift); });
}

Takings Accounts::takings(ShiftKey shift) {
  return attempt("cannot sum up a shift", [&] {
    Run run(statements_->takings, shift);
    if (!run.next()) return Takings{};
    return Takings{.cash_in = run.get<Paise>(),
                   .cash_out = run.get<Paise>(),
                   .payments = run.get<std::uint32_t>()};
  });
}

ShiftKey Accounts::open_shift(Transaction& /*transaction*/, UserKey user, Instant at,
                              Paise cash_float) {
  return attempt("cannot open a shift", [&] {
    Run(statements_->open_shift, user, at, cash_float).exec();
    return inserted<ShiftKey>(statements_->raw);
  });
}

void Accounts::close_shift(Transaction& /*transaction*/, ShiftKey shift, Instant at,
                           Paise counted) {
  attempt("cannot close a shift", [&] {
    const int rows = Run(statements_->close_shift, at, counted, shift).exec();
    require(rows == 1, "a shift that is closed was open");
  });
}

}  // namespace gatehouse::store

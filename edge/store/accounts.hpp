// Accounts of people and devices, and the shifts of those who take cash.
//
// A user with history is disabled, never deleted. The thread of the Database; failure is a
// StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// The column holds its name. Whoever has no account is PUBLIC, and no row.
enum class Role : std::uint8_t { admin, staff, user, device };
std::string_view name(Role role);
std::optional<Role> parse_role(std::string_view text);

struct User {
  UserKey key{};  // given by insert
  std::string username;
  Role role = Role::user;
  std::string gate;  // of a device: the one whose scans it may bring
  std::string password_hash;
  std::uint32_t version = 1;  // tokens carry it; raising it ends them
  bool disabled = false;
  bool may_refund = false;
  bool may_terminate = false;
  std::string email;
  std::string phone_number;
  Instant created_at{};
  bool operator==(const User&) const = default;
};

struct Shift {
  ShiftKey key{};  // given by open_shift
  UserKey user{};
  Instant opened_at{};
  Paise cash_float;
  std::optional<Instant> closed_at;
  std::optional<Paise> counted;
  bool operator==(const Shift&) const = default;
};

/// What went through a shift's drawer.
struct Takings {
  Paise cash_in;   // CASH payments
  Paise cash_out;  // refunds paid out of the drawer
  std::uint32_t payments = 0;
  bool operator==(const Takings&) const = default;
};

class Accounts {
 public:
  explicit Accounts(Database& database);
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  [[nodiscard]] std::optional<User> find(UserKey user);
  [[nodiscard]] std::optional<User> find(std::string_view username);
  /// In the order of names.
  [[nodiscard]] std::vector<User> users();
  /// nullopt: the name is taken.
  std::optional<UserKey> insert(Transaction& transaction, const User& user);
  /// Writes the whole row.
  void update(Transaction& transaction, const User& user);

  [[nodiscard]] std::optional<Shift> find(ShiftKey shift);
  [[nodiscard]] std::optional<Shift> find_open_shift(UserKey user);
  [[nodiscard]] Takings takings(ShiftKey shift);
  /// A user has at most one open shift: a second is refused.
  ShiftKey open_shift(Transaction& transaction, UserKey user, Instant at, Paise cash_float);
  void close_shift(Transaction& transaction, ShiftKey shift, Instant at, Paise counted);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store

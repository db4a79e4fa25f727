// Accounts of people and devices.
//
// A user with history is disabled, never deleted. The thread of the Database; failure is a
// StoreError.
#pragma once

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

class Accounts {
 public:
  explicit Accounts(Database& database);
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  [[nodiscard]] std::optional<User> find(UserKey user);
  [[nodiscard]] std::optional<User> find(std::string_view username);
  /// Whose family of tokens this is; nullopt: nobody's, or it has ended.
  [[nodiscard]] std::optional<User> find_bearer(std::string_view family);
  /// In the order of names.
  [[nodiscard]] std::vector<User> users();
  /// Administrators who are not disabled.
  [[nodiscard]] std::int64_t active_administrators();
  /// nullopt: the name is taken.
  std::optional<UserKey> insert(Transaction& transaction, const User& user);
  /// Writes the whole row.
  void update(Transaction& transaction, const User& user);
  /// With its tokens and vehicles. False: something else names the account, which is its history,
  /// and nothing was deleted.
  bool remove(Transaction& transaction, UserKey user);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store

// Where the API looks accounts up: the store, through a connection of its own that cannot write.
//
//   StoredAccounts accounts("gatehouse.db");   // while the engine's connection is open
//
// Every request with a token asks once, so that a disabled account, a new password or a logout ends
// its tokens at once. Any thread. A store that cannot be read is a store::StoreError.
#pragma once

#include "edge/store/accounts.hpp"
#include "edge/store/database.hpp"

#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>

namespace gatehouse::api {

class AccountSource {
 public:
  virtual ~AccountSource() = default;
  [[nodiscard]] virtual std::optional<store::User> find(store::UserKey user) = 0;
  [[nodiscard]] virtual std::optional<store::User> find(std::string_view username) = 0;
  /// Whose family of tokens this is; nullopt: nobody's, or it has ended.
  [[nodiscard]] virtual std::optional<store::User> find_bearer(std::string_view family) = 0;
};

class StoredAccounts final : public AccountSource {
 public:
  explicit StoredAccounts(const std::filesystem::path& store_path)
      : database_(store::Database::open({.path = store_path, .read_only = true})),
        accounts_(database_) {}

  [[nodiscard]] std::optional<store::User> find(store::UserKey user) override {
    const std::scoped_lock lock(mutex_);
    return accounts_.find(user);
  }
  [[nodiscard]] std::optional<store::User> find(std::string_view username) override {
    const std::scoped_lock lock(mutex_);
    return accounts_.find(username);
  }
  [[nodiscard]] std::optional<store::User> find_bearer(std::string_view family) override {
    const std::scoped_lock lock(mutex_);
    return accounts_.find_bearer(family);
  }

 private:
  std::mutex mutex_;
  // Protected by mutex_.
  store::Database database_;
  store::Accounts accounts_;
};

}  // namespace gatehouse::api

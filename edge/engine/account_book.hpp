// The rules of accounts, wherever they are changed: by a call to the engine, or by `gatehouse user`
// on a store that no gateway uses (docs/contract/http.md, "Accounts", "Admin").
//
//   const AccountBook book{accounts, families, transaction, now};
//   const auto changed = edit_account(book, user, {.disabled = true});
//   if (!changed) return refused(changed.error());
//
// The last administrator who can sign in stays one; whatever ends an account's tokens raises its
// version and ends their families. Whoever writes the store's thread; failure is a StoreError.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/turn.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/token_families.hpp"

#include <expected>

namespace gatehouse::engine {

struct AccountBook {
  store::Accounts& accounts;
  store::TokenFamilies& families;
  store::Transaction& transaction;
  Instant now{};
};

/// Of a turn of the engine.
AccountBook account_book(Turn& turn);

using AccountOutcome = std::expected<store::User, Refusal>;

/// `user` without its key and its time.
AccountOutcome add_account(const AccountBook& book, store::User user);
AccountOutcome edit_account(const AccountBook& book, store::UserKey user, const AccountEdit& edit);
std::expected<AccountRemoved, Refusal> remove_account(const AccountBook& book, store::UserKey user);

/// Without this account nobody could administrate any more.
bool is_last_administrator(const AccountBook& book, const store::User& user);

}  // namespace gatehouse::engine

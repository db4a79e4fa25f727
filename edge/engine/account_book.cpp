#include "edge/engine/account_book.hpp"

#include <optional>
#include <utility>

namespace gatehouse::engine {
namespace {

template <class Value>
void take_over(const std::optional<Value>& wanted, Value& value) {
  if (wanted) value = *wanted;
}

store::User edited(store::User user, const AccountEdit& edit) {
  take_over(edit.role, user.role);
  take_over(edit.gate, user.gate);
  take_over(edit.disabled, user.disabled);
  take_over(edit.may_refund, user.may_refund);
  take_over(edit.may_terminate, user.may_terminate);
  take_over(edit.email, user.email);
  take_over(edit.phone_number, user.phone_number);
  take_over(edit.password_hash, user.password_hash);
  // Whoever leaves a role leaves what belongs to it.
  const bool leaves = edit.role.has_value();
  if (leaves && user.role != store::Role::device && !edit.gate) user.gate.clear();
  if (leaves && user.role != store::Role::staff && !edit.may_refund) user.may_refund = false;
  if (leaves && user.role != store::Role::staff && !edit.may_terminate) user.may_terminate = false;
  return user;
}

std::optional<Refusal> refusal_of(const store::User& user) {
  if ((user.role == store::Role::device) == user.gate.empty()) return Refusal::gate_mismatch;
  if ((user.may_refund || user.may_terminate) && user.role != store::Role::staff)
    return Refusal::not_staff;
  return std::nullopt;
}

/// Why its tokens end by the change, if they do.
std::optional<store::FamilyEnd> end_of_tokens(const store::User& before, const store::User& after) {
  if (before.password_hash != after.password_hash) return store::FamilyEnd::password;
  const bool is_another = before.role != after.role || before.gate != after.gate;
  if (is_another || (after.disabled && !before.disabled)) return store::FamilyEnd::account;
  return std::nullopt;
}

}  // namespace

bool is_last_administrator(const AccountBook& book, const store::User& user) {
  return user.role == store::Role::admin && !user.disabled &&
         book.accounts.active_administrators() <= 1;
}

AccountOutcome add_account(const AccountBook& book, store::User user) {
  if (const auto why = refusal_of(user)) return std::unexpected(*why);
  user.created_at = book.now;
  const auto key = book.accounts.insert(book.transaction, user);
  if (!key) return std::unexpected(Refusal::name_taken);
  user.key = *key;
  return user;
}

AccountOutcome edit_account(const AccountBook& book, store::UserKey key, const AccountEdit& edit) {
  const auto user = book.accounts.find(key);
  if (!user) return std::unexpected(Refusal::not_found);
  store::User after = edited(*user, edit);
  if (const auto why = refusal_of(after)) return std::unexpected(*why);
  const bool stays = after.role == store::Role::admin && !after.disabled;
  if (!stays && is_last_administrator(book, *user))
    return std::unexpected(Refusal::last_administrator);
  if (const auto why = end_of_tokens(*user, after)) {
    ++after.version;
    book.families.end_all(book.transaction, key, book.now, *why);
  }
  book.accounts.update(book.transaction, after);
  return after;
}

std::expected<AccountRemoved, Refusal> remove_account(const AccountBook& book, store::UserKey key) {
  const auto user = book.accounts.find(key);
  if (!user) return std::unexpected(Refusal::not_found);
  if (is_last_administrator(book, *user)) return std::unexpected(Refusal::last_administrator);
  if (book.accounts.remove(book.transaction, key)) return AccountRemoved{*user, true};
  const auto disabled = edit_account(book, key, {.disabled = true});
  if (!disabled) return std::unexpected(disabled.error());
  return AccountRemoved{*disabled, false};
}

}  // namespace gatehouse::engine

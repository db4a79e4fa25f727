#include "edge/engine/audit_about.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

// Of a path whose pattern does not say more.
constexpr std::string_view some_id = "id";

std::string_view next_word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

template <class Value>
void tell_change(About& about, std::string_view what, const Value& before,
                 const std::optional<Value>& after) {
  if (!after) return;
  about.more(before == *after ? fmt::format("{} {} as before", what, before)
                              : fmt::format("{} {} → {}", what, before, *after));
}

std::string or_none(const std::string& text) { return text.empty() ? "none" : text; }

std::optional<std::string> or_none(const std::optional<std::string>& text) {
  return text ? std::optional(or_none(*text)) : std::nullopt;
}

}  // namespace

About::About(std::string_view targets) {
  while (!targets.empty()) {
    const std::string_view kind = next_word(targets);
    target(kind, next_word(targets));
  }
}

void About::target(std::string_view kind, std::string_view id) {
  if (id.empty()) return;
  for (auto& [known_kind, known_id] : targets_) {
    if (known_id != id) continue;
    if (known_kind == some_id) known_kind = kind;
    if (known_kind == kind) return;
  }
  targets_.emplace_back(kind, id);
}

void About::more(std::string_view text) {
  if (!detail_.empty()) detail_ += "; ";
  detail_ += text;
}

std::string About::targets() const {
  std::string text;
  for (const auto& [kind, id] : targets_)
    fmt::format_to(std::back_inserter(text), "{}{} {}", text.empty() ? "" : " ", kind, id);
  return text;
}

/// Of those who work here by name too; a customer's is the account's as long as it has one.
void tell_account(About& about, const store::User& user) {
  if (user.key != store::UserKey{})
    about.target("account", std::to_string(std::to_underlying(user.key)));
  if (user.role != store::Role::user) about.target("user", user.username);
}

void tell_added(About& about, const store::User& user) {
  tell_account(about, user);
  about.more(fmt::format("role {}", name(user.role)));
  about.target("gate", user.gate);
  if (user.may_refund) about.more("may_refund");
  if (user.may_terminate) about.more("may_terminate");
}

void tell_edited(About& about, const store::User& before, const AccountEdit& edit) {
  tell_account(about, before);
  const auto role = edit.role ? std::optional(name(*edit.role)) : std::nullopt;
  tell_change(about, "role", name(before.role), role);
  tell_change(about, "gate", or_none(before.gate), or_none(edit.gate));
  tell_change(about, "disabled", before.disabled, edit.disabled);
  tell_change(about, "may_refund", before.may_refund, edit.may_refund);
  tell_change(about, "may_terminate", before.may_terminate, edit.may_terminate);
  // Whose they are stands in the account, and is erased with it.
  if (edit.email) about.more("email");
  if (edit.phone_number) about.more("phone number");
  if (edit.password_hash) about.more("password");
}

}  // namespace gatehouse::engine

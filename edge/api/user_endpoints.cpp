// docs/contract/http.md, "Admin": accounts, and what they did.
#include "edge/api/account_form.hpp"
#include "edge/api/account_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/passwords.hpp"
#include "edge/api/reading.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t word_characters_max = 100;

using Slow = std::expected<SlowParse, Response>;
using Made = std::expected<Prepared, Response>;

Response no_account() { return failure(404, "not_found", "There is no such account"); }

std::expected<store::UserKey, Response> user_in_path(const Call& call) {
  const std::string_view text = call.parameter("id");
  std::int64_t key = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key);
  if (error != std::errc() || end != text.data() + text.size() || key < 1)
    return std::unexpected(no_account());
  return store::UserKey{key};
}

std::optional<store::Role> role_in(Form& form, Need need) {
  const auto word = form.text("role", need, word_characters_max);
  if (!word) return std::nullopt;
  const auto role = parse_role_word(*word);
  if (!role) form.wrong("role", "is ADMIN, STAFF, USER or DEVICE");
  return role;
}

std::optional<std::string> gate_in(Form& form, const GatePlan& gates) {
  const auto gate = form.gate("gate", gates);
  if (!gate) return std::nullopt;
  return gates.lane(*gate).id.text();
}

Slow parse_new(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto username = new_username_in(*form);
  auto password = new_password_in(*form, "password", username.value_or(""), Need::required);
  const auto role = role_in(*form, Need::required);
  store::User user{.role = role.value_or(store::Role::user),
                   .gate = gate_in(*form, desk.gates).value_or(""),
                   .may_refund = form->flag("may_refund").value_or(false),
                   .may_terminate = form->flag("may_terminate").value_or(false),
                   .email = email_in(*form).value_or(""),
                   .phone_number = phone_in(*form, "phone", Need::optional).value_or("")};
  if (!username || !password || !role || !form->is_good()) return std::unexpected(form->refusal());
  user.username = std::move(*username);
  return [user = std::move(user), password = std::move(*password)]() -> Made {
    store::User hashed = user;
    hashed.password_hash = hash_password(password);
    return Prepared{engine::AddAccount{std::move(hashed)}, account_made_response};
  };
}

Slow parse_edit(const Desk& desk, const Call& call) {
  const auto user = user_in_path(call);
  if (!user) return std::unexpected(user.error());
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  engine::AccountEdit edit{.role = role_in(*form, Need::optional),
                           .gate = gate_in(*form, desk.gates),
                           .disabled = form->flag("disabled"),
                           .may_refund = form->flag("may_refund"),
                           .may_terminate = form->flag("may_terminate"),
                           .email = email_in(*form),
                           .phone_number = phone_in(*form, "phone", Need::optional)};
  // An account that is not there is the engine's to refuse.
  const auto found = form->has("password") ? desk.accounts.find(*user) : std::nullopt;
  const auto password =
      new_password_in(*form, "password", found ? found->username : "", Need::optional);
  if (call.request.body.empty()) form->wrong("disabled", "or another member is required");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [user = *user, edit = std::move(edit), password]() -> Made {
    engine::EditAccount asked{user, edit};
    if (password) asked.edit.password_hash = hash_password(*password);
    return Prepared{std::move(asked), account_response};
  };
}

Parsed parse_removal(const Desk& /*desk*/, const Call& call) {
  const auto user = user_in_path(call);
  if (!user) return std::unexpected(user.error());
  return engine::RemoveAccount{*user};
}

Asked ask_users(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::UserFilter filter;
  filter.role = role_in(*form, Need::optional);
  filter.disabled = flag_in(*form, "disabled");
  filter.search = form->text("q", Need::optional, word_characters_max).value_or("");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.lists.users(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "users", .total = found.total};
    for (const store::UserKey key : found.keys) {
      if (const auto user = reader.accounts.find(key)) listed.rows.push_back(account_fields(*user));
    }
    listed.empty = account_fields({});
    return list_response(paging, std::move(listed));
  };
}

Asked ask_user(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  const auto key = user_in_path(call);
  if (!key) return std::unexpected(key.error());
  return [key = *key](store::Reader& reader) {
    const auto user = reader.accounts.find(key);
    return user ? success("Account", account_fields(*user).json()) : no_account();
  };
}

std::string kind_in(Form& form) {
  const auto kind = form.text("kind", Need::optional, word_characters_max);
  if (!kind) return {};
  if (std::ranges::find(store::activity_kinds(), *kind) == store::activity_kinds().end())
    form.wrong("kind", "is no kind of activity");
  return *kind;
}

Asked ask_activity(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  const store::ActivityFilter filter{
      .period = period_in(*form, {"date", "from", "to"}, room.today()), .kind = kind_in(*form)};
  if (!form->is_good()) return std::unexpected(form->refusal());
  const auto key = user_in_path(call);
  if (!key) return std::unexpected(key.error());
  return [key = *key, paging, filter](store::Reader& reader) {
    if (!reader.accounts.find(key)) return no_account();
    const auto found = reader.activity.of(key, filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "activity", .total = found.total};
    for (const store::Deed& deed : found.deeds) listed.rows.push_back(deed_fields(deed));
    listed.empty = deed_fields({});
    return list_response(paging, std::move(listed));
  };
}

}  // namespace

void add_user_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back(
      {Method::post, "/api/admin/users/", Access::admin, asking_slowly(desk, parse_new)});
  routes.push_back(
      {Method::patch, "/api/admin/users/{id}/", Access::admin, asking_slowly(desk, parse_edit)});
  routes.push_back({Method::delete_, "/api/admin/users/{id}/", Access::admin,
                    asking(desk, parse_removal, account_removed_response)});
}

void add_user_list_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  const auto add = [&](std::string pattern, auto ask) {
    routes.push_back({Method::get, std::move(pattern), Access::admin, reading(room, ask)});
  };
  add("/api/admin/users/", ask_users);
  add("/api/admin/users/{id}/", ask_user);
  add("/api/admin/users/{id}/activity/", ask_activity);
}

}  // namespace gatehouse::api

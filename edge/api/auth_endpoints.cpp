// docs/contract/http.md, "Accounts": registering, signing in and out, tokens, passwords.
#include "edge/api/account_form.hpp"
#include "edge/api/account_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/passwords.hpp"

#include <utility>
#include <variant>

namespace gatehouse::api {
namespace {

constexpr std::size_t token_characters_max = 1024;

using Slow = std::expected<SlowParse, Response>;
using Made = std::expected<Prepared, Response>;

Response locked_out(std::chrono::seconds wait) {
  return failure_retry_after(429, "throttled", "Too many failed logins. Please try again later",
                             static_cast<int>(wait.count()));
}

Response wrong_password() { return failure(401, "bad_credentials", "Wrong user name or password"); }

engine::TokenIssued issued(const TokenPair& tokens) {
  return {tokens.family, tokens.refresh_id, tokens.refresh_expires_at};
}

/// The tokens, once the engine has them on record; they are signed before it is asked.
Show show_tokens(TokenPair tokens, store::Role role) {
  return [tokens = std::move(tokens), role](const engine::CallResult& result) {
    return std::holds_alternative<engine::TokensIssued>(result) ? login_response(tokens, role)
                                                                : tokens_refused_response();
  };
}

struct Login {
  std::string username;
  std::string password;
  std::string address;
};

/// Takes as long for a name that nobody has as for a wrong password.
Made check_login(const Desk& desk, const Login& login) {
  const auto user = desk.accounts.find(std::string_view(login.username));
  const bool is_right = is_password(login.password, user ? user->password_hash : nobodys_hash());
  if (!is_right || !user || user->disabled) return std::unexpected(wrong_password());
  desk.throttle.succeeded(login.username, login.address);
  TokenPair tokens = desk.tokens.issue(*user);
  engine::SignIn asked{user->key, user->version, issued(tokens)};
  return Prepared{std::move(asked), show_tokens(std::move(tokens), user->role)};
}

Slow parse_login(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto username = form->text("username", Need::required, username_characters_max);
  auto password = form->secret("password", password_bytes_max);
  if (!username || !password || !form->is_good()) return std::unexpected(form->refusal());
  if (const auto wait = desk.throttle.begin(*username, call.request.peer_address))
    return std::unexpected(locked_out(*wait));
  return [&desk, login = Login{std::move(*username), std::move(*password),
                               call.request.peer_address}] { return check_login(desk, login); };
}

Slow parse_registration(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto username = new_username_in(*form);
  auto password = new_password_in(*form, "password", username.value_or(""), Need::required);
  auto email = email_in(*form);
  auto phone = phone_in(*form, "phone");
  if (!username || !password || !form->is_good()) return std::unexpected(form->refusal());
  store::User user{.username = std::move(*username),
                   .role = store::Role::user,
                   .email = std::move(email).value_or(""),
                   .phone_number = std::move(phone).value_or("")};
  return [user = std::move(user), password = std::move(*password)]() -> Made {
    store::User hashed = user;
    hashed.password_hash = hash_password(password);
    return Prepared{engine::AddAccount{std::move(hashed)}, registered_response};
  };
}

struct PasswordChange {
  store::UserKey user{};
  std::string old_password;
  std::string new_password;
  std::string address;
};

Made check_change(const Desk& desk, const PasswordChange& change) {
  const auto user = desk.accounts.find(change.user);
  if (!user || user->disabled) return std::unexpected(tokens_refused_response());
  if (!is_password(change.old_password, user->password_hash))
    return std::unexpected(
        failure(401, "bad_credentials", "The old password is not the present one"));
  desk.throttle.succeeded(user->username, change.address);
  store::User after = *user;
  ++after.version;
  TokenPair tokens = desk.tokens.issue(after);
  engine::ChangePassword asked{user->key, user->version, hash_password(change.new_password),
                               issued(tokens)};
  return Prepared{std::move(asked), show_tokens(std::move(tokens), user->role)};
}

/// Who guesses here is throttled as at the door.
Slow parse_change(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto old_password = form->secret("old_password", password_bytes_max);
  auto new_password = new_password_in(*form, "new_password", call.account().name, Need::required);
  if (!old_password || !new_password || !form->is_good()) return std::unexpected(form->refusal());
  if (const auto wait = desk.throttle.begin(call.account().name, call.request.peer_address))
    return std::unexpected(locked_out(*wait));
  return [&desk, change = PasswordChange{call.account().key, std::move(*old_password),
                                         std::move(*new_password), call.request.peer_address}] {
    return check_change(desk, change);
  };
}

Made parse_refresh(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto token = form->text("refresh", Need::required, token_characters_max);
  if (!token || !form->is_good()) return std::unexpected(form->refusal());
  const auto claims = desk.tokens.read_refresh(*token);
  const auto user = claims ? desk.accounts.find(claims->user) : std::nullopt;
  if (!user) return std::unexpected(tokens_refused_response());
  TokenPair tokens = desk.tokens.renew(*user, claims->family);
  engine::Refresh asked{claims->user, claims->version, claims->id, issued(tokens)};
  return Prepared{std::move(asked), show_tokens(std::move(tokens), user->role)};
}

Parsed parse_logout(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return engine::SignOut{call.account().family};
}

}  // namespace

void add_auth_endpoints(std::vector<Route>& routes, const Desk& desk) {
  const auto post = [&](std::string pattern, Access access, Handler handler) {
    routes.push_back({Method::post, std::move(pattern), access, std::move(handler)});
  };
  post("/api/auth/register/", Access::anyone, asking_slowly(desk, parse_registration));
  post("/api/auth/login/", Access::anyone, asking_slowly(desk, parse_login));
  post("/api/auth/refresh/", Access::anyone, asking_prepared(desk, parse_refresh));
  post("/api/auth/logout/", Access::account, asking(desk, parse_logout, signed_out_response));
  post("/api/auth/password/", Access::account, asking_slowly(desk, parse_change));
}

}  // namespace gatehouse::api

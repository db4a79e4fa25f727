// docs/contract/http.md, "Accounts": registering, signing in and out, tokens, passwords.
#include "edge/api/account_form.hpp"
#include "edge/api/account_views.hpp"
#include "edge/api/cookies.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/passwords.hpp"

#include <memory>
#include <optional>
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

/// The tokens, once the engine has them on record; they are signed before it is asked. A browser
/// gets them as cookies too.
Show show_tokens(TokenPair tokens, store::Role role, bool is_https) {
  return [tokens = std::move(tokens), role, is_https](const engine::CallResult& result) {
    if (!std::holds_alternative<engine::TokensIssued>(result)) return tokens_refused_response();
    Response response = login_response(tokens, role);
    set_session_cookies(response, tokens, is_https);
    return response;
  };
}

SignedIn named(const store::User& user) {
  return {.key = user.key, .name = user.username, .role = user.role};
}

struct Login {
  std::string username;
  std::string password;
  Call call;
  std::shared_ptr<LoginTry> attempt;
};

/// Takes as long for a name that nobody has as for a wrong password. The audit's chain is told of
/// the account that was named, and of no name that nobody has, which may be a password in the wrong
/// place.
Made check_login(const Desk& desk, const Login& login) {
  const auto user = desk.accounts.find(std::string_view(login.username));
  const bool is_right = is_password(login.password, user ? user->password_hash : nobodys_hash());
  if (!is_right || !user || user->disabled) {
    login.attempt->was_wrong();
    Call call = login.call;
    if (user) call.user = named(*user);
    tell_audit(desk, call, "bad_credentials",
               !user            ? "no such account"
               : user->disabled ? "the account is disabled"
                                : "");
    return std::unexpected(wrong_password());
  }
  login.attempt->was_right();
  TokenPair tokens = desk.tokens.issue(*user);
  engine::SignIn asked{user->key, user->version, issued(tokens)};
  return Prepared{std::move(asked),
                  show_tokens(std::move(tokens), user->role, login.call.request.is_https),
                  named(*user)};
}

/// A try that is given back where no password came to be checked: nobody was free, or it broke.
std::expected<std::shared_ptr<LoginTry>, Response> begin_try(const Desk& desk, const Call& call,
                                                             const std::string& username) {
  if (const auto wait = desk.throttle.begin(username, call.request.peer_address)) {
    tell_audit(desk, call, "throttled");
    return std::unexpected(locked_out(*wait));
  }
  return std::make_shared<LoginTry>(desk.throttle, username, call.request.peer_address);
}

Slow parse_login(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto username = form->text("username", Need::required, username_characters_max);
  auto password = form->secret("password", password_bytes_max);
  if (!username || !password || !form->is_good()) return std::unexpected(form->refusal());
  auto attempt = begin_try(desk, call, *username);
  if (!attempt) return std::unexpected(std::move(attempt.error()));
  return [&desk, login = Login{std::move(*username), std::move(*password), call,
                               std::move(*attempt)}] { return check_login(desk, login); };
}

Slow parse_registration(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto username = new_username_in(*form);
  auto password = new_password_in(*form, "password", username.value_or(""), Need::required);
  auto email = email_in(*form);
  auto phone = phone_in(*form, "phone", Need::optional);
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
  Call call;
  std::shared_ptr<LoginTry> attempt;
};

Made check_change(const Desk& desk, const PasswordChange& change) {
  const auto user = desk.accounts.find(change.user);
  if (!user || user->disabled) return std::unexpected(tokens_refused_response());
  if (!is_password(change.old_password, user->password_hash)) {
    change.attempt->was_wrong();
    tell_audit(desk, change.call, "bad_credentials");
    return std::unexpected(
        failure(401, "bad_credentials", "The old password is not the present one"));
  }
  change.attempt->was_right();
  store::User after = *user;
  ++after.version;
  TokenPair tokens = desk.tokens.issue(after);
  engine::ChangePassword asked{user->key, user->version, hash_password(change.new_password),
                               issued(tokens)};
  return Prepared{std::move(asked),
                  show_tokens(std::move(tokens), user->role, change.call.request.is_https)};
}

/// Who guesses here is throttled as at the door.
Slow parse_change(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto old_password = form->secret("old_password", password_bytes_max);
  auto new_password = new_password_in(*form, "new_password", call.account().name, Need::required);
  if (!old_password || !new_password || !form->is_good()) return std::unexpected(form->refusal());
  auto attempt = begin_try(desk, call, call.account().name);
  if (!attempt) return std::unexpected(std::move(attempt.error()));
  return [&desk, change = PasswordChange{call.account().key, std::move(*old_password),
                                         std::move(*new_password), call, std::move(*attempt)}] {
    return check_change(desk, change);
  };
}

Made parse_refresh(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  // A browser keeps it in a cookie that its pages cannot read.
  const auto cookie = call.is_from_our_page ? refresh_cookie(call.request) : std::nullopt;
  auto token =
      form->text("refresh", cookie ? Need::optional : Need::required, token_characters_max);
  if (!form->is_good()) return std::unexpected(form->refusal());
  if (!token && cookie) token = std::string(*cookie);
  if (!token) return std::unexpected(form->refusal());
  const auto claims = desk.tokens.read_refresh(*token);
  const auto user = claims ? desk.accounts.find(claims->user) : std::nullopt;
  if (!user) {
    tell_audit(desk, call, "bad_token");
    return std::unexpected(tokens_refused_response());
  }
  TokenPair tokens = desk.tokens.renew(*user, claims->family);
  engine::Refresh asked{claims->user, claims->version, claims->id, issued(tokens)};
  return Prepared{std::move(asked),
                  show_tokens(std::move(tokens), user->role, call.request.is_https), named(*user)};
}

/// Whose tokens are to end: the access token's, or, where a browser has none any more, those of
/// the refresh token that it keeps seven days longer.
std::optional<SignedIn> leaving(const Desk& desk, const Call& call) {
  if (call.user) return call.user;
  const bool names_a_token = call.request.header("Authorization").has_value();
  const auto cookie =
      call.is_from_our_page && !names_a_token ? refresh_cookie(call.request) : std::nullopt;
  const auto claims = cookie ? desk.tokens.read_refresh(*cookie) : std::nullopt;
  const auto user = claims ? desk.accounts.find(claims->user) : std::nullopt;
  if (!user) return std::nullopt;
  SignedIn found = named(*user);
  found.family = claims->family;
  return found;
}

/// Nobody is signed in by what this call shows. Cookies go all the same, but only at the word of a
/// page of ours: another site's must not sign anybody out.
Response nobody_leaves(const Desk& desk, const Call& call) {
  const bool names_a_token = call.request.header("Authorization").has_value();
  const bool has_a_cookie = access_cookie(call.request).has_value();
  if (has_a_cookie && !names_a_token && !call.is_from_our_page)
    return failure(403, "csrf_failed", "This request does not come from a page of this gateway");
  if (names_a_token || has_a_cookie) tell_audit(desk, call, "bad_token");
  Response response = tokens_refused_response();
  if (call.is_from_our_page) clear_session_cookies(response, call.request.is_https);
  return response;
}

Made parse_logout(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  auto user = leaving(desk, call);
  if (!user) return std::unexpected(nobody_leaves(desk, call));
  engine::SignOut asked{user->family};
  return Prepared{std::move(asked),
                  [is_https = call.request.is_https](const engine::CallResult& result) {
                    Response response = signed_out_response(result);
                    clear_session_cookies(response, is_https);
                    return response;
                  },
                  std::move(user)};
}

}  // namespace

void add_auth_endpoints(std::vector<Route>& routes, const Desk& desk) {
  const auto post = [&](std::string pattern, Access access, Handler handler,
                        Counted counted = Counted::by_caller) {
    routes.push_back({Method::post, std::move(pattern), access, std::move(handler), counted});
  };
  post("/api/auth/register/", Access::anyone, asking_slowly(desk, parse_registration));
  post("/api/auth/login/", Access::anyone, asking_slowly(desk, parse_login), Counted::by_sign_in);
  post("/api/auth/refresh/", Access::anyone, asking_prepared(desk, parse_refresh),
       Counted::by_sign_in);
  post("/api/auth/logout/", Access::anyone, asking_prepared(desk, parse_logout));
  post("/api/auth/password/", Access::account, asking_slowly(desk, parse_change));
}

}  // namespace gatehouse::api

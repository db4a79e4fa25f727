// docs/contract/http.md, "Accounts": signing in.
#include "edge/api/cookies.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/passwords.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t username_characters_max = 100;

struct Login {
  std::string username;
  std::string password;
  std::string address;
  bool is_https = false;
};

std::expected<Login, Response> parse_login(const Request& request) {
  auto form = Form::of_body(request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto username = form->text("username", Need::required, username_characters_max);
  auto password = form->secret("password", password_bytes_max);
  if (!username || !password || !form->is_good()) return std::unexpected(form->refusal());
  return Login{std::move(*username), std::move(*password), request.peer_address, request.is_https};
}

Response locked_out(std::chrono::seconds wait) {
  return failure_retry_after(429, "throttled", "Too many failed logins. Please try again later",
                             static_cast<int>(wait.count()));
}

/// Takes as long for a name that nobody has as for a wrong password.
Response check(const Desk& desk, const Login& login) {
  const auto user = desk.accounts.find(std::string_view(login.username));
  const bool is_right = is_password(login.password, user ? user->password_hash : nobodys_hash());
  if (!is_right || !user || user->disabled)
    return failure(401, "bad_credentials", "Wrong user name or password");
  desk.throttle.succeeded(login.username, login.address);
  const TokenPair tokens = desk.tokens.issue(*user);
  Response response = login_response(tokens, user->role);
  set_session_cookies(response, tokens, login.is_https);
  return response;
}

void handle_login(const Desk& desk, const Call& call, Answer answer) {
  auto login = parse_login(call.request);
  if (!login) return answer(std::move(login.error()));
  if (const auto wait = desk.throttle.begin(login->username, login->address))
    return answer(locked_out(*wait));
  // Shared, because a job that is not taken is gone with what it holds.
  const auto held = std::make_shared<Answer>(desk.pending.hold(std::move(answer)));
  const bool taken = desk.workers.run([&desk, held, login = std::move(*login)] {
    try {
      (*held)(check(desk, login));
    } catch (const std::exception& wrong) {
      (*held)(internal_error("login", wrong));
    }
  });
  if (!taken) (*held)(too_busy());
}

}  // namespace

void add_auth_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back(
      {Method::post, "/api/auth/login/", Access::anyone,
       [&desk](const Call& call, Answer answer) { handle_login(desk, call, std::move(answer)); }});
}

}  // namespace gatehouse::api

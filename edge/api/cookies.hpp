// The cookies of a browser that signed in (docs/contract/http.md, "Tokens"): its tokens, which no
// script can read, and `gh_csrf`, which our own pages send back in X-CSRF-Token.
//
//   set_session_cookies(response, tokens.issue(user), request.is_https);   // login, refresh
//   clear_session_cookies(response, request.is_https);                     // logout
//   const auto token = access_cookie(request);
//
// Pure but for the randomness of gh_csrf; any thread.
#pragma once

#include "edge/api/message.hpp"
#include "edge/api/tokens.hpp"

#include <optional>
#include <string_view>

namespace gatehouse::api {

/// The value of a cookie. nullopt also where its name stands twice, as another program of the same
/// host name can make it, or where cookies are longer than limits::cookie_characters_max: whose it
/// is cannot be told then.
std::optional<std::string_view> find_cookie(const Request& request, std::string_view name);

/// The tokens that a browser keeps for us; a view into the request.
std::optional<std::string_view> access_cookie(const Request& request);
std::optional<std::string_view> refresh_cookie(const Request& request);

/// Whether X-CSRF-Token is the request's `gh_csrf`.
bool has_csrf_token(const Request& request);

/// Gives a browser both tokens and a new `gh_csrf`.
void set_session_cookies(Response& response, const TokenPair& tokens, bool is_https);
/// Takes them back.
void clear_session_cookies(Response& response, bool is_https);
/// Takes back only what is no token any more; a new one can still be asked for.
void clear_access_cookie(Response& response, bool is_https);

}  // namespace gatehouse::api

#include "edge/api/cookies.hpp"

#include "edge/api/limits.hpp"
#include "edge/api/secure_random.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <fmt/format.h>

namespace gatehouse::api {
namespace {

constexpr std::string_view access_name = "gh_access";
constexpr std::string_view refresh_name = "gh_refresh";
constexpr std::string_view csrf_name = "gh_csrf";
constexpr std::string_view everywhere = "/";
constexpr std::string_view accounts_only = "/api/auth/";

enum class Scripts : std::uint8_t { may_read, may_not_read };

void set_cookie(Response& response, std::string_view name, std::string_view value,
                std::string_view path, std::chrono::seconds lasts, Scripts scripts, bool is_https) {
  response.headers.push_back(
      {"Set-Cookie",
       fmt::format("{}={}; Path={}; Max-Age={}; SameSite=Strict{}{}", name, value, path,
                   lasts.count(), scripts == Scripts::may_not_read ? "; HttpOnly" : "",
                   is_https ? "; Secure" : "")});
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<std::string_view> find_cookie(const Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  std::size_t characters = 0;
  for (const Header& header : request.headers) {
    if (!equal_without_case(header.name, "Cookie")) continue;
    characters += header.value.size();
    if (characters > limits::cookie_characters_max) return std::nullopt;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

std::optional<std::string_view> access_cookie(const Request& request) {
  return find_cookie(request, access_name);
}

std::optional<std::string_view> refresh_cookie(const Request& request) {
  return find_cookie(request, refresh_name);
}

bool has_csrf_token(const Request& request) {
  const auto kept = find_cookie(request, csrf_name);
  return kept && !kept->empty() && request.header("X-CSRF-Token") == kept;
}

void set_session_cookies(Response& response, const TokenPair& tokens, bool is_https) {
  constexpr std::size_t csrf_bytes = 16;
  set_cookie(response, access_name, tokens.access, everywhere, access_lasts, Scripts::may_not_read,
             is_https);
  set_cookie(response, refresh_name, tokens.refresh, accounts_only, refresh_lasts,
             Scripts::may_not_read, is_https);
  set_cookie(response, csrf_name, random_hex(csrf_bytes), everywhere, refresh_lasts,
             Scripts::may_read, is_https);
}

void clear_session_cookies(Response& response, bool is_https) {
  clear_access_cookie(response, is_https);
  set_cookie(response, refresh_name, "", accounts_only, {}, Scripts::may_not_read, is_https);
  set_cookie(response, csrf_name, "", everywhere, {}, Scripts::may_read, is_https);
}

void clear_access_cookie(Response& response, bool is_https) {
  set_cookie(response, access_name, "", everywhere, {}, Scripts::may_not_read, is_https);
}

}  // namespace gatehouse::api

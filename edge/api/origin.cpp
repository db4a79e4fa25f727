#include "edge/api/origin.hpp"

#include "edge/api/login_throttle.hpp"
#include "edge/domain/ids.hpp"
#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace gatehouse::api {
namespace {

// docs/contract/http.md, "Idempotency-Key".
constexpr std::size_t key_characters_max = 255;
constexpr std::size_t uuid_characters = 36;
constexpr const char* header_name = "Idempotency-Key";

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= key_characters_max &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const int done =
      EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  require(done == 1, "a request can be hashed");
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

/// A trailing slash may be left out.
std::string_view path_of(const Request& request) {
  std::string_view path = request.path;
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string scope_of(const Call& call) {
  const std::string who = call.user
                              ? fmt::format("user {}", std::to_underlying(call.user->key))
                              : fmt::format("address {}", network_of(call.request.peer_address));
  return fmt::format("{} {} {}", who, name(call.request.method), path_of(call.request));
}

std::string role_of(const Call& call) {
  return call.user ? std::string(role_word(call.user->role)) : std::string();
}

/// Whoever asks writes what they like into a path, and a row is for ever: only what has the shape
/// of an id is told, and no ticket's code has it, which is longer than any UUID.
bool is_id(std::string_view text) {
  return text.size() <= uuid_characters && check_id(text).has_value();
}

/// What the path names, in its order.
std::string target_of(const Call& call) {
  std::string target;
  for (const auto& [name, value] : call.path_parameters) {
    if (is_id(value)) target += fmt::format("{}{} {}", target.empty() ? "" : " ", name, value);
  }
  return target;
}

std::string action_of(const Call& call) {
  return fmt::format("{} {}", name(call.request.method), call.pattern);
}

}  // namespace

std::expected<std::optional<engine::OnlyOnce>, Response> only_once(const Call& call) {
  const auto key = call.request.header(header_name);
  const bool is_for_keys =
      call.request.method == Method::post && !call.pattern.starts_with("/api/auth/");
  if (!key || !is_for_keys) return std::nullopt;
  const auto is_named = [](const Header& header) {
    return equal_without_case(header.name, header_name);
  };
  const bool is_twice = std::ranges::count_if(call.request.headers, is_named) > 1;
  if (!is_key(*key) || is_twice) {
    return std::unexpected(validation_failure(
        {{header_name, is_twice ? "stands twice" : "is 1 to 255 printable characters of ASCII"}}));
  }
  return engine::OnlyOnce{.scope = scope_of(call),
                          .key = std::string(*key),
                          .request_hash = sha256(call.request.query + '\n' + call.request.body),
                          .render = {}};
}

engine::Origin origin_of(const Call& call) {
  const Method method = call.request.method;
  if (method == Method::get || method == Method::head) return {};
  return {.action = action_of(call),
          .target = target_of(call),
          .role = role_of(call),
          .address = call.request.peer_address};
}

engine::Sighting sighting_of(const Call& call, std::string outcome, std::string detail) {
  engine::Sighting sighting{.address = call.request.peer_address,
                            .action = action_of(call),
                            .target = target_of(call),
                            .outcome = std::move(outcome),
                            .detail = std::move(detail)};
  if (!call.user) return sighting;
  sighting.user = call.user->key;
  sighting.role = role_of(call);
  if (call.user->role != store::Role::user) sighting.user_name = call.user->name;
  return sighting;
}

engine::Rendered rendered(Response response) {
  return {response.status, std::move(response.content_type), std::move(response.body)};
}

Response response_of(const engine::Rendered& answer) {
  Response response;
  response.status = answer.status;
  response.content_type = answer.content_type;
  response.body = answer.body;
  return response;
}

}  // namespace gatehouse::api

#include "edge/api/tokens.hpp"

#include "edge/api/identity.hpp"
#include "edge/api/secure_random.hpp"

#include <charconv>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include <jwt.h>

namespace gatehouse::api {
namespace {

// Ours have some 300 characters.
constexpr std::size_t token_characters_max = 1024;
// A lot has fewer people at once; beyond that some tokens are verified anew.
constexpr std::size_t tokens_kept_max = 1024;
// Of a token and of a family: as many characters in hex as store::family_id_characters.
constexpr std::size_t token_id_bytes = 16;

struct FreeJwt {
  void operator()(jwt_t* jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

std::int64_t seconds_of(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

/// libjwt fails for want of memory only.
void demand(int result) {
  if (result != 0) throw std::bad_alloc();
}

struct Issue {
  const char* use;
  const std::string& family;
  const std::string& id;
  Instant now;
  std::chrono::seconds lasts;
};

std::string sign(const TokenKey& key, const store::User& user, const Issue& issue) {
  jwt_t* made = nullptr;
  demand(jwt_new(&made));
  const Jwt jwt(made);
  demand(jwt_add_grant(made, "sub", std::to_string(std::to_underlying(user.key)).c_str()));
  demand(jwt_add_grant(made, "role", std::string(role_word(user.role)).c_str()));
  demand(jwt_add_grant(made, "jti", issue.id.c_str()));
  demand(jwt_add_grant(made, "fam", issue.family.c_str()));
  demand(jwt_add_grant(made, "use", issue.use));
  demand(jwt_add_grant_int(made, "ver", user.version));
  demand(jwt_add_grant_int(made, "iat", seconds_of(issue.now)));
  demand(jwt_add_grant_int(made, "exp", seconds_of(issue.now + issue.lasts)));
  demand(jwt_set_alg(made, JWT_ALG_HS256, key.data(), static_cast<int>(key.size())));
  const std::unique_ptr<char, FreeText> text(jwt_encode_str(made));
  if (!text) throw std::bad_alloc();
  return text.get();
}

/// nullptr: not signed with this key, or not with HS256. libjwt compares signatures in a time that
/// tells nothing, and refuses `none` where a key is given.
Jwt verified(const std::string& token, const TokenKey& key) {
  jwt_t* read = nullptr;
  if (jwt_decode(&read, token.c_str(), key.data(), static_cast<int>(key.size())) != 0) return {};
  Jwt jwt(read);
  if (jwt_get_alg(read) != JWT_ALG_HS256) return {};
  return jwt;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::string_view grant(jwt_t* jwt, const char* name) {
  const char* const text = jwt_get_grant(jwt, name);
  return text == nullptr ? std::string_view() : text;
}

}  // namespace

TokenPair Tokens::issue(const store::User& user) const {
  return renew(user, random_hex(token_id_bytes));
}

TokenPair Tokens::renew(const store::User& user, const std::string& family) const {
  const Instant now = clock_.now().utc;
  TokenPair pair;
  pair.family = family;
  pair.refresh_id = random_hex(token_id_bytes);
  pair.refresh_expires_at = now + refresh_lasts;
  pair.access =
      sign(keys_.current, user, {"access", family, random_hex(token_id_bytes), now, access_lasts});
  pair.refresh =
      sign(keys_.current, user, {"refresh", family, pair.refresh_id, now, refresh_lasts});
  return pair;
}

std::optional<TokenClaims> Tokens::read_access(std::string_view token) const {
  return read(token, "access");
}

std::optional<TokenClaims> Tokens::read_refresh(std::string_view token) const {
  return read(token, "refresh");
}

std::optional<TokenClaims> Tokens::read(std::string_view token, std::string_view use) const {
  if (token.size() > token_characters_max || token.contains('\0')) return std::nullopt;
  const auto said = verify(std::string(token));
  if (!said || said->use != use || said->expires_at_s <= seconds_of(clock_.now().utc))
    return std::nullopt;
  return said->claims;
}

std::optional<Tokens::Said> Tokens::verify(const std::string& token) const {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = verified_.find(token); known != verified_.end()) return known->second;
  }
  Jwt jwt = verified(token, keys_.current);
  if (!jwt && keys_.previous) jwt = verified(token, *keys_.previous);
  if (!jwt) return std::nullopt;
  const auto user = number_of(grant(jwt.get(), "sub"));
  const long version = jwt_get_grant_int(jwt.get(), "ver");
  const std::string_view family = grant(jwt.get(), "fam");
  const std::string_view id = grant(jwt.get(), "jti");
  if (!user || version < 1 || version > std::numeric_limits<std::uint32_t>::max() ||
      family.empty() || id.empty())
    return std::nullopt;
  Said said{.use = std::string(grant(jwt.get(), "use")),
            .expires_at_s = jwt_get_grant_int(jwt.get(), "exp"),
            .claims = {.user = store::UserKey{*user},
                       .version = static_cast<std::uint32_t>(version),
                       .family = std::string(family),
                       .id = std::string(id)}};
  const std::scoped_lock lock(mutex_);
  if (verified_.size() >= tokens_kept_max) verified_.clear();
  verified_.emplace(token, said);
  return said;
}

}  // namespace gatehouse::api

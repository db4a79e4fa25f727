// Tokens: JWT (RFC 7519), HS256 and nothing else (docs/contract/http.md, "Tokens").
//
//   const TokenPair pair = tokens.issue(user);                  // a new family; let the store know
//   if (const auto claims = tokens.read_access(text)) … look the bearer up, compare its version …
//   if (const auto claims = tokens.read_refresh(text)) … tokens.renew(user, claims->family) …
//
// A token says who its bearer was when it was issued; whether the account and the family still are
// so is asked of the store on every request. Besides the contract's claims it carries `ver`, the
// account's version, `fam`, its family, and `use`, so that a refresh token opens nothing. Any
// thread.
#pragma once

#include "edge/engine/ports.hpp"
#include "edge/store/accounts.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::api {

inline constexpr std::chrono::hours access_lasts{24};
inline constexpr std::chrono::days refresh_lasts{7};

/// 256 bits; made by `gatehouse init`.
using TokenKey = std::array<std::uint8_t, 32>;

struct TokenKeys {
  TokenKey current{};
  std::optional<TokenKey> previous = {};  // still accepted while keys are rotated
};

struct TokenPair {
  std::string access;
  std::string refresh;
  // What the store is told.
  std::string family;
  std::string refresh_id;
  Instant refresh_expires_at{};
};

struct TokenClaims {
  store::UserKey user{};
  std::uint32_t version = 0;
  std::string family;
  std::string id;
};

class Tokens {
 public:
  /// The clock outlives the tokens.
  Tokens(const TokenKeys& keys, const engine::Clock& clock) : keys_(keys), clock_(clock) {}

  /// The first of a new family.
  [[nodiscard]] TokenPair issue(const store::User& user) const;
  /// The next of a family.
  [[nodiscard]] TokenPair renew(const store::User& user, const std::string& family) const;
  /// nullopt: none of ours, not an access token, or its time is over.
  [[nodiscard]] std::optional<TokenClaims> read_access(std::string_view token) const;
  /// nullopt: none of ours, not a refresh token, or its time is over.
  [[nodiscard]] std::optional<TokenClaims> read_refresh(std::string_view token) const;

 private:
  /// What a token says whose signature is one of ours.
  struct Said {
    std::string use;
    std::int64_t expires_at_s = 0;
    TokenClaims claims;
  };
  [[nodiscard]] std::optional<TokenClaims> read(std::string_view token, std::string_view use) const;
  [[nodiscard]] std::optional<Said> verify(const std::string& token) const;

  const TokenKeys keys_;
  const engine::Clock& clock_;
  // A bearer comes with the same token for hours, and checking its signature takes longer than most
  // of what is asked with it.
  mutable std::mutex mutex_;
  // By the whole token; protected by mutex_.
  mutable std::unordered_map<std::string, Said> verified_;
};

}  // namespace gatehouse::api

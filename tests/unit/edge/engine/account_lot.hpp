// A lot whose accounts sign in, and what their tokens open.
#pragma once

#include "tests/unit/edge/engine/gate_lot.hpp"

#include <optional>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace gatehouse::engine::tests {

using Said = std::expected<CallResult, CallRefused>;

struct Token {
  store::UserKey user{};
  std::uint32_t version = 0;
  TokenIssued issued;
};

/// An id of 32 characters, another one each time.
inline std::string next_id() {
  static int number = 0;
  std::string digits = std::to_string(++number);
  return std::string(store::family_id_characters - digits.size(), '0') + digits;
}

template <class Wanted>
bool is(const Said& said) {
  return said && std::holds_alternative<Wanted>(*said);
}

class AccountLot {
 public:
  GateLot lot;
  store::UserKey staff = user_named("staff1");

  /// Asked by this account, or on the command line by nobody's.
  Said ask_as(store::UserKey who, decltype(Call::what) what) {
    static std::uint64_t ids = 2'000'000;
    REQUIRE(lot.inbox().put(
        CallMade{std::make_shared<const Call>(Call{.id = ++ids,
                                                   .actor = {who, "somebody", false},
                                                   .what = std::move(what),
                                                   .received = lot.clock.now()})}));
    lot.turn();
    return lot.answers.back()->result;
  }
  store::UserKey user_named(std::string_view name) {
    return lot.books().accounts.find(name).value().key;
  }
  store::User user(store::UserKey key) { return lot.books().accounts.find(key).value(); }
  store::UserKey add(const std::string& name, store::Role role = store::Role::user) {
    const Said said = ask_as(
        {}, AddAccount{{.username = name, .role = role, .password_hash = "hash of " + name}});
    return std::get<AccountShown>(said.value()).user.key;
  }
  TokenIssued next(const std::string& family = next_id()) {
    return {family, next_id(), lot.clock.now().utc + std::chrono::days(7)};
  }
  Token sign_in(store::UserKey key) {
    const Token token{key, user(key).version, next()};
    REQUIRE(is<TokensIssued>(ask_as(key, SignIn{key, token.version, token.issued})));
    return token;
  }
  /// nullopt: refused.
  std::optional<Token> refresh(const Token& token) {
    const Token renewed{token.user, token.version, next(token.issued.family)};
    const Said said =
        ask_as({}, Refresh{token.user, token.version, token.issued.refresh_id, renewed.issued});
    if (is<TokensIssued>(said)) return renewed;
    CHECK(is<TokensRefused>(said));
    return std::nullopt;
  }
  /// As every request asks (edge/api/desk.hpp, identify()).
  bool opens(const Token& token) {
    const auto bearer = lot.books().accounts.find_bearer(token.issued.family);
    return bearer && bearer->key == token.user && !bearer->disabled &&
           bearer->version == token.version;
  }
  Said edit(store::UserKey key, AccountEdit change) {
    return ask_as({}, EditAccount{key, std::move(change)});
  }
};

}  // namespace gatehouse::engine::tests

#include "edge/api/tokens.hpp"

#include "edge/store/token_families.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/edge/api/base64url.hpp"

#include <cstdlib>
#include <vector>

#include <catch2/catch.hpp>
#include <jwt.h>
#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using gatehouse::tests::ManualClock;
using Json = nlohmann::json;

constexpr TokenKey our_key{1, 2, 3};
constexpr TokenKey other_key{9, 9, 9};

const store::User staff{.key = store::UserKey{7},
                        .username = "staff1",
                        .role = store::Role::staff,
                        .gate = {},
                        .password_hash = {},
                        .version = 4};

/// A token as somebody else would make it.
std::string made(jwt_alg_t algorithm, const TokenKey& key, const Json& claims) {
  jwt_t* jwt = nullptr;
  REQUIRE(jwt_new(&jwt) == 0);
  REQUIRE(jwt_add_grants_json(jwt, claims.dump().c_str()) == 0);
  const bool is_signed = algorithm != JWT_ALG_NONE;
  REQUIRE(jwt_set_alg(jwt, algorithm, is_signed ? key.data() : nullptr,
                      is_signed ? static_cast<int>(key.size()) : 0) == 0);
  char* const text = jwt_encode_str(jwt);
  REQUIRE(text != nullptr);
  std::string token = text;
  std::free(text);
  jwt_free(jwt);
  return token;
}

std::int64_t seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

Json good_claims() {
  return {{"sub", "7"},
          {"role", "STAFF"},
          {"jti", "abc"},
          {"fam", "def"},
          {"use", "access"},
          {"ver", 4},
          {"iat", seconds(ManualClock::start)},
          {"exp", seconds(ManualClock::start + 1h)}};
}

TEST_CASE("a token says who it was issued to, for a day", "[api][tokens]") {
  ManualClock clock;
  const Tokens tokens({our_key}, clock);
  const TokenPair pair = tokens.issue(staff);
  const auto claims = tokens.read_access(pair.access);
  CHECK(claims.value_or(TokenClaims{}).user == store::UserKey{7});
  CHECK(claims.value_or(TokenClaims{}).version == 4);

  clock.pass(24h - 1s);
  CHECK(tokens.read_access(pair.access));
  clock.pass(1s);
  CHECK_FALSE(tokens.read_access(pair.access));
}

TEST_CASE("a token holds the claims of the contract, and no two are the same", "[api][tokens]") {
  const ManualClock clock;
  const Tokens tokens({our_key}, clock);
  const TokenPair pair = tokens.issue(staff);
  jwt_t* jwt = nullptr;
  REQUIRE(jwt_decode(&jwt, pair.refresh.c_str(), our_key.data(), 32) == 0);
  char* const text = jwt_get_grants_json(jwt, nullptr);
  const Json claims = Json::parse(text);
  std::free(text);
  CHECK(jwt_get_alg(jwt) == JWT_ALG_HS256);
  jwt_free(jwt);
  CHECK(claims["sub"] == "7");
  CHECK(claims["role"] == "STAFF");
  CHECK(claims["iat"] == seconds(ManualClock::start));
  CHECK(claims["exp"] == seconds(ManualClock::start + 7 * 24h));
  CHECK(claims["jti"].get<std::string>().size() == 32);
  CHECK(tokens.issue(staff).access != pair.access);
}

TEST_CASE("a token made by hand is believed only with our signature and every claim",
          "[api][tokens]") {
  const ManualClock clock;
  const Tokens tokens({our_key}, clock);
  REQUIRE(tokens.read_access(made(JWT_ALG_HS256, our_key, good_claims())));
  const auto with = [](const char* name, const Json& value) {
    Json claims = good_claims();
    claims[name] = value;
    return claims;
  };
  const auto without = [](const char* name) {
    Json claims = good_claims();
    claims.erase(name);
    return claims;
  };
  const std::vector<std::string> bad{
      made(JWT_ALG_NONE, our_key, good_claims()),
      made(JWT_ALG_HS256, other_key, good_claims()),
      made(JWT_ALG_HS384, our_key, good_claims()),
      made(JWT_ALG_HS512, our_key, good_claims()),
      made(JWT_ALG_HS256, our_key, with("exp", seconds(ManualClock::start))),
      made(JWT_ALG_HS256, our_key, with("exp", "tomorrow")),
      made(JWT_ALG_HS256, our_key, without("exp")),
      made(JWT_ALG_HS256, our_key, with("use", "refresh")),
      made(JWT_ALG_HS256, our_key, without("use")),
      made(JWT_ALG_HS256, our_key, with("sub", "seven")),
      made(JWT_ALG_HS256, our_key, with("sub", "7x")),
      made(JWT_ALG_HS256, our_key, with("sub", 7)),
      made(JWT_ALG_HS256, our_key, without("sub")),
      made(JWT_ALG_HS256, our_key, without("fam")),
      made(JWT_ALG_HS256, our_key, with("fam", "")),
      made(JWT_ALG_HS256, our_key, without("jti")),
      made(JWT_ALG_HS256, our_key, without("ver")),
      made(JWT_ALG_HS256, our_key, with("ver", 0)),
      made(JWT_ALG_HS256, our_key, with("ver", 4'294'967'300)),
      tokens.issue(staff).refresh,
  };
  for (std::size_t i = 0; i < bad.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(tokens.read_access(bad[i]));
  }
}

TEST_CASE("a refresh token is renewed within its family, and opens nothing", "[api][tokens]") {
  ManualClock clock;
  const Tokens tokens({our_key}, clock);
  const TokenPair first = tokens.issue(staff);
  CHECK(first.family.size() == store::family_id_characters);
  CHECK(first.refresh_id.size() == store::family_id_characters);
  CHECK(first.refresh_expires_at == ManualClock::start + 7 * 24h);
  const auto claims = tokens.read_refresh(first.refresh).value_or(TokenClaims{});
  CHECK(claims.user == staff.key);
  CHECK(claims.version == staff.version);
  CHECK(claims.family == first.family);
  CHECK(claims.id == first.refresh_id);
  CHECK_FALSE(tokens.read_access(first.refresh));
  CHECK_FALSE(tokens.read_refresh(first.access));

  const TokenPair second = tokens.renew(staff, first.family);
  CHECK(second.family == first.family);
  CHECK(second.refresh_id != first.refresh_id);
  CHECK(tokens.read_access(second.access).value_or(TokenClaims{}).family == first.family);
  CHECK(tokens.issue(staff).family != first.family);

  clock.pass(7 * 24h - 1s);
  CHECK(tokens.read_refresh(first.refresh));
  clock.pass(1s);
  CHECK_FALSE(tokens.read_refresh(first.refresh));
}

TEST_CASE("a token with anything changed, cut off or added is none", "[api][tokens]") {
  const ManualClock clock;
  const Tokens tokens({our_key}, clock);
  const std::string good = tokens.issue(staff).access;
  REQUIRE(tokens.read_access(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    CAPTURE(i);
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(tokens.read_access(changed));
    CHECK_FALSE(tokens.read_access(good.substr(0, i)));
  }
  const std::string claims = good.substr(good.find('.'));
  const auto signature = good.rfind('.');
  for (const std::string& token :
       {std::string("."), std::string(".."), good + "=", good + ".", good + "\n", good + '\0',
        std::string(5000, 'x'), good + std::string(1000, 'x'), '.' + good,
        base64url(R"({"alg":"none"})") + claims,
        base64url(R"({"alg":"none"})") +
            good.substr(good.find('.'), signature - good.find('.') + 1),
        base64url(R"({"alg":"HS256","typ":"JWT","kid":"../../key"})") + claims,
        base64url("[]") + claims, base64url("{\"alg\":5}") + claims}) {
    CAPTURE(token);
    CHECK_FALSE(tokens.read_access(token));
  }
}

TEST_CASE("a token says the same whenever it is read, among any number of others",
          "[api][tokens]") {
  const ManualClock clock;
  const Tokens tokens({our_key}, clock);
  const TokenPair first = tokens.issue(staff);
  const auto is_as_issued = [&](const TokenPair& pair, std::uint32_t version) {
    const auto access = tokens.read_access(pair.access);
    const auto refresh = tokens.read_refresh(pair.refresh);
    return access && refresh && access->version == version && access->family == pair.family &&
           refresh->id == pair.refresh_id && !tokens.read_access(pair.refresh) &&
           !tokens.read_refresh(pair.access);
  };
  store::User user = staff;
  for (user.version = 5; user.version < 1'000; ++user.version) {
    const TokenPair pair = tokens.issue(user);
    REQUIRE(is_as_issued(pair, user.version));
    REQUIRE(is_as_issued(pair, user.version));
  }
  CHECK(is_as_issued(first, staff.version));
}

TEST_CASE("tokens of the key before are taken, and new ones are signed with the present one",
          "[api][tokens]") {
  const ManualClock clock;
  const Tokens before({other_key}, clock);
  const Tokens now({our_key, other_key}, clock);
  const Tokens after({our_key}, clock);
  CHECK(now.read_access(before.issue(staff).access));
  CHECK(after.read_access(now.issue(staff).access));
  CHECK_FALSE(after.read_access(before.issue(staff).access));
}

}  // namespace
}  // namespace gatehouse::api

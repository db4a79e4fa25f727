// Every route of the table, for everybody, with everything that can be wrong with a request. The
// engine is asked and never answers: what gets so far was found good.
#include "tests/unit/edge/api/base64url.hpp"
#include "tests/unit/edge/api/counter.hpp"
#include "tests/unit/edge/api/hostile.hpp"

namespace gatehouse::api {
namespace {

using store::Role;

/// A broken token: what is wrong with it, and how it reads.
struct BadToken {
  std::string what;
  std::string text;
};

std::vector<BadToken> bad_tokens(Counter& counter) {
  const std::string good = counter.token(Role::admin);
  const auto first = good.find('.');
  const auto last = good.rfind('.');
  const std::string claims = good.substr(first + 1, last - first - 1);
  const std::string signature = good.substr(last + 1);
  const std::string header = good.substr(0, first);
  const auto with_header = [&](std::string_view json, const std::string& end) {
    return base64url(json) + "." + claims + "." + end;
  };
  std::string turned = good;
  turned[last + 3] = turned[last + 3] == 'A' ? 'B' : 'A';
  store::User disabled = counter.accounts.at(Role::admin);
  disabled.key = store::UserKey{99};
  disabled.username = "gone";
  disabled.disabled = true;
  counter.accounts.users.push_back(disabled);
  store::User nobody = disabled;
  nobody.key = store::UserKey{100};
  store::User earlier = counter.accounts.at(Role::admin);
  --earlier.version;
  gatehouse::tests::ManualClock yesterday;
  yesterday.set_wall_clock(counter.clock.now().utc - std::chrono::hours(25));
  return {
      {"alg none", with_header(R"({"alg":"none","typ":"JWT"})", "")},
      {"alg none, signed", with_header(R"({"alg":"none","typ":"JWT"})", signature)},
      {"alg None", with_header(R"({"alg":"None"})", "")},
      {"another alg", with_header(R"({"alg":"HS512","typ":"JWT"})", signature)},
      {"an asymmetric alg", with_header(R"({"alg":"RS256","typ":"JWT"})", signature)},
      {"no alg", with_header("{}", signature)},
      {"another key",
       Tokens({TokenKey{9, 9, 9}}, counter.clock).issue(counter.accounts.at(Role::admin)).access},
      {"no signature", header + "." + claims + "."},
      {"cut off", good.substr(0, good.size() / 2)},
      {"two parts", header + "." + claims},
      {"four parts", good + ".x"},
      {"a turned bit", turned},
      {"other claims", header + "." + base64url(R"({"sub":"1","use":"access"})") + "." + signature},
      {"expired",
       Tokens({TokenKey{1, 2, 3}}, yesterday).issue(counter.accounts.at(Role::admin)).access},
      {"for refreshing", counter.tokens.issue(counter.accounts.at(Role::admin)).refresh},
      {"of a disabled account", counter.tokens.issue(disabled).access},
      {"of nobody", counter.tokens.issue(nobody).access},
      {"of before the password changed", counter.tokens.issue(earlier).access},
      {"empty", ""},
      {"dots", ".."},
      {"long", std::string(5'000, 'a')},
      {"not text", "\xff\xfe.\x01.\x02"},
  };
}

/// A route whose refusals can be foreseen: nothing is asked of the engine or of a worker by it.
bool asks_for_an_account(const Route& route) { return route.access != Access::anyone; }

TEST_CASE("no route takes a token that has anything wrong with it", "[api][routes]") {
  Counter counter;
  for (const BadToken& bad : bad_tokens(counter)) {
    for (const Route& route : counter.router.routes()) {
      if (!asks_for_an_account(route)) continue;
      CAPTURE(bad.what, name(route.method), route.pattern);
      Request request = plain_request(route, path_with(route, "ENTRY_GATE_01"));
      request.headers.push_back({"Authorization", "Bearer " + bad.text});
      const Told told = counter.send(std::move(request));
      REQUIRE(told->size() == 1);
      CHECK(told->front().status == 401);
      expect_clean(told->front(), plain_request(route, route.pattern));
    }
  }
  counter.inbox.take(counter.batch);
  CHECK(counter.batch.urgent.empty());
}

TEST_CASE("no route takes a cookie from another site's page", "[api][routes]") {
  Counter counter;
  for (const Route& route : counter.router.routes()) {
    if (!asks_for_an_account(route) || route.method == Method::get) continue;
    CAPTURE(name(route.method), route.pattern);
    Request request = plain_request(route, path_with(route, "ENTRY_GATE_01"));
    request.headers.push_back({"Cookie", "gh_access=" + counter.token(Role::admin)});
    request.headers.push_back({"Origin", "http://evil.example"});
    const Told told = counter.send(std::move(request));
    REQUIRE(told->size() == 1);
    CHECK(told->front().status == 403);
  }
  counter.inbox.take(counter.batch);
  CHECK(counter.batch.urgent.empty());
}

TEST_CASE("whatever is said to a route is refused cleanly or understood", "[api][routes]") {
  Counter counter;
  for (const auto role : {Role::admin, Role::device, Role::user})
    counter.accounts.at(role).may_terminate = true;
  const std::vector<Route> routes(counter.router.routes().begin(), counter.router.routes().end());
  const std::string admin = counter.token(Role::admin);
  std::size_t refused = 0;
  for (const Route& route : routes) {
    for (Request& request : hostile_requests(route)) {
      request.headers.push_back({"Authorization", "Bearer " + admin});
      const Told told = counter.send(request);
      counter.inbox.take(counter.batch);  // what was understood waits for the engine for ever
      REQUIRE(told->size() <= 1);
      if (told->empty()) continue;
      expect_clean(told->front(), request);
      refused += told->front().status >= 400 ? 1U : 0U;
    }
  }
  CHECK(refused > 5'000);
}

TEST_CASE("hostile texts in headers change nothing", "[api][routes]") {
  Counter counter;
  for (const std::string& text : hostile_texts()) {
    for (const char* header : {"Authorization", "Cookie", "Origin", "Host", "X-CSRF-Token",
                               "Content-Type", "Forwarded", "X-Forwarded-For", "If-None-Match",
                               "Idempotency-Key", "Accept", "Access-Control-Request-Method"}) {
      for (const Route& route : counter.router.routes()) {
        if (route.access == Access::anyone && route.method != Method::get) continue;
        Request request = plain_request(route, path_with(route, "ENTRY_GATE_01"));
        request.headers.insert(request.headers.begin(), {header, text});
        const Told told = counter.send(request);
        counter.inbox.take(counter.batch);
        if (!told->empty()) expect_clean(told->front(), request);
      }
    }
  }
}

}  // namespace
}  // namespace gatehouse::api

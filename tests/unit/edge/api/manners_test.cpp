// What is the same on every request: whose page it is from, and where HTTPS is.
#include "edge/api/manners.hpp"

#include "edge/api/cookies.hpp"
#include "tests/unit/edge/api/counter.hpp"

namespace gatehouse::api {
namespace {

using Catch::Generators::table;

std::vector<std::string> cookies_set(const Response& response) {
  std::vector<std::string> set;
  for (const Header& header : response.headers)
    if (header.name == "Set-Cookie") set.push_back(header.value);
  return set;
}

std::string header(const Response& response, std::string_view name) {
  return std::string(find_header(response.headers, name).value_or("-"));
}

/// `gh_csrf=1a2b; Path=/; …` → `1a2b`
std::string value_of(const std::string& cookie) {
  const auto equals = cookie.find('=');
  return cookie.substr(equals + 1, cookie.find(';') - equals - 1);
}

/// A browser that signed in: it sends its cookies with everything, as our own pages do or not.
struct Browser {
  explicit Browser(store::Role role = store::Role::staff) {
    Response response;
    set_session_cookies(response, counter.accounts.sign_in(counter.tokens, role), false);
    const auto set = cookies_set(response);
    access = value_of(set.at(0));
    csrf = value_of(set.at(2));
  }
  [[nodiscard]] Request request(Method method, const std::string& path,
                                const std::vector<Header>& more = {}) const {
    Request request = Counter::request(method, path, method == Method::get ? "" : "{}");
    request.headers.push_back({"Host", "lot.example:8080"});
    request.headers.push_back({"Cookie", "theme=dark; gh_access=" + access + "; gh_csrf=" + csrf});
    for (const Header& header : more) request.headers.push_back(header);
    return request;
  }
  Response ask(const Request& request) {
    const Told told = counter.send(request);
    REQUIRE(told->size() == 1);
    return told->front();
  }
  Counter counter;
  std::string access;
  std::string csrf;
};

TEST_CASE("a login gives a browser its cookies", "[api][cookies]") {
  Counter counter;
  Request request =
      Counter::request(Method::post, "/api/auth/login/",
                       R"({"username":"staff1","password":")" + right_password + "\"}");
  const bool is_https = GENERATE(false, true);
  request.is_https = is_https;
  const Response response = counter.send_and_wait(std::move(request));
  const auto set = cookies_set(response);
  REQUIRE(set.size() == 3);
  const std::string secure = is_https ? "; Secure" : "";
  CHECK(set[0].starts_with("gh_access=ey"));
  CHECK(set[0].ends_with("; Path=/; Max-Age=86400; SameSite=Strict; HttpOnly" + secure));
  CHECK(set[1].starts_with("gh_refresh=ey"));
  CHECK(set[1].ends_with("; Path=/api/auth/; Max-Age=604800; SameSite=Strict; HttpOnly" + secure));
  CHECK(set[2].starts_with("gh_csrf="));
  CHECK(set[2].ends_with("; Path=/; Max-Age=604800; SameSite=Strict" + secure));
  CHECK(value_of(set[2]).size() == 32);
  CHECK(header(response, "Strict-Transport-Security") == (is_https ? "max-age=31536000" : "-"));
}

TEST_CASE("logging out takes the cookies back", "[api][cookies]") {
  Response response;
  clear_session_cookies(response, false);
  const auto set = cookies_set(response);
  REQUIRE(set.size() == 3);
  for (const std::string& cookie : set) {
    CHECK(value_of(cookie).empty());
    CHECK(cookie.contains("; Max-Age=0;"));
  }
  CHECK(set[1].contains("; Path=/api/auth/;"));
}

TEST_CASE("a browser whose access token is over is signed out by its refresh token",
          "[api][cookies]") {
  Counter counter;
  const TokenPair pair = counter.accounts.sign_in(counter.tokens, store::Role::staff);
  const auto ask_to_leave = [&](const std::vector<Header>& more) {
    Request request = Counter::request(Method::post, "/api/auth/logout/", "{}");
    request.headers.push_back({"Host", "lot.example:8080"});
    request.headers.push_back({"Cookie", "gh_refresh=" + pair.refresh + "; gh_csrf=1a2b"});
    for (const Header& each : more) request.headers.push_back(each);
    return counter.send(std::move(request));
  };
  // Another site's page ends nothing and takes nothing back.
  const Told forged = ask_to_leave({{"Origin", "https://evil.example"}});
  REQUIRE(forged->size() == 1);
  CHECK(forged->front().status == 401);
  CHECK(cookies_set(forged->front()).empty());

  const Told told = ask_to_leave({{"Origin", "http://lot.example:8080"}, {"X-CSRF-Token", "1a2b"}});
  const auto* const asked = counter.asked<engine::SignOut>();
  REQUIRE(asked != nullptr);
  CHECK(asked->family == pair.family);
  CHECK(counter.call->actor.user == store::UserKey{2});
  counter.tell(engine::SignedOut{});
  REQUIRE(told->size() == 1);
  CHECK(told->front().status == 200);
  CHECK(cookies_set(told->front()).size() == 3);
}

TEST_CASE("cookies that are no tokens any more go with whoever signs out", "[api][cookies]") {
  Browser browser;
  browser.counter.accounts.families.clear();
  const auto leave = [&](const std::string& origin) {
    return browser.ask(browser.request(Method::post, "/api/auth/logout/",
                                       {{"Origin", origin}, {"X-CSRF-Token", browser.csrf}}));
  };
  const Response gone = leave("http://lot.example:8080");
  CHECK(gone.status == 401);
  CHECK(cookies_set(gone).size() == 3);
  const Response forged = leave("https://evil.example");
  CHECK(forged.status == 403);
  CHECK(cookies_set(forged).empty());
}

TEST_CASE("a cookie stands for a token where nothing is changed", "[api][cookies]") {
  Browser browser;
  const Response response = browser.ask(browser.request(Method::get, "/metrics"));
  CHECK(response.status == 200);
  // A token that is named counts, and no cookie beside it.
  CHECK(browser.ask(browser.request(Method::get, "/metrics", {{"Authorization", "Bearer x"}}))
            .status == 401);
}

TEST_CASE("what a cookie changes must come from a page of ours", "[api][cookies]") {
  Browser browser;
  const char* const csrf = "the cookie's";
  const std::string path = "/api/staff/entry/";
  const auto [what, headers, status] = GENERATE_COPY(table<std::string, std::vector<Header>, int>({
      {"ours", {{"Origin", "http://lot.example:8080"}, {"X-CSRF-Token", csrf}}, 400},
      {"in capitals", {{"Origin", "HTTP://Lot.Example:8080"}, {"X-CSRF-Token", csrf}}, 400},
      {"nothing", {}, 403},
      {"no origin", {{"X-CSRF-Token", csrf}}, 403},
      {"no token", {{"Origin", "http://lot.example:8080"}}, 403},
      {"another's token", {{"Origin", "http://lot.example:8080"}, {"X-CSRF-Token", "x"}}, 403},
      {"an empty token", {{"Origin", "http://lot.example:8080"}, {"X-CSRF-Token", ""}}, 403},
      {"another site", {{"Origin", "http://evil.example"}, {"X-CSRF-Token", csrf}}, 403},
      {"another port", {{"Origin", "http://lot.example:81"}, {"X-CSRF-Token", csrf}}, 403},
      {"another scheme", {{"Origin", "https://lot.example:8080"}, {"X-CSRF-Token", csrf}}, 403},
      {"no page", {{"Origin", "null"}, {"X-CSRF-Token", csrf}}, 403},
  }));
  CAPTURE(what);
  std::vector<Header> sent = headers;
  for (Header& header : sent)
    if (header.value == csrf) header.value = browser.csrf;
  const Response response = browser.ask(browser.request(Method::post, path, sent));
  CHECK(response.status == status);
  if (status == 403) CHECK(response.body.contains("\"code\":\"csrf_failed\""));
}

TEST_CASE("with a public address its origin is ours too", "[api][cookies]") {
  Request request = Browser().request(Method::post, "/", {{"Origin", "https://lot.example"}});
  const auto csrf = find_cookie(request, "gh_csrf");
  request.headers.push_back({"X-CSRF-Token", std::string(csrf.value_or(""))});
  CHECK_FALSE(is_from_our_page({}, request));
  CHECK(is_from_our_page({.public_url = "https://lot.example/parking"}, request));
  CHECK_FALSE(is_from_our_page({.public_url = "https://lot.example.evil.example"}, request));
  request.headers.front() = {"Host", "lot.example"};
  request.is_https = true;
  CHECK(find_header(request.headers, "Host") == "lot.example");
  CHECK(is_from_our_page({}, request));
}

TEST_CASE("who names a token needs no page", "[api][cookies]") {
  Counter counter;
  const Told told =
      counter.send(store::Role::staff, Method::post, "/api/staff/entry/", R"({"qr_code":"x"})");
  CHECK(told->empty());  // the engine is asked
}

TEST_CASE("a cookie that is no token any more is taken back", "[api][cookies]") {
  Browser browser;
  browser.counter.accounts.at(store::Role::staff).version += 1;
  const Response response = browser.ask(browser.request(Method::get, "/api/staff/bill/"));
  CHECK(response.status == 401);
  REQUIRE(cookies_set(response).size() == 1);
  CHECK(cookies_set(response)[0].starts_with("gh_access=;"));
  // What is for everybody is for them as well.
  CHECK(browser.ask(browser.request(Method::get, "/api/public/zones/")).status == 200);
}

TEST_CASE("a holder who also signed in is not taken for one by another site's page",
          "[api][cookies]") {
  Browser browser(store::Role::user);
  const Response response = browser.ask(browser.request(Method::post, "/api/user/cancel-booking/"));
  CHECK(response.status == 403);
  browser.access = "";
  const Request nobody = browser.request(Method::post, "/api/user/cancel-booking/");
  CHECK(browser.ask(nobody).status == 403);
}

TEST_CASE("cookies are read as they come, and whose they are must be certain", "[api][cookies]") {
  struct Case {
    std::vector<std::string> cookies;
    std::string value;  // "-": none
  };
  const Case given = GENERATE(values<Case>({
      {{"a=1"}, "1"},
      {{"b=2;a=1"}, "1"},
      {{" b=2 ;\ta=1 "}, "1"},
      {{"b=2", "a=1"}, "1"},
      {{"a="}, ""},
      {{"a=x=y"}, "x=y"},
      {{"ab=1; ba=2; A=3; a"}, "-"},
      {{"a=1; a=1"}, "-"},
      {{"a=1; b=2; a=3"}, "-"},
      {{"a=1", "a=3"}, "-"},
      {{"a=1; b=" + std::string(5000, 'x')}, "-"},
      {{";;;=;==; ;"}, "-"},
      {{}, "-"},
  }));
  Request request;
  for (const std::string& cookie : given.cookies) request.headers.push_back({"cookie", cookie});
  CHECK(find_cookie(request, "a").value_or("-") == given.value);
}

TEST_CASE("a plain request is sent to HTTPS, and nowhere else", "[api][redirect]") {
  struct Case {
    Manners manners;
    const char* host;
    const char* path;
    const char* query;
    const char* location;  // "": refused
  };
  const Case given = GENERATE(values<Case>({
      {{}, "lot.example", "/", "", "https://lot.example:8443/"},
      {{}, "lot.example:80", "/a/b", "c=d&e", "https://lot.example:8443/a/b?c=d&e"},
      {{}, "[2001:db8::1]:80", "/", "", "https://[2001:db8::1]:8443/"},
      {{}, "lot.example", "//evil.example/", "", "https://lot.example:8443//evil.example/"},
      {{}, "lot.example", "/a b\"<\\", "", "https://lot.example:8443/a%20b%22%3C%5C"},
      {{}, "lot.example", "/\xd7\xa9", "", "https://lot.example:8443/%D7%A9"},
      {{}, "", "/", "", ""},
      {{}, "evil.example/path?", "/", "", ""},
      {{}, "user@evil.example", "/", "", ""},
      {{}, "[evil]", "/", "", ""},
      {{}, "lot.example", "*", "", ""},
      {{.allowed_hosts = {"lot.example"}}, "lot.example", "/", "", "https://lot.example:8443/"},
      {{.allowed_hosts = {"lot.example"}}, "evil.example", "/", "", ""},
      {{.public_url = "https://lot.example/x"}, "10.0.0.9", "/a", "", "https://lot.example/a"},
      {{.public_url = "http://lot.example"}, "10.0.0.9", "/", "", "https://10.0.0.9:8443/"},
  }));
  CAPTURE(given.host, given.path);
  Request request = Counter::request(Method::post, given.path);
  request.query = given.query;
  request.headers.push_back({"Host", given.host});
  const Response response = redirect_to_https(given.manners, request, 8443);
  CHECK(response.status == (*given.location != '\0' ? 308 : (*given.path == '*' ? 404 : 400)));
  CHECK(find_header(response.headers, "Location").value_or("") == given.location);
}

TEST_CASE("the usual port is not spelled out", "[api][redirect]") {
  Request request = Counter::request(Method::get, "/");
  request.headers.push_back({"Host", "lot.example"});
  CHECK(header(redirect_to_https({}, request, 443), "Location") == "https://lot.example/");
}

TEST_CASE("who came by HTTPS to a proxy of ours is not sent round in a circle", "[api][redirect]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {.trusted_proxies = Networks({"10.0.0.1"})});
  const auto [peer, scheme, status] = GENERATE(table<const char*, const char*, int>({
      {"10.0.0.1", "https", 200},
      {"10.0.0.1", "http", 308},
      {"10.0.0.2", "https", 308},
  }));
  Request request = Counter::request(Method::get, "/api/public/zones/");
  request.peer_address = peer;
  request.headers = {
      {"Host", "lot.example"}, {"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", scheme}};
  Response said;
  router.send_to_https(std::move(request), 443,
                       [&](Response response) { said = std::move(response); });
  CHECK(said.status == status);
  CHECK(header(said, "X-Content-Type-Options") == "nosniff");
}

TEST_CASE("whoever comes through a proxy is not on the box", "[api][manners]") {
  const Lot lot;
  const Router router(all_routes(lot.sources()), {.trusted_proxies = Networks({"127.0.0.1"})});
  Request request = Counter::request(Method::get, "/metrics");
  request.peer_address = "127.0.0.1";
  CHECK(ask(router, request).status == 200);
  request.headers.push_back({"X-Forwarded-For", "127.0.0.1"});
  CHECK(ask(router, request).status == 403);
}

TEST_CASE("every 503 says when to come again", "[api][manners]") {
  Response response = failure(503, "busy", "Please try again");
  complete({}, response, {});
  CHECK(header(response, "Retry-After") == "5");
  response = failure_retry_after(503, "busy", "Please try again", 60);
  complete({}, response, {});
  CHECK(header(response, "Retry-After") == "60");
}

}  // namespace
}  // namespace gatehouse::api

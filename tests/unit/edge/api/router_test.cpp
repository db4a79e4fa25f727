#include "edge/api/router.hpp"

#include "edge/api/limits.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <set>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

std::vector<Route> a_few_routes() {
  const auto say = [](std::string text) {
    return immediate([text = std::move(text)](const Call& call) {
      Response response;
      response.body = text;
      for (const auto& [name, value] : call.path_parameters) {
        response.body += ' ' + name + '=' + value;
      }
      return response;
    });
  };
  return {
      {Method::get, "/", Access::anyone, say("board")},
      {Method::get, "/zones/", Access::anyone, say("zones")},
      {Method::get, "/zones/{zone}/status/", Access::anyone, say("zone")},
      {Method::post, "/zones/{zone}/status/", Access::anyone, say("changed")},
      {Method::get, "/figures", Access::loopback_or_staff, say("figures")},
      {Method::get, "/breaks/", Access::anyone,
       immediate([](const Call&) -> Response { throw std::runtime_error("secret detail"); })},
      {Method::get, "/breaks-late/", Access::anyone,
       [](const Call&, Answer answer) {
         answer({});
         throw std::runtime_error("after the answer");
       }},
  };
}

Request request_of(Method method, std::string path, std::string peer = "127.0.0.1") {
  Request request;
  request.method = method;
  request.path = std::move(path);
  request.peer_address = std::move(peer);
  return request;
}

TEST_CASE("a request finds its route, with or without the last slash", "[api][router]") {
  const Router router(a_few_routes(), {});
  const auto [method, path, status, body] = GENERATE(table<Method, const char*, int, const char*>({
      {Method::get, "/", 200, "board"},
      {Method::get, "/zones/", 200, "zones"},
      {Method::get, "/zones", 200, "zones"},
      {Method::get, "/zones/A/status/", 200, "zone zone=A"},
      {Method::get, "/zones/A/status", 200, "zone zone=A"},
      {Method::post, "/zones/A/status", 200, "changed zone=A"},
      {Method::get, "/zones//status", 404, ""},
      {Method::get, "/zones//", 404, ""},
      {Method::get, "/zones/A/status/more", 404, ""},
      {Method::get, "/zones/A", 404, ""},
      {Method::get, "/Zones/", 404, ""},
      {Method::get, "", 404, ""},
      {Method::get, "zones", 404, ""},
      {Method::get, "http://elsewhere/", 404, ""},
      {Method::post, "/zones/", 405, ""},
      {Method::delete_, "/zones/A/status/", 405, ""},
      {Method::options, "/zones/", 200, ""},
      {Method::other, "/zones/", 405, ""},
      {Method::other, "/nothing", 404, ""},
  }));
  CAPTURE(name(method), path);
  const Response response = ask(router, request_of(method, path));
  CHECK(response.status == status);
  if (status == 200) CHECK(response.body == body);
}

TEST_CASE("a method that an address does not take is told which ones it does", "[api][router]") {
  const Router router(a_few_routes(), {});
  const Response response = ask(router, request_of(Method::delete_, "/zones/A/status/"));
  CHECK(find_header(response.headers, "allow") == "GET, HEAD, POST");
}

TEST_CASE("a HEAD is answered as its GET, without the body", "[api][router]") {
  const Router router(a_few_routes(), {});
  const Response response = ask(router, request_of(Method::head, "/zones/"));
  CHECK(response.status == 200);
  CHECK(response.body == "zones");  // for its length
  CHECK(response.body_withheld);
}

TEST_CASE("every answer carries the headers of the contract, whatever its status",
          "[api][router]") {
  const Router router(a_few_routes(), {});
  const auto [method, path, status] = GENERATE(table<Method, const char*, int>({
      {Method::get, "/", 200},
      {Method::head, "/", 200},
      {Method::get, "/nothing", 404},
      {Method::put, "/", 405},
      {Method::get, "/breaks/", 500},
  }));
  const Response response = ask(router, request_of(method, path));
  CHECK(response.status == status);
  CHECK_FALSE(find_header(response.headers, "X-Request-Id").value_or("").empty());
  CHECK(find_header(response.headers, "Cache-Control") == "no-store");
  CHECK(find_header(response.headers, "X-Content-Type-Options") == "nosniff");
  CHECK(find_header(response.headers, "Referrer-Policy") == "no-referrer");
  const std::string policy(find_header(response.headers, "Content-Security-Policy").value_or(""));
  CHECK(policy.starts_with("default-src 'none';"));
  for (const char* rule : {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}) {
    CHECK(policy.contains(rule));
  }
  CHECK_FALSE(policy.contains("unsafe"));
}

TEST_CASE("no two answers carry the same request id", "[api][router]") {
  const Router router(a_few_routes(), {});
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    ids.emplace(find_header(get(router, "/").headers, "X-Request-Id").value_or(""));
  }
  CHECK(ids.size() == 100);
}

TEST_CASE("a failure has the shape that clients know", "[api][router]") {
  const Router router(a_few_routes(), {});
  const auto [path, status, code] = GENERATE(table<const char*, int, const char*>({
      {"/nothing", 404, "not_found"},
      {"/breaks/", 500, "internal_error"},
  }));
  const Response response = get(router, path);
  CHECK(response.status == status);
  CHECK(response.content_type == "application/json");
  const auto body = nlohmann::json::parse(response.body);
  CHECK(body["success"] == false);
  CHECK(body["code"] == code);
  CHECK(body["error"] == body["message"]);
  CHECK_FALSE(response.body.contains("secret"));
}

TEST_CASE("a handler that breaks after answering changes nothing", "[api][router]") {
  const Router router(a_few_routes(), {});
  int answers = 0;
  router.handle(request_of(Method::get, "/breaks-late/"), [&](Response response) {
    ++answers;
    CHECK(response.status == 200);
  });
  CHECK(answers == 1);
}

TEST_CASE("an answer may come later", "[api][router]") {
  Answer kept;
  std::vector<Route> routes{{Method::get, "/waits/", Access::anyone,
                             [&](const Call&, Answer answer) { kept = std::move(answer); }}};
  const Router router(std::move(routes), {});
  bool answered = false;
  router.handle(request_of(Method::get, "/waits/"), [&](Response response) {
    answered = true;
    CHECK(find_header(response.headers, "X-Request-Id").has_value());
  });
  CHECK_FALSE(answered);
  kept({});
  CHECK(answered);
}

TEST_CASE("a body above 64 KiB is refused", "[api][router]") {
  const Router router(a_few_routes(), {});
  Request request = request_of(Method::post, "/zones/A/status/");
  request.body.assign(limits::body_bytes_max, 'x');
  CHECK(ask(router, request).status == 200);
  request.body += 'x';
  CHECK(ask(router, request).status == 413);
}

TEST_CASE("what is for the box alone is shown to nobody else", "[api][router]") {
  const Router router(a_few_routes(), {});
  const auto [peer, forwarded_by, status] = GENERATE(table<const char*, const char*, int>({
      {"127.0.0.1", "", 200},
      {"127.8.9.10", "", 200},
      {"::1", "", 200},
      {"::ffff:127.0.0.1", "", 200},
      {"192.168.1.20", "", 403},
      {"1.127.0.1", "", 403},
      {"::ffff:192.168.1.20", "", 403},
      {"", "", 403},
      {"127.0.0.1", "X-Forwarded-For", 403},
      {"127.0.0.1", "x-forwarded-for", 403},
      {"::1", "Forwarded", 403},
  }));
  CAPTURE(peer, forwarded_by);
  Request request = request_of(Method::get, "/figures", peer);
  if (*forwarded_by != '\0') request.headers.push_back({forwarded_by, "203.0.113.9"});
  CHECK(ask(router, request).status == status);
}

TEST_CASE("only host names that are ours are served, where they are listed", "[api][router]") {
  const Router router(a_few_routes(), {.allowed_hosts = {"lot.example", "[::1]"}});
  const auto [host, status] = GENERATE(table<const char*, int>({
      {"lot.example", 200},
      {"lot.example:8080", 200},
      {"[::1]", 200},
      {"[::1]:8080", 200},
      {"evil.example", 400},
      {"lot.example.evil.example", 400},
      {"", 400},
      {"LOT.Example", 200},
      {"lot.example.", 200},
      {"Lot.Example.:8080", 200},
      {"localhost", 400},
      {"127.0.0.1", 400},
  }));
  CAPTURE(host);
  Request request = request_of(Method::get, "/zones/", "192.168.1.20");
  request.headers.push_back({"host", host});
  CHECK(ask(router, request).status == status);
}

TEST_CASE("on the box itself it may be named as such, whatever hosts are listed", "[api][router]") {
  const Router router(a_few_routes(), {.allowed_hosts = {"lot.example"}});
  const auto [host, peer, status] = GENERATE(table<const char*, const char*, int>({
      {"127.0.0.1:8080", "127.0.0.1", 200},
      {"LocalHost:8080", "127.0.0.1", 200},
      {"[::1]:8080", "::1", 200},
      {"lot.example", "127.0.0.1", 200},
      // A page whose name was made to point at the box.
      {"evil.example", "127.0.0.1", 400},
      {"127.evil.example", "127.0.0.1", 400},
      {"127.0.0.1", "192.168.1.20", 400},
  }));
  CAPTURE(host, peer);
  Request request = request_of(Method::get, "/figures", peer);
  request.headers.push_back({"Host", host});
  CHECK(ask(router, request).status == status);
  request.headers.push_back({"X-Forwarded-For", "203.0.113.9"});
  CHECK(ask(router, request).status != 200);
}

TEST_CASE("an address says what it takes when it is asked", "[api][router]") {
  const Router router(a_few_routes(), {.cors_origins = {"https://board.example"}});
  const Response plain = ask(router, request_of(Method::options, "/zones/A/status/"));
  CHECK(plain.status == 200);
  CHECK(plain.body.empty());
  CHECK(find_header(plain.headers, "Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(ask(router, request_of(Method::options, "/nothing/")).status == 404);

  Request before = request_of(Method::options, "/zones/A/status/");
  before.headers = {{"Origin", "https://Board.Example"}, {"Access-Control-Request-Method", "POST"}};
  const Response known = ask(router, before);
  CHECK(known.status == 200);
  CHECK(find_header(known.headers, "Access-Control-Allow-Origin") == "https://Board.Example");
  CHECK(find_header(known.headers, "Access-Control-Allow-Methods") == "GET, HEAD, POST, OPTIONS");
  CHECK(find_header(known.headers, "Access-Control-Allow-Headers")
            .value_or("")
            .contains("Idempotency-Key"));
  CHECK(find_header(known.headers, "Vary") == "Origin");
  CHECK_FALSE(find_header(known.headers, "Access-Control-Allow-Credentials"));

  before.headers.front().value = "https://evil.example";
  const Response stranger = ask(router, before);
  CHECK(stranger.status == 200);
  for (const Header& header : stranger.headers)
    CHECK_FALSE(header.name.starts_with("Access-Control-"));
  CHECK(find_header(stranger.headers, "Vary") == "Origin");
}

TEST_CASE("another site's page may read answers only when it is named", "[api][router]") {
  const Router router(a_few_routes(), {.cors_origins = {"https://board.example"}});
  Request request = request_of(Method::get, "/zones/");
  request.headers.push_back({"Origin", "https://board.example"});
  CHECK(find_header(ask(router, request).headers, "Access-Control-Allow-Origin") ==
        "https://board.example");
  request.headers.back().value = "https://evil.example";
  CHECK_FALSE(find_header(ask(router, request).headers, "Access-Control-Allow-Origin"));
}

TEST_CASE("the router counts requests and its own failures", "[api][router]") {
  const Router router(a_few_routes(), {});
  get(router, "/");
  get(router, "/nothing");
  get(router, "/breaks/");
  CHECK(router.requests_total() == 3);
  CHECK(router.failures_total() == 1);
}

}  // namespace
}  // namespace gatehouse::api

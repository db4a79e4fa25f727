// How often somebody may call.
#include "edge/api/rate_limits.hpp"

#include "tests/unit/edge/api/counter.hpp"

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Catch::Generators::table;
using gatehouse::tests::ManualClock;

std::string header(const Response& response, std::string_view name) {
  return std::string(find_header(response.headers, name).value_or("-"));
}

/// A counter whose router counts.
struct Counting {
  explicit Counting(const RateLimitSettings& settings) : limits(settings, counter.clock) {}
  Response ask(Request request) {
    Response said;
    router.handle(std::move(request), [&](Response response) { said = std::move(response); });
    return said;
  }
  Response get(const std::string& path, const std::string& address = "203.0.113.9") {
    Request request = Counter::request(Method::get, path);
    request.peer_address = address;
    return ask(std::move(request));
  }
  Response get_as(store::Role role, const std::string& path) {
    Request request = Counter::request(Method::get, path);
    request.headers.push_back({"Authorization", "Bearer " + counter.token(role)});
    return ask(std::move(request));
  }

  Counter counter;
  RateLimits limits;
  Router router{
      [this] {
        Sources sources = counter.lot.sources();
        sources.desk = &counter.desk;
        auto routes = all_routes(sources);
        const auto done = immediate([](const Call&) { return Response(); });
        routes.push_back({Method::post, "/hook/", Access::anyone, done, Counted::by_provider});
        routes.push_back({Method::get, "/status/{id}/", Access::holder, done, Counted::by_id});
        routes.push_back({Method::get, "/mine/", Access::scanner, done});
        return routes;
      }(),
      {.limits = &limits},
      [this](std::string_view token) { return identify(counter.tokens, counter.accounts, token); }};
};

TEST_CASE("an address without a token has its hour", "[api][limits]") {
  Counting counting({.anonymous_per_hour = 3});
  const auto first = counting.get("/api/public/zones/");
  CHECK(first.status == 200);
  CHECK(header(first, "X-RateLimit-Limit") == "3");
  CHECK(header(first, "X-RateLimit-Remaining") == "2");
  CHECK(header(first, "X-RateLimit-Reset") == "3600");
  counting.counter.clock.pass(10min);
  // What does not exist, is not taken or not allowed counts as well.
  CHECK(counting.get("/nothing/").status == 404);
  CHECK(header(counting.get("/api/staff/bill/"), "X-RateLimit-Remaining") == "0");
  const auto fourth = counting.get("/api/public/zones/");
  CHECK(fourth.status == 429);
  CHECK(fourth.body.contains("\"code\":\"rate_limited\""));
  CHECK(header(fourth, "Retry-After") == "3000");
  CHECK(header(fourth, "X-RateLimit-Remaining") == "0");
  CHECK(counting.limits.refused_total() == 1);
  CHECK(counting.get("/api/public/zones/", "203.0.113.10").status == 200);

  counting.counter.clock.pass(50min - 1ms);
  CHECK(counting.get("/api/public/zones/").status == 429);
  counting.counter.clock.pass(1ms);
  CHECK(header(counting.get("/api/public/zones/"), "X-RateLimit-Remaining") == "2");
}

TEST_CASE("an IPv6 customer is one caller, whatever address they take", "[api][limits]") {
  Counting counting({.anonymous_per_hour = 1});
  CHECK(counting.get("/api/public/zones/", "2001:db8:1:2::1").status == 200);
  CHECK(counting.get("/api/public/zones/", "2001:db8:1:2:ffff::9").status == 429);
  CHECK(counting.get("/api/public/zones/", "2001:db8:1:3::1").status == 200);
}

TEST_CASE("what is not counted is served to those who have used up their hour", "[api][limits]") {
  Counting counting({.anonymous_per_hour = 1});
  CHECK(counting.get("/api/public/zones/").status == 200);
  CHECK(counting.get("/api/public/zones/").status == 429);
  const auto* path = GENERATE("/", "/api/public/health/", "/parking/health/", "/metrics",
                              "/api/public/stream/", "/assets/board/board.js");
  CAPTURE(path);
  const Response response = counting.get(path);
  CHECK(response.status != 429);
  CHECK(header(response, "X-RateLimit-Limit") == "-");
}

TEST_CASE("who signed in is counted by name, and staff as the lot says", "[api][limits]") {
  const auto [role, of_staff, answers] = GENERATE(table<store::Role, std::uint32_t, std::string>({
      {store::Role::user, 0, "200 200 429"},
      {store::Role::staff, 0, "200 200 200"},
      {store::Role::admin, 0, "200 200 200"},
      {store::Role::staff, 1, "200 429 429"},
  }));
  Counting counting({.anonymous_per_hour = 1, .user_per_hour = 2, .staff_per_hour = of_staff});
  std::string heard;
  for (int i = 0; i < 3; ++i)
    heard +=
        (i == 0 ? "" : " ") + std::to_string(counting.get_as(role, "/api/public/zones/").status);
  CHECK(heard == answers);
  // Their address is another matter.
  CHECK(counting.get("/api/public/zones/").status == 200);
}

TEST_CASE("a bad token counts for the address it comes from", "[api][limits]") {
  Counting counting({.anonymous_per_hour = 1});
  Request request = Counter::request(Method::get, "/api/staff/bill/");
  request.headers.push_back({"Authorization", "Bearer forged"});
  CHECK(counting.ask(request).status == 401);
  CHECK(counting.ask(request).status == 429);
  CHECK(counting.get("/api/public/zones/").status == 429);
}

TEST_CASE("a device has ten calls a second", "[api][limits]") {
  Counting counting({});
  for (int i = 0; i < 10; ++i) CHECK(counting.get_as(store::Role::device, "/mine/").status == 200);
  const auto eleventh = counting.get_as(store::Role::device, "/mine/");
  CHECK(eleventh.status == 429);
  CHECK(header(eleventh, "Retry-After") == "1");
  counting.counter.clock.pass(1s);
  CHECK(counting.get_as(store::Role::device, "/mine/").status == 200);
}

TEST_CASE("providers have 600 calls a minute in all, and their tokens are not looked at",
          "[api][limits]") {
  Counting counting({.anonymous_per_hour = 1});
  Request request = Counter::request(Method::post, "/hook/");
  request.headers.push_back({"Authorization", "Basic not-ours"});
  for (int i = 0; i < 600; ++i) {
    request.peer_address = "203.0.113." + std::to_string(i % 200);
    REQUIRE(counting.ask(request).status == 200);
  }
  CHECK(counting.ask(request).status == 429);
  counting.counter.clock.pass(1min);
  CHECK(counting.ask(request).status == 200);
}

TEST_CASE("a payment's status can be asked thirty times a minute, by whomever", "[api][limits]") {
  Counting counting({.anonymous_per_hour = 1});
  for (int i = 0; i < 30; ++i) REQUIRE(counting.get("/status/one/").status == 200);
  CHECK(counting.get("/status/one/", "192.0.2.1").status == 429);
  CHECK(counting.get("/status/two/").status == 200);
  // What is no id is not kept at length.
  for (int i = 0; i < 30; ++i)
    REQUIRE(counting.get("/status/" + std::string(100 + std::size_t(i), 'x')).status == 200);
  CHECK(counting.get("/status/" + std::string(90, 'y')).status == 429);
}

TEST_CASE("who has used up their address's hour can still sign in, and the other way round",
          "[api][limits]") {
  const auto* path = GENERATE("/api/auth/login/", "/api/auth/refresh/");
  Counting counting({.anonymous_per_hour = 1});
  CHECK(counting.get("/api/public/zones/").status == 200);
  CHECK(counting.get("/api/public/zones/").status == 429);
  const auto first = counting.ask(Counter::request(Method::post, path));
  CHECK(first.status == 400);
  CHECK(header(first, "X-RateLimit-Remaining") == "0");
  CHECK(counting.ask(Counter::request(Method::post, "/api/auth/login/")).status == 429);
  Request elsewhere = Counter::request(Method::post, path);
  elsewhere.peer_address = "203.0.113.10";
  CHECK(counting.ask(std::move(elsewhere)).status == 400);
  CHECK(counting.get("/api/public/zones/", "203.0.113.10").status == 200);
}

TEST_CASE("what a browser asks before another site's page may send is not counted",
          "[api][limits]") {
  Counting counting({.anonymous_per_hour = 1});
  const auto preflight = [&](const std::string& path) {
    return counting.ask(Counter::request(Method::options, path));
  };
  for (int i = 0; i < 3; ++i) CHECK(preflight("/api/public/zones/").status == 200);
  CHECK(header(preflight("/api/public/zones/"), "X-RateLimit-Limit") == "-");
  CHECK(counting.get("/api/public/zones/").status == 200);
  CHECK(preflight("/api/public/zones/").status == 200);
  CHECK(preflight("/nothing/").status == 429);
}

TEST_CASE("without a limit nobody counts", "[api][limits]") {
  Counting counting({.anonymous_per_hour = 0, .user_per_hour = 0});
  for (int i = 0; i < 2000; ++i) REQUIRE(counting.get("/api/public/zones/").status == 200);
  CHECK(header(counting.get("/api/public/zones/"), "X-RateLimit-Limit") == "-");
}

TEST_CASE("callers cannot fill the memory", "[api][limits]") {
  ManualClock clock;
  CallWindows windows(1h, 3, clock);
  for (const auto* caller : {"a", "b", "c"}) {
    CHECK(windows.count(caller, 1).remaining == 0);
    clock.pass(1s);
  }
  CHECK(windows.count("a", 1).is_exceeded);
  CHECK_FALSE(windows.count("d", 1).is_exceeded);  // the oldest window gives way: a's
  CHECK(windows.size() == 3);
  CHECK(windows.count("b", 1).is_exceeded);
  CHECK_FALSE(windows.count("a", 1).is_exceeded);
  clock.pass(1h);
  CHECK_FALSE(windows.count("e", 1).is_exceeded);
  CHECK(windows.size() == 1);
}

}  // namespace
}  // namespace gatehouse::api

// Signing in: passwords, the throttle, and what the answer holds.
#include "tests/unit/edge/api/counter.hpp"

#include <future>
#include <set>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using gatehouse::tests::ManualClock;

const std::string here = "203.0.113.9";

TEST_CASE("a right password gives tokens that open what the account may", "[api][login]") {
  Counter counter;
  const Response answer = counter.login("staff1", right_password, here);
  CHECK(answer.status == 200);
  const Json body = Json::parse(answer.body);
  CHECK(body["success"] == true);
  CHECK(body["role"] == "STAFF");
  CHECK(body["expires_in"] == 86'400);
  const std::string access = body["access"];
  CHECK(name_of(identify(counter.tokens, counter.accounts, access)) == "staff1");
  CHECK_FALSE(identify(counter.tokens, counter.accounts, body["refresh"].get<std::string>()));
}

TEST_CASE("an unknown name, a wrong password and a disabled account hear the same",
          "[api][login]") {
  Counter counter;
  counter.accounts.at(store::Role::user).disabled = true;
  const Response wrong = counter.login("staff1", "wrong password", here);
  CHECK(wrong.status == 401);
  CHECK(Json::parse(wrong.body)["code"] == "bad_credentials");
  CHECK(counter.login("nobody", right_password, here).body == wrong.body);
  CHECK(counter.login("user123", right_password, here).body == wrong.body);
  CHECK(counter.login("STAFF1", right_password, here).body == wrong.body);
}

TEST_CASE("a login that cannot be read is told what it lacks", "[api][login]") {
  Counter counter;
  const auto [body, member] = GENERATE(table<std::string, const char*>({
      {R"({"username":"staff1"})", "password"},
      {R"({"password":"x"})", "username"},
      {R"({"username":"","password":"x"})", "username"},
      {R"({"username":"staff1","password":5})", "password"},
      {R"({"username":["staff1"],"password":"x"})", "username"},
      {R"({"username":"staff1","password":"x","remember":true})", "remember"},
      {R"({"username":"staff1","password":")" + std::string(600, 'x') + "\"}", "password"},
  }));
  const Response answer = counter.login(body);
  CHECK(answer.status == 400);
  const Json said = Json::parse(answer.body);
  CHECK(said["code"] == "validation_failed");
  CHECK(said["fields"].contains(member));
  CHECK_FALSE(answer.body.contains("xxx"));
}

TEST_CASE("five failures lock a name at an address for a quarter of an hour", "[api][login]") {
  Counter counter;
  for (int i = 0; i < 5; ++i) {
    counter.clock.pass(1min);
    CHECK(counter.login("staff1", "wrong password", here).status == 401);
  }
  const Response locked = counter.login("staff1", right_password, here);
  CHECK(locked.status == 429);
  CHECK(Json::parse(locked.body)["code"] == "throttled");
  CHECK(find_header(locked.headers, "Retry-After") == "900");
  // Others at the same address, and the same name elsewhere, are not.
  CHECK(counter.login("admin", right_password, here).status == 200);
  CHECK(counter.login("staff1", right_password, "203.0.113.10").status == 200);

  counter.clock.pass(15min - 1s);
  CHECK(find_header(counter.login("staff1", right_password, here).headers, "Retry-After") == "1");
  counter.clock.pass(1s);
  CHECK(counter.login("staff1", right_password, here).status == 200);
}

TEST_CASE("a success forgets the failures before it", "[api][login]") {
  Counter counter;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i)
      CHECK(counter.login("staff1", "wrong password", here).status == 401);
    CHECK(counter.login("staff1", right_password, here).status == 200);
  }
}

TEST_CASE("many tries at once are as many as one after another", "[api][throttle]") {
  const ManualClock clock;
  LoginThrottle throttle(5, 15min, clock);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(throttle.begin("staff1", here));
  CHECK(throttle.begin("staff1", here) == 15min);  // none of the five has ended yet
}

TEST_CASE("without a limit nobody is locked out", "[api][throttle]") {
  const ManualClock clock;
  LoginThrottle throttle(0, 15min, clock);
  for (int i = 0; i < 100; ++i) CHECK_FALSE(throttle.begin("staff1", here));
  CHECK(throttle.size() == 0);
}

TEST_CASE("names of an attacker's choosing do not fill the memory", "[api][throttle]") {
  ManualClock clock;
  LoginThrottle throttle(5, 15min, clock);
  for (int i = 0; i < 5; ++i) static_cast<void>(throttle.begin("staff1", here));
  for (std::size_t i = 0; i < LoginThrottle::places_max + 100; ++i) {
    clock.pass(1ms);
    CHECK_FALSE(throttle.begin("name" + std::to_string(i), here));
  }
  CHECK(throttle.size() == LoginThrottle::places_max);
}

TEST_CASE("all addresses of an IPv6 customer are one", "[api][throttle]") {
  const auto [address, network] = GENERATE(table<const char*, const char*>({
      {"2001:db8:1:2:aaaa::1", "2001:db8:1:2::"},
      {"2001:db8:1:2:bbbb::2", "2001:db8:1:2::"},
      {"2001:db8:1:3::1", "2001:db8:1:3::"},
      {"::ffff:192.0.2.7", "::ffff:192.0.2.7"},
      {"192.0.2.7", "192.0.2.7"},
      {"", ""},
  }));
  CHECK(network_of(address) == network);
}

TEST_CASE("a password is kept as argon2id of 19 MiB and two passes, salted", "[api][passwords]") {
  const std::string one = hash_password(right_password);
  CHECK(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(hash_password(right_password) != one);
  CHECK(is_password(right_password, one));
  CHECK_FALSE(is_password("Correct horse", one));
  CHECK_FALSE(is_password("", one));
  // Whom nobody is compared with costs as much.
  CHECK(nobodys_hash().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST_CASE("nothing is the password of what is no hash", "[api][passwords]") {
  const auto* hash = GENERATE("", "x", right_password.c_str(), "$argon2id$v=19$m=19456,t=2,p=1$");
  CHECK_FALSE(is_password(right_password, hash));
  CHECK_FALSE(is_password("", hash));
}

TEST_CASE("a password is neither too short nor too long, counted in characters",
          "[api][passwords]") {
  const auto [password, is_good] = GENERATE(table<std::string, bool>({
      {"", false},
      {"123456789", false},
      {"1234567890", false},  // everybody tries it first
      {"PassWord123", false},
      {"a1b2c3d4e5", false},
      {"correct horse", true},
      {"पासवर्ड", false},
      {"पासवर्डपासवर्ड", true},
      {std::string(128, 'x'), true},
      {std::string(129, 'x'), false},
  }));
  CAPTURE(password);
  CHECK(password_problem(password).has_value() != is_good);
}

TEST_CASE("made-up passwords differ, and can be read out over a telephone", "[api][passwords]") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string password = random_password();
    CHECK(password.size() == 20);
    CHECK(password.find_first_of("01ilo") == std::string::npos);
    CHECK_FALSE(password_problem(password));
    seen.insert(password);
  }
  CHECK(seen.size() == 100);
}

TEST_CASE("when too many passwords wait, the next one is asked to come again", "[api][login]") {
  Counter counter;
  counter.workers.stop();
  const Response answer = counter.login("staff1", right_password, here);
  CHECK(answer.status == 503);
  CHECK(find_header(answer.headers, "Retry-After") == "1");
}

TEST_CASE("a password that nobody was free to check is no failed one", "[api][login]") {
  Counter counter;
  counter.workers.stop();
  for (int i = 0; i < 6; ++i) CHECK(counter.login("staff1", right_password, here).status == 503);
  CHECK(counter.throttle.size() == 0);
}

TEST_CASE("a try counts until it is given back, and then does not", "[api][throttle]") {
  const ManualClock clock;
  LoginThrottle throttle(2, 15min, clock);
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(throttle.begin("staff1", here));
    const LoginTry undecided(throttle, "staff1", here);
  }
  CHECK(throttle.size() == 0);
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(throttle.begin("staff1", here));
    LoginTry wrong(throttle, "staff1", here);
    wrong.was_wrong();
  }
  CHECK(throttle.begin("staff1", here) == 15min);
}

TEST_CASE("workers do what waits, up to their number, and stop", "[api][workers]") {
  Workers workers(1, 1);
  std::promise<void> begun;
  std::promise<void> go_on;
  REQUIRE(workers.run([&] {
    begun.set_value();
    go_on.get_future().wait();
  }));
  begun.get_future().wait();
  bool was_done = false;
  CHECK(workers.run([&] { was_done = true; }));
  CHECK_FALSE(workers.run([] {}));
  std::promise<void> done;
  go_on.set_value();
  while (!workers.run([&] { done.set_value(); })) std::this_thread::yield();
  done.get_future().wait();
  CHECK(was_done);
  workers.stop();
  CHECK_FALSE(workers.run([] {}));
}

}  // namespace
}  // namespace gatehouse::api

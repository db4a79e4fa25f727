#include "broker/accounts.hpp"

#include <set>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace gatehouse::broker;

TEST_CASE("a hash that mosquitto_passwd wrote is understood", "[broker][accounts]") {
  // mosquitto_passwd -b passwd alice secret, version 2.0.11
  const std::string hash =
      "$7$101$qIHSPYCFah/Azzv1$"
      "Qhpqr/m0xVMbyZx9gs8VhHY+wielsQIUk8G6mkQqUmlKupIWfcYklr7mmJ8khNWidm9J4TOEQXf1a3zkFTdQxw==";
  CHECK(password_matches("secret", hash));
  CHECK_FALSE(password_matches("Secret", hash));
  CHECK_FALSE(password_matches("", hash));
}

TEST_CASE("a password fits its own hash and no other's", "[broker][accounts]") {
  REQUIRE(rc::check([](const std::string& password, const std::string& other) {
    const std::string hash = hash_password(password);
    RC_ASSERT(password_matches(password, hash));
    RC_ASSERT(password_matches(other, hash) == (other == password));
  }));
}

TEST_CASE("the same password is hashed differently for each account", "[broker][accounts]") {
  CHECK(hash_password("secret") != hash_password("secret"));
}

TEST_CASE("a hash has the broker's form", "[broker][accounts]") {
  const std::string hash = hash_password("secret");
  // $7$101$ + 12 bytes + $ + 64 bytes, in base64
  CHECK(hash.size() == 7 + 16 + 1 + 88);
  CHECK(hash.starts_with("$7$101$"));
  CHECK(hash.ends_with("=="));
}

TEST_CASE("text that is no hash fits no password", "[broker][accounts]") {
  const std::string good = hash_password("secret");
  const std::string hash = GENERATE_COPY(values<std::string>({
      "",
      "$",
      "$7$",
      "$7$101$",
      "$7$101$$",
      "secret",
      "$6$abcd$abcd",
      "$7$0" + good.substr(6),
      "$7$-1" + good.substr(6),
      "$7$9999999999" + good.substr(6),
      "$7$x" + good.substr(6),
      good.substr(0, good.size() - 1),
      good + "=",
      good + "AAAA",
      "$7$101$****************$" + good.substr(24),
      good.substr(0, 24) + "AAAA",
  }));
  CAPTURE(hash);
  CHECK_FALSE(password_matches("secret", hash));
}

TEST_CASE("a new password has 26 letters that are not mistaken for one another",
          "[broker][accounts]") {
  std::set<std::string> seen;
  constexpr int passwords = 100;
  for (int i = 0; i < passwords; ++i) {
    const std::string password = generate_password();
    CHECK(password.size() == 26);
    CHECK(password.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
    seen.insert(password);
  }
  CHECK(seen.size() == passwords);
}

TEST_CASE("a password file is read account by account", "[broker][accounts]") {
  const auto hashes = read_password_file("gateway:$7$101$a$b\n\nA-001:$6$c$d");
  REQUIRE(hashes.has_value());
  CHECK(hashes->size() == 2);
  CHECK(hashes->at("gateway") == "$7$101$a$b");
  CHECK(hashes->at("A-001") == "$6$c$d");
  CHECK(read_password_file("").value().empty());
}

TEST_CASE("a damaged password file is refused with the line", "[broker][accounts]") {
  CHECK(read_password_file("gateway:$7$a$b$c\nA-001\n").error() ==
        "line 2 is not an account and its hashed password");
  CHECK(read_password_file("A 1:$7$a$b$c\n").error() ==
        "line 1 is not an account and its hashed password");
  CHECK(read_password_file("A:plain\n").error() ==
        "line 1 is not an account and its hashed password");
  CHECK(read_password_file("A:$7$x\nA:$7$y\n").error() == "line 2 names an account a second time");
}

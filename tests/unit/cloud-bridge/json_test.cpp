#include "cloud-bridge/payments/json.hpp"

#include <string>

#include <catch2/catch.hpp>

using gatehouse::payments::Json;

TEST_CASE("JSON keeps the order in which it was written", "[payments][json]") {
  const auto json = Json::object()
                        .set("b", 1)
                        .set("a", "x\"\n")
                        .set("c", Json::object().set("d", true))
                        .set("e", Json::array().push(2).push(Json()));
  CHECK(json.dump() == R"({"b":1,"a":"x\"\n","c":{"d":true},"e":[2,null]})");
  CHECK(Json::parse(json.dump())->dump() == json.dump());
}

TEST_CASE("what is missing is null, as deep as one asks", "[payments][json]") {
  const auto json = Json::parse(R"({"error":{"code":"X"}})");
  REQUIRE(json);
  CHECK((*json)["error"]["code"].text() == "X");
  CHECK((*json)["error"]["code"]["further"].is_null());
  CHECK_FALSE((*json)["data"]["amount"].whole());
  CHECK((*json)["data"].items().empty());
}

TEST_CASE("a number is whole or it is no number of paise", "[payments][json]") {
  const auto whole = [](const std::string& text) {
    return (*Json::parse("[" + text + "]")).items().front().whole();
  };
  CHECK(whole("5000") == 5000);
  CHECK(whole("-1") == -1);
  CHECK(whole("9223372036854775807") == 9'223'372'036'854'775'807);
  for (const std::string text :
       {"5000.0", "5e3", "\"5000\"", "9223372036854775808", "1e400", "true", "null"}) {
    INFO(text);
    if (text == "1e400") {
      CHECK_FALSE(Json::parse("[" + text + "]"));
    } else {
      CHECK_FALSE(whole(text));
    }
  }
}

TEST_CASE("what is no JSON is nothing", "[payments][json]") {
  for (const std::string text : {"", "{", "{}x", "<html>", "{'a':1}", "\"\xff\"", "nul"})
    CHECK_FALSE(Json::parse(text));
  CHECK(Json::parse(std::string(30, '[') + std::string(30, ']')));
  CHECK_FALSE(Json::parse(std::string(100'000, '[')));
  CHECK_FALSE(Json::parse(std::string(40, '[') + std::string(40, ']')));
}

TEST_CASE("of two members of one name the last counts", "[payments][json]") {
  CHECK((*Json::parse(R"({"amount":1,"amount":2})"))["amount"].whole() == 2);
}

// What requests carry, and how it is checked.
#include "edge/api/form.hpp"

#include "edge/api/limits.hpp"
#include "tests/unit/edge/api/counter.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Kind = Member::Kind;

Request with_body(std::string type, std::string body) {
  Request request = Counter::request(Method::post, "/");
  if (!type.empty()) request.headers.push_back({"Content-Type", std::move(type)});
  request.body = std::move(body);
  return request;
}
Request json(std::string body) { return with_body("application/json", std::move(body)); }

TEST_CASE("members of a JSON object come as they were written", "[api][body]") {
  const auto members = read_body(
      json(R"({"text":"a é","n":100.50,"i":-7,"u":18446744073709551615,"t":true,"o":null,)"
           R"("x":{"deep":[1,{"y":2}]},"a":[1,"b"],"":"","last":1})"),
      Accepts::json);
  REQUIRE(members);
  const auto [place, name, kind, text] =
      GENERATE(table<std::size_t, const char*, Kind, const char*>({
          {0, "text", Kind::text, "a é"},
          {1, "n", Kind::number, "100.50"},
          {2, "i", Kind::number, "-7"},
          {3, "u", Kind::number, "18446744073709551615"},
          {4, "t", Kind::boolean, "true"},
          {5, "o", Kind::null, ""},
          {6, "x", Kind::structure, ""},
          {7, "a", Kind::structure, ""},
          {8, "", Kind::text, ""},
          {9, "last", Kind::number, "1"},
      }));
  REQUIRE(members->size() == 10);
  const Member& member = (*members)[place];
  CHECK(member.name == name);
  CHECK(member.kind == kind);
  CHECK(member.text == text);
}

TEST_CASE("a body that is no JSON object is refused", "[api][body]") {
  const std::string deep(100, '[');
  const auto body = GENERATE_COPY(
      std::string("["), std::string("[]"), std::string("5"), std::string("\"x\""),
      std::string("null"), std::string("{\"a\":1"), std::string("{\"a\":1}}"), std::string("{a:1}"),
      std::string("{\"a\":1,}"), std::string("{\"a\":\"\xff\"}"),
      std::string("{\"a\":\"\xed\xa0\x80\"}"), std::string("{\"a\":NaN}"), std::string("{} {}"),
      std::string("\0", 1), std::string(" "), "{\"a\":" + deep,
      "{\"a\":" + deep + std::string(100, ']') + "}");
  CAPTURE(body);
  const auto members = read_body(json(body), Accepts::json);
  REQUIRE_FALSE(members);
  CHECK(members.error().status == 400);
  CHECK(members.error().body.contains("malformed_body"));
}

TEST_CASE("more members than any call has are refused", "[api][body]") {
  const auto with = [](std::size_t count) {
    std::string body = "{";
    for (std::size_t i = 0; i < count; ++i)
      body += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    return json(body + "}");
  };
  CHECK(read_body(with(limits::members_max), Accepts::json));
  CHECK_FALSE(read_body(with(limits::members_max + 1), Accepts::json));
}

TEST_CASE("a body is of a type that the call takes", "[api][body]") {
  const auto [type, body, accepts, status] =
      GENERATE(table<const char*, const char*, Accepts, int>({
          {"application/json", "{}", Accepts::json, 200},
          {"Application/JSON; charset=utf-8", "{}", Accepts::json, 200},
          {"application/x-www-form-urlencoded", "a=1", Accepts::json_or_form, 200},
          {"application/json", "{}", Accepts::json_or_form, 200},
          {"application/x-www-form-urlencoded", "a=1", Accepts::json, 415},
          {"text/plain", "{}", Accepts::json, 415},
          {"application/jsonp", "{}", Accepts::json, 415},
          {"multipart/form-data; boundary=x", "--x", Accepts::json_or_form, 415},
          {"", "{}", Accepts::json, 415},
          {"", "", Accepts::json, 200},
          {"text/plain", "", Accepts::json, 200},
      }));
  CAPTURE(type, body);
  const auto members = read_body(with_body(type, body), accepts);
  CHECK((members ? 200 : members.error().status) == status);
}

TEST_CASE("forms and queries are decoded", "[api][body]") {
  const auto members = read_body(
      with_body("application/x-www-form-urlencoded",
                "vehicle_number=DL+01%2dAB&&owner=A%20%26%20%C3%A9&empty=&alone&=nameless&a=b=c"),
      Accepts::json_or_form);
  REQUIRE(members);
  const auto [place, name, text] = GENERATE(table<std::size_t, const char*, const char*>({
      {0, "vehicle_number", "DL 01-AB"},
      {1, "owner", "A & é"},
      {2, "empty", ""},
      {3, "alone", ""},
      {4, "", "nameless"},
      {5, "a", "b=c"},
  }));
  REQUIRE(members->size() == 6);
  CHECK((*members)[place].name == name);
  CHECK((*members)[place].text == text);
}

TEST_CASE("a form that cannot be decoded is refused", "[api][body]") {
  const auto* body = GENERATE("a=%", "a=%4", "a=%zz", "a=%ff", "%=1", "a=%c3%28", "a=%ed%a0%80");
  CAPTURE(body);
  const auto members =
      read_body(with_body("application/x-www-form-urlencoded", body), Accepts::json_or_form);
  REQUIRE_FALSE(members);
  CHECK(members.error().status == 400);
}

TEST_CASE("text is UTF-8 or none", "[api][body]") {
  const auto [bytes, is_good] = GENERATE(table<std::string, bool>({
      {"", true},
      {"abc", true},
      {"\xc2\x80", true},
      {"\xe0\xa0\x80", true},
      {"\xf4\x8f\xbf\xbf", true},
      {"\x80", false},
      {"\xc0\x80", false},
      {"\xc1\xbf", false},
      {"\xe0\x9f\xbf", false},
      {"\xed\xbf\xbf", false},
      {"\xf0\x8f\xbf\xbf", false},
      {"\xf4\x90\x80\x80", false},
      {"\xf5\x80\x80\x80", false},
      {"abc\xc3", false},
      {"\xe2\x82", false},
  }));
  CHECK(is_utf8(bytes) == is_good);
}

/// What is wrong with a member, as the caller is told; empty: nothing.
template <class Ask>
std::string problem(const std::string& body, Ask&& ask) {
  auto form = Form::of_body(json(body));
  REQUIRE(form);
  ask(*form);
  if (form->is_good()) return "";
  const Response refusal = form->refusal();
  CHECK(refusal.status == 400);
  const auto said = nlohmann::json::parse(refusal.body);
  CHECK(said["success"] == false);
  CHECK(said["code"] == "validation_failed");
  CHECK(said["error"] == said["message"]);
  return said["fields"].items().begin().value();
}

TEST_CASE("an amount is a number of rupees, never reckoned with as a fraction", "[api][form]") {
  const auto [written, paise] = GENERATE(table<const char*, std::optional<std::int64_t>>({
      {"100", 10'000},
      {"100.0", 10'000},
      {"100.50", 10'050},
      {"0.29", 29},
      {"0", 0},
      {"9999999.99", 999'999'999},
      {"100.005", std::nullopt},
      {"-1", std::nullopt},
      {"1e3", std::nullopt},
      {"10000000", std::nullopt},
      {"\"100\"", std::nullopt},
      {"true", std::nullopt},
      {"[100]", std::nullopt},
  }));
  CAPTURE(written);
  std::optional<Paise> amount;
  const std::string wrong = problem(std::string("{\"amount\":") + written + "}",
                                    [&](Form& form) { amount = form.rupees("amount"); });
  CHECK(wrong.empty() == paise.has_value());
  CHECK(amount.has_value() == paise.has_value());
  if (paise && amount) CHECK(amount->count() == *paise);
}

TEST_CASE("each kind of member is told what is wrong with it", "[api][form]") {
  const auto text = [](Form& form) { static_cast<void>(form.text("m", Need::required, 5)); };
  const auto maybe = [](Form& form) { static_cast<void>(form.text("m", Need::optional, 5)); };
  const auto id = [](Form& form) { static_cast<void>(form.id("m", Need::required)); };
  const auto plate = [](Form& form) { static_cast<void>(form.vehicle("m", Need::required)); };
  CHECK(problem(R"({"m":" é23 5 "})", text).empty());
  CHECK(problem(R"({"m":"123456"})", text) == "has 5 characters at most");
  CHECK(problem(R"({"m":"a\u0000b"})", text) == "holds a character that cannot be shown");
  CHECK(problem(R"({"m":"a\nb"})", text) == "holds a character that cannot be shown");
  CHECK(problem(R"({"m":5})", text) == "is to be text");
  CHECK(problem(R"({"m":{}})", text) == "is to be text");
  CHECK(problem(R"({"m":null})", text) == "is required");
  CHECK(problem(R"({"m":"  "})", text) == "is required");
  CHECK(problem("{}", text) == "is required");
  CHECK(problem("{}", maybe).empty());
  CHECK(problem(R"({"m":""})", maybe).empty());
  CHECK(problem(R"({"m":"a","more":1})", text) == "is not known here");
  CHECK(problem(R"({"m":"a","m":"b"})", text) == "is given twice");
  CHECK(problem(R"({"m":7})", id).empty());
  CHECK(problem(R"({"m":true})", id) == "is to be text");
  CHECK(problem(R"({"m":")" + std::string(65, 'x') + "\"}", id) == "is no id");
  CHECK(problem(R"({"m":"dl-01-ab-1234"})", plate).empty());
  CHECK(problem(R"({"m":"---"})", plate) == "must have at least 4 letters and digits");
}

TEST_CASE("all that is wrong is told at once", "[api][form]") {
  auto form = Form::of_body(json(R"({"a":5,"c":1})"));
  REQUIRE(form);
  CHECK_FALSE(form->text("a", Need::required, 5));
  CHECK_FALSE(form->text("b", Need::required, 5));
  const auto said = nlohmann::json::parse(form->refusal().body);
  CHECK(said["error"] == "a is to be text");
  CHECK(said["fields"] ==
        nlohmann::json{{"a", "is to be text"}, {"b", "is required"}, {"c", "is not known here"}});
}

TEST_CASE("older forms pass over what they do not know and read numbers as text", "[api][form]") {
  auto form = Form::of_older_form(json(R"({"zone_id":1,"owner":5,"more":true,"odd":[1]})"));
  REQUIRE(form);
  CHECK(form->id("zone_id", Need::required) == "1");
  CHECK(form->text("owner", Need::required, 10) == "5");
  CHECK_FALSE(form->text("odd", Need::optional, 10));
  CHECK(form->is_good());
}

}  // namespace
}  // namespace gatehouse::api

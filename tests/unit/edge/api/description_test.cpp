// The descriptions against the routes and their parsers: what is described is there and takes what
// is described, what is there is described, and nothing else is taken.
#include "edge/api/description.hpp"

#include "edge/api/openapi.hpp"
#include "edge/api/schemas.hpp"
#include "tests/unit/edge/api/reading_lot.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

/// Everything a gateway with a store, gates and accounts serves. Who is asked for an answer that
/// waits for the engine or a worker gives none: the request was good.
struct WholeApi {
  WholeApi() = default;
  WholeApi(const WholeApi&) = delete;
  WholeApi& operator=(const WholeApi&) = delete;
  /// Passwords may still be checked for calls whose routes are about to go.
  ~WholeApi() { counter.workers.stop(); }

  ReadingLot lot;
  Counter counter;
  Router router{
      all_routes([this] {
        Sources sources = counter.lot.sources();
        sources.desk = &counter.desk;
        sources.reading = &lot.side.room;
        return sources;
      }()),
      {},
      [this](std::string_view token) { return identify(counter.tokens, counter.accounts, token); }};

  /// What is said at once; nullopt: it waits, so nothing is wrong with the request.
  std::optional<Response> ask(Request request) {
    auto said = std::make_shared<std::optional<Response>>();
    auto is_over = std::make_shared<bool>(false);
    request.headers.push_back({"Authorization", "Bearer " + counter.token(store::Role::admin)});
    router.handle(std::move(request), [said, is_over](Response response) {
      if (!*is_over) *said = std::move(response);
    });
    *is_over = true;
    engine::Batch batch;
    counter.inbox.take(batch);  // so that it never fills
    return *said;
  }
};

bool is_page_file(const Route& route) { return route.pattern.starts_with("/assets/"); }

std::string key_of(Method method, std::string_view pattern) {
  return std::string(name(method)) + ' ' + std::string(pattern);
}

/// A value that fits the type.
nlohmann::json example_of(const DescribedMember& member) {
  static const std::map<std::string, nlohmann::json, std::less<>> by_type = {
      {"code", "PARK-0"},
      {"vehicle", "DL01AB1234"},
      {"email", "priya@example.org"},
      {"phone", "+91 98100 00000"},
      {"uuid", "7ea6507b-7529-40b5-9810-33b0368dd614"},
      {"id", "7ea6507b-7529-40b5-9810-33b0368dd614"},
      {"gate", "ENTRY_GATE_01"},
      {"slot", "A-001"},
      {"zone", "A"},
      {"user", "staff1"},
      {"secret", right_password},
      {"rupees", 50.5},
      {"decimal", "50.00"},
      {"paise", 5050},
      {"whole", 1},
      {"flag", true},
      {"time", "2026-11-20T09:00:00Z"},
      {"day", "2026-11-20"},
      {"bound", "2026-11-20"},
      {"object", nlohmann::json::object()}};
  if (const auto found = by_type.find(member.type); found != by_type.end()) return found->second;
  if (member.type.starts_with('[')) return nlohmann::json::array();
  const auto schema = nlohmann::json::parse(schema_of_type(member.type, SchemaFor::answer));
  if (schema.contains("enum")) return schema["enum"][0];
  if (!schema.contains("$ref")) return "word";
  auto object = nlohmann::json::object();
  for (const DescribedMember& each : members_in("+" + member.type)) {
    if (!each.is_optional) object[each.name] = example_of(each);
  }
  return object;
}

/// Whether the type is one value, and no list or object of others.
bool is_plain(const DescribedMember& member) {
  return member.type != "object" && !example_of(member).is_structured();
}

std::string query_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool asks_by_query(const DescribedCall& call) {
  return call.method == Method::get || call.method == Method::delete_;
}

/// What stands behind this beginning of a path.
std::string example_in(const std::string& before) {
  if (before.ends_with("/gates/")) return "ENTRY_GATE_01";
  if (before.ends_with("/zones/")) return "A";
  if (before.ends_with("/slots/")) return "A-001";
  if (before.ends_with("/users/") || before.ends_with("/shifts/")) return "1";
  return "7ea6507b-7529-40b5-9810-33b0368dd614";
}

Request request_of(const DescribedCall& call, const nlohmann::json& members) {
  std::string path(call.pattern);
  for (auto begin = path.find('{'); begin != std::string::npos; begin = path.find('{')) {
    path.replace(begin, path.find('}') - begin + 1, example_in(path.substr(0, begin)));
  }
  if (!asks_by_query(call)) return Counter::request(call.method, path, members.dump());
  char mark = '?';
  for (const auto& [name, value] : members.items()) {
    path += std::exchange(mark, '&');
    path += name + '=' + query_text(value);
  }
  return Counter::request(call.method, path);
}

/// What a refusal says of each member.
std::map<std::string, std::string> problems_in(const std::optional<Response>& said) {
  if (!said || said->content_type != json_type) return {};
  const auto body = nlohmann::json::parse(said->body, nullptr, false);
  if (!body.is_object() || !body.contains("fields")) return {};
  return body["fields"].get<std::map<std::string, std::string>>();
}

/// What lot.toml's rules judge (lot_rules.hpp), which are the gateway's and not there here: these
/// are held to their description by the integration test alone.
bool is_of_lot_toml(const DescribedCall& call) {
  if (call.pattern == "/api/admin/settings/") return true;
  const bool is_asked = call.method == Method::get || call.method == Method::delete_;
  return call.pattern.starts_with("/api/admin/zones/") && !is_asked;
}

/// Calls whose parsers are told of members. Streams would stay open.
std::vector<DescribedCall> asked_calls() {
  std::vector<DescribedCall> calls = described_calls();
  std::erase_if(calls, [](const DescribedCall& call) {
    return call.gives == Gives::page || call.gives == Gives::stream || is_of_lot_toml(call);
  });
  return calls;
}

/// Whether what there is at the address reads members at all.
bool reads_members(const DescribedCall& call) {
  if (call.method == Method::delete_) return !call.takes.empty();
  return !call.takes.empty() || (call.gives != Gives::bare && call.gives != Gives::file &&
                                 call.gives != Gives::array && !call.pattern.contains("/zone"));
}

TEST_CASE("every route is described, and everything described is a route", "[api][description]") {
  WholeApi api;
  std::set<std::string> routes;
  for (const Route& route : api.router.routes()) {
    if (!is_page_file(route)) routes.insert(key_of(route.method, route.pattern));
  }
  std::set<std::string> described;
  for (const DescribedCall& call : described_calls()) {
    if (is_of_lot_toml(call)) continue;
    const std::string key = key_of(call.method, call.pattern);
    INFO(key);
    CHECK(described.insert(key).second);
    CHECK_FALSE(call.summary.empty());
  }
  for (const std::string& route : routes) {
    INFO(route);
    CHECK(described.contains(route));
  }
  for (const std::string& call : described) {
    INFO(call);
    CHECK(routes.contains(call));
  }
}

TEST_CASE("every word and every object of the descriptions is known", "[api][description]") {
  for (const DescribedCall& call : described_calls()) {
    INFO(key_of(call.method, call.pattern));
    std::istringstream words{std::string(call.refusals)};
    for (std::string word; words >> word;) {
      INFO(word);
      CHECK(status_of_refusal(word) != 0);
    }
  }
  std::set<std::string_view> names;
  for (const DescribedObject& object : described_objects()) CHECK(names.insert(object.name).second);
  WholeApi api;
  for (const auto& text : {openapi_json(api.router.routes()), asyncapi_json()}) {
    const auto document = nlohmann::json::parse(text);
    const auto flat = document.flatten();
    for (const auto& [path, value] : flat.items()) {
      if (!path.ends_with("/$ref")) continue;
      INFO(path << " " << value);
      const std::string reference = value;
      CHECK(document["components"]["schemas"].contains(reference.substr(reference.rfind('/') + 1)));
    }
  }
}

TEST_CASE("what is described is taken", "[api][description]") {
  WholeApi api;
  for (const DescribedCall& call : asked_calls()) {
    for (const DescribedMember& member : members_in(call.takes)) {
      nlohmann::json members;
      for (const DescribedMember& each : members_in(call.takes)) {
        if (!each.is_optional || each.name == member.name) members[each.name] = example_of(each);
      }
      const auto said = api.ask(request_of(call, members));
      INFO(key_of(call.method, call.pattern) << " " << members << " " << (said ? said->body : ""));
      const auto problems = problems_in(said);
      // Another may be wanted beside it, or stand in its place; unknown it is not, nor wrongly
      // made.
      const auto problem = problems.find(member.name);
      const std::string told = problem == problems.end() ? "" : problem->second;
      CHECK(told != "is not known here");
      CHECK_FALSE(told.starts_with("is to be"));
      CHECK((!said || said->status != 500));
    }
  }
}

TEST_CASE("what is not described is refused by its name", "[api][description]") {
  WholeApi api;
  std::set<std::string> dictionary{"no_such_member"};
  for (const DescribedCall& call : asked_calls()) {
    for (const DescribedMember& member : members_in(call.takes)) dictionary.insert(member.name);
  }
  for (const DescribedCall& call : asked_calls()) {
    if (!reads_members(call)) continue;
    nlohmann::json members = nlohmann::json::object();
    std::set<std::string> known;
    for (const DescribedMember& each : members_in(call.takes)) {
      known.insert(each.name);
      if (!each.is_optional) members[each.name] = example_of(each);
    }
    for (const std::string& stranger : dictionary) {
      if (known.contains(stranger)) continue;
      auto with_stranger = members;
      with_stranger[stranger] = "word";
      const auto said = api.ask(request_of(call, with_stranger));
      INFO(key_of(call.method, call.pattern)
           << " " << with_stranger << " " << (said ? said->body : ""));
      const auto problems = problems_in(said);
      if (call.manner == Takes::lenient) {
        CHECK_FALSE(problems.contains(stranger));
      } else {
        REQUIRE(said);
        CHECK(said->status == 400);
        CHECK(problems.contains(stranger));
      }
    }
  }
}

TEST_CASE("a member of the wrong type is refused by its name", "[api][description]") {
  WholeApi api;
  for (const DescribedCall& call : asked_calls()) {
    if (asks_by_query(call)) continue;
    for (const DescribedMember& member : members_in(call.takes)) {
      if (!is_plain(member)) continue;
      nlohmann::json members;
      for (const DescribedMember& each : members_in(call.takes)) {
        if (!each.is_optional) members[each.name] = example_of(each);
      }
      members[member.name] = {{"nested", {1, 2, 3}}};
      const auto said = api.ask(request_of(call, members));
      INFO(key_of(call.method, call.pattern) << " " << members << " " << (said ? said->body : ""));
      if (call.manner == Takes::lenient && member.is_optional) continue;
      REQUIRE(said);
      CHECK(said->status == 400);
      CHECK(problems_in(said).contains(member.name));
    }
  }
}

TEST_CASE("the documents are served to anybody", "[api][description]") {
  WholeApi api;
  const Response openapi = api::ask(api.router, Counter::request(Method::get, "/openapi.json"));
  REQUIRE(openapi.status == 200);
  const auto document = nlohmann::json::parse(openapi.body);
  CHECK(document["openapi"] == "3.1.0");
  const auto& exit = document["paths"]["/api/staff/exit/"]["post"];
  CHECK(exit["x-roles"] == nlohmann::json({"ADMIN", "STAFF"}));
  const auto& body = exit["requestBody"]["content"]["application/json"]["schema"];
  CHECK(body["required"] == nlohmann::json({"payment_method"}));
  CHECK(body["additionalProperties"] == false);
  CHECK(exit["responses"].contains("409"));
  CHECK(document["paths"]["/openapi.json"]["get"]["security"].empty());
  const Response asyncapi = api::ask(api.router, Counter::request(Method::get, "/asyncapi.json"));
  REQUIRE(asyncapi.status == 200);
  CHECK(nlohmann::json::parse(asyncapi.body)["channels"].contains(
      "parking/v1/{lot}/gates/{gate}/decision"));
}

TEST_CASE("lists of members are read", "[api][description]") {
  const auto members = members_in("name other?:whole? +RateLine");
  REQUIRE(members.size() == 5);
  CHECK(members[0].type == "text");
  CHECK(members[1].is_optional);
  CHECK(members[1].is_nullable);
  CHECK(members[1].type == "whole");
  CHECK(members[2].name == "hourly_rate");
  CHECK(nlohmann::json::parse(schema_of(members[1], SchemaFor::answer))["anyOf"].size() == 2);
  CHECK(schema_of_type("[Zone]", SchemaFor::answer) ==
        R"({"type":"array","items":{"$ref":"#/components/schemas/Zone"}})");
  CHECK(schema_of_type("a|b", SchemaFor::answer) == R"({"type":"string","enum":["a","b"]})");
  CHECK(status_of_refusal("zone_full") == 409);
  CHECK(status_of_refusal("zone") == 0);
}

}  // namespace
}  // namespace gatehouse::api

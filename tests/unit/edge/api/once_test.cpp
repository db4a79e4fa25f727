// Idempotency-Key and the audit's chain, as the API brings them to the engine.
#include "edge/engine/once.hpp"

#include "edge/api/origin.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "tests/unit/edge/api/counter.hpp"
#include "tests/unit/edge/api/said.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::api;
using store::Role;

namespace {

const std::string incident = R"({"kind":"other","description":"A lamp"})";

std::string code_of(const Response& response) {
  return nlohmann::json::parse(response.body).value("code", "");
}

struct Listening : Counter {
  Listening() { desk.audit = &inbox_of_audit; }
  engine::AuditInbox inbox_of_audit{clock};

  std::vector<store::AuditEntry> seen() {
    return inbox_of_audit.take(clock.now().steady, engine::AuditInbox::Taking::everything);
  }
  Told post(const std::string& path, const std::string& body, const std::string& key,
            std::optional<Role> role = Role::staff, const std::string& address = "203.0.113.9") {
    Request asking = request(Method::post, path, body);
    asking.peer_address = address;
    asking.headers.push_back({"Idempotency-Key", key});
    if (role) asking.headers.push_back({"Authorization", "Bearer " + token(*role)});
    return send(std::move(asking));
  }
  /// What waits for the engine, whatever it is.
  const engine::Call& waiting() {
    inbox.take(batch);
    REQUIRE(batch.urgent.size() == 1);
    call = std::get<engine::CallMade>(batch.urgent.front()).call.get();
    return *call;
  }
};

}  // namespace

TEST_CASE("a key reaches the engine with whose it is and what it stands for", "[api][once]") {
  Listening counter;
  counter.post("/api/staff/incidents/", incident, "k 1");
  const engine::OnlyOnce mine = counter.waiting().once.value();
  CHECK(mine.key == "k 1");
  CHECK(mine.scope == "user 2 POST /api/staff/incidents");
  CHECK(counter.call->from.action == "POST /api/staff/incidents/");
  CHECK(counter.call->from.role == "STAFF");
  CHECK(counter.call->from.address == "203.0.113.9");

  counter.post("/api/staff/incidents", incident, "k 1");
  CHECK(counter.waiting().once->scope == mine.scope);
  CHECK(counter.call->once->request_hash == mine.request_hash);
  counter.post("/api/staff/incidents/", R"({"kind":"other","description":"B"})", "k 1");
  CHECK(counter.waiting().once->request_hash != mine.request_hash);
  counter.post("/api/staff/incidents/", incident, "k 1", Role::admin);
  CHECK(counter.waiting().once->scope == "user 1 POST /api/staff/incidents");
  // Without an account it is the address; of IPv6 the network.
  const std::string code = R"({"qr_code":"PARK-0"})";
  counter.post("/api/user/cancel-booking/", code, "k1", {}, "2001:db8::1:2:3:4");
  CHECK(counter.waiting().once->scope == "address 2001:db8:: POST /api/user/cancel-booking");
}

TEST_CASE("what is kept is answered as it was, and what it shows is what is kept", "[api][once]") {
  Listening counter;
  const auto said = counter.post("/api/staff/shift/open/", R"({"float":10})", "k1");
  const engine::CallAnswer refused{
      0, std::unexpected(engine::CallRefused{engine::Refusal::shift_open, {}, {}})};
  const engine::Rendered kept = counter.waiting().once->render(refused);
  CHECK(kept.status == 409);
  counter.tell(refused.result);
  REQUIRE(said->size() == 1);
  CHECK(said->front().body == kept.body);

  const auto again = counter.post("/api/staff/shift/open/", R"({"float":10})", "k1");
  counter.waiting();
  counter.tell(engine::Rendered{201, "text/html", "as before"});
  REQUIRE(again->size() == 1);
  CHECK(again->front().status == 201);
  CHECK(again->front().content_type == "text/html");
  CHECK(again->front().body == "as before");

  const auto other = counter.post("/api/staff/shift/open/", R"({"float":11})", "k1");
  counter.waiting();
  counter.tell(std::unexpected(engine::CallRefused{engine::Refusal::key_reused, {}, {}}));
  CHECK(other->front().status == 422);
  CHECK(code_of(other->front()) == "key_reused");
}

TEST_CASE("a bad body is refused once and kept too; a missing right is not", "[api][once]") {
  Listening counter;
  const auto bad = counter.post("/api/staff/shift/open/", "{}", "k1");
  const auto* asked = std::get_if<engine::KeepAnswer>(&counter.waiting().what);
  REQUIRE(asked != nullptr);
  CHECK(asked->answer.status == 400);
  CHECK(bad->empty());
  counter.tell(asked->answer);
  CHECK(code_of(bad->front()) == "validation_failed");

  const auto may_not =
      counter.post("/api/staff/sessions/00000000-0000-4000-8000-000000000001/terminate/",
                   R"({"reason":"x"})", "k2");
  REQUIRE(may_not->size() == 1);
  CHECK(may_not->front().status == 403);
  const auto seen = counter.seen();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].action == "POST /api/staff/sessions/{id}/terminate/");
  CHECK(seen[0].outcome == "forbidden");
  CHECK(seen[0].user_name == "staff1");
}

TEST_CASE("a key that is none is refused, and who only asks needs none", "[api][once]") {
  Listening counter;
  for (const std::string& key :
       {std::string(), std::string(256, 'x'), std::string("a\x01"), std::string("\xc3\xa4")}) {
    const auto said = counter.post("/api/staff/incidents/", incident, key);
    REQUIRE(said->size() == 1);
    CHECK(said->front().status == 400);
    CHECK(said->front().body.find("Idempotency-Key") != std::string::npos);
  }
  Request twice = Counter::request(Method::post, "/api/staff/incidents/", incident);
  for (const char* key : {"k1", "k2"}) twice.headers.push_back({"idempotency-key", key});
  twice.headers.push_back({"Authorization", "Bearer " + counter.token(Role::staff)});
  CHECK(counter.send(std::move(twice))->front().status == 400);
  counter.post("/api/staff/incidents/", incident, std::string(255, 'x'));
  CHECK(counter.waiting().once->key.size() == 255);
  Request asking = Counter::request(Method::get, "/api/staff/shift/");
  asking.headers.push_back({"Idempotency-Key", "k1"});
  asking.headers.push_back({"Authorization", "Bearer " + counter.token(Role::staff)});
  counter.send(std::move(asking));
  CHECK_FALSE(counter.waiting().once);
  CHECK(counter.call->from.action.empty());
}

TEST_CASE("who waits ten seconds for the first one's answer is told that it goes on",
          "[api][once]") {
  Listening counter;
  const auto first = counter.post("/api/staff/incidents/", incident, "k1");
  const auto second = counter.post("/api/staff/incidents/", incident, "k1");
  const auto other = counter.post("/api/staff/incidents/", incident, "k2");
  counter.clock.pass(std::chrono::seconds(10));
  counter.pending.expire();
  CHECK(code_of(first->front()) == "no_answer");
  CHECK(second->front().status == 409);
  CHECK(code_of(second->front()) == "in_progress");
  CHECK(code_of(other->front()) == "no_answer");
}

TEST_CASE("logins are told, with no name that nobody has", "[api][audit]") {
  Listening counter;
  CHECK(counter.login("staff1", right_password, "203.0.113.9").status == 200);
  // A good one is recorded by the engine, in its own transaction.
  CHECK(std::holds_alternative<engine::SignIn>(counter.told_to_engine));
  CHECK(counter.asker.name == "staff1");
  CHECK(counter.asked_from.action == "POST /api/auth/login/");
  CHECK(counter.asked_from.address == "203.0.113.9");
  CHECK(counter.seen().empty());
  CHECK(counter.login("staff1", "wrong password", "203.0.113.9").status == 401);
  CHECK(counter.login("my secret in the wrong place", "x", "203.0.113.9").status == 401);
  for (int i = 0; i < 6; ++i) counter.login("user123", "wrong password", "203.0.113.9");
  const auto seen = counter.seen();
  const auto find = [&](const std::string& outcome, std::int64_t user) {
    return std::ranges::find_if(seen, [&](const store::AuditEntry& entry) {
      return entry.outcome == outcome &&
             entry.user == (user == 0 ? std::nullopt : std::optional(store::UserKey{user}));
    });
  };
  CHECK(find("bad_credentials", 2)->times == 1);
  CHECK(find("bad_credentials", 0)->detail == "no such account");
  CHECK(find("bad_credentials", 3)->times == 5);
  CHECK(find("bad_credentials", 3)->user_name.empty());
  CHECK(find("throttled", 0)->times == 1);
  for (const store::AuditEntry& entry : seen) {
    CHECK((entry.detail + entry.targets + entry.user_name).find("secret") == std::string::npos);
  }
}

TEST_CASE("a refused permission is told, a missing token is not", "[api][audit]") {
  Listening counter;
  Router router(
      all_routes([&] {
        Sources sources = counter.lot.sources();
        sources.desk = &counter.desk;
        return sources;
      }()),
      {}, [&](std::string_view token) { return identify(counter.tokens, counter.accounts, token); },
      [&](const Call& call, const Response& refusal) {
        tell_of_refusal(counter.desk, call, refusal);
      });
  const auto send = [&](const std::string& authorization) {
    Request asking = Counter::request(Method::post, "/api/staff/shift/open/", R"({"float":1})");
    if (!authorization.empty()) asking.headers.push_back({"Authorization", authorization});
    router.handle(std::move(asking), [](const Response&) {});
  };
  send("");
  CHECK(counter.seen().empty());
  send("Bearer nonsense");
  send("Bearer " + counter.token(Role::user));
  const auto seen = counter.seen();
  REQUIRE(seen.size() == 2);
  const bool first_is_bad = seen[0].outcome == "bad_token";
  const auto& bad = seen[first_is_bad ? 0 : 1];
  const auto& forbidden = seen[first_is_bad ? 1 : 0];
  CHECK_FALSE(bad.user);
  CHECK(forbidden.outcome == "forbidden");
  CHECK(forbidden.user == store::UserKey{3});
  CHECK(forbidden.role == "USER");
  CHECK(forbidden.user_name.empty());
}

TEST_CASE("a token that is not taken is told, of whom where it is known", "[api][audit]") {
  Listening counter;
  const auto renew = [&](const std::string& token) {
    return counter.send(
        Counter::request(Method::post, "/api/auth/refresh/", R"({"refresh":")" + token + R"("})"));
  };
  CHECK(renew("nonsense")->front().status == 401);
  const auto seen = counter.seen();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].outcome == "bad_token");
  CHECK_FALSE(seen[0].user);
  // Whether a signed one is still good the engine says, and of whom it is.
  renew(counter.accounts.sign_in(counter.tokens, Role::staff).refresh);
  CHECK(counter.waiting().actor.user == store::UserKey{2});
  CHECK(counter.call->from.role == "STAFF");
}

TEST_CASE("what a path names is told where it has the shape of an id", "[api][audit]") {
  const auto target = [](const std::string& id) {
    return origin_of(
               {.request = Counter::request(Method::post, "/x/"), .path_parameters = {{"id", id}}})
        .target;
  };
  CHECK(target("6ba7b810-9dad-41d1-80b4-00c04fd430c8") ==
        "id 6ba7b810-9dad-41d1-80b4-00c04fd430c8");
  CHECK(target("42") == "id 42");
  CHECK(target("EXIT_GATE_01") == "id EXIT_GATE_01");
  CHECK(target("PARK-0123456789ABCDEFGHJKMNPQRS-TVWXYZ01").empty());
  CHECK(target("whatever I like").empty());
  CHECK(target("<b>").empty());
}

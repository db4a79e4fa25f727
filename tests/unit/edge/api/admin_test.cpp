// What administrators ask over HTTP: money, alerts, slots (docs/contract/http.md, "Admin").
#include "tests/unit/edge/api/said.hpp"

#include <future>
#include <thread>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using store::Role;

const std::string uuid = "0b9f3a52-6a0e-4f0e-9d55-0123456789ab";

TEST_CASE("a refund is asked for, and told with its credit note", "[api][admin]") {
  Counter counter;
  const Told told = counter.send(Role::admin, Method::post, "/api/admin/refunds/",
                                 R"({"payment_id":"p1","amount":20.5,"reason":"The lift"})");
  const auto* asked = counter.asked<engine::MakeRefund>();
  REQUIRE(asked != nullptr);
  CHECK(asked->payment_id == "p1");
  CHECK(asked->amount == Paise(2'050));
  CHECK(asked->reason == "The lift");
  engine::RefundMade made;
  made.refund.id = uuid;
  made.refund.amount = Paise(2'050);
  made.refund.state = RefundState::success;
  made.credit_note = "C1/2627/0000001";
  counter.tell(made);
  const Json data = said(told, 201)["data"];
  CHECK(data["refund_id"] == uuid);
  CHECK(data["status"] == "SUCCESS");
  CHECK(data["credit_note"] == "C1/2627/0000001");
}

TEST_CASE("what is refused is told in its words", "[api][admin]") {
  const auto [why, status, code] = GENERATE(table<engine::Refusal, int, std::string>({
      {engine::Refusal::refund_exceeds_payment, 400, "refund_exceeds_payment"},
      {engine::Refusal::no_shift, 404, "no_shift"},
      {engine::Refusal::not_found, 404, "not_found"},
      {engine::Refusal::session_required, 400, "validation_failed"},
      {engine::Refusal::already_resolved, 409, "already_resolved"},
  }));
  Counter counter;
  const Told told =
      counter.send(Role::admin, Method::post, "/api/admin/exceptions/" + uuid + "/resolve/",
                   R"({"action":"apply","reason":"x"})");
  REQUIRE(counter.asked<engine::ResolveException>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{why, {}}));
  CHECK(said(told, status)["code"] == code);
}

TEST_CASE("bad members of an administrator's calls are named", "[api][admin]") {
  struct Bad {
    const char* path;
    const char* body;
    const char* member;
  };
  const auto bad = GENERATE(
      Bad{"/api/admin/refunds/", R"({"reason":"x"})", "payment_id"},
      Bad{"/api/admin/refunds/", R"({"payment_id":"p"})", "reason"},
      Bad{"/api/admin/refunds/", R"({"payment_id":"p","reason":"x","amount":0})", "amount"},
      Bad{"/api/admin/refunds/", R"({"payment_id":"p","reason":"x","amount":"5"})", "amount"},
      Bad{"/api/admin/refunds/", R"({"payment_id":{},"reason":"x"})", "payment_id"},
      Bad{"/api/admin/exceptions/e/resolve/", R"({"reason":"x"})", "action"},
      Bad{"/api/admin/exceptions/e/resolve/", R"({"reason":"x","action":"forget"})", "action"},
      Bad{"/api/admin/exceptions/e/resolve/",
          R"({"reason":"x","action":"refund","session_id":"1"})", "session_id"},
      Bad{"/api/admin/alerts/a/acknowledge/", R"({"by":"x"})", "by"},
      Bad{"/api/admin/slots/", R"({})", "zone_id"},
      Bad{"/api/admin/slots/", R"({"zone_id":"A","slot_id":"a b"})", "slot_id"},
      Bad{"/api/admin/slots/", R"({"zone_id":"A","slot_id":"gateway"})", "slot_id"});
  CAPTURE(bad.path, bad.body);
  Counter counter;
  const Told told = counter.send(Role::admin, Method::post, bad.path, bad.body);
  CHECK(said(told, 400)["fields"].contains(bad.member));
}

TEST_CASE("an outage is planned, ended, or left alone", "[api][admin]") {
  Counter counter;
  const auto send = [&](const std::string& body) {
    return counter.send(Role::admin, Method::patch, "/api/admin/slots/A-001/", body);
  };
  send(R"({"out_of_service":{"from":"2036-11-20T11:00:00Z","to":"2036-11-20T12:00:00Z",
           "reason":"Paint"}})");
  const auto* planned = counter.asked<engine::ChangeSlot>();
  REQUIRE(planned != nullptr);
  CHECK(planned->id == "A-001");
  REQUIRE(planned->outage);
  CHECK(planned->outage->from == parse_rfc3339("2036-11-20T11:00:00Z"));
  CHECK(planned->outage->reason == "Paint");
  CHECK_FALSE(planned->ends_outage);
  send(R"({"out_of_service":null})");
  const auto* ended = counter.asked<engine::ChangeSlot>();
  REQUIRE(ended != nullptr);
  CHECK(ended->ends_outage);
  CHECK_FALSE(ended->outage);
  send(R"({"closed":true})");
  const auto* closed = counter.asked<engine::ChangeSlot>();
  REQUIRE(closed != nullptr);
  CHECK(closed->closed == true);
  CHECK_FALSE(closed->ends_outage);
  for (const char* wrong :
       {R"({"out_of_service":{}})", R"({"out_of_service":[]})", R"({"out_of_service":"now"})",
        R"({"out_of_service":{"reason":"x","who":1}})", R"({"closed":"yes"})",
        R"({"out_of_service":{"reason":"x","to":"2006-11-20T09:00:00Z"}})",
        R"({"out_of_service":{"reason":"x","from":"2036-11-20T12:00:00Z",
            "to":"2036-11-20T12:00:00Z"}})"}) {
    CAPTURE(wrong);
    CHECK(said(send(wrong), 400)["code"] == "validation_failed");
  }
}

/// Says no to everything, and on which thread.
class RefusingRules final : public LotRules {
 public:
  mutable std::thread::id asked_on;
  [[nodiscard]] std::expected<store::ZoneSeed, Wrongs> read_zone(
      const Members& /*members*/, const std::string& /*id*/) const override {
    asked_on = std::this_thread::get_id();
    return std::unexpected(Wrongs{{"name", "is wrong"}});
  }
  [[nodiscard]] std::expected<SettingChanges, Wrongs> read_settings(
      const Members& /*members*/) const override {
    asked_on = std::this_thread::get_id();
    return std::unexpected(Wrongs{{"name", "is wrong"}});
  }
  [[nodiscard]] std::string settings_json(
      const std::vector<store::Setting>& /*stored*/) const override {
    return "{}";
  }
};

TEST_CASE("the rules of lot.toml are asked beside the server's own thread", "[api][admin]") {
  const auto [method, path] = GENERATE(table<Method, const char*>({
      {Method::post, "/api/admin/zones/"},
      {Method::patch, "/api/admin/zones/A/"},
      {Method::patch, "/api/admin/settings/"},
  }));
  Counter counter;
  const RefusingRules rules;
  counter.desk.rules = &rules;
  Sources sources = counter.lot.sources();
  sources.desk = &counter.desk;
  const Router router(all_routes(sources), {}, [&](std::string_view token) {
    return identify(counter.tokens, counter.accounts, token);
  });
  Request request = Counter::request(method, path, R"({"zone_id":"A","name":"x"})");
  request.headers.push_back({"Authorization", "Bearer " + counter.token(Role::admin)});
  if (method == Method::patch) request.body = R"({"name":"x"})";
  std::promise<Response> answer;
  router.handle(std::move(request), [&](Response said) { answer.set_value(std::move(said)); });
  CHECK(answer.get_future().get().status == 400);
  counter.workers.stop();
  CHECK(rules.asked_on != std::thread::id());
  CHECK(rules.asked_on != std::this_thread::get_id());
}

TEST_CASE("an unknown gate is not found, unless more is wrong", "[api][admin]") {
  Counter counter;
  CHECK(said(counter.send(Role::staff, Method::post, "/api/staff/entry/",
                          R"({"qr_code":"x","gate":"NOWHERE"})"),
             404)["code"] == "gate_not_found");
  CHECK(said(counter.send(Role::staff, Method::post, "/api/staff/entry/", R"({"gate":"NOWHERE"})"),
             400)["code"] == "validation_failed");
}

TEST_CASE("only administrators change the lot", "[api][admin]") {
  Counter counter;
  const auto role = GENERATE(Role::staff, Role::user, Role::device);
  for (const char* path : {"/api/admin/refunds/", "/api/admin/exceptions/e/resolve/",
                           "/api/admin/alerts/a/acknowledge/", "/api/admin/slots/"})
    CHECK(said(counter.send(role, Method::post, path, "{}"), 403)["code"] == "forbidden");
}

}  // namespace
}  // namespace gatehouse::api

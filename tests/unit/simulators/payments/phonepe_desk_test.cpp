#include "simulators/payments/phonepe_desk.hpp"

#include "simulators/payments/crypto.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;
using payments::Json;

namespace {

const Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;
const std::string salt = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399";

struct Counter {
  PhonePeDesk desk{{}, {.public_url = "http://sim", .webhook_url = "http://lot/hook"}, 1};
  Instant now = noon;

  SimReply say(const std::string& path, const std::string& json, const std::string& key = salt) {
    const auto encoded = sim_base64(json);
    return desk.answer({.method = "POST",
                        .path = "/apis/pg-sandbox" + path,
                        .headers = {{"x-verify", sim_sha256(encoded + path + key) + "###1"}},
                        .body = Json::object().set("request", encoded).dump()},
                       now);
  }
  SimReply status(const std::string& id, const std::string& merchant = "PGTESTPAYUAT") {
    const auto path = "/pg/v1/status/PGTESTPAYUAT/" + id;
    return desk.answer(
        {.method = "GET",
         .path = "/apis/hermes" + path,
         .headers = {{"x-verify", sim_sha256(path + salt) + "###1"}, {"x-merchant-id", merchant}}},
        now);
  }
  std::string token() {
    const auto reply =
        desk.answer({.method = "POST",
                     .path = "/apis/pg-sandbox/v1/oauth/token",
                     .headers = {{"content-type", "application/x-www-form-urlencoded"}},
                     .body = "client_id=TEST-GATEHOUSE&client_version=1&client_secret=gatehouse-"
                             "sandbox-client-secret&grant_type=client_credentials"},
                    now);
    return (*Json::parse(reply.body))["access_token"].text().value_or("");
  }
  SimReply say_v2(const std::string& method, const std::string& path, const std::string& body,
                  const std::string& authorization) {
    return desk.answer(
        {.method = method,
         .path = "/apis/pg-sandbox" + path,
         .headers = {{"content-type", "application/json"}, {"authorization", authorization}},
         .body = body},
        now);
  }
};

std::string pay(const std::string& id, const std::string& amount = "5000",
                const std::string& type = "PAY_PAGE") {
  return R"({"merchantId":"PGTESTPAYUAT","merchantTransactionId":")" + id +
         R"(","merchantUserId":"u","amount":)" + amount +
         R"(,"callbackUrl":"http://lot/cb","paymentInstrument":{"type":")" + type + "\"}}";
}

std::string code(const SimReply& reply) {
  return (*Json::parse(reply.body))["code"].text().value_or("");
}

}  // namespace

TEST_CASE("the simulated PhonePe takes nothing unsigned", "[simulators][payments]") {
  Counter counter;
  CHECK(code(counter.say("/pg/v1/pay", pay("MT1"), "wrong-salt")) == "AUTHORIZATION_FAILED");
  CHECK(code(counter.say("/pg/v1/pay", pay("MT1"))) == "PAYMENT_INITIATED");
  CHECK(code(counter.say("/pg/v1/pay", pay("MT1"))) == "DUPLICATE_TXN_REQUEST");
  CHECK(code(counter.say("/pg/v1/pay", pay("MT2", "99"))) == "BAD_REQUEST");
  CHECK(code(counter.say("/pg/v1/pay", pay("MT 3"))) == "BAD_REQUEST");
  CHECK(code(counter.say("/pg/v1/pay", pay(std::string(35, 'x')))) == "BAD_REQUEST");
  CHECK(code(counter.status("MT1", "OTHER")) == "BAD_REQUEST");
  CHECK(code(counter.status("MT1")) == "PAYMENT_PENDING");
  CHECK(code(counter.status("MT9")) == "TRANSACTION_NOT_FOUND");
}

TEST_CASE("a refund repeated while it is pending is one too many", "[simulators][payments]") {
  Counter counter;
  counter.say("/pg/v1/pay", pay("MT1"));
  const std::string refund =
      R"({"merchantId":"PGTESTPAYUAT","merchantUserId":"u","originalTransactionId":"MT1","merchantTransactionId":"RF1","amount":5000,"callbackUrl":"http://lot/cb"})";
  CHECK(code(counter.say("/pg/v1/refund", refund)) == "PAYMENT_ERROR");
  REQUIRE(counter.desk.book().pay(*counter.desk.book().order_by_our_id("MT1"), SimOutcome::captured,
                                  noon));
  CHECK(code(counter.say("/pg/v1/refund", refund)) == "PAYMENT_PENDING");
  CHECK(code(counter.say("/pg/v1/refund", refund)) == "PAYMENT_ERROR");
  CHECK(code(counter.status("RF1")) == "PAYMENT_PENDING");
  counter.now += 5s;
  CHECK(code(counter.status("RF1")) == "PAYMENT_SUCCESS");
  const auto notices = counter.desk.take_notices(counter.now);
  REQUIRE(notices.size() == 2);
  CHECK(notices[0].url == "http://lot/cb");
  const auto encoded = (*Json::parse(notices[0].body))["response"].text().value_or("");
  CHECK(notices[0].headers.at(1).second == sim_sha256(encoded + salt) + "###1");
  CHECK((*Json::parse(*sim_from_base64(encoded)))["data"]["state"].text() == "COMPLETED");
}

TEST_CASE("tokens of the simulated PhonePe end", "[simulators][payments]") {
  Counter counter;
  const std::string order =
      R"({"merchantOrderId":"TX1","amount":5000,"expireAfter":300,"paymentFlow":{"type":"PG","paymentMode":{"type":"UPI_QR"}}})";
  const auto token = counter.token();
  CHECK(counter.say_v2("POST", "/payments/v2/pay", order, "Bearer " + token).status == 401);
  CHECK(counter.say_v2("POST", "/payments/v2/pay", order, "O-Bearer x").status == 401);
  CHECK(counter.say_v2("POST", "/payments/v2/pay", order, "O-Bearer " + token).status == 200);
  CHECK(counter.say_v2("GET", "/payments/v2/order/TX1/status", "", "O-Bearer " + token).status ==
        200);
  CHECK(counter.say_v2("GET", "/checkout/v2/order/TX1/status", "", "O-Bearer " + token).status ==
        404);
  counter.now += 1h;
  CHECK(counter.say_v2("GET", "/payments/v2/order/TX1/status", "", "O-Bearer " + token).status ==
        401);
  const auto over =
      counter.say_v2("GET", "/payments/v2/order/TX1/status", "", "O-Bearer " + counter.token());
  CHECK((*Json::parse(over.body))["state"].text() == "FAILED");
  const auto notices = counter.desk.take_notices(counter.now);
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].event == "pg.order.failed");
  CHECK(notices[0].headers.at(1).second == sim_sha256("gatehouse:sandbox12345"));
}

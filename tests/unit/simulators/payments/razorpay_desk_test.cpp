// How strict the simulated Razorpay is; that it says the right things the clients prove over the
// wire.
#include "simulators/payments/razorpay_desk.hpp"

#include "simulators/payments/crypto.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;
using payments::Json;

namespace {

const Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;
const std::string basic = "Basic " + sim_base64("rzp_test_gatehouse:gatehouse-sandbox-key-secret");

struct Counter {
  RazorpayDesk desk{{}, {.public_url = "http://sim", .webhook_url = "http://lot/hook"}, 1};
  Instant now = noon;

  SimReply post(const std::string& path, const std::string& body, std::string key = "") {
    SimRequest request{.method = "POST",
                       .path = path,
                       .headers = {{"authorization", basic}, {"content-type", "application/json"}},
                       .body = body};
    if (!key.empty()) request.headers.emplace_back("x-refund-idempotency", std::move(key));
    return desk.answer(request, now);
  }
  Json get(const std::string& path, std::map<std::string, std::string> query = {}) {
    return Json::parse(desk.answer({.method = "GET",
                                    .path = path,
                                    .query = std::move(query),
                                    .headers = {{"authorization", basic}}},
                                   now)
                           .body)
        .value_or(Json());
  }
  std::string order(const std::string& receipt = "p-1") {
    const auto reply = post(
        "/v1/orders", fmt::format(R"({{"amount":5000,"currency":"INR","receipt":"{}"}})", receipt));
    return (*Json::parse(reply.body))["id"].text().value_or("");
  }
  /// A payment of the order, captured.
  std::string payment(const std::string& order_id) {
    const auto index =
        desk.book().pay(*desk.book().order_by_id(order_id), SimOutcome::captured, now);
    return desk.book().payment(*index).id;
  }
};

std::string words(const SimReply& reply) {
  return (*Json::parse(reply.body))["error"]["description"].text().value_or("");
}

}  // namespace

TEST_CASE("the simulated Razorpay knows one spelling of Basic", "[simulators][payments]") {
  Counter counter;
  for (const std::string& header :
       std::vector<std::string>{"", "basic " + basic.substr(6), "BASIC " + basic.substr(6),
                                "\"" + basic + "\"", basic + "=", "Basic x"}) {
    const auto reply = counter.desk.answer(
        {.method = "GET", .path = "/v1/orders", .headers = {{"authorization", header}}}, noon);
    CHECK(reply.status == 401);
    CHECK(words(reply) == "Authentication failed");
  }
}

TEST_CASE("the simulated Razorpay refuses what the documents forbid", "[simulators][payments]") {
  struct Case {
    std::string path, body, why;
  };
  const auto now_s = std::to_string(
      std::chrono::floor<std::chrono::seconds>(noon).time_since_epoch().count() + 899);
  const auto qr = [](const std::string& more) {
    return R"({"type":"upi_qr","usage":"single_use","payment_amount":5000)" + more + "}";
  };
  const Case cases[] = {
      {"/v1/orders", R"({"amount":99,"currency":"INR"})", "at least INR 1.00"},
      {"/v1/orders", R"({"amount":"5000","currency":"INR"})", "integer"},
      {"/v1/orders", R"({"amount":5000.5,"currency":"INR"})", "integer"},
      {"/v1/orders", R"({"amount":5000,"currency":"USD"})", "currency"},
      {"/v1/orders", R"({"amount":5000})", "currency"},
      {"/v1/orders", R"({"amount":5000,"currency":"INR","extra":1})", "extra is/are not required"},
      {"/v1/orders",
       R"({"amount":5000,"currency":"INR","receipt":")" + std::string(41, 'x') + "\"}",
       "40 characters"},
      {"/v1/orders",
       R"({"amount":5000,"currency":"INR","notes":{"a":")" + std::string(257, 'x') + "\"}}", "256"},
      {"/v1/orders", "[]", "not a JSON object"},
      {"/v1/payment_links", R"({"amount":5000,"currency":"INR","expire_by":)" + now_s + "}",
       "15 minutes"},
      {"/v1/payment_links", R"({"amount":5000,"currency":"INR","callback_url":"https://x"})",
       "callback method"},
      {"/v1/payments/qr_codes", qr(R"(,"fixed_amount":false)"), "fixed_amount"},
      {"/v1/payments/qr_codes", qr(R"(,"fixed_amount":true,"close_by":1)"), "2 minutes"},
      {"/v1/payments/qr_codes", qr(R"(,"fixed_amount":true,"currency":"INR")"),
       "currency is/are not required"},
      {"/v1/payments/pay_x/refund", R"({"amount":5000})", "does not exist"},
      {"/v1/nothing", "{}", "not found"},
  };
  for (const auto& [path, body, why] : cases) {
    Counter counter;
    const auto reply = counter.post(path, body);
    INFO(path << " " << body << " " << reply.body);
    CHECK(reply.status >= 400);
    CHECK_THAT(words(reply), Catch::Matchers::Contains(why));
    CHECK(counter.desk.book().orders().empty());
  }
}

TEST_CASE("a receipt is taken once and found again", "[simulators][payments]") {
  Counter counter;
  const auto id = counter.order();
  CHECK(counter.post("/v1/orders", R"({"amount":5000,"currency":"INR","receipt":"p-1"})").status ==
        400);
  const auto found = counter.get("/v1/orders", {{"receipt", "p-1"}});
  CHECK(found["count"].whole() == 1);
  CHECK(found["items"].items().at(0)["id"].text() == id);
  CHECK(found["items"].items().at(0)["notes"].is_array());  // empty notes
}

TEST_CASE("a refund's key stands for its bytes", "[simulators][payments]") {
  Counter counter;
  const auto path = "/v1/payments/" + counter.payment(counter.order()) + "/refund";
  CHECK(counter.post(path, R"({"amount":1000})", "short").status == 400);
  CHECK(counter.post(path, R"({"amount":1000})", "rf-0000001!").status == 400);
  const auto first = counter.post(path, R"({"amount":1000})", "rf-0000001");
  CHECK(first.status == 200);
  CHECK(counter.post(path, R"({"amount":1000})", "rf-0000001").body == first.body);
  const auto other = counter.post(path, R"({"amount":2000})", "rf-0000001");
  CHECK(other.status == 409);
  CHECK_THAT(words(other),
             Catch::Matchers::Contains("Different request with the same idempotency key"));
  CHECK(counter.desk.book().balance() == 4'000);
  CHECK_THAT(words(counter.post(path, R"({"amount":4001})", "rf-0000002")),
             Catch::Matchers::Contains("greater than amount captured"));
}

TEST_CASE("events are snapshots, signed over their bytes", "[simulators][payments]") {
  Counter counter;
  const auto payment = counter.payment(counter.order());
  const auto notices = counter.desk.take_notices(counter.now);
  REQUIRE(notices.size() == 2);
  CHECK(notices[0].event == "payment.captured");
  CHECK(notices[1].event == "order.paid");
  CHECK(notices[0].url == "http://lot/hook");
  CHECK(notices[0].headers.at(1) ==
        std::pair<std::string, std::string>(
            "X-Razorpay-Signature",
            sim_hmac_sha256("gatehouse-sandbox-webhook-secret", notices[0].body)));
  const auto body = *Json::parse(notices[0].body);
  CHECK(body["payload"]["payment"]["entity"]["id"].text() == payment);
  CHECK(body["payload"]["payment"]["entity"]["status"].text() == "captured");
  CHECK(notices[0].event_id != notices[1].event_id);
}

TEST_CASE("the settlement of a day adds up to the ledger", "[simulators][payments]") {
  Counter counter;
  const auto payment = counter.payment(counter.order());
  REQUIRE(counter.post("/v1/payments/" + payment + "/refund", R"({"amount":1000})", "rf-0000001")
              .status == 200);
  counter.now += 1min;
  const auto rows = counter.get("/v1/settlements/recon/combined",
                                {{"year", "2026"}, {"month", "11"}, {"day", "20"}});
  std::int64_t sum = 0;
  for (const Json& row : rows["items"].items())
    sum += *row["credit"].whole() + *row["fee"].whole() - *row["debit"].whole();
  CHECK(rows["count"].whole() == 2);
  CHECK(sum == counter.desk.book().balance());
}

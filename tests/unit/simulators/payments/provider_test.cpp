// A provider as a whole, without a socket: pages, control, mischief, notifications.
#include "simulators/payments/provider.hpp"

#include "simulators/payments/crypto.hpp"
#include "simulators/payments/razorpay_desk.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;
using payments::Json;

namespace {

const Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

struct Town {
  SimProvider provider{
      std::make_unique<RazorpayDesk>(RazorpayKeys{}, DeskPlace{"http://sim", "http://lot/hook"}, 1),
      1};

  SimAnswer merchant(const std::string& method, const std::string& path,
                     const std::string& body = "") {
    return provider.answer(
        {.method = method,
         .path = path,
         .headers = {{"authorization",
                      "Basic " + sim_base64("rzp_test_gatehouse:gatehouse-sandbox-key-secret")},
                     {"content-type", "application/json"}},
         .body = body},
        noon);
  }
  Json control(const std::string& path, const std::string& body) {
    return Json::parse(
               provider.answer({.method = "POST", .path = path, .body = body}, noon).reply.body)
        .value_or(Json());
  }
  std::string order() {
    return (*Json::parse(
        merchant("POST", "/v1/orders", R"({"amount":5000,"currency":"INR","receipt":"p-1"})")
            .reply.body))["id"]
        .text()
        .value_or("");
  }
};

}  // namespace

TEST_CASE("a tester pays on a page", "[simulators][payments]") {
  Town town;
  const auto link = *Json::parse(
      town.merchant(
              "POST", "/v1/payment_links",
              R"({"amount":5000,"currency":"INR","reference_id":"p-1","description":"<b>A-001","callback_url":"https://lot/pay/1","callback_method":"get"})")
          .reply.body);
  const auto path = link["short_url"].text()->substr(std::string("http://sim").size());
  const auto page = town.provider.answer({.method = "GET", .path = path}, noon).reply;
  CHECK(page.content_type.starts_with("text/html"));
  CHECK_THAT(page.body,
             Catch::Matchers::Contains("50.00") && Catch::Matchers::Contains("&lt;b&gt;A-001"));
  const auto declined =
      town.provider.answer({.method = "POST", .path = path, .body = "outcome=decline"}, noon).reply;
  CHECK(declined.status == 303);
  CHECK(declined.headers.at(0).second == "https://lot/pay/1");
  const auto paid =
      town.provider.answer({.method = "POST", .path = path, .body = "outcome=pay"}, noon).reply;
  CHECK(paid.status == 303);
  CHECK_THAT(paid.headers.at(0).second,
             Catch::Matchers::Contains("razorpay_payment_link_status=paid") &&
                 Catch::Matchers::Contains("razorpay_signature="));
  CHECK(town.provider.answer({.method = "POST", .path = path, .body = "outcome=pay"}, noon)
            .reply.status == 409);
  CHECK(town.provider.desk().book().balance() == 5'000);
}

TEST_CASE("a phone scans a lane's code", "[simulators][payments]") {
  Town town;
  const auto qr = *Json::parse(
      town.merchant(
              "POST", "/v1/payments/qr_codes",
              R"({"type":"upi_qr","usage":"single_use","fixed_amount":true,"payment_amount":5000,"description":"Exit 1"})")
          .reply.body);
  const auto uri = qr["image_content"].text().value_or("");
  CHECK_THAT(uri, Catch::Matchers::StartsWith("upi://pay?") &&
                      Catch::Matchers::Contains("am=50.00") && Catch::Matchers::Contains("cu=INR"));
  const auto phone =
      town.provider.answer({.method = "GET", .path = "/upi", .query = {{"uri", uri}}}, noon).reply;
  CHECK(phone.status == 303);
  CHECK(phone.headers.at(0).second == "/pay/" + *qr["id"].text());
  CHECK(
      town.provider
          .answer({.method = "GET", .path = "/upi", .query = {{"uri", "upi://pay?tr=other"}}}, noon)
          .reply.status == 404);
}

TEST_CASE("mischief changes the answer, not what was done", "[simulators][payments]") {
  struct Case {
    std::string word;
    bool is_done;
  };
  const auto [word, is_done] = GENERATE(values<Case>({{"busy", false},
                                                      {"error", false},
                                                      {"error_after", true},
                                                      {"garbled", true},
                                                      {"lost_answer", true},
                                                      {"hang_up", true},
                                                      {"early", true},
                                                      {"slow", true}}));
  Town town;
  town.control("/_sim/mischief", R"({"next":[")" + word + R"("],"slow_ms":700})");
  const auto answer =
      town.merchant("POST", "/v1/orders", R"({"amount":5000,"currency":"INR","receipt":"p-1"})");
  INFO(word);
  CHECK((town.provider.desk().book().orders().size() == 1) == is_done);
  CHECK(answer.is_lost == (word == "lost_answer"));
  CHECK(answer.hangs_up == (word == "hang_up"));
  CHECK((answer.delay == 700ms) == (word == "slow" || word == "early"));
  CHECK((answer.reply.status == 429) == (word == "busy"));
  CHECK((answer.reply.status >= 500) == word.starts_with("error"));
  // The payment of an early one is told before its order is known.
  CHECK((town.provider.desk().book().balance() == 5'000) == (word == "early"));
  CHECK(town.provider.notices().take_due(noon).has_value() == (word == "early"));
}

TEST_CASE("a test pays, lets time pass and looks at the ledger", "[simulators][payments]") {
  Town town;
  const auto id = town.order();
  const auto paid = town.control("/_sim/pay", R"({"order":"p-1","outcome":"late"})");
  CHECK(paid["order_id"].text() == id);
  CHECK(town.control("/_sim/ledger", "{}")["balance"].whole() == 0);
  CHECK(town.control("/_sim/pass", R"({"seconds":61})")["seconds"].whole() == 61);
  const auto ledger = town.control("/_sim/ledger", "{}");
  CHECK(ledger["balance"].whole() == 5'000);
  CHECK(ledger["fault"].text() == "");
  CHECK(ledger["payments"].items().at(0)["our_id"].text() == "p-1");
  CHECK(ledger["payments"].items().at(0)["state"].text() == "captured");
  CHECK(town.control("/_sim/mischief", R"({"next":["boredom"]})")["error"].text());
  CHECK(town.control("/_sim/mischief", R"({"rates":{"slow":1000001}})")["error"].text());
  CHECK(town.control("/_sim/pay", R"({"order":"nobody"})")["error"].text() == "no such order");
}

TEST_CASE("another amount than the order's can be made to come", "[simulators][payments]") {
  Town town;
  town.order();
  town.control("/_sim/pay", R"({"order":"p-1","outcome":"pay","amount":4900})");
  CHECK(town.provider.desk().book().balance() == 4'900);
}

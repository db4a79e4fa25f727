// PhonePe's second interface against what a test wrote down.
#include "cloud-bridge/payments/phonepe_v2.hpp"

#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/signatures.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/cloud-bridge/scripted_http.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace gatehouse;
using namespace gatehouse::payments;
using namespace std::chrono_literals;
using tests::ManualClock;

namespace {

struct Desk {
  tests::ScriptedHttp http;
  ManualClock clock;
  TokenShelf tokens;
  PhonePeV2 phonepe{{.api = PhonePeApi::v2,
                     .client_id = "client",
                     .client_secret = Secret("s&cret"),
                     .webhook_username = "username",
                     .webhook_password = Secret("password")},
                    {.calls = "/apis/pg", .token = "/apis/identity-manager"},
                    http,
                    clock,
                    tokens};

  /// A token for an hour, from now.
  void answer_token(const std::string& text) {
    const auto now_s =
        std::chrono::floor<std::chrono::seconds>(clock.now().utc).time_since_epoch().count();
    http.answer(
        200,
        fmt::format(
            R"({{"access_token":"{}","issued_at":{},"expires_at":{},"token_type":"O-Bearer"}})",
            text, now_s, now_s + 3'600));
  }
  [[nodiscard]] Json body(std::size_t index) const {
    return Json::parse(http.asked(index).body).value_or(Json());
  }
};

OrderRequest request(OrderKind kind) {
  return {.our_id = "TX123456653743456",
          .kind = kind,
          .amount = Paise(5'000),
          .description = "Slot A-001",
          .expires_at = ManualClock::start + 10min,
          .return_url = "https://lot.example/pay/1"};
}

const std::string made =
    R"({"orderId":"OMO2403071446458436434329","state":"PENDING","expireAt":1763640600000,
    "redirectUrl":"https://mercury.phonepe.com/x"})";

std::string order(const std::string& state, const std::string& attempt_state,
                  const std::string& amount = "5000") {
  return R"({"orderId":"OMO2403071446458436434329","state":")" + state + R"(","amount":)" + amount +
         R"(,"expireAt":1763640600000,"paymentDetails":[{"paymentMode":"UPI_QR","transactionId":"OM1","timestamp":1763640500000,
    "amount":)" +
         amount + R"(,"state":")" + attempt_state +
         R"(","errorCode":"PAYMENT_ERROR","detailedErrorCode":"TXN_AUTO_FAILED",
    "rail":{"type":"UPI","utr":"206378866112"}}]})";
}

const OrderKey key{.our_id = "TX123456653743456", .kind = OrderKind::lane_qr};

}  // namespace

TEST_CASE("a token comes before the first call and serves the next", "[payments][phonepe]") {
  Desk desk;
  desk.answer_token("token-1");
  desk.http.answer(200, made);
  desk.http.answer(200, order("PENDING", "PENDING"));
  REQUIRE(desk.phonepe.create(request(OrderKind::order)));
  REQUIRE(desk.phonepe.ask(key));
  CHECK(desk.http.asked(0).target == "/apis/identity-manager/v1/oauth/token");
  CHECK(desk.http.asked(0).body ==
        "client_id=client&client_version=1&client_secret=s%26cret&grant_type=client_credentials");
  CHECK(desk.http.header(0, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(desk.http.header(0, "Authorization") == "absent");
  CHECK(desk.http.asked(1).target == "/apis/pg/checkout/v2/pay");
  CHECK(desk.http.header(1, "Authorization") == "O-Bearer token-1");
  CHECK(desk.http.header(2, "Authorization") == "O-Bearer token-1");
  CHECK(desk.body(1)["expireAfter"].whole() == 600);
  CHECK(desk.body(1)["paymentFlow"]["type"].text() == "PG_CHECKOUT");
  CHECK(desk.body(1)["paymentFlow"]["merchantUrls"]["redirectUrl"].text() ==
        "https://lot.example/pay/1");
}

TEST_CASE("a token is renewed at half of its life", "[payments][phonepe]") {
  Desk desk;
  desk.answer_token("token-1");
  desk.http.answer(200, order("PENDING", "PENDING"));
  REQUIRE(desk.phonepe.ask(key));
  desk.clock.pass(31min);
  SECTION("by another one") {
    desk.answer_token("token-2");
    desk.http.answer(200, order("PENDING", "PENDING"));
    REQUIRE(desk.phonepe.ask(key));
    CHECK(desk.http.header(3, "Authorization") == "O-Bearer token-2");
  }
  SECTION("and goes on where there is none") {
    desk.http.fail(TroubleKind::unknown);
    desk.http.answer(200, order("PENDING", "PENDING"));
    REQUIRE(desk.phonepe.ask(key));
    CHECK(desk.http.header(3, "Authorization") == "O-Bearer token-1");
  }
  SECTION("until it ends: then nothing is sent") {
    desk.clock.pass(30min);
    desk.http.fail(TroubleKind::unknown);
    CHECK(desk.phonepe.ask(key).error().kind == TroubleKind::not_sent);
    CHECK(desk.http.count() == 3);
  }
}

TEST_CASE("a token that is not taken is replaced once", "[payments][phonepe]") {
  Desk desk;
  desk.answer_token("token-1");
  desk.http.answer(401, R"({"code":"AUTHORIZATION_FAILED"})");
  desk.answer_token("token-2");
  SECTION("and the call goes on") {
    desk.http.answer(200, order("PENDING", "PENDING"));
    REQUIRE(desk.phonepe.ask(key));
    CHECK(desk.http.header(3, "Authorization") == "O-Bearer token-2");
  }
  SECTION("and no more") {
    desk.http.answer(401, R"({"code":"AUTHORIZATION_FAILED"})");
    CHECK(desk.phonepe.ask(key).error().kind == TroubleKind::misconfigured);
  }
}

TEST_CASE("credentials that PhonePe does not know are ours to mend", "[payments][phonepe]") {
  Desk desk;
  desk.http.answer(400, R"({"code":"INVALID_CLIENT","message":"m"})");
  CHECK(desk.phonepe.create(request(OrderKind::order)).error().kind == TroubleKind::misconfigured);
  CHECK(desk.http.count() == 1);
}

TEST_CASE("a gate's QR code goes another way than the page", "[payments][phonepe]") {
  Desk desk;
  desk.answer_token("token-1");
  desk.http.answer(
      200,
      R"({"orderId":"OMO1","state":"PENDING","expireAt":1763640600000,"intentUrl":"upi://pay?pa=a@ybl","qrData":"upi://pay?pa=a@ybl"})");
  const auto qr = desk.phonepe.create(request(OrderKind::lane_qr));
  REQUIRE(qr);
  CHECK(qr->upi_uri == "upi://pay?pa=a@ybl");
  CHECK(qr->expires_at == Instant(1763640600s));
  CHECK(desk.http.asked(1).target == "/apis/pg/payments/v2/pay");
  CHECK(desk.body(1)["paymentFlow"]["paymentMode"]["type"].text() == "UPI_QR");
  auto soon = request(OrderKind::lane_qr);
  soon.expires_at = ManualClock::start + 10s;
  desk.http.answer(200, made);
  CHECK(desk.phonepe.create(soon).error().kind == TroubleKind::contradiction);
  CHECK(desk.body(2)["expireAfter"].whole() == 300);
}

TEST_CASE("the order's own state decides", "[payments][phonepe]") {
  struct Case {
    std::string state, attempt;
    OrderState order;
    MoneyState money;
  };
  const auto [state, attempt, order_state, money_state] = GENERATE(values<Case>({
      {"COMPLETED", "COMPLETED", OrderState::paid, MoneyState::captured},
      {"PENDING", "FAILED", OrderState::open, MoneyState::failed},
      {"PENDING", "COMPLETED", OrderState::open, MoneyState::waiting},
      {"FAILED", "FAILED", OrderState::closed, MoneyState::failed},
  }));
  Desk desk;
  desk.answer_token("t");
  desk.http.answer(200, order(state, attempt));
  const auto asked = desk.phonepe.ask(key);
  REQUIRE(asked);
  CHECK((*asked)->state == order_state);
  CHECK((*asked)->payments.at(0).state == money_state);
  CHECK((*asked)->payments.at(0).method == "upi");
  CHECK((*asked)->payments.at(0).at == Instant(1763640500s));
  CHECK(desk.http.asked(1).target ==
        "/apis/pg/payments/v2/order/TX123456653743456/status?details=true&errorContext=false");
}

TEST_CASE("an order that contradicts itself is not believed", "[payments][phonepe]") {
  const auto body = GENERATE(
      order("COMPLETED", "FAILED"), order("ODD", "COMPLETED"),
      order("COMPLETED", "COMPLETED", "50.0"),
      std::string(R"({"orderId":"OMO1","state":"COMPLETED","amount":5000,"paymentDetails":[]})"),
      std::string(R"({"state":"COMPLETED","amount":5000})"));
  Desk desk;
  desk.answer_token("t");
  desk.http.answer(200, body);
  CHECK(desk.phonepe.ask(key).error().kind == TroubleKind::contradiction);
}

TEST_CASE("an order or refund that v2 does not know is none", "[payments][phonepe]") {
  Desk desk;
  desk.answer_token("t");
  desk.http.answer(404, R"({"code":"ORDER_NOT_FOUND","message":"m"})");
  CHECK_FALSE(*desk.phonepe.ask(key));
  desk.http.answer(400, R"({"code":"REFUND_NOT_FOUND","message":"m"})");
  CHECK_FALSE(*desk.phonepe.ask_refund({.our_id = "RF-0000000001"}));
}

TEST_CASE("a refund of v2 goes out and is asked about", "[payments][phonepe]") {
  Desk desk;
  desk.answer_token("t");
  desk.http.answer(200, R"({"refundId":"OMR1","amount":1234,"state":"PENDING"})");
  const auto refund = desk.phonepe.refund(
      {.our_id = "RF-0000000001", .our_order_id = "TX123456653743456", .amount = Paise(1'234)});
  REQUIRE(refund);
  CHECK(refund->progress == RefundProgress::pending);
  CHECK(desk.http.asked(1).target == "/apis/pg/payments/v2/refund");
  CHECK(desk.body(1)["originalMerchantOrderId"].text() == "TX123456653743456");
  for (const auto& [word, progress] :
       {std::pair<std::string, RefundProgress>{"CONFIRMED", RefundProgress::pending},
        {"COMPLETED", RefundProgress::done},
        {"FAILED", RefundProgress::failed}}) {
    desk.http.answer(
        200, R"({"refundId":"OMR1","merchantRefundId":"RF-0000000001","amount":1234,"state":")" +
                 word + "\"}");
    CHECK((*desk.phonepe.ask_refund({.our_id = "RF-0000000001"}))->progress == progress);
  }
}

TEST_CASE("a webhook of v2 is a hint under a constant", "[payments][phonepe]") {
  const Desk desk;
  const std::string constant = "bc842c31a9e54efe320d30d948be61291f3ceee4766e36ab25fa65243cd76e0e";
  const std::string body =
      R"({"event":"pg.order.completed","payload":{"merchantOrderId":"TX123456653743456",)" +
      order("COMPLETED", "COMPLETED").substr(1) + "}";
  const auto notification = desk.phonepe.read({.body = body, .signature = constant});
  REQUIRE(notification);
  CHECK(notification->is_hint);
  CHECK(notification->event == "pg.order.completed");
  CHECK(notification->order->our_id == "TX123456653743456");
  CHECK(notification->payment->state == MoneyState::captured);
  CHECK(desk.phonepe.read({.body = body, .signature = ""}).error() ==
        NotificationTrouble::bad_signature);
  CHECK(desk.phonepe.read({.body = body, .signature = "SHA256 " + constant}).error() ==
        NotificationTrouble::bad_signature);
  const auto refund = desk.phonepe.read(
      {.body = R"({"event":"pg.refund.completed","payload":{"merchantRefundId":"RF-0000000001",
      "refundId":"OMR1","amount":1234,"state":"COMPLETED"}})",
       .signature = constant});
  REQUIRE(refund);
  CHECK(refund->refund->progress == RefundProgress::done);
  CHECK(desk.phonepe.read({.body = "{}", .signature = constant}).error() ==
        NotificationTrouble::unreadable);
}

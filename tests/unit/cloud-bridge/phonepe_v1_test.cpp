// PhonePe's first interface against what a test wrote down.
#include "cloud-bridge/payments/phonepe_v1.hpp"

#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/signatures.hpp"
#include "tests/unit/cloud-bridge/scripted_http.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::payments;
using namespace std::chrono_literals;

namespace {

const std::string salt = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399";

struct Desk {
  tests::ScriptedHttp http;
  PhonePeV1 phonepe{{.merchant_id = "PGTESTPAYUAT", .salt_key = Secret(salt), .salt_index = 1},
                    {.calls = "/apis/pg-sandbox", .token = ""},
                    http};

  /// What stood inside the envelope.
  [[nodiscard]] Json request(std::size_t index) const {
    const auto envelope = Json::parse(http.asked(index).body).value_or(Json());
    const auto decoded = from_base64(envelope["request"].text().value_or("?"));
    return Json::parse(decoded.value_or("")).value_or(Json());
  }
  [[nodiscard]] bool is_signed_over(std::size_t index, const std::string& path) const {
    const auto envelope = Json::parse(http.asked(index).body).value_or(Json());
    return http.header(index, "X-VERIFY") ==
           sha256_hex(envelope["request"].text().value_or("") + path + salt) + "###1";
  }
};

OrderRequest request(OrderKind kind) {
  return {.our_id = "MT7850590068188104",
          .kind = kind,
          .amount = Paise(5'000),
          .return_url = "https://lot.example/pay/1",
          .notify_url = "https://lot.example/api/payment/callback/phonepe/"};
}

std::string status(const std::string& code, const std::string& state,
                   const std::string& amount = "5000") {
  return R"({"success":)" +
         std::string(code == "PAYMENT_SUCCESS" || code == "PAYMENT_PENDING" ? "true" : "false") +
         R"(,"code":")" + code + R"(","message":"m","data":{"merchantId":"PGTESTPAYUAT",
    "merchantTransactionId":"MT7850590068188104","transactionId":"T2111221437456190170379","amount":)" +
         amount + R"(,"state":")" + state +
         R"(","responseCode":"X","paymentInstrument":{"type":"UPI","utr":"206378866112"}}})";
}

const OrderKey key{.our_id = "MT7850590068188104"};

}  // namespace

TEST_CASE("a payment is begun on PhonePe's page", "[payments][phonepe]") {
  Desk desk;
  desk.http.answer(
      200, R"({"success":true,"code":"PAYMENT_INITIATED","message":"Payment initiated","data":{
      "merchantId":"PGTESTPAYUAT","merchantTransactionId":"MT7850590068188104","instrumentResponse":{"type":"PAY_PAGE",
      "redirectInfo":{"url":"https://mercury-uat.phonepe.com/transact/pg?token=x","method":"GET"}}}})");
  const auto order = desk.phonepe.create(request(OrderKind::order));
  REQUIRE(order);
  CHECK(order->pay_url == "https://mercury-uat.phonepe.com/transact/pg?token=x");
  CHECK(order->provider_order_id == "MT7850590068188104");
  CHECK(desk.http.asked(0).target == "/apis/pg-sandbox/pg/v1/pay");
  CHECK(desk.is_signed_over(0, "/pg/v1/pay"));
  CHECK(desk.request(0)["merchantTransactionId"].text() == "MT7850590068188104");
  CHECK(desk.request(0)["amount"].whole() == 5'000);
  CHECK(desk.request(0)["redirectMode"].text() == "REDIRECT");
  CHECK(desk.request(0)["callbackUrl"].text() ==
        "https://lot.example/api/payment/callback/phonepe/");
  CHECK(desk.request(0)["paymentInstrument"]["type"].text() == "PAY_PAGE");
}

TEST_CASE("a lane's QR code comes as text", "[payments][phonepe]") {
  Desk desk;
  desk.http.answer(200, R"({"success":true,"code":"SUCCESS","data":{"merchantId":"PGTESTPAYUAT",
      "merchantTransactionId":"MT7850590068188104","instrumentResponse":{"type":"UPI_QR","qrData":"iVBORw0KGgo=",
      "intentUrl":"upi://pay?pa=a@ybl&am=50.00"}}})");
  const auto order = desk.phonepe.create(request(OrderKind::lane_qr));
  REQUIRE(order);
  CHECK(order->upi_uri == "upi://pay?pa=a@ybl&am=50.00");
  CHECK(desk.request(0)["paymentInstrument"]["type"].text() == "UPI_QR");
}

TEST_CASE("an answer about somebody else's payment is none", "[payments][phonepe]") {
  Desk desk;
  desk.http.answer(
      200, R"({"success":true,"code":"PAYMENT_INITIATED","data":{"merchantId":"PGTESTPAYUAT",
      "merchantTransactionId":"OTHER","instrumentResponse":{"redirectInfo":{"url":"https://x"}}}})");
  CHECK(desk.phonepe.create(request(OrderKind::order)).error().kind == TroubleKind::contradiction);
}

TEST_CASE("the status question is signed over its path", "[payments][phonepe]") {
  Desk desk;
  desk.http.answer(200, status("PAYMENT_SUCCESS", "COMPLETED"));
  const auto order = desk.phonepe.ask(key);
  REQUIRE(order);
  REQUIRE(*order);
  CHECK(desk.http.asked(0).target ==
        "/apis/pg-sandbox/pg/v1/status/PGTESTPAYUAT/MT7850590068188104");
  CHECK(desk.http.header(0, "X-VERIFY") ==
        "95c6d60f014b7190aa417083aca2489bb5b0a729d0421c17dea19f5913e6d741###1");
  CHECK(desk.http.header(0, "X-MERCHANT-ID") == "PGTESTPAYUAT");
  CHECK((*order)->state == OrderState::paid);
  CHECK((*order)->payments.at(0) == MoneySeen{.provider_payment_id = "T2111221437456190170379",
                                              .provider_order_id = "MT7850590068188104",
                                              .our_id = "MT7850590068188104",
                                              .state = MoneyState::captured,
                                              .amount = Paise(5'000),
                                              .currency = "INR",
                                              .method = "upi",
                                              .reference = "206378866112"});
}

TEST_CASE("every status has its meaning", "[payments][phonepe]") {
  struct Case {
    int http;
    std::string body;
    OrderState state;
  };
  const auto [http, body, state] = GENERATE(values<Case>({
      {200, status("PAYMENT_PENDING", "PENDING"), OrderState::open},
      {200, status("PAYMENT_ERROR", "FAILED"), OrderState::closed},
      {400, status("PAYMENT_DECLINED", "FAILED"), OrderState::closed},
      // Older answers.
      {200,
       R"({"success":true,"code":"PAYMENT_SUCCESS","data":{"merchantId":"PGTESTPAYUAT","merchantTransactionId":"MT7850590068188104","transactionId":"T1","amount":5000,"paymentState":"COMPLETED"}})",
       OrderState::paid},
      {200,
       R"({"success":false,"code":"PAYMENT_PENDING","data":{"merchantId":"PGTESTPAYUAT","merchantTransactionId":"MT7850590068188104"}})",
       OrderState::open},
  }));
  Desk desk;
  desk.http.answer(http, body);
  const auto order = desk.phonepe.ask(key);
  INFO(body);
  REQUIRE(order);
  REQUIRE(*order);
  CHECK((*order)->state == state);
}

TEST_CASE("what is not told is no payment", "[payments][phonepe]") {
  struct Case {
    int http;
    std::string body;
    TroubleKind kind;
  };
  const auto [http, body, kind] = GENERATE(values<Case>({
      {200, R"({"success":false,"code":"INTERNAL_SERVER_ERROR","message":"m","data":{}})",
       TroubleKind::unknown},
      {500, R"({"success":false,"code":"INTERNAL_SERVER_ERROR"})", TroubleKind::unknown},
      {401,
       R"({"success":false,"code":"AUTHORIZATION_FAILED","message":"Authorization failed","data":{}})",
       TroubleKind::misconfigured},
      {400, R"({"success":false,"code":"BAD_REQUEST","message":"m","data":{}})",
       TroubleKind::refused},
      {429, R"({"success":false,"code":"TOO_MANY_REQUESTS"})", TroubleKind::busy},
      {200, "<html>", TroubleKind::unknown},
      {200, status("PAYMENT_SUCCESS", "FAILED"), TroubleKind::contradiction},
      {200, status("PAYMENT_PENDING", "COMPLETED"), TroubleKind::contradiction},
      {200, status("PAYMENT_ERROR", "COMPLETED"), TroubleKind::contradiction},
      {200, status("PAYMENT_SUCCESS", "COMPLETED", "50.00"), TroubleKind::contradiction},
      {200, status("PAYMENT_SUCCESS", "COMPLETED", "null"), TroubleKind::contradiction},
      {200, status("PAYMENT_PENDING", "PENDING", "\"1\""), TroubleKind::contradiction},
  }));
  Desk desk;
  desk.http.answer(http, body);
  const auto order = desk.phonepe.ask(key);
  INFO(body);
  REQUIRE_FALSE(order);
  CHECK(order.error().kind == kind);
}

TEST_CASE("an order PhonePe does not know is none", "[payments][phonepe]") {
  Desk desk;
  desk.http.answer(400,
                   R"({"success":false,"code":"TRANSACTION_NOT_FOUND","message":"m","data":{}})");
  const auto order = desk.phonepe.ask(key);
  REQUIRE(order);
  CHECK_FALSE(*order);
}

TEST_CASE("a refund that PhonePe has already is asked about, not made again",
          "[payments][phonepe]") {
  const RefundRequest refund{
      .our_id = "RF-0000000001", .our_order_id = "MT7850590068188104", .amount = Paise(5'000)};
  const std::string pending =
      R"({"success":true,"code":"PAYMENT_PENDING","data":{"merchantId":"PGTESTPAYUAT",
      "merchantTransactionId":"RF-0000000001","transactionId":"TR1","amount":5000,"state":"PENDING"}})";
  SECTION("the first time") {
    Desk desk;
    desk.http.answer(200, pending);
    const auto made = desk.phonepe.refund(refund);
    REQUIRE(made);
    CHECK(made->progress == RefundProgress::pending);
    CHECK(desk.is_signed_over(0, "/pg/v1/refund"));
    CHECK(desk.request(0)["originalTransactionId"].text() == "MT7850590068188104");
    CHECK(desk.request(0)["merchantTransactionId"].text() == "RF-0000000001");
  }
  SECTION("again while it is pending") {
    Desk desk;
    desk.http.answer(
        400,
        R"({"success":false,"code":"PAYMENT_ERROR","message":"EXCESS_REFUND_AMOUNT","data":{}})");
    desk.http.answer(200, pending);
    const auto made = desk.phonepe.refund(refund);
    REQUIRE(made);
    CHECK(made->provider_refund_id == "TR1");
    CHECK(desk.http.asked(1).target.ends_with("/pg/v1/status/PGTESTPAYUAT/RF-0000000001"));
  }
  SECTION("refused, and unknown") {
    Desk desk;
    desk.http.answer(
        400,
        R"({"success":false,"code":"PAYMENT_ERROR","message":"EXCESS_REFUND_AMOUNT","data":{}})");
    desk.http.answer(400, R"({"success":false,"code":"TRANSACTION_NOT_FOUND"})");
    CHECK(desk.phonepe.refund(refund).error().kind == TroubleKind::refused);
  }
  SECTION("timed out: it may have begun") {
    Desk desk;
    desk.http.answer(200, R"({"success":false,"code":"TIMED_OUT"})");
    CHECK(desk.phonepe.refund(refund).error().kind == TroubleKind::unknown);
  }
}

TEST_CASE("a callback is a hint that its salt signs", "[payments][phonepe]") {
  const Desk desk;
  const auto body = [](const std::string& json) {
    return Json::object().set("response", to_base64(json)).dump();
  };
  const auto signature = [](const std::string& json) {
    return sha256_hex(to_base64(json) + salt) + "###1";
  };
  const auto json = status("PAYMENT_SUCCESS", "COMPLETED");
  const auto notification = desk.phonepe.read({.body = body(json), .signature = signature(json)});
  REQUIRE(notification);
  CHECK(notification->is_hint);
  CHECK(notification->order->our_id == "MT7850590068188104");
  CHECK(notification->payment->state == MoneyState::captured);
  CHECK(desk.phonepe.read({.body = body(json), .signature = signature(json + " ")}).error() ==
        NotificationTrouble::bad_signature);
  CHECK(desk.phonepe.read({.body = "{}", .signature = signature(json)}).error() ==
        NotificationTrouble::bad_signature);
  const std::string foreign =
      R"({"code":"PAYMENT_SUCCESS","data":{"merchantId":"OTHER","merchantTransactionId":"x"}})";
  CHECK(desk.phonepe.read({.body = body(foreign), .signature = signature(foreign)}).error() ==
        NotificationTrouble::unreadable);
}

TEST_CASE("PhonePe's paths follow its hosts", "[payments][phonepe]") {
  const auto live = check_endpoint("https://api.phonepe.com", ProviderName::phonepe, Mode::live);
  CHECK(phonepe_paths(*live, PhonePeApi::v1).calls == "/apis/hermes");
  CHECK(phonepe_paths(*live, PhonePeApi::v2).calls == "/apis/pg");
  CHECK(phonepe_paths(*live, PhonePeApi::v2).token == "/apis/identity-manager");
  const auto uat =
      check_endpoint("https://api-preprod.phonepe.com", ProviderName::phonepe, Mode::sandbox);
  CHECK(phonepe_paths(*uat, PhonePeApi::v2).token == "/apis/pg-sandbox");
  const auto own = check_endpoint("http://127.0.0.1:9102/my", ProviderName::phonepe, Mode::sandbox);
  CHECK(phonepe_paths(*own, PhonePeApi::v1).calls.empty());
}

TEST_CASE("a UUID fits PhonePe without its dashes", "[payments][phonepe]") {
  const std::string uuid = "5f2b1c9e-0a4d-4c37-9b1e-2f6a7d8c9e01";
  const std::string bare = "5f2b1c9e0a4d4c379b1e2f6a7d8c9e01";
  CHECK(phonepe_v1_id(uuid) == bare);
  CHECK(our_id_of_phonepe_v1(bare) == uuid);
  CHECK(phonepe_v1_id("MT-1234") == "MT-1234");
  CHECK(our_id_of_phonepe_v1("MT-1234") == "MT-1234");
  CHECK_FALSE(phonepe_v1_id(std::string(35, 'x')));
  CHECK_FALSE(phonepe_v1_id("MT 1234"));
  Desk desk;
  desk.http.answer(
      200,
      R"({"success":true,"code":"PAYMENT_SUCCESS","data":{"merchantId":"PGTESTPAYUAT","merchantTransactionId":")" +
          bare + R"(","transactionId":"T1","amount":5000,"state":"COMPLETED"}})");
  const auto order = desk.phonepe.ask({.our_id = uuid});
  REQUIRE(order);
  CHECK((*order)->our_id == uuid);
  CHECK((*order)->payments.at(0).our_id == uuid);
  CHECK((*order)->provider_order_id == bare);
  CHECK(desk.http.asked(0).target.ends_with("/" + bare));
}

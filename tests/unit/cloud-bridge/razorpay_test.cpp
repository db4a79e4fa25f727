// Razorpay's client: what goes out, what comes of every answer.
#include "tests/unit/cloud-bridge/razorpay_case.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests::razorpay;

TEST_CASE("an order is asked for as Razorpay wants it", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, order_made);
  const auto order = desk.razorpay.create(request(OrderKind::order));
  REQUIRE(order);
  CHECK(order->provider_order_id == "order_RB58MiP5SPFYyM");
  CHECK(order->our_id == "p-0001");
  CHECK(order->amount == Paise(5'000));
  CHECK(order->state == OrderState::open);
  CHECK(desk.http.asked(0).method == HttpMethod::post);
  CHECK(desk.http.asked(0).target == "/v1/orders");
  CHECK(desk.http.header(0, "Authorization") == "Basic a2V5X2lkOmtleV9zZWNyZXQ=");
  CHECK(desk.body(0)["receipt"].text() == "p-0001");
  CHECK(desk.body(0)["amount"].whole() == 5'000);
  CHECK(desk.body(0)["currency"].text() == "INR");
  CHECK(desk.body(0)["payment"]["capture"].text() == "automatic");
}

TEST_CASE("an order that is not the one asked for is no order", "[payments][razorpay]") {
  const auto made = GENERATE(with(order_made, R"("amount":5000)", R"("amount":4999)"),
                             with(order_made, R"("amount":5000)", R"("amount":"5000")"),
                             with(order_made, R"("amount":5000)", R"("amount":5000.5)"),
                             with(order_made, "INR", "USD"), with(order_made, "p-0001", "p-0002"),
                             with(order_made, "order_RB58MiP5SPFYyM", "order_../../x"),
                             with(order_made, "order_RB58MiP5SPFYyM", "pay_1"));
  Desk desk;
  desk.http.answer(200, made);
  const auto order = desk.razorpay.create(request(OrderKind::order));
  REQUIRE_FALSE(order);
  CHECK(order.error().kind == TroubleKind::contradiction);
}

TEST_CASE("a link ends no sooner than Razorpay lets it", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, R"({"id":"plink_1","amount":5000,"currency":"INR","reference_id":"p-0001",
      "short_url":"https://rzp.io/i/x","status":"created","expire_by":1763640960})");
  const auto link = desk.razorpay.create(request(OrderKind::link));
  REQUIRE(link);
  CHECK(link->pay_url == "https://rzp.io/i/x");
  CHECK(link->expires_at == Instant(1763640960s));
  const auto now_s = std::chrono::floor<std::chrono::seconds>(tests::ManualClock::start)
                         .time_since_epoch()
                         .count();
  CHECK(desk.body(0)["expire_by"].whole() == now_s + 16 * 60);
  CHECK(desk.body(0)["accept_partial"].flag() == false);
  CHECK(desk.body(0)["notify"]["sms"].flag() == false);
  CHECK(desk.body(0)["callback_method"].text() == "get");
  CHECK(desk.body(0)["reference_id"].text() == "p-0001");
}

TEST_CASE("a lane's QR code is for one payment of one amount", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(
      200, R"({"id":"qr_HMsVL8HOpbMcjU","entity":"qr_code","usage":"single_use","type":"upi_qr",
      "image_content":"upi://pay?pa=a@b&am=50","payment_amount":5000,"status":"active","fixed_amount":true,
      "notes":{"payment_id":"p-0001"},"close_by":1763640300})");
  const auto qr = desk.razorpay.create(request(OrderKind::lane_qr));
  REQUIRE(qr);
  CHECK(qr->upi_uri == "upi://pay?pa=a@b&am=50");
  CHECK(qr->expires_at == Instant(1763640300s));
  CHECK(desk.http.asked(0).target == "/v1/payments/qr_codes");
  CHECK(desk.body(0)["usage"].text() == "single_use");
  CHECK(desk.body(0)["fixed_amount"].flag() == true);
  CHECK(desk.body(0)["payment_amount"].whole() == 5'000);
  CHECK(desk.body(0)["notes"]["payment_id"].text() == "p-0001");
}

TEST_CASE("what Razorpay would refuse is not sent", "[payments][razorpay]") {
  Desk desk;
  auto little = request(OrderKind::order);
  little.amount = Paise(99);
  CHECK(desk.razorpay.create(little).error().kind == TroubleKind::refused);
  auto nameless = request(OrderKind::order);
  nameless.our_id = "p 1";
  CHECK(desk.razorpay.create(nameless).error().kind == TroubleKind::refused);
  CHECK(desk.razorpay
            .refund({.our_id = "short", .provider_payment_id = "pay_1", .amount = Paise(100)})
            .error()
            .kind == TroubleKind::refused);
  CHECK(desk.razorpay.capture("pay_1/../x", Paise(100)).error().kind == TroubleKind::refused);
  CHECK(desk.http.count() == 0);
}

TEST_CASE("every answer that is none has its kind", "[payments][razorpay]") {
  struct Case {
    int status;
    std::string body;
    TroubleKind kind;
  };
  const auto [status, body, kind] = GENERATE(values<Case>({
      {400, refused("The amount must be at least INR 1.00"), TroubleKind::refused},
      {401, refused("Authentication failed"), TroubleKind::misconfigured},
      {400, refused("Authentication failed"), TroubleKind::misconfigured},
      {429, refused("Too many requests"), TroubleKind::busy},
      {500, R"({"error":{"code":"SERVER_ERROR","description":"x"}})", TroubleKind::unknown},
      {502, "<html>bad gateway</html>", TroubleKind::unknown},
      {504, "", TroubleKind::unknown},
      {400, R"({"error":{"code":"GATEWAY_ERROR","description":"x"}})", TroubleKind::unknown},
      {301, "", TroubleKind::misconfigured},
      {200, "<html>login</html>", TroubleKind::unknown},
      {200, "[]", TroubleKind::unknown},
      {200, "{}", TroubleKind::contradiction},
  }));
  Desk desk;
  desk.http.answer(status, body);
  const auto order = desk.razorpay.create(request(OrderKind::order));
  REQUIRE_FALSE(order);
  INFO(status << " " << body);
  CHECK(order.error().kind == kind);
}

TEST_CASE("words of the provider are fit to be shown", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(400, refused("line\\none\\u0007 " + std::string(1'000, 'x')));
  const auto order = desk.razorpay.create(request(OrderKind::order));
  CHECK(order.error().words.size() == 200);
  CHECK(order.error().words.starts_with("line one"));
  CHECK(order.error().code == "BAD_REQUEST_ERROR");
}

TEST_CASE("an order is asked about with every attempt to pay it", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, order_made);
  desk.http.answer(
      200, collection(with(with(captured, "captured", "failed"), "pay_N8FVRD1DzYzBh1", "pay_0") +
                      "," + captured));
  const auto asked = desk.razorpay.ask(
      {.our_id = "p-0001", .provider_order_id = "order_RB58MiP5SPFYyM", .kind = OrderKind::order});
  REQUIRE(asked);
  REQUIRE(*asked);
  CHECK(desk.http.asked(0).target == "/v1/orders/order_RB58MiP5SPFYyM");
  CHECK(desk.http.asked(1).target == "/v1/orders/order_RB58MiP5SPFYyM/payments");
  const OrderSeen& order = **asked;
  CHECK(order.state == OrderState::paid);
  REQUIRE(order.payments.size() == 2);
  CHECK(order.payments[0].state == MoneyState::failed);
  CHECK(order.payments[1] == MoneySeen{.provider_payment_id = "pay_N8FVRD1DzYzBh1",
                                       .provider_order_id = "order_RB58MiP5SPFYyM",
                                       .our_id = "p-0001",
                                       .state = MoneyState::captured,
                                       .amount = Paise(5'000),
                                       .currency = "INR",
                                       .refunded = Paise(0),
                                       .fee = Paise(100),
                                       .method = "upi",
                                       .reference = "267567962619",
                                       .at = Instant(1701688721s)});
}

TEST_CASE("money of another amount or currency is told as it is", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, order_made);
  desk.http.answer(
      200, collection(with(with(captured, "INR", "USD"), R"("amount":5000)", R"("amount":1)")));
  const auto asked =
      desk.razorpay.ask({.our_id = "p-0001", .provider_order_id = "order_RB58MiP5SPFYyM"});
  REQUIRE(asked);
  CHECK((*asked)->payments[0].currency == "USD");
  CHECK((*asked)->payments[0].amount == Paise(1));
}

TEST_CASE("a payment nobody understands hides the whole order", "[payments][razorpay]") {
  const auto bad =
      GENERATE(with(captured, R"("amount":5000)", R"("amount":-1)"),
               with(captured, R"("amount":5000)", R"("amount":null)"),
               with(captured, R"("status":"captured")", R"("status":"weird")"),
               with(captured, "\"INR\"", "null"), with(captured, "pay_N8FVRD1DzYzBh1", ""));
  Desk desk;
  desk.http.answer(200, order_made);
  desk.http.answer(200, collection(bad));
  const auto asked =
      desk.razorpay.ask({.our_id = "p-0001", .provider_order_id = "order_RB58MiP5SPFYyM"});
  REQUIRE_FALSE(asked);
  CHECK(asked.error().kind == TroubleKind::contradiction);
}

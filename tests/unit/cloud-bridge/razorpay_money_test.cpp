// Razorpay's client: finding what was lost, closing, capturing, refunding, listing.
#include "tests/unit/cloud-bridge/razorpay_case.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::tests::razorpay;

TEST_CASE("after a lost answer an order is found by its receipt", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, collection(order_made));
  desk.http.answer(200, collection(captured));
  const auto asked = desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order});
  REQUIRE(asked);
  CHECK((*asked)->provider_order_id == "order_RB58MiP5SPFYyM");
  CHECK(desk.http.asked(0).target == "/v1/orders?receipt=p-0001");
}

TEST_CASE("after a lost answer a link is found by its reference", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, R"({"payment_links":[{"id":"plink_1","amount":5000,"currency":"INR",
      "reference_id":"p-0001","short_url":"https://rzp.io/i/x","status":"paid","payments":[
      {"payment_id":"pay_1","plink_id":"plink_1","amount":5000,"status":"captured","method":"upi","created_at":1701688721}]}]})");
  const auto asked = desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::link});
  REQUIRE(asked);
  CHECK((*asked)->state == OrderState::paid);
  CHECK((*asked)->payments.at(0).provider_payment_id == "pay_1");
  CHECK(desk.http.asked(0).target == "/v1/payment_links?reference_id=p-0001");
}

TEST_CASE("after a lost answer a QR code is found by its notes, among all that were made since",
          "[payments][razorpay]") {
  Desk desk;
  std::string others;
  for (int i = 0; i < 100; ++i) {
    others +=
        (i > 0 ? "," : "") +
        std::string(
            R"({"id":"qr_x","payment_amount":100,"notes":{"payment_id":"other"},"status":"active"})");
  }
  desk.http.answer(200, collection(others));
  desk.http.answer(
      200,
      collection(
          R"({"id":"qr_1","payment_amount":5000,"notes":{"payment_id":"p-0001"},"status":"closed","close_reason":"on_demand"})"));
  desk.http.answer(200, collection(""));
  const auto asked = desk.razorpay.ask({.our_id = "p-0001",
                                        .kind = OrderKind::lane_qr,
                                        .sent_at = gatehouse::tests::ManualClock::start});
  REQUIRE(asked);
  CHECK((*asked)->provider_order_id == "qr_1");
  CHECK((*asked)->state == OrderState::closed);
  CHECK(desk.http.asked(0).target.ends_with("&count=100&skip=0"));
  CHECK(desk.http.asked(1).target.ends_with("&count=100&skip=100"));
  CHECK(desk.http.asked(2).target == "/v1/payments/qr_codes/qr_1/payments");
}

TEST_CASE("an order nobody knows is none", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, collection(""));
  const auto asked = desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order});
  REQUIRE(asked);
  CHECK_FALSE(*asked);
}

TEST_CASE("two orders under one id are a contradiction", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, collection(order_made + "," + with(order_made, "RB58", "RB59")));
  CHECK(desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order}).error().kind ==
        TroubleKind::contradiction);
}

TEST_CASE("an order of ours that nobody understands is not taken for none",
          "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(200, collection(with(order_made, "INR", "USD")));
  const auto asked = desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order});
  REQUIRE_FALSE(asked);
  CHECK(asked.error().kind == TroubleKind::contradiction);
}

TEST_CASE("no answer is no answer", "[payments][razorpay]") {
  Desk desk;
  desk.http.fail(TroubleKind::unknown);
  CHECK(desk.razorpay.ask({.our_id = "p-0001"}).error().kind == TroubleKind::unknown);
}

TEST_CASE("closing asks first, and again after", "[payments][razorpay]") {
  const std::string open_link =
      R"({"id":"plink_1","amount":5000,"currency":"INR","reference_id":"p-0001",
      "short_url":"https://rzp.io/i/x","status":"created","payments":null})";
  const OrderKey key{.our_id = "p-0001", .provider_order_id = "plink_1", .kind = OrderKind::link};
  SECTION("an open link is cancelled") {
    Desk desk;
    desk.http.answer(200, open_link);
    desk.http.answer(200, with(open_link, "created", "cancelled"));
    desk.http.answer(200, with(open_link, "created", "cancelled"));
    const auto closed = desk.razorpay.close(key);
    REQUIRE(closed);
    CHECK((*closed)->state == OrderState::closed);
    CHECK(desk.http.asked(1).target == "/v1/payment_links/plink_1/cancel");
  }
  SECTION("one that was paid at that very moment is paid") {
    Desk desk;
    desk.http.answer(200, open_link);
    desk.http.answer(400, refused("cannot cancel or expire an already paid/partially paid link"));
    desk.http.answer(200, with(open_link, "created", "paid"));
    const auto closed = desk.razorpay.close(key);
    REQUIRE(closed);
    CHECK((*closed)->state == OrderState::paid);
  }
  SECTION("one that is paid already is left alone") {
    Desk desk;
    desk.http.answer(200, with(open_link, "created", "paid"));
    CHECK((*desk.razorpay.close(key))->state == OrderState::paid);
    CHECK(desk.http.count() == 1);
  }
}

TEST_CASE("a refund goes out under its own key, the same bytes each time", "[payments][razorpay]") {
  Desk desk;
  const std::string made =
      R"({"id":"rfnd_1","entity":"refund","amount":5000,"receipt":"rf-0000001","currency":"INR",
      "payment_id":"pay_1","acquirer_data":{"arn":null},"created_at":1597078866,"status":"processed"})";
  const RefundRequest refund{.our_id = "rf-0000001",
                             .our_order_id = "p-0001",
                             .provider_payment_id = "pay_1",
                             .amount = Paise(5'000)};
  desk.http.fail(TroubleKind::unknown);
  desk.http.answer(409,
                   refused("Another request with the same idempotency key is still in progress."));
  desk.http.answer(200, made);
  CHECK(desk.razorpay.refund(refund).error().kind == TroubleKind::unknown);
  CHECK(desk.razorpay.refund(refund).error().kind == TroubleKind::busy);
  const auto done = desk.razorpay.refund(refund);
  REQUIRE(done);
  CHECK(done->progress == RefundProgress::done);
  CHECK(done->provider_refund_id == "rfnd_1");
  CHECK(desk.http.asked(0).target == "/v1/payments/pay_1/refund");
  CHECK(desk.http.header(0, "X-Refund-Idempotency") == "rf-0000001");
  CHECK(desk.http.asked(0).body == desk.http.asked(2).body);
  CHECK(desk.http.asked(0).body == R"({"amount":5000,"speed":"normal","receipt":"rf-0000001"})");
}

TEST_CASE("a refund that conflicts or is another is not done", "[payments][razorpay]") {
  Desk desk;
  const RefundRequest refund{
      .our_id = "rf-0000001", .provider_payment_id = "pay_1", .amount = Paise(5'000)};
  desk.http.answer(
      409, refused("Different request with the same idempotency key has already been processed."));
  CHECK(desk.razorpay.refund(refund).error().kind == TroubleKind::refused);
  desk.http.answer(
      200,
      R"({"id":"rfnd_1","amount":100,"receipt":"rf-0000001","payment_id":"pay_1","status":"processed"})");
  CHECK(desk.razorpay.refund(refund).error().kind == TroubleKind::contradiction);
}

TEST_CASE("a refund is found by our id among the payment's", "[payments][razorpay]") {
  Desk desk;
  const std::string items =
      R"({"id":"rfnd_0","amount":100,"receipt":null,"payment_id":"pay_1","status":"processed"},
      {"id":"rfnd_1","amount":5000,"receipt":"rf-0000001","payment_id":"pay_1","status":"pending"})";
  desk.http.answer(200, collection(items));
  const auto found =
      desk.razorpay.ask_refund({.our_id = "rf-0000001", .provider_payment_id = "pay_1"});
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->provider_refund_id == "rfnd_1");
  CHECK((*found)->progress == RefundProgress::pending);
  desk.http.answer(200, collection(items));
  CHECK_FALSE(*desk.razorpay.ask_refund({.our_id = "rf-0000002", .provider_payment_id = "pay_1"}));
}

TEST_CASE("captured twice is captured", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(400, refused("This payment has already been captured."));
  desk.http.answer(200, captured);
  const auto money = desk.razorpay.capture("pay_N8FVRD1DzYzBh1", Paise(5'000));
  REQUIRE(money);
  CHECK(money->state == MoneyState::captured);
  CHECK(desk.body(0)["amount"].whole() == 5'000);
  CHECK(desk.http.asked(1).target == "/v1/payments/pay_N8FVRD1DzYzBh1");
}

TEST_CASE("a day's list is read to its end", "[payments][razorpay]") {
  Desk desk;
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += (i > 0 ? "," : "") + captured;
  desk.http.answer(200, collection(hundred));
  desk.http.answer(200, collection(captured));
  desk.http.answer(200, collection(""));
  const auto list = desk.razorpay.list(Instant(1'763'596'800s), Instant(1'763'683'200s));
  REQUIRE(list);
  REQUIRE(*list);
  CHECK((*list)->payments.size() == 101);
  CHECK((*list)->refunds.empty());
  CHECK(desk.http.asked(0).target == "/v1/payments?from=1763596800&to=1763683199&count=100&skip=0");
  CHECK(desk.http.asked(1).target ==
        "/v1/payments?from=1763596800&to=1763683199&count=100&skip=100");
  CHECK(desk.http.asked(2).target == "/v1/refunds?from=1763596800&to=1763683199&count=100&skip=0");
}

TEST_CASE("a settlement is read row by row", "[payments][razorpay]") {
  Desk desk;
  desk.http.answer(
      200,
      collection(R"({"entity_id":"pay_1","type":"payment","debit":0,"credit":97100,"amount":100000,
      "currency":"INR","fee":2900,"tax":0,"settled":true,"settled_at":1568176198,"settlement_id":"setl_1",
      "settlement_utr":"1568176960vxp0rj","order_id":"order_1","order_receipt":null})"));
  const auto rows =
      desk.razorpay.settled_on(std::chrono::sys_days(std::chrono::year{2022} / 6 / 11));
  REQUIRE(rows);
  CHECK(rows->at(0).credit == Paise(97'100));
  CHECK(rows->at(0).fee == Paise(2'900));
  CHECK(desk.http.asked(0).target.starts_with(
      "/v1/settlements/recon/combined?year=2022&month=06&day=11&"));
}

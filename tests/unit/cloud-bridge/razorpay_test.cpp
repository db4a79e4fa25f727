// Razorpay's client against what a test wrote down: what goes out, what comes of every answer.
#include "cloud-bridge/payments/razorpay.hpp"

#include "cloud-bridge/payments/json.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/cloud-bridge/scripted_http.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::payments;
using namespace std::chrono_literals;
using tests::ManualClock;
using tests::ScriptedHttp;

namespace {

struct Desk {
  ScriptedHttp http;
  ManualClock clock;
  Razorpay razorpay{{.key_id = "key_id", .key_secret = Secret("key_secret")}, http, clock};

  [[nodiscard]] Json body(std::size_t index) const {
    return Json::parse(http.asked(index).body).value_or(Json());
  }
};

OrderRequest request(OrderKind kind) {
  return {.our_id = "p-0001",
          .kind = kind,
          .amount = Paise(5'000),
          .description = "Slot A-001",
          .expires_at = ManualClock::start + 5min,
          .return_url = "https://lot.example/pay/1"};
}

const std::string order_made =
    R"({"amount":5000,"amount_due":5000,"amount_paid":0,"attempts":0,"created_at":1756455561,"currency":"INR",
    "entity":"order","id":"order_RB58MiP5SPFYyM","notes":[],"offer_id":null,"receipt":"p-0001","status":"created"})";

std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

const std::string captured =
    R"({"id":"pay_N8FVRD1DzYzBh1","entity":"payment","amount":5000,"currency":"INR","status":"captured",
    "order_id":"order_RB58MiP5SPFYyM","method":"upi","amount_refunded":0,"refund_status":null,"captured":true,
    "vpa":"success@razorpay","notes":{},"fee":100,"tax":2,"error_description":null,
    "acquirer_data":{"rrn":"267567962619"},"created_at":1701688721})";

std::string collection(const std::string& items) {
  return R"({"entity":"collection","count":1,"items":[)" + items + "]}";
}

std::string refused(const std::string& words) {
  return R"({"error":{"code":"BAD_REQUEST_ERROR","description":")" + words + R"(","metadata":{}}})";
}

}  // namespace

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
  const auto now_s =
      std::chrono::floor<std::chrono::seconds>(ManualClock::start).time_since_epoch().count();
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

TEST_CASE("after a lost answer an order is found by our id", "[payments][razorpay]") {
  SECTION("an order by its receipt") {
    Desk desk;
    desk.http.answer(200, collection(order_made));
    desk.http.answer(200, collection(captured));
    const auto asked = desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order});
    REQUIRE(asked);
    CHECK((*asked)->provider_order_id == "order_RB58MiP5SPFYyM");
    CHECK(desk.http.asked(0).target == "/v1/orders?receipt=p-0001");
  }
  SECTION("a link by its reference") {
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
  SECTION("a QR code by its notes, among all that were made since") {
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
    const auto asked = desk.razorpay.ask(
        {.our_id = "p-0001", .kind = OrderKind::lane_qr, .sent_at = ManualClock::start});
    REQUIRE(asked);
    CHECK((*asked)->provider_order_id == "qr_1");
    CHECK((*asked)->state == OrderState::closed);
    CHECK(desk.http.asked(0).target.ends_with("&count=100&skip=0"));
    CHECK(desk.http.asked(1).target.ends_with("&count=100&skip=100"));
    CHECK(desk.http.asked(2).target == "/v1/payments/qr_codes/qr_1/payments");
  }
  SECTION("none") {
    Desk desk;
    desk.http.answer(200, collection(""));
    const auto asked = desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order});
    REQUIRE(asked);
    CHECK_FALSE(*asked);
  }
  SECTION("two are a contradiction") {
    Desk desk;
    desk.http.answer(200, collection(order_made + "," + with(order_made, "RB58", "RB59")));
    CHECK(desk.razorpay.ask({.our_id = "p-0001", .kind = OrderKind::order}).error().kind ==
          TroubleKind::contradiction);
  }
  SECTION("no answer is no answer") {
    Desk desk;
    desk.http.fail(TroubleKind::unknown);
    CHECK(desk.razorpay.ask({.our_id = "p-0001"}).error().kind == TroubleKind::unknown);
  }
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

#include "cloud-bridge/payments/razorpay.hpp"
#include "cloud-bridge/payments/signatures.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/cloud-bridge/scripted_http.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::payments;
using namespace std::chrono_literals;

namespace {

struct Desk {
  tests::ScriptedHttp http;
  tests::ManualClock clock;
  Razorpay razorpay{{.key_id = "key_id",
                     .key_secret = Secret("EnLs21M47BllR3X8PSFtjtbd"),
                     .webhook_secret = Secret("new-secret"),
                     .webhook_secret_previous = Secret("old-secret")},
                    http,
                    clock};

  [[nodiscard]] auto read(const std::string& body, const std::string& secret,
                          const std::string& event_id = "ev-1") const {
    return razorpay.read(
        {.body = body, .signature = hmac_sha256_hex(secret, body), .event_id = event_id});
  }
};

const std::string captured_event =
    R"({"entity":"event","account_id":"acc_1","event":"payment.captured","contains":["payment"],"payload":
    {"payment":{"entity":{"id":"pay_DESyzxuld02Zul","entity":"payment","amount":100,"currency":"INR","status":"captured",
    "order_id":"order_DESxiijbl9xjDB","method":"upi","captured":true,"created_at":1567675356}}},"created_at":1567675356})";

}  // namespace

TEST_CASE("a captured payment is told by its webhook", "[payments][razorpay][notifications]") {
  const Desk desk;
  const auto notification = desk.read(captured_event, "new-secret");
  REQUIRE(notification);
  CHECK(notification->event == "payment.captured");
  CHECK(notification->event_id == "ev-1");
  CHECK_FALSE(notification->is_hint);
  CHECK(notification->at == Instant(1567675356s));
  REQUIRE(notification->payment);
  CHECK(notification->payment->provider_payment_id == "pay_DESyzxuld02Zul");
  CHECK(notification->payment->provider_order_id == "order_DESxiijbl9xjDB");
  CHECK(notification->payment->state == MoneyState::captured);
  CHECK(notification->payment->amount == Paise(100));
}

TEST_CASE("a QR code that was paid tells both its payment and itself",
          "[payments][razorpay][notifications]") {
  const Desk desk;
  const auto notification = desk.read(R"({"event":"qr_code.credited","payload":{
      "payment":{"entity":{"id":"pay_1","amount":5000,"currency":"INR","status":"captured","order_id":null,"method":"upi"}},
      "qr_code":{"entity":{"id":"qr_1","payment_amount":5000,"status":"active","payments_count_received":0,
      "notes":{"payment_id":"p-0001"}}}},"created_at":1567675356})",
                                      "new-secret");
  REQUIRE(notification);
  CHECK(notification->payment->provider_order_id.empty());
  CHECK(notification->order->provider_order_id == "qr_1");
  CHECK(notification->order->our_id == "p-0001");
  // A snapshot of a moment before: the payment says more.
  CHECK(notification->order->state == OrderState::open);
}

TEST_CASE("a refund that went out is told by its webhook", "[payments][razorpay][notifications]") {
  const Desk desk;
  const auto notification = desk.read(R"({"event":"refund.processed","payload":{
      "refund":{"entity":{"id":"rfnd_1","amount":100,"currency":"INR","payment_id":"pay_1","receipt":"rf-0000001","status":"processed",
      "acquirer_data":{"arn":"10000000000000"}}}},"created_at":1567675356})",
                                      "new-secret");
  REQUIRE(notification);
  CHECK(notification->refund->our_id == "rf-0000001");
  CHECK(notification->refund->progress == RefundProgress::done);
  CHECK(notification->refund->reference == "10000000000000");
}

TEST_CASE("the old secret is good while it is set", "[payments][razorpay][notifications]") {
  const Desk desk;
  CHECK(desk.read(captured_event, "old-secret"));
  CHECK(desk.read(captured_event, "older-secret").error() == NotificationTrouble::bad_signature);
}

TEST_CASE("a webhook that was touched proves nothing", "[payments][razorpay][notifications]") {
  const Desk desk;
  const auto signature = hmac_sha256_hex("new-secret", captured_event);
  for (std::size_t i = 0; i < captured_event.size(); ++i) {
    auto body = captured_event;
    body[i] = static_cast<char>(body[i] ^ 4);
    if (desk.razorpay.read({.body = body, .signature = signature})) FAIL("byte " << i);
  }
  CHECK(desk.razorpay.read({.body = captured_event, .signature = signature}));
  CHECK_FALSE(desk.razorpay.read({.body = captured_event, .signature = signature + "0"}));
  CHECK_FALSE(desk.razorpay.read({.body = captured_event}));
}

TEST_CASE("what is signed but says nothing is unreadable", "[payments][razorpay][notifications]") {
  const Desk desk;
  for (
      const std::string body :
      {"", "[]", "{}", "no json", R"({"event":7})",
       R"({"event":"payment.captured","payload":{"payment":{"entity":{"id":"pay_1"}}}})",
       R"({"event":"payment.captured","payload":{"payment":{"entity":{"id":"pay_1","amount":1.5,"currency":"INR","status":"captured"}}}})"}) {
    INFO(body);
    const auto notification = desk.read(body, "new-secret");
    REQUIRE_FALSE(notification);
    CHECK(notification.error() == NotificationTrouble::unreadable);
  }
}

TEST_CASE("an event without an id of its own is known by its bytes",
          "[payments][razorpay][notifications]") {
  const Desk desk;
  const auto first = desk.read(captured_event, "new-secret", "");
  CHECK(first->event_id == sha256_hex(captured_event));
  CHECK(desk.read(captured_event, "new-secret", "a b")->event_id == first->event_id);
}

TEST_CASE("an event of another kind is told by its name", "[payments][razorpay][notifications]") {
  const Desk desk;
  const auto notification = desk.read(
      R"({"event":"payment.downtime.started","payload":{},"created_at":1567675356})", "new-secret");
  REQUIRE(notification);
  CHECK(notification->event == "payment.downtime.started");
  CHECK_FALSE(notification->payment);
}

TEST_CASE("a browser's proof is believed for what it signs",
          "[payments][razorpay][notifications]") {
  const Desk desk;
  BrowserProof checkout{
      .provider_order_id = "order_IEIaMR65cu6nz3",
      .provider_payment_id = "pay_IH4NVgf4Dreq1l",
      .signature = "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f"};
  CHECK(desk.razorpay.is_proven(checkout));
  checkout.provider_order_id = "order_other";
  CHECK_FALSE(desk.razorpay.is_proven(checkout));

  BrowserProof link{.provider_order_id = "plink_IH3cNucfVEgV68",
                    .provider_payment_id = "pay_IH3d0ara9bSsjQ",
                    .signature = "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b",
                    .our_id = "TSsd1989",
                    .link_status = "paid"};
  CHECK(desk.razorpay.is_proven(link));
  link.link_status = "cancelled";
  link.signature = hmac_sha256_hex("EnLs21M47BllR3X8PSFtjtbd",
                                   "plink_IH3cNucfVEgV68|TSsd1989|cancelled|pay_IH3d0ara9bSsjQ");
  CHECK_FALSE(desk.razorpay.is_proven(link));
}

// Every published vector, and that one changed byte is enough.
#include "cloud-bridge/payments/signatures.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse::payments;

namespace {

// razorpay-python, tests/mocks/fake_payment_authorized_webhook.json: 971 bytes with the last
// newline.
const std::string authorized_webhook = R"({
  "event": "payment.authorized",
  "entity": "event",
  "contains": [
    "payment"
  ],
  "payload": {
    "payment": {
      "entity": {
        "id": "pay_6koWN7bvxujzxM",
        "entity": "payment",
        "amount": 1000000,
        "currency": "INR",
        "status": "captured",
        "order_id": "order_100000000order",
        "international": false,
        "method": "card",
        "amount_refunded": 0,
        "refund_status": null,
        "captured": true,
        "description": "random description",
        "card_id": "card_6koWNAT6LASUqy",
        "bank": null,
        "wallet": null,
        "vpa": null,
        "email": "a@b.com",
        "contact": "+919999999999",
        "notes": {
          "merchant_order_id": "random order id"
        },
        "fee": 23000,
        "service_tax": 3000,
        "error_code": null,
        "error_description": null,
        "created_at": 1479978483
      }
    }
  },
  "created_at": 1400826760
}
)";

const Secret sdk_key("EnLs21M47BllR3X8PSFtjtbd");
const Secret uat_salt("099eb0cd-02cf-4e2a-8aca-3e6c6aff0399");

}  // namespace

TEST_CASE("Razorpay's checkout signature is that of its SDKs", "[payments][signatures]") {
  CHECK(is_razorpay_checkout(Secret("key_secret"), "fake_order_id", "fake_payment_id",
                             "b2335e3b0801106b84a7faff035df56ecffde06918c9ddd1f0fafbb37a51cc89"));
  CHECK(is_razorpay_checkout(sdk_key, "order_IEIaMR65cu6nz3", "pay_IH4NVgf4Dreq1l",
                             "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f"));
  CHECK_FALSE(
      is_razorpay_checkout(sdk_key, "order_IEIaMR65cu6nz4", "pay_IH4NVgf4Dreq1l",
                           "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f"));
  CHECK_FALSE(is_razorpay_checkout(sdk_key, "order_IEIaMR65cu6nz3", "pay_IH4NVgf4Dreq1l", ""));
}

TEST_CASE("a payment link's callback and a subscription are signed as in the SDKs",
          "[payments][signatures]") {
  const std::string link = "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b";
  CHECK(is_razorpay_link_callback(sdk_key, "plink_IH3cNucfVEgV68", "TSsd1989", "paid",
                                  "pay_IH3d0ara9bSsjQ", link));
  CHECK_FALSE(is_razorpay_link_callback(sdk_key, "plink_IH3cNucfVEgV68", "TSsd1989", "cancelled",
                                        "pay_IH3d0ara9bSsjQ", link));
  CHECK(hmac_sha256_hex(sdk_key.reveal(), "pay_IDZNwZZFtnjyym|sub_ID6MOhgkcoHj9I") ==
        "601f383334975c714c91a7d97dd723eb56520318355863dcf3821c0d07a17693");
}

TEST_CASE("a webhook is signed over its raw bytes", "[payments][signatures]") {
  const std::array secrets = {Secret("123456")};
  CHECK(is_razorpay_webhook(secrets, R"({"a":1,"b":2,"c":{"d":3}})",
                            "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc"));
  // The same JSON in other bytes.
  CHECK_FALSE(
      is_razorpay_webhook(secrets, R"({"a":1, "b":2,"c":{"d":3}})",
                          "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc"));
}

TEST_CASE("every single changed byte of a webhook is noticed", "[payments][signatures]") {
  const std::array secrets = {Secret("key_secret")};
  const std::string signature = "d60e67fd884556c045e9be7dad57903e33efc7172c17c6e3ef77db42d2b366e9";
  REQUIRE(authorized_webhook.size() == 971);
  REQUIRE(sha256_hex(authorized_webhook) ==
          "9cc0236491299f34a154292eaed46d94b010f44b22095c034f884ca6a1862bef");
  CHECK(is_razorpay_webhook(secrets, authorized_webhook, signature));
  const auto without_newline = authorized_webhook.substr(0, 970);
  CHECK(hmac_sha256_hex("key_secret", without_newline).starts_with("0971cde1"));
  for (std::size_t i = 0; i < authorized_webhook.size(); ++i) {
    auto changed = authorized_webhook;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (is_razorpay_webhook(secrets, changed, signature)) FAIL("byte " << i);
  }
}

TEST_CASE("while its secret is changed a webhook may come under the old one",
          "[payments][signatures]") {
  const std::string body = R"({"event":"payment.captured"})";
  const std::array secrets = {Secret("new"), Secret("old")};
  CHECK(is_razorpay_webhook(secrets, body, hmac_sha256_hex("new", body)));
  CHECK(is_razorpay_webhook(secrets, body, hmac_sha256_hex("old", body)));
  CHECK_FALSE(is_razorpay_webhook(secrets, body, hmac_sha256_hex("older", body)));
  const std::array only_new = {Secret("new"), Secret()};
  CHECK_FALSE(is_razorpay_webhook(only_new, body, hmac_sha256_hex("old", body)));
}

TEST_CASE("nothing is proven under a key that is not set", "[payments][signatures]") {
  const std::array none = {Secret(), Secret()};
  CHECK_FALSE(is_razorpay_webhook(none, "{}", hmac_sha256_hex("", "{}")));
  CHECK_FALSE(is_razorpay_checkout(Secret(), "o", "p", hmac_sha256_hex("", "o|p")));
  CHECK_FALSE(is_razorpay_link_callback(Secret(), "l", "r", "paid", "p",
                                        hmac_sha256_hex("", "l|r|paid|p")));
  CHECK_FALSE(is_phonepe_x_verify(Secret(), 1, "{}", sha256_hex("{}") + "###1"));
  CHECK_FALSE(is_phonepe_webhook("", Secret("password1"), sha256_hex(":password1")));
  CHECK_FALSE(is_phonepe_webhook("username", Secret(), sha256_hex("username:")));
}

TEST_CASE("PhonePe's X-VERIFY is that of its documents", "[payments][signatures]") {
  // The 2016 SDK: the fields and the salt one after the other.
  CHECK(phonepe_x_verify(Secret("Salt"), 1, "MerchantIdTransactionIdAmount") ==
        "5fa90742c72a61bd4619345afa0d0809323e0fbb31839355d61a088d49975b24###1");
  const std::string status = "/pg/v1/status/PGTESTPAYUAT/MT7850590068188104";
  const std::string header = "95c6d60f014b7190aa417083aca2489bb5b0a729d0421c17dea19f5913e6d741###1";
  CHECK(phonepe_x_verify(uat_salt, 1, status) == header);
  CHECK(is_phonepe_x_verify(uat_salt, 1, status, header));
  CHECK_FALSE(is_phonepe_x_verify(uat_salt, 2, status, header));
  CHECK_FALSE(is_phonepe_x_verify(uat_salt, 1, status + "5", header));
  CHECK_FALSE(is_phonepe_x_verify(uat_salt, 1, status, header.substr(0, 64)));
}

TEST_CASE("PhonePe's published requests and callback verify", "[payments][signatures]") {
  // developer.phonepe.com/v1/reference/refund-8: the sample `request`.
  const std::string refund =
      "ewogICAgIm1lcmNoYW50SWQiOiAiUEdURVNUUEFZVUFUIiwKICAgICJtZXJjaGFudFVzZXJJZCI6ICJVc2Vy"
      "MTIzIiwKICAgICJvcmlnaW5hbFRyYW5zYWN0aW9uSWQiOiAiT0Q2MjA0NzE3MzkyMTA2MjMiLAogICAgIm1l"
      "cmNoYW50VHJhbnNhY3Rpb25JZCI6ICJST0Q2MjA0NzE3MzkyMTA2MjMiLAogICAgImFtb3VudCI6IDEwMDAs"
      "CiAgICAiY2FsbGJhY2tVcmwiOiAiaHR0cHM6Ly93ZWJob29rLnNpdGUvY2FsbGJhY2stdXJsIgp9";
  CHECK(phonepe_x_verify(uat_salt, 1, refund + "/pg/v1/refund") ==
        "9dbaf1a531f683699ca9385103f321bc75f6adce881e68c6557cacc0b088d3f8###1");
  // …/php-callback-verification: the sample `response`. No path goes into a callback's message.
  const std::string callback =
      "eyJzdWNjZXNzIjpmYWxzZSwiY29kZSI6IlBBWU1FTlRfRVJST1IiLCJtZXNzYWdlIjoiUGF5bWVudCBGYWls"
      "ZWQiLCJkYXRhIjp7Im1lcmNoYW50SWQiOiJtZXJjaGFudElkIiwibWVyY2hhbnRUcmFuc2FjdGlvbklkIjoi"
      "bWVyY2hhbnRUcmFuc2FjdGlvbklkIiwidHJhbnNhY3Rpb25JZCI6IkZUWDIzMDYwMTE1NDMxOTU3MTYzMjM5"
      "IiwiYW1vdW50IjoxMDAsInN0YXRlIjoiRkFJTEVEIiwicmVzcG9uc2VDb2RlIjoiUkVRVUVTVF9ERUNMSU5F"
      "X0JZX1JFUVVFU1RFRSIsInBheW1lbnRJbnN0cnVtZW50IjpudWxsfX0=";
  CHECK(
      is_phonepe_x_verify(uat_salt, 1, callback,
                          "1d173c3d681ad08c4d49df259b511f2b243ac6b8314ad0741067cc24f1b4a33a###1"));
}

TEST_CASE("PhonePe's second webhook header is that of its SDKs", "[payments][signatures]") {
  CHECK(is_phonepe_webhook("username", Secret("password"),
                           "bc842c31a9e54efe320d30d948be61291f3ceee4766e36ab25fa65243cd76e0e"));
  CHECK_FALSE(
      is_phonepe_webhook("username", Secret("passwore"),
                         "bc842c31a9e54efe320d30d948be61291f3ceee4766e36ab25fa65243cd76e0e"));
  // The SDK's own vector of nothing at all; we take none without a name and a password.
  CHECK(sha256_hex(":") == "e7ac0786668e0ff0f02b62bd04f45ff636fd82db63b1104601c975dc005f3a67");
}

TEST_CASE("base64 has one spelling", "[payments][signatures]") {
  CHECK(to_base64("key_id:key_secret") == "a2V5X2lkOmtleV9zZWNyZXQ=");
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    CHECK(from_base64(to_base64(bytes)) == bytes);
  for (const std::string text :
       {"Zg", "Zg=", "Zh==", "Z===", "====", "Zg==\n", " Zg==", "Zg==Zg==", "Z-8="})
    CHECK_FALSE(from_base64(text));
}

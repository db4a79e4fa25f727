#include "cloud-bridge/payments/settings.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse::payments;
using Catch::Matchers::Contains;

namespace {

PaymentSettings live() {
  return {.mode = Mode::live,
          .razorpay = {.base_url = "https://api.razorpay.com",
                       .key_id = "rzp_live_abc",
                       .key_secret = Secret("s1"),
                       .webhook_secret = Secret("s2")},
          .phonepe = {.base_url = "https://api.phonepe.com",
                      .merchant_id = "M123",
                      .salt_key = Secret("salt")}};
}

std::string all(const PaymentSettings& settings) {
  std::string text;
  for (const auto& sentence : mode_conflicts(settings)) text += sentence + "\n";
  return text;
}

}  // namespace

TEST_CASE("whole settings of either mode may be used", "[payments][settings]") {
  CHECK(all(live()).empty());
  CHECK(all(sandbox_defaults()).empty());
  auto only_phonepe = live();
  only_phonepe.razorpay = {};
  CHECK(all(only_phonepe).empty());
}

TEST_CASE("a sandbox refuses live keys and live hosts", "[payments][settings]") {
  auto settings = sandbox_defaults();
  settings.razorpay.key_id = "rzp_live_abc";
  CHECK_THAT(all(settings), Contains("mode is \"sandbox\", but the key id is a live one"));
  settings = sandbox_defaults();
  settings.phonepe.base_url = "https://api.phonepe.com";
  CHECK_THAT(all(settings), Contains("moves real money"));
  // Razorpay's one host serves tests too: with its test keys, and with no others.
  settings = sandbox_defaults();
  settings.razorpay.base_url = "https://api.razorpay.com";
  settings.razorpay.key_id = "rzp_test_abc";
  CHECK(all(settings).empty());
  settings.razorpay.key_id = "abc";
  CHECK_THAT(all(settings), Contains("takes a key id of rzp_test_"));
  settings.razorpay.key_id = "rzp_live_abc";
  CHECK_FALSE(all(settings).empty());
}

TEST_CASE("a live lot refuses keys and hosts for tests", "[payments][settings]") {
  auto settings = live();
  settings.razorpay.key_id = "rzp_test_abc";
  CHECK_THAT(all(settings), Contains("mode is \"live\", but the key id is not a live one"));
  settings = live();
  settings.razorpay.base_url = "http://127.0.0.1:9101";
  CHECK_THAT(all(settings), Contains("mode is \"live\", but base_url is this machine"));
  settings = live();
  settings.phonepe.base_url = "https://api-preprod.phonepe.com";
  CHECK_THAT(all(settings), Contains("is for tests"));
  settings = live();
  settings.phonepe.merchant_id = "PGTESTPAYUAT";
  CHECK_THAT(all(settings), Contains("the merchant is one for tests"));
  settings = live();
  settings.phonepe.salt_key = Secret("099eb0cd-02cf-4e2a-8aca-3e6c6aff0399");
  CHECK_THAT(all(settings), Contains("the public one for tests"));
  settings = live();
  settings.phonepe = {.api = PhonePeApi::v2,
                      .base_url = "https://api.phonepe.com",
                      .client_id = "TEST-X",
                      .client_secret = Secret("x")};
  CHECK_THAT(all(settings), Contains("the client id is one for tests"));
}

TEST_CASE("a live lot wants whole credentials", "[payments][settings]") {
  auto settings = live();
  settings.razorpay.key_secret = Secret();
  CHECK_THAT(all(settings), Contains("the key secret is not set"));
  settings = live();
  settings.razorpay.webhook_secret = Secret();
  CHECK_THAT(all(settings), Contains("the webhook secret is not set"));
  settings = live();
  settings.razorpay.webhook_secret = settings.razorpay.key_secret;
  CHECK_THAT(all(settings), Contains("must differ"));
  settings = live();
  settings.razorpay = {};
  settings.phonepe = {};
  CHECK_THAT(all(settings), Contains("no provider's credentials are set"));
}

TEST_CASE("no sentence holds a secret", "[payments][settings]") {
  auto settings = live();
  settings.mode = Mode::sandbox;
  settings.razorpay.key_secret = Secret("very-secret");
  settings.phonepe.salt_key = Secret("very-secret");
  CHECK_FALSE(all(settings).empty());
  CHECK_THAT(all(settings), !Contains("very-secret"));
}

TEST_CASE("everybody's keys are for this machine only", "[payments][settings]") {
  PaymentSettings settings;
  fill_sandbox_credentials(settings);
  CHECK(settings.razorpay.key_id == "rzp_test_gatehouse");
  CHECK(settings.phonepe.merchant_id == "PGTESTPAYUAT");
  CHECK(all(settings).empty());

  PaymentSettings at_razorpay{.razorpay = {.base_url = "https://api.razorpay.com"}};
  fill_sandbox_credentials(at_razorpay);
  CHECK(at_razorpay.razorpay.key_id.empty());
  CHECK(at_razorpay.razorpay.key_secret.empty());

  PaymentSettings real{.mode = Mode::live};
  fill_sandbox_credentials(real);
  CHECK(real.razorpay.base_url.empty());
  CHECK_FALSE(is_set(real.razorpay));
}

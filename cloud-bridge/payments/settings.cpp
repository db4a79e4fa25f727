#include "cloud-bridge/payments/settings.hpp"

#include <string_view>

namespace gatehouse::payments {
namespace {

using Sentences = std::vector<std::string>;

constexpr std::string_view live_key_prefix = "rzp_live_";
constexpr std::string_view test_key_prefix = "rzp_test_";
constexpr std::string_view test_merchant_prefix = "PGTEST";
constexpr std::string_view public_salt = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399";

void judge_razorpay(const RazorpaySettings& settings, Mode mode, Sentences& sentences) {
  const auto endpoint = check_endpoint(settings.base_url, ProviderName::razorpay, mode);
  if (!endpoint) sentences.push_back(endpoint.error());
  const bool is_live_key = settings.key_id.starts_with(live_key_prefix);
  const bool is_test_key = settings.key_id.starts_with(test_key_prefix);
  if (mode == Mode::sandbox && is_live_key)
    sentences.emplace_back(
        "razorpay: mode is \"sandbox\", but the key id is a live one (rzp_live_)");
  // One host serves both: only its own test keys make it a place for tests.
  if (mode == Mode::sandbox && endpoint && !endpoint->is_loopback() && !is_test_key)
    sentences.emplace_back(
        "razorpay: mode is \"sandbox\", and at Razorpay itself that takes a key id of rzp_test_");
  if (mode == Mode::live && !is_live_key)
    sentences.emplace_back(
        "razorpay: mode is \"live\", but the key id is not a live one (rzp_live_)");
  if (settings.key_secret.empty()) sentences.emplace_back("razorpay: the key secret is not set");
  if (mode == Mode::live && settings.webhook_secret.empty())
    sentences.emplace_back("razorpay: the webhook secret is not set");
  if (mode == Mode::live && !settings.webhook_secret.empty() &&
      settings.webhook_secret.reveal() == settings.key_secret.reveal())
    sentences.emplace_back("razorpay: the webhook secret and the key secret must differ");
}

void judge_phonepe(const PhonePeSettings& settings, Mode mode, Sentences& sentences) {
  const auto endpoint = check_endpoint(settings.base_url, ProviderName::phonepe, mode);
  if (!endpoint) sentences.push_back(endpoint.error());
  if (settings.api == PhonePeApi::v1) {
    if (settings.merchant_id.empty()) sentences.emplace_back("phonepe: the merchant id is not set");
    if (settings.salt_key.empty()) sentences.emplace_back("phonepe: the salt key is not set");
    if (mode == Mode::live && settings.merchant_id.starts_with(test_merchant_prefix))
      sentences.emplace_back(
          "phonepe: mode is \"live\", but the merchant is one for tests (PGTEST)");
    if (mode == Mode::live && settings.salt_key.reveal() == public_salt)
      sentences.emplace_back(
          "phonepe: mode is \"live\", but the salt key is the public one for tests");
    return;
  }
  if (settings.client_id.empty()) sentences.emplace_back("phonepe: the client id is not set");
  if (settings.client_secret.empty())
    sentences.emplace_back("phonepe: the client secret is not set");
  if (mode == Mode::live && settings.client_id.starts_with("TEST"))
    sentences.emplace_back("phonepe: mode is \"live\", but the client id is one for tests (TEST)");
}

template <class T>
void fill(T& value, const T& otherwise) {
  if (value.empty()) value = otherwise;
}

bool is_this_machine(std::string_view url, ProviderName provider) {
  const auto endpoint = check_endpoint(url, provider, Mode::sandbox);
  return endpoint && endpoint->is_loopback();
}

}  // namespace

PaymentSettings sandbox_defaults() {
  return {.mode = Mode::sandbox,
          .razorpay = {.base_url = "http://127.0.0.1:9101",
                       .key_id = "rzp_test_gatehouse",
                       .key_secret = Secret("gatehouse-sandbox-key-secret"),
                       .webhook_secret = Secret("gatehouse-sandbox-webhook-secret")},
          .phonepe = {.base_url = "http://127.0.0.1:9102",
                      .merchant_id = "PGTESTPAYUAT",
                      .salt_key = Secret(std::string(public_salt)),
                      .client_id = "TEST-GATEHOUSE",
                      .client_secret = Secret("gatehouse-sandbox-client-secret"),
                      .webhook_username = "gatehouse",
                      .webhook_password = Secret("sandbox12345")}};
}

bool is_set(const RazorpaySettings& settings) {
  return !settings.key_id.empty() || !settings.key_secret.empty();
}

bool is_set(const PhonePeSettings& settings) {
  if (settings.api == PhonePeApi::v1)
    return !settings.merchant_id.empty() || !settings.salt_key.empty();
  return !settings.client_id.empty() || !settings.client_secret.empty();
}

void fill_sandbox_credentials(PaymentSettings& settings) {
  if (settings.mode != Mode::sandbox) return;
  const auto defaults = sandbox_defaults();
  fill(settings.razorpay.base_url, defaults.razorpay.base_url);
  fill(settings.phonepe.base_url, defaults.phonepe.base_url);
  if (is_this_machine(settings.razorpay.base_url, ProviderName::razorpay)) {
    fill(settings.razorpay.key_id, defaults.razorpay.key_id);
    fill(settings.razorpay.key_secret, defaults.razorpay.key_secret);
    fill(settings.razorpay.webhook_secret, defaults.razorpay.webhook_secret);
  }
  if (is_this_machine(settings.phonepe.base_url, ProviderName::phonepe)) {
    fill(settings.phonepe.merchant_id, defaults.phonepe.merchant_id);
    fill(settings.phonepe.salt_key, defaults.phonepe.salt_key);
    fill(settings.phonepe.client_id, defaults.phonepe.client_id);
    fill(settings.phonepe.client_secret, defaults.phonepe.client_secret);
    fill(settings.phonepe.webhook_username, defaults.phonepe.webhook_username);
    fill(settings.phonepe.webhook_password, defaults.phonepe.webhook_password);
  }
}

std::vector<std::string> mode_conflicts(const PaymentSettings& settings) {
  Sentences sentences;
  if (is_set(settings.razorpay)) judge_razorpay(settings.razorpay, settings.mode, sentences);
  if (is_set(settings.phonepe)) judge_phonepe(settings.phonepe, settings.mode, sentences);
  if (settings.mode == Mode::live && !is_set(settings.razorpay) && !is_set(settings.phonepe))
    sentences.emplace_back("payments: mode is \"live\", but no provider's credentials are set");
  return sentences;
}

}  // namespace gatehouse::payments

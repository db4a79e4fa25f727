// [billing] and [payments].
#include "edge/gateway/config/readers.hpp"

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes window_max = 24h;

constexpr std::array<std::pair<std::string_view, PaymentMode>, 2> modes = {
    {{"sandbox", PaymentMode::sandbox}, {"live", PaymentMode::live}}};
constexpr std::array<std::pair<std::string_view, PaymentProvider>, 2> providers = {
    {{"razorpay", PaymentProvider::razorpay}, {"phonepe", PaymentProvider::phonepe}}};
constexpr std::array<std::pair<std::string_view, PhonePeSettings::Api>, 2> phonepe_apis = {
    {{"v1", PhonePeSettings::Api::v1}, {"v2", PhonePeSettings::Api::v2}}};

TaxSettings read_tax(Section tax) {
  TaxSettings settings;
  settings.percent = tax.number<std::uint32_t>("percent", settings.percent, 0, 100);
  settings.inclusive = tax.flag("inclusive", settings.inclusive);
  // Bills are counted one way only: a lot that means the other would be owed its GST by nobody.
  if (!settings.inclusive) tax.wrong("inclusive", "true, as prices include GST in this version");
  settings.sac = tax.text("sac", settings.sac, rules::sac);
  settings.gstin = tax.text("gstin", settings.gstin, rules::gstin);
  settings.invoice_series =
      tax.text("invoice_series", settings.invoice_series, rules::invoice_series);
  return settings;
}

/// Live, a provider is reached at its real host and never in the clear.
std::string read_base_url(Section& provider, PaymentMode mode, std::string sandbox,
                          std::string live) {
  const bool is_live = mode == PaymentMode::live;
  std::string url =
      provider.text("base_url", is_live ? std::move(live) : std::move(sandbox), rules::web_url);
  if (is_live && !url.starts_with("https://")) {
    provider.wrong("base_url", "an https:// URL, as payments.mode is \"live\"");
  }
  return url;
}

void require_secret(Section& provider, std::string_view key, const Secret& secret) {
  if (!secret.value.empty()) return;
  provider.problem(key, fmt::format("expected a key, as payments.mode is \"live\"; {}",
                                    secret.variable.empty()
                                        ? "no environment variable is named"
                                        : fmt::format("the environment variable {} is not set",
                                                      secret.variable)));
}

RazorpaySettings read_razorpay(Section razorpay, PaymentMode mode, bool keys_required,
                               const Surroundings& around) {
  RazorpaySettings settings{
      .key_id = read_secret(razorpay, "key_id_env", "RAZORPAY_KEY_ID", around),
      .key_secret = read_secret(razorpay, "key_secret_env", "RAZORPAY_KEY_SECRET", around),
      .webhook_secret =
          read_secret(razorpay, "webhook_secret_env", "RAZORPAY_WEBHOOK_SECRET", around),
      .webhook_secret_previous = read_secret(razorpay, "webhook_secret_previous_env", "", around),
      .base_url =
          read_base_url(razorpay, mode, "http://127.0.0.1:9101", "https://api.razorpay.com")};
  if (keys_required) {
    require_secret(razorpay, "key_id_env", settings.key_id);
    require_secret(razorpay, "key_secret_env", settings.key_secret);
    require_secret(razorpay, "webhook_secret_env", settings.webhook_secret);
  }
  return settings;
}

void require_phonepe_keys(Section& phonepe, const PhonePeSettings& settings) {
  if (settings.api == PhonePeSettings::Api::v1) {
    require_secret(phonepe, "merchant_id_env", settings.merchant_id);
    require_secret(phonepe, "salt_key_env", settings.salt_key);
    return;
  }
  require_secret(phonepe, "client_id_env", settings.client_id);
  require_secret(phonepe, "client_secret_env", settings.client_secret);
  require_secret(phonepe, "webhook_username_env", settings.webhook_username);
  require_secret(phonepe, "webhook_password_env", settings.webhook_password);
}

PhonePeSettings read_phonepe(Section phonepe, PaymentMode mode, bool keys_required,
                             const Surroundings& around) {
  const auto secret = [&](std::string_view key, const char* variable) {
    return read_secret(phonepe, key, variable, around);
  };
  PhonePeSettings settings;
  settings.api = phonepe.choice("api", settings.api, phonepe_apis);
  settings.merchant_id = secret("merchant_id_env", "PHONEPE_MERCHANT_ID");
  settings.salt_key = secret("salt_key_env", "PHONEPE_SALT_KEY");
  settings.salt_index = phonepe.number<std::uint32_t>("salt_index", 1, 1, 100);
  settings.client_id = secret("client_id_env", "PHONEPE_CLIENT_ID");
  settings.client_secret = secret("client_secret_env", "PHONEPE_CLIENT_SECRET");
  settings.client_version = phonepe.number<std::uint32_t>("client_version", 1, 1, 100);
  settings.webhook_username = secret("webhook_username_env", "PHONEPE_WEBHOOK_USERNAME");
  settings.webhook_password = secret("webhook_password_env", "PHONEPE_WEBHOOK_PASSWORD");
  settings.base_url =
      read_base_url(phonepe, mode, "http://127.0.0.1:9102",
                    settings.api == PhonePeSettings::Api::v1 ? "https://api.phonepe.com/apis/hermes"
                                                             : "https://api.phonepe.com/apis/pg");
  if (keys_required) require_phonepe_keys(phonepe, settings);
  return settings;
}

}  // namespace

PaymentSettings read_payments(Section payments, const Surroundings& around) {
  PaymentSettings settings;
  settings.mode = payments.choice("mode", settings.mode, modes);
  settings.provider = payments.choice("provider", settings.provider, providers);
  settings.lane_qr = payments.duration("lane_qr_seconds", settings.lane_qr, 30s, 3'600s);
  settings.callback_url = payments.text("callback_url", "", rules::web_url_or_empty);
  const auto needs_keys = [&settings](PaymentProvider provider) {
    return settings.mode == PaymentMode::live && settings.provider == provider;
  };
  settings.razorpay = read_razorpay(payments.table("razorpay"), settings.mode,
                                    needs_keys(PaymentProvider::razorpay), around);
  settings.phonepe = read_phonepe(payments.table("phonepe"), settings.mode,
                                  needs_keys(PaymentProvider::phonepe), around);
  return settings;
}

BillingSettings read_billing(Section billing, PaymentMode mode) {
  BillingSettings settings;
  const auto window = [&billing](std::string_view key, minutes fallback, minutes least) {
    return billing.duration(key, fallback, least, window_max);
  };
  settings.grace = window("grace_minutes", settings.grace, 0min);
  settings.booking_fee = billing.money("booking_fee", settings.booking_fee);
  settings.payment_window = window("payment_window_minutes", settings.payment_window, 1min);
  settings.deposit_hold = window("deposit_hold_minutes", settings.deposit_hold, 1min);
  settings.walk_in_hold = window("walk_in_hold_minutes", settings.walk_in_hold, 1min);
  settings.prepaid_min = billing.duration("prepaid_min_hours", settings.prepaid_min, 0h, 24h);
  settings.cancel_refund = window("cancel_refund_minutes", settings.cancel_refund, 0min);
  settings.exit_window = window("exit_window_minutes", settings.exit_window, 1min);
  settings.unpaid_holds_percent =
      billing.number<std::uint32_t>("unpaid_holds_percent", settings.unpaid_holds_percent, 0, 100);
  settings.daily_cap = billing.money_or_none("daily_cap");
  if (settings.daily_cap == Paise(0))
    billing.wrong("daily_cap",
                  "more than \"0\", which would make parking free, or \"\" for no cap");
  settings.lost_ticket_fee = billing.money_or_none("lost_ticket_fee");
  settings.stay_max = billing.duration("stay_max_days", settings.stay_max, days{1}, days{365});
  settings.long_stay = billing.duration("long_stay_hours", settings.long_stay, 1h, 8'760h);
  settings.daily_target = billing.money_or_none("daily_target");
  settings.minute = billing.duration("minute_seconds", settings.minute, 1s, 60s);
  if (settings.minute != 60s && mode == PaymentMode::live) {
    billing.wrong("minute_seconds", "60, as payments.mode is not \"sandbox\"");
  }
  settings.tax = read_tax(billing.table("tax"));
  return settings;
}

}  // namespace gatehouse::gateway

// What [billing] and [payments] of lot.toml say (docs/contract/config-and-cli.md).
// Values; any thread.
#pragma once

#include "edge/domain/money.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::gateway {

/// A secret from the environment, and the name it has there.
struct Secret {
  std::string variable;  // "": none is asked for
  std::string value;     // "": none was given
  bool operator==(const Secret&) const = default;
};

struct TaxSettings {
  std::uint32_t percent = 18;
  bool inclusive = true;
  std::string sac = "996743";
  std::string gstin;
  std::string invoice_series = "G1";
  bool operator==(const TaxSettings&) const = default;
};

struct BillingSettings {
  std::chrono::minutes grace{5};
  Paise booking_fee{5000};
  std::chrono::minutes payment_window{5};
  std::chrono::minutes deposit_hold{60};
  std::chrono::minutes walk_in_hold{15};
  std::chrono::hours prepaid_min{1};
  std::chrono::minutes cancel_refund{5};
  std::chrono::minutes exit_window{15};
  std::uint32_t unpaid_holds_percent = 25;
  std::optional<Paise> daily_cap;
  std::optional<Paise> lost_ticket_fee;
  std::chrono::days stay_max{30};
  std::chrono::hours long_stay{24};
  std::optional<Paise> daily_target;
  std::chrono::seconds minute{60};  // how long a minute of a stay takes; other than 60: demo lots
  TaxSettings tax;
  bool operator==(const BillingSettings&) const = default;
};

enum class PaymentMode : std::uint8_t { sandbox, live };
enum class PaymentProvider : std::uint8_t { razorpay, phonepe };

struct RazorpaySettings {
  Secret key_id;
  Secret key_secret;
  Secret webhook_secret;
  Secret webhook_secret_previous;
  std::string base_url;
  bool operator==(const RazorpaySettings&) const = default;
};

struct PhonePeSettings {
  enum class Api : std::uint8_t { v1, v2 };
  Api api = Api::v1;
  Secret merchant_id;
  Secret salt_key;
  std::uint32_t salt_index = 1;
  Secret client_id;
  Secret client_secret;
  std::uint32_t client_version = 1;
  Secret webhook_username;
  Secret webhook_password;
  std::string base_url;
  bool operator==(const PhonePeSettings&) const = default;
};

struct PaymentSettings {
  PaymentMode mode = PaymentMode::sandbox;
  PaymentProvider provider = PaymentProvider::razorpay;
  std::chrono::seconds lane_qr{300};
  std::string callback_url;
  RazorpaySettings razorpay;
  PhonePeSettings phonepe;
  bool operator==(const PaymentSettings&) const = default;
};

}  // namespace gatehouse::gateway

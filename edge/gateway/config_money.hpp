// What [billing] and [payments] of lot.toml say (docs/contract/config-and-cli.md).
// Values; any thread.
#pragma once

#include "edge/domain/billing_rules.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gatehouse::gateway {

/// A secret from the environment, and the name it has there.
struct Secret {
  std::string variable;  // "": none is asked for
  std::string value;     // "": none was given
  bool operator==(const Secret&) const = default;
};

using TaxSettings = TaxRules;
using BillingSettings = BillingRules;

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

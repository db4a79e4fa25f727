// Who we are at the providers ([payments] of lot.toml and its environment), and whether that fits
// the mode: no test may move money, and no lot may believe a simulator.
//
//   const auto conflicts = mode_conflicts(settings);
//   if (!conflicts.empty()) … say them and do not start …
//
// Values; any thread.
#pragma once

#include "cloud-bridge/payments/endpoint.hpp"
#include "cloud-bridge/payments/secret.hpp"

#include <string>
#include <vector>

namespace gatehouse::payments {

struct RazorpaySettings {
  std::string base_url;
  std::string key_id;
  Secret key_secret;
  Secret webhook_secret;
  Secret webhook_secret_previous;  // empty: none is being changed
};

enum class PhonePeApi : std::uint8_t { v1, v2 };

struct PhonePeSettings {
  PhonePeApi api = PhonePeApi::v1;
  std::string base_url;
  // v1
  std::string merchant_id;
  Secret salt_key;
  int salt_index = 1;
  // v2
  std::string client_id;
  Secret client_secret;
  int client_version = 1;
  std::string webhook_username;
  Secret webhook_password;
};

struct PaymentSettings {
  Mode mode = Mode::sandbox;
  RazorpaySettings razorpay;
  PhonePeSettings phonepe;
};

/// What gatehouse-sim payments takes when it is told nothing else: what sandbox mode uses where no
/// environment variable is set. PhonePe's are its own, widely published ones.
PaymentSettings sandbox_defaults();

/// Fills what is empty with sandbox_defaults(), in sandbox mode and for this machine only: no key
/// of everybody's is ever sent to a provider.
void fill_sandbox_credentials(PaymentSettings& settings);

/// Sentences, without secrets; empty: these settings may be used. Live mode wants whole credentials
/// of at least one provider; one that has none at all is not used and not judged.
std::vector<std::string> mode_conflicts(const PaymentSettings& settings);

/// Whether anything of a provider's credentials is set.
bool is_set(const RazorpaySettings& settings);
bool is_set(const PhonePeSettings& settings);

}  // namespace gatehouse::payments

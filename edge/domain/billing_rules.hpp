// The numbers of [billing] in lot.toml (docs/contract/config-and-cli.md), with their defaults.
// A value; any thread.
#pragma once

#include "edge/domain/money.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse {

struct TaxRules {
  std::uint32_t percent = 18;
  bool inclusive = true;  // prices include the tax
  std::string sac = "996743";
  std::string gstin;
  std::string invoice_series = "G1";
  bool operator==(const TaxRules&) const = default;
};

struct BillingRules {
  std::chrono::minutes grace{5};  // of a stay, as the lot counts minutes
  Paise booking_fee{5000};        // nothing: booked at once
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
  TaxRules tax;
  bool operator==(const BillingRules&) const = default;
};

}  // namespace gatehouse

// What stays the same while the process runs: the lot as it is built, and the rules it works by.
// Any thread may read it.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/billing_rules.hpp"
#include "edge/domain/decision.hpp"
#include "edge/domain/gates.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/gate_rules.hpp"

#include <string>

namespace gatehouse::engine {

struct Premises {
  const LotPlan& plan;
  GatePlan gates;
  GateRules gate_rules;
  BillingRules billing;
  LocalTime local;
  Language language = Language::en;
  std::string provider = "razorpay";   // whom a payment is asked of when nobody says
  bool takes_online_payments = false;  // a provider is there to be asked
  std::string boot;                    // tells this steady timeline from others
};

}  // namespace gatehouse::engine

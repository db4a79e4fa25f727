// Razorpay's client on a line that says what a test wrote down, and some of Razorpay's answers.
#pragma once

#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/razorpay.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/cloud-bridge/scripted_http.hpp"

#include <string>

namespace gatehouse::tests::razorpay {

using namespace gatehouse::payments;
using namespace std::chrono_literals;

struct Desk {
  ScriptedHttp http;
  ManualClock clock;
  Razorpay razorpay{{.key_id = "key_id", .key_secret = Secret("key_secret")}, http, clock};

  [[nodiscard]] Json body(std::size_t index) const {
    return Json::parse(http.asked(index).body).value_or(Json());
  }
};

inline OrderRequest request(OrderKind kind) {
  return {.our_id = "p-0001",
          .kind = kind,
          .amount = Paise(5'000),
          .description = "Slot A-001",
          .expires_at = ManualClock::start + 5min,
          .return_url = "https://lot.example/pay/1"};
}

inline const std::string order_made =
    R"({"amount":5000,"amount_due":5000,"amount_paid":0,"attempts":0,"created_at":1756455561,"currency":"INR",
    "entity":"order","id":"order_RB58MiP5SPFYyM","notes":[],"offer_id":null,"receipt":"p-0001","status":"created"})";

inline std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

inline const std::string captured =
    R"({"id":"pay_N8FVRD1DzYzBh1","entity":"payment","amount":5000,"currency":"INR","status":"captured",
    "order_id":"order_RB58MiP5SPFYyM","method":"upi","amount_refunded":0,"refund_status":null,"captured":true,
    "vpa":"success@razorpay","notes":{},"fee":100,"tax":2,"error_description":null,
    "acquirer_data":{"rrn":"267567962619"},"created_at":1701688721})";

inline std::string collection(const std::string& items) {
  return R"({"entity":"collection","count":1,"items":[)" + items + "]}";
}

inline std::string refused(const std::string& words) {
  return R"({"error":{"code":"BAD_REQUEST_ERROR","description":")" + words + R"(","metadata":{}}})";
}

}  // namespace gatehouse::tests::razorpay

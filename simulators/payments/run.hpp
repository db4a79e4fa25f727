// Both providers on the network, in real time, with their webhooks.
//
//   PaymentRun run(options);
//   run.start();                       // listening when it returns
//   run.razorpay_url()
//
// start(), stop() on the owner's thread. std::runtime_error where a port is taken.
#pragma once

#include "simulators/payments/phonepe_desk.hpp"
#include "simulators/payments/razorpay_desk.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace gatehouse::simulators {

struct PaymentRunOptions {
  std::string host = "127.0.0.1";
  std::uint16_t razorpay_port = 9101;  // 0: any
  std::uint16_t phonepe_port = 9102;
  RazorpayKeys razorpay;
  PhonePeKeys phonepe;
  std::string razorpay_webhook;  // "": none are sent
  std::string phonepe_webhook;   // of v2; v1's callbacks go where each call says
  std::uint64_t seed = 1;
  std::map<std::string, std::uint32_t> rates;  // mischief, in a million
};

class PaymentRun {
 public:
  explicit PaymentRun(PaymentRunOptions options);
  PaymentRun(const PaymentRun&) = delete;
  PaymentRun& operator=(const PaymentRun&) = delete;
  ~PaymentRun();

  void start();
  [[nodiscard]] std::string razorpay_url() const;
  [[nodiscard]] std::string phonepe_url() const;
  /// Ends all; afterwards summary() stays.
  void stop();
  /// One line of JSON: what each provider's ledger came to.
  [[nodiscard]] std::string summary() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::simulators

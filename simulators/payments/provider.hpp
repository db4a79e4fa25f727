// One simulated provider as a whole: its desk, what goes wrong, its notifications, the pages on
// which a tester pays, and the calls by which a test plays with it. Pure, in virtual time; one
// thread.
//
//   SimProvider razorpay(std::make_unique<RazorpayDesk>(keys, place, seed), seed);
//   const SimAnswer answer = razorpay.answer(request, now);
//   while (auto due = razorpay.notices().take_due(now)) …
//
// Pages: `/` lists what can be paid, `/pay/ID` is the payer's page, `/upi?uri=upi://…` the phone
// that scanned a code. Control, all JSON: simulators/README.md, "gatehouse-sim payments".
#pragma once

#include "cloud-bridge/payments/json.hpp"
#include "simulators/payments/desk.hpp"
#include "simulators/payments/mischief.hpp"
#include "simulators/payments/notices.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse::simulators {

struct SimAnswer {
  SimReply reply;
  std::chrono::milliseconds delay{0};
  bool is_lost = false;   // never sent; the connection stays open
  bool hangs_up = false;  // never sent; the connection ends
};

class SimProvider {
 public:
  SimProvider(std::unique_ptr<ProviderDesk> desk, std::uint64_t seed);

  SimAnswer answer(const SimRequest& request, Instant real_now);
  /// Notifications that became due go into the queue.
  void pass(Instant real_now);
  /// Real time and what a test let pass beside.
  [[nodiscard]] Instant virtual_now(Instant real_now) const { return real_now + skipped_; }

  [[nodiscard]] NoticeQueue& notices() { return notices_; }
  [[nodiscard]] ProviderDesk& desk() { return *desk_; }
  [[nodiscard]] PaymentMischief& mischief() { return mischief_; }

 private:
  SimAnswer answer_merchant(const SimRequest& request, Instant now);
  SimReply answer_page(const SimRequest& request, Instant now);
  SimReply pay_by_page(const std::string& order_id, const SimRequest& request, Instant now);
  SimReply control(const SimRequest& request, Instant real_now);
  SimReply control_pay(const payments::Json& body, Instant now);
  SimReply control_mischief(const payments::Json& body);
  [[nodiscard]] SimReply ledger() const;
  void collect(Instant now);

  std::unique_ptr<ProviderDesk> desk_;
  PaymentMischief mischief_;
  NoticeQueue notices_;
  std::chrono::milliseconds skipped_{0};
};

/// `pay`, `decline`, `late`, `wait`, `authorize` as a tester says them.
std::optional<SimOutcome> sim_outcome(const std::string& word);

}  // namespace gatehouse::simulators

// Razorpay on the wire: every call the gateway makes and the rules it must keep, as strict as the
// documents say: exact `Basic`, INR, whole paise of ₹1.00 at least, unique receipts of at most 40
// characters, QR codes and links with their times, capture of exactly what was authorized, refunds
// never above what was captured, idempotency conflicts. Pure; one thread.
#pragma once

#include "cloud-bridge/payments/json.hpp"
#include "simulators/payments/desk.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::simulators {

struct RazorpayKeys {
  std::string key_id = "rzp_test_gatehouse";
  std::string key_secret = "gatehouse-sandbox-key-secret";
  std::string webhook_secret = "gatehouse-sandbox-webhook-secret";
};

class RazorpayDesk final : public ProviderDesk {
 public:
  RazorpayDesk(RazorpayKeys keys, DeskPlace place, std::uint64_t seed);

  SimReply answer(const SimRequest& request, Instant now) override;
  std::vector<SimNotice> take_notices(Instant now) override;
  ProviderBook& book() override { return book_; }
  [[nodiscard]] std::string return_address(std::size_t order,
                                           std::optional<std::size_t> payment) const override;
  [[nodiscard]] std::string upi_uri(std::size_t order) const override;
  [[nodiscard]] std::string name() const override { return "Razorpay"; }
  /// Later events go out under another secret; earlier ones stay as they are.
  void rotate_webhook_secret(std::string secret) { keys_.webhook_secret = std::move(secret); }

 private:
  using Json = payments::Json;
  using Words = std::vector<std::string>;

  SimReply create(SimOrderKind kind, const SimRequest& request, Instant now);
  std::optional<SimReply> check_order(const Json& body, NewOrder& order) const;
  std::optional<SimReply> check_link(const Json& body, NewOrder& order, Instant now) const;
  std::optional<SimReply> check_qr(const Json& body, NewOrder& order, Instant now) const;
  SimReply answer_orders(SimOrderKind kind, const Words& words, const SimRequest& request,
                         Instant now);
  SimReply answer_payments(const Words& words, const SimRequest& request, Instant now);
  SimReply capture(std::size_t payment, const SimRequest& request, Instant now);
  SimReply refund(std::size_t payment, const SimRequest& request, Instant now);
  SimReply answer_refunds(const Words& words, const SimRequest& request) const;
  SimReply settlements(const SimRequest& request) const;
  SimReply list_orders(SimOrderKind kind, const SimRequest& request) const;
  SimReply list_payments(const SimRequest& request, std::optional<std::size_t> order) const;
  [[nodiscard]] Json view(const SimOrder& order) const;
  [[nodiscard]] Json refund_view(const SimRefund& refund) const;
  [[nodiscard]] std::vector<SimPayment> captured_of(const SimOrder& order) const;
  [[nodiscard]] SimReply page_of(const std::vector<Json>& newest_first,
                                 const SimRequest& request) const;

  RazorpayKeys keys_;
  DeskPlace place_;
  ProviderBook book_;
  // By idempotency key: the bytes that came under it, and what was answered.
  std::map<std::string, std::pair<std::string, SimReply>> refund_keys_;
  std::uint64_t events_ = 0;
};

}  // namespace gatehouse::simulators

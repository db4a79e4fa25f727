// PhonePe on the wire, both of its interfaces: X-VERIFY over base64 and path, X-MERCHANT-ID, unique
// ids of at most 34 (v2: 63) characters, tokens that end, refunds never above what was paid, and
// one that is repeated refused. Pure; one thread. Source: developer.phonepe.com, PhonePe's SDKs.
#pragma once

#include "cloud-bridge/payments/json.hpp"
#include "simulators/payments/desk.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

struct PhonePeKeys {
  std::string merchant_id = "PGTESTPAYUAT";
  std::string salt_key = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399";
  int salt_index = 1;
  std::string client_id = "TEST-GATEHOUSE";
  std::string client_secret = "gatehouse-sandbox-client-secret";
  int client_version = 1;
  std::string webhook_username = "gatehouse";
  std::string webhook_password = "sandbox12345";
  std::chrono::seconds token_life{3'600};
};

class PhonePeDesk final : public ProviderDesk {
 public:
  PhonePeDesk(PhonePeKeys keys, DeskPlace place, std::uint64_t seed);

  SimReply answer(const SimRequest& request, Instant now) override;
  std::vector<SimNotice> take_notices(Instant now) override;
  ProviderBook& book() override { return book_; }
  [[nodiscard]] std::string return_address(std::size_t order,
                                           std::optional<std::size_t> payment) const override;
  [[nodiscard]] std::string upi_uri(std::size_t order) const override;
  [[nodiscard]] std::string name() const override { return "PhonePe"; }

 private:
  using Json = payments::Json;

  // v1
  SimReply pay(const Json& body, Instant now);
  SimReply refund(const Json& body, Instant now);
  SimReply status(const SimRequest& request, const std::string& path);
  SimReply envelope(const SimRequest& request, const std::string& path, Instant now);
  [[nodiscard]] std::string x_verify(std::string_view message) const;
  [[nodiscard]] Json payment_status(const SimOrder& order) const;
  [[nodiscard]] Json refund_status(const SimRefund& refund) const;
  // v2
  SimReply token(const SimRequest& request, Instant now);
  SimReply answer_v2(const SimRequest& request, const std::string& path, Instant now);
  SimReply pay_v2(const Json& body, SimOrderKind kind, Instant now);
  SimReply refund_v2(const Json& body, Instant now);
  [[nodiscard]] Json order_v2(const SimOrder& order) const;
  [[nodiscard]] Json refund_v2_view(const SimRefund& refund) const;
  [[nodiscard]] bool is_token(const std::string& header, Instant now) const;
  // both
  [[nodiscard]] std::optional<std::size_t> paid_by(const SimOrder& order) const;
  [[nodiscard]] SimNotice callback(const std::string& url, const Json& status) const;
  [[nodiscard]] std::optional<SimNotice> webhook(const BookEvent& event) const;

  PhonePeKeys keys_;
  DeskPlace place_;
  ProviderBook book_;
  std::set<std::string> v2_orders_;                 // our ids
  std::map<std::string, std::string> refund_urls_;  // our refund ids of v1 → their callbacks
  std::map<std::string, Instant> tokens_;           // → their ends
};

}  // namespace gatehouse::simulators

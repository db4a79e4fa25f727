// PhonePe's second interface, with OAuth: its checkout page, UPI QR codes, status, refunds,
// webhooks.
//
//   TokenShelf tokens;                                     // one for all workers
//   PhonePeV2 phonepe(settings, phonepe_paths(endpoint, PhonePeApi::v2), http, clock, tokens);
//
// The contract of every call: provider.hpp. Any call may ask for a token first, which takes as long
// again. Its webhook's header is a constant and binds nothing: every notification is a hint.
// Source: developer.phonepe.com, PhonePe's SDKs.
#pragma once

#include "cloud-bridge/payments/http.hpp"
#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/phonepe.hpp"
#include "cloud-bridge/payments/phonepe_token.hpp"
#include "cloud-bridge/payments/provider.hpp"
#include "cloud-bridge/payments/settings.hpp"

#include <string>

namespace gatehouse::engine {
class Clock;
}

namespace gatehouse::payments {

class PhonePeV2 final : public Provider {
 public:
  /// `http`, `clock` and `tokens` outlive it.
  PhonePeV2(PhonePeSettings settings, PhonePePaths paths, HttpCaller& http,
            const engine::Clock& clock, TokenShelf& tokens);

  [[nodiscard]] ProviderName provider() const override { return ProviderName::phonepe; }
  Asked<OrderSeen> create(const OrderRequest& request) override;
  Asked<std::optional<OrderSeen>> ask(const OrderKey& key) override;
  Asked<std::optional<OrderSeen>> close(const OrderKey& key) override;
  Asked<MoneySeen> capture(const std::string& provider_payment_id, Paise amount) override;
  Asked<RefundSeen> refund(const RefundRequest& request) override;
  Asked<std::optional<RefundSeen>> ask_refund(const RefundKey& key) override;
  Asked<std::optional<MoneyList>> list(Instant from, Instant to) override;
  [[nodiscard]] std::expected<Notification, NotificationTrouble> read(
      const RawNotification& raw) const override;
  [[nodiscard]] bool is_proven(const BrowserProof& proof) const override;

 private:
  Asked<Secret> token();
  Asked<PhonePeToken> new_token();
  Asked<Json> post(const std::string& path, const Json& body);
  Asked<Json> get(const std::string& path);
  Asked<Json> call(const HttpRequest& request);

  const PhonePeSettings settings_;
  const PhonePePaths paths_;
  HttpCaller& http_;
  const engine::Clock& clock_;
  TokenShelf& tokens_;
};

}  // namespace gatehouse::payments

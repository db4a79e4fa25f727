// PhonePe's first interface, with a salt key and X-VERIFY: its payment page, UPI QR codes, status,
// refunds, callbacks.
//
//   PhonePeV1 phonepe(settings, phonepe_paths(endpoint, PhonePeApi::v1), http);
//
// The contract of every call: provider.hpp. It knows no expiry, no cancelling and no list; our ids
// are its only ids of orders. Its callbacks are hints: the signature binds them, yet PhonePe puts
// the onus on the status question. Source: developer.phonepe.com/v1.
#pragma once

#include "cloud-bridge/payments/http.hpp"
#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/phonepe.hpp"
#include "cloud-bridge/payments/provider.hpp"
#include "cloud-bridge/payments/settings.hpp"

#include <string>

namespace gatehouse::payments {

class PhonePeV1 final : public Provider {
 public:
  /// `http` outlives it.
  PhonePeV1(PhonePeSettings settings, PhonePePaths paths, HttpCaller& http);

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
  Asked<Json> post(const std::string& path, const Json& body);
  Asked<Json> status(const std::string& our_id);
  Asked<Json> call(HttpRequest request);

  const PhonePeSettings settings_;
  const PhonePePaths paths_;
  HttpCaller& http_;
};

}  // namespace gatehouse::payments

// Razorpay: orders for its checkout, payment links for bookings, single-use UPI QR codes for the
// lane, capture, refunds, lists.
//
//   CurlHttp http(*check_endpoint(settings.base_url, ProviderName::razorpay, mode), {});
//   Razorpay razorpay(settings, http, clock);
//
// The contract of every call: provider.hpp. Payments of an order or a link are captured by Razorpay
// when the bank answers within 12 minutes; later ones stay authorized, for capture() or to go back
// by themselves. Source: Razorpay's API reference, April 2026.
#pragma once

#include "cloud-bridge/payments/http.hpp"
#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/provider.hpp"
#include "cloud-bridge/payments/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::engine {
class Clock;
}

namespace gatehouse::payments {

/// One row of Razorpay's settlement report: what it paid out for, or took back from.
struct SettledRow {
  std::string entity_id;  // pay_… or rfnd_…
  std::string type;       // payment, refund, adjustment
  Paise amount;
  Paise credit;  // amount − fee, of a payment
  Paise debit;
  Paise fee;
  std::string order_id;
  std::string order_receipt;
  std::string settlement_id;
  std::string settlement_utr;
  std::optional<Instant> settled_at;
  bool operator==(const SettledRow&) const = default;
};

class Razorpay final : public Provider {
 public:
  /// `http` and `clock` outlive it.
  Razorpay(RazorpaySettings settings, HttpCaller& http, const engine::Clock& clock);

  [[nodiscard]] ProviderName provider() const override { return ProviderName::razorpay; }
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

  /// What was settled on one day: the money that reached the bank account, and the fees.
  Asked<std::vector<SettledRow>> settled_on(std::chrono::sys_days day);

 private:
  [[nodiscard]] Json order_body(const OrderRequest& request) const;
  [[nodiscard]] Json link_body(const OrderRequest& request) const;
  [[nodiscard]] Json qr_body(const OrderRequest& request) const;
  Asked<std::optional<Json>> find_entity(const OrderKey& key);
  Asked<std::optional<Json>> find_by_our_id(const OrderKey& key);
  Asked<std::vector<MoneySeen>> payments_of(const OrderSeen& order, const Json& entity);
  Asked<std::vector<MoneySeen>> payments_at(const std::string& target);
  Asked<std::vector<Json>> all_items(const std::string& target, std::string_view query);
  Asked<Json> get(const std::string& target);
  Asked<Json> post(const std::string& target, const Json& body,
                   std::vector<std::string> headers = {});
  Asked<Json> call(HttpRequest request);

  const RazorpaySettings settings_;
  HttpCaller& http_;
  const engine::Clock& clock_;
};

}  // namespace gatehouse::payments

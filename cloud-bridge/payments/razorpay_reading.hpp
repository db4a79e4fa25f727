// Razorpay's JSON to our values. Pure; any thread. Source: Razorpay's API reference (orders,
// payments, payment links, QR codes, refunds, webhooks).
#pragma once

#include "cloud-bridge/payments/http.hpp"
#include "cloud-bridge/payments/json.hpp"
#include "cloud-bridge/payments/provider.hpp"

#include <vector>

namespace gatehouse::payments {

/// A payment entity. contradiction: no id, no whole amount, no currency or no known status.
Asked<MoneySeen> read_razorpay_payment(const Json& json);
/// An order, payment link or QR code entity, without its payments. contradiction: no id, no amount,
/// another currency than rupees.
Asked<OrderSeen> read_razorpay_order(const Json& json);
Asked<OrderSeen> read_razorpay_link(const Json& json);
Asked<OrderSeen> read_razorpay_qr(const Json& json);
Asked<RefundSeen> read_razorpay_refund(const Json& json);
/// A payment as a payment link lists it; links list only what was captured.
Asked<MoneySeen> read_razorpay_link_payment(const Json& json);

/// A webhook that is authentic.
std::expected<Notification, NotificationTrouble> read_razorpay_notification(
    const RawNotification& raw);

/// What an answer that is no success says.
ProviderTrouble read_razorpay_error(const HttpReply& reply);

}  // namespace gatehouse::payments

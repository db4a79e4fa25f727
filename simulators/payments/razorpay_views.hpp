// The book as Razorpay's JSON. Pure; any thread. Source: Razorpay's API reference.
#pragma once

#include "cloud-bridge/payments/json.hpp"
#include "simulators/payments/book.hpp"
#include "simulators/payments/exchange.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

payments::Json razorpay_order(const SimOrder& order, std::int64_t paid, std::size_t attempts);
payments::Json razorpay_link(const SimOrder& link, const std::string& public_url,
                             const std::vector<SimPayment>& captured);
payments::Json razorpay_qr(const SimOrder& qr, const std::string& public_url,
                           const std::vector<SimPayment>& captured);
payments::Json razorpay_payment(const SimPayment& payment, const SimOrder& order);
payments::Json razorpay_refund(const SimRefund& refund, const std::string& payment_id);
payments::Json razorpay_collection(const std::vector<payments::Json>& items);

SimReply razorpay_error(int status, std::string_view description, std::string_view field = "");
/// `upi://pay?…` of a QR code: `tr` leads back to it.
std::string razorpay_upi_uri(const SimOrder& qr);
std::string rupees_text(std::int64_t paise);
std::int64_t unix_seconds(Instant instant);

}  // namespace gatehouse::simulators

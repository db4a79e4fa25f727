// How Razorpay and PhonePe sign: pure functions over text. Every published vector of the providers'
// documentation and SDKs is a case of tests/unit/cloud-bridge/signatures_test.cpp.
//
//   if (!is_razorpay_webhook(secrets, raw_body, header)) … answer 400 …
//
// Comparisons take the same time whatever differs. An empty key proves nothing: the answer is no.
// Any thread. OpenSSL 3.
#pragma once

#include "cloud-bridge/payments/secret.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::payments {

/// Lower-case hexadecimal, 64 characters.
std::string hmac_sha256_hex(std::string_view key, std::string_view message);
std::string sha256_hex(std::string_view message);
/// Standard alphabet, padded, on one line.
std::string to_base64(std::string_view bytes);
/// nullopt for anything that to_base64() would not have written.
std::optional<std::string> from_base64(std::string_view text);
/// Takes as long for any two texts of one length.
bool same_in_constant_time(std::string_view one, std::string_view other);

/// Razorpay's checkout: over `order_id|payment_id` under the key's secret.
bool is_razorpay_checkout(const Secret& key_secret, std::string_view order_id,
                          std::string_view payment_id, std::string_view signature);
/// A payment link's callback: over `link_id|reference_id|status|payment_id` under the key's secret.
bool is_razorpay_link_callback(const Secret& key_secret, std::string_view link_id,
                               std::string_view reference_id, std::string_view status,
                               std::string_view payment_id, std::string_view signature);
/// A webhook: over the raw body, under any of the secrets. While the secret is being changed,
/// repetitions of old events come under the old one.
bool is_razorpay_webhook(std::span<const Secret> secrets, std::string_view raw_body,
                         std::string_view signature);

/// PhonePe v1's header: `SHA-256(message + salt key)###index`. The message is `base64 + path` of a
/// POST, the path of a GET, the base64 alone of a callback.
std::string phonepe_x_verify(const Secret& salt_key, int salt_index, std::string_view message);
bool is_phonepe_x_verify(const Secret& salt_key, int salt_index, std::string_view message,
                         std::string_view header);
/// PhonePe v2's webhook: `SHA-256(username:password)`, the same for every body.
bool is_phonepe_webhook(std::string_view username, const Secret& password, std::string_view header);

}  // namespace gatehouse::payments

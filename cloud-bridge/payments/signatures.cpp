#include "cloud-bridge/payments/signatures.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace gatehouse::payments {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_hex(const Digest& digest, unsigned size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 0x0fU];
  }
  return hex;
}

}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  Digest digest{};
  unsigned size = 0;
  const auto* const made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                bytes_of(message), message.size(), digest.data(), &size);
  require(made != nullptr, "OpenSSL makes an HMAC");
  return to_hex(digest, size);
}

std::string sha256_hex(std::string_view message) {
  Digest digest{};
  unsigned size = 0;
  const int made =
      EVP_Digest(message.data(), message.size(), digest.data(), &size, EVP_sha256(), nullptr);
  require(made == 1, "OpenSSL makes a SHA-256");
  return to_hex(digest, size);
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::ranges::count(text, '='));
  if (padding > 2 || padding > static_cast<std::size_t>(size)) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // OpenSSL skips blanks and takes bits that no encoder sets; what we sign is one spelling only.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

bool same_in_constant_time(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

bool is_razorpay_checkout(const Secret& key_secret, std::string_view order_id,
                          std::string_view payment_id, std::string_view signature) {
  if (key_secret.empty() || order_id.empty() || payment_id.empty()) return false;
  std::string message(order_id);
  message.append("|").append(payment_id);
  return same_in_constant_time(hmac_sha256_hex(key_secret.reveal(), message), signature);
}

bool is_razorpay_link_callback(const Secret& key_secret, std::string_view link_id,
                               std::string_view reference_id, std::string_view status,
                               std::string_view payment_id, std::string_view signature) {
  if (key_secret.empty() || link_id.empty() || payment_id.empty()) return false;
  std::string message(link_id);
  message.append("|")
      .append(reference_id)
      .append("|")
      .append(status)
      .append("|")
      .append(payment_id);
  return same_in_constant_time(hmac_sha256_hex(key_secret.reveal(), message), signature);
}

bool is_razorpay_webhook(std::span<const Secret> secrets, std::string_view raw_body,
                         std::string_view signature) {
  bool is_signed = false;
  for (const Secret& secret : secrets) {
    if (secret.empty()) continue;
    is_signed |= same_in_constant_time(hmac_sha256_hex(secret.reveal(), raw_body), signature);
  }
  return is_signed;
}

std::string phonepe_x_verify(const Secret& salt_key, int salt_index, std::string_view message) {
  std::string salted(message);
  salted += salt_key.reveal();
  return sha256_hex(salted) + "###" + std::to_string(salt_index);
}

bool is_phonepe_x_verify(const Secret& salt_key, int salt_index, std::string_view message,
                         std::string_view header) {
  return !salt_key.empty() &&
         same_in_constant_time(phonepe_x_verify(salt_key, salt_index, message), header);
}

bool is_phonepe_webhook(std::string_view username, const Secret& password,
                        std::string_view header) {
  if (username.empty() || password.empty()) return false;
  std::string message(username);
  message.append(":").append(password.reveal());
  return same_in_constant_time(sha256_hex(message), header);
}

}  // namespace gatehouse::payments

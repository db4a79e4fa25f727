#include "simulators/payments/crypto.hpp"

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

#include <openssl/evp.h>

namespace gatehouse::simulators {
namespace {

constexpr std::size_t block_bytes = 64;

std::string raw_sha256(std::string_view message) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), message.data(), message.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1)
    throw std::runtime_error("OpenSSL makes no SHA-256");
  return {digest.begin(), digest.begin() + size};
}

std::string hex(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 0x0fU];
  }
  return text;
}

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

/// RFC 2104, by its definition.
std::string sim_hmac_sha256(std::string_view key, std::string_view message) {
  std::string block(key);
  if (block.size() > block_bytes) block = raw_sha256(block);
  block.resize(block_bytes, '\0');
  std::string inner;
  std::string outer;
  for (const char c : block) {
    inner += static_cast<char>(static_cast<unsigned char>(c) ^ 0x36U);
    outer += static_cast<char>(static_cast<unsigned char>(c) ^ 0x5cU);
  }
  return hex(raw_sha256(outer + raw_sha256(inner.append(message))));
}

std::string sim_sha256(std::string_view message) { return hex(raw_sha256(message)); }

std::string sim_base64(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) -> std::uint32_t {
      return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0;
    };
    const std::uint32_t bits = at(0) << 16U | at(1) << 8U | at(2);
    text += alphabet[bits >> 18U];
    text += alphabet[bits >> 12U & 63U];
    text += i + 1 < bytes.size() ? alphabet[bits >> 6U & 63U] : '=';
    text += i + 2 < bytes.size() ? alphabet[bits & 63U] : '=';
  }
  return text;
}

std::optional<std::string> sim_from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
    }
  }
  return bytes;
}

}  // namespace gatehouse::simulators

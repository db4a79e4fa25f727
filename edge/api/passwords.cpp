#include "edge/api/passwords.hpp"

#include "edge/api/common_passwords.hpp"
#include "edge/api/secure_random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <argon2.h>

namespace gatehouse::api {
namespace {

// OWASP's and our own measure: tens of milliseconds for us, years for whoever guesses.
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t memory_kib = 19 * 1024;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

bool begins_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::optional<std::string_view> password_problem(std::string_view password) {
  const auto characters =
      static_cast<std::size_t>(std::ranges::count_if(password, begins_a_character));
  if (characters < password_characters_min) return "A password has 10 characters at least";
  if (characters > password_characters_max || password.size() > password_bytes_max)
    return "A password has 128 characters at most";
  if (is_common_password(password)) return "This password is among the most common ones";
  return std::nullopt;
}

std::string hash_password(std::string_view password) {
  std::array<std::uint8_t, salt_bytes> salt{};
  fill_random(salt);
  std::vector<char> encoded(
      argon2_encodedlen(passes, memory_kib, lanes, salt_bytes, hash_bytes, Argon2_id));
  const int result =
      argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(),
                            salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
  if (result != ARGON2_OK) {
    throw std::runtime_error(std::string("cannot hash a password: ") +
                             argon2_error_message(result));
  }
  return encoded.data();
}

bool is_password(std::string_view password, const std::string& hash) {
  if (password.size() > password_bytes_max) return false;
  const int result = argon2id_verify(hash.c_str(), password.data(), password.size());
  if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
    throw std::runtime_error("no memory to check a password");
  return result == ARGON2_OK;
}

const std::string& nobodys_hash() {
  static const std::string hash = hash_password(random_hex(32));
  return hash;
}

std::string random_password() {
  // Without 0, 1, i, l and o; 30 letters, of which a byte below 240 picks each equally often.
  constexpr std::string_view letters = "23456789abcdefghjkmnpqrstuvwxy";
  constexpr std::size_t length = 20;
  static_assert(letters.size() == 30);
  std::string password;
  while (password.size() < length) {
    std::array<std::uint8_t, 32> bytes{};
    fill_random(bytes);
    for (const std::uint8_t byte : bytes) {
      if (byte < 240 && password.size() < length) password += letters[byte % letters.size()];
    }
  }
  return password;
}

}  // namespace gatehouse::api

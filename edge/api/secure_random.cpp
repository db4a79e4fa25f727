#include "edge/api/secure_random.hpp"

#include <stdexcept>
#include <vector>

#include <openssl/rand.h>

namespace gatehouse::api {

void fill_random(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system's source of random bytes failed");
  }
}

std::string random_hex(std::size_t bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::vector<std::uint8_t> random(bytes);
  fill_random(random);
  std::string text;
  text.reserve(2 * bytes);
  for (const std::uint8_t byte : random) {
    text += digits[byte >> 4];
    text += digits[byte & 0x0F];
  }
  return text;
}

}  // namespace gatehouse::api

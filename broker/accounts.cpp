#include "broker/accounts.hpp"

#include "edge/domain/ids.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace gatehouse::broker {
namespace {

// What mosquitto_passwd 2.0 writes. More iterations would stop the broker's only thread at each
// connection; the passwords we make are random, so that guessing is hopeless with any count.
constexpr int iterations = 101;
constexpr int iterations_max = 1'000'000;
constexpr std::size_t salt_bytes = 12;
constexpr std::size_t hash_bytes = 64;

// Crockford's base 32: no I, L, O, U.
constexpr std::string_view password_letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t password_length = 26;

using Bytes = std::vector<std::uint8_t>;

void fill_randomly(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("OpenSSL has no random bytes");
}

Bytes derive(std::string_view password, std::span<const std::uint8_t> salt, int rounds) {
  Bytes hash(hash_bytes);
  const int done = PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                                     salt.data(), static_cast<int>(salt.size()), rounds,
                                     EVP_sha512(), static_cast<int>(hash.size()), hash.data());
  if (done != 1) throw std::runtime_error("OpenSSL could not hash a password");
  return hash;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  Bytes text((bytes.size() + 2) / 3 * 4 + 1);  // EVP_EncodeBlock adds a terminating zero
  const int length = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + length};
}

std::optional<Bytes> from_base64(std::string_view text) {
  constexpr std::size_t text_max = 1'024;
  if (text.empty() || text.size() % 4 != 0 || text.size() > text_max) return std::nullopt;
  const Bytes letters(text.begin(), text.end());
  Bytes bytes(text.size() / 4 * 3);
  const int length =
      EVP_DecodeBlock(bytes.data(), letters.data(), static_cast<int>(letters.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

/// Cuts the text up to the next `$` off; what follows it stays in `rest`.
std::string_view cut_field(std::string_view& rest) {
  const std::size_t end = rest.find('$');
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return field;
}

}  // namespace

std::string generate_password() {
  static_assert(256 % password_letters.size() == 0, "each letter is equally likely");
  std::array<std::uint8_t, password_length> random{};
  fill_randomly(random);
  std::string password;
  for (const std::uint8_t byte : random)
    password += password_letters[byte % password_letters.size()];
  return password;
}

std::string hash_password(std::string_view password) {
  std::array<std::uint8_t, salt_bytes> salt{};
  fill_randomly(salt);
  return fmt::format("$7${}${}${}", iterations, to_base64(salt),
                     to_base64(derive(password, salt, iterations)));
}

bool password_matches(std::string_view password, std::string_view hash) {
  constexpr std::string_view prefix = "$7$";
  if (!hash.starts_with(prefix)) return false;
  std::string_view rest = hash.substr(prefix.size());
  const std::string rounds_text(cut_field(rest));
  const std::optional<Bytes> salt = from_base64(cut_field(rest));
  const std::optional<Bytes> expected = from_base64(rest);
  int rounds = 0;
  const char* const rounds_end = rounds_text.data() + rounds_text.size();
  const auto [end, error] = std::from_chars(rounds_text.data(), rounds_end, rounds);
  if (error != std::errc() || end != rounds_end || rounds < 1 || rounds > iterations_max)
    return false;
  if (!salt || !expected || expected->size() != hash_bytes) return false;
  const Bytes actual = derive(password, *salt, rounds);
  return CRYPTO_memcmp(actual.data(), expected->data(), hash_bytes) == 0;
}

std::expected<HashesByName, std::string> read_password_file(std::string_view text) {
  HashesByName hashes;
  std::size_t line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    const std::string_view hash =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    // $6$ is what Mosquitto 1 wrote; the broker still takes it.
    const bool readable = check_id(name) && (hash.starts_with("$7$") || hash.starts_with("$6$"));
    if (!readable)
      return std::unexpected(
          fmt::format("line {} is not an account and its hashed password", line_number));
    if (!hashes.emplace(name, hash).second)
      return std::unexpected(fmt::format("line {} names an account a second time", line_number));
  }
  return hashes;
}

}  // namespace gatehouse::broker

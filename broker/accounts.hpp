// The passwords of the lot's broker: Mosquitto's password file, and words for new accounts.
//
// The format is mosquitto_passwd's own, a line an account: `name:$7$iterations$salt$hash`, which is
// PBKDF2-HMAC-SHA-512 with salt and hash in base64 (mosquitto_passwd(1), Mosquitto 2).
// Functions of values; any thread. They throw std::runtime_error when OpenSSL fails, which is when
// the box has no randomness to give.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::broker {

/// 26 digits and capitals, none of which is mistaken for another when typed into a device:
/// 130 random bits.
std::string generate_password();

/// `$7$101$…$…`, with a salt of its own.
std::string hash_password(std::string_view password);

/// Whether the password gives that hash; false for every text that is not a hash as above.
bool password_matches(std::string_view password, std::string_view hash);

using HashesByName = std::unordered_map<std::string, std::string>;

/// The accounts of a password file; the error is a sentence that names the line.
std::expected<HashesByName, std::string> read_password_file(std::string_view text);

}  // namespace gatehouse::broker

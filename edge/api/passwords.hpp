// Passwords: argon2id (RFC 9106) with 19 MiB and two passes, as the PHC string that the store
// keeps.
//
//   user.password_hash = hash_password(password);
//   if (is_password(given, user.password_hash)) …
//
// Both take some 25 ms and 19 MiB: never on the server's own thread (workers.hpp). Any thread. No
// memory and no randomness are a std::runtime_error.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::api {

// docs/contract/http.md, "Accounts".
inline constexpr std::size_t password_characters_min = 10;
inline constexpr std::size_t password_characters_max = 128;
// As UTF-8. A longer text is nobody's password and is never hashed.
inline constexpr std::size_t password_bytes_max = 4 * password_characters_max;

/// Why nobody may choose it, a sentence; nullopt: they may.
std::optional<std::string_view> password_problem(std::string_view password);

std::string hash_password(std::string_view password);

/// False for a hash that is none, too.
bool is_password(std::string_view password, const std::string& hash);

/// The hash of a password nobody has, to be compared with where there is no account: an unknown
/// name takes as long to refuse as a wrong password.
const std::string& nobodys_hash();

/// For an account that is made for somebody: 20 characters, 98 bits, none easily mistaken.
std::string random_password();

}  // namespace gatehouse::api

// Passwords that everybody tries first (common_passwords.txt, inside the program). Any thread.
#pragma once

#include <string_view>

namespace gatehouse::api {

/// Whether it is one of them, in whatever letters.
bool is_common_password(std::string_view password);

/// The file: a password a line, `#` begins a comment.
std::string_view common_passwords();

}  // namespace gatehouse::api

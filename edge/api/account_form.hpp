// What accounts are made and changed with, as people send it. Pure; any thread.
#pragma once

#include "edge/api/form.hpp"
#include "edge/store/accounts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::api {

inline constexpr std::size_t username_characters_max = 100;

/// 1 to 100 of A-Z, a-z, 0-9 and . _ @ + -
bool is_username(std::string_view text);

/// Whether a password is the user's name, in whatever letters: nobody may choose it.
bool is_name_as_password(std::string_view password, std::string_view username);

// Each tells the form what is wrong.

std::optional<std::string> new_username_in(Form& form);
/// One that may be chosen: long enough, not common, not the user's name.
std::optional<std::string> new_password_in(Form& form, std::string_view member,
                                           std::string_view username, Need need);
/// "" takes it away.
std::optional<std::string> email_in(Form& form);
/// The same for every telephone number, of accounts and of bookings; "" only where none is needed.
std::optional<std::string> phone_in(Form& form, std::string_view member, Need need);
/// ADMIN, STAFF, USER, DEVICE, in whatever letters.
std::optional<store::Role> parse_role_word(std::string_view text);

}  // namespace gatehouse::api

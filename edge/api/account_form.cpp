#include "edge/api/account_form.hpp"

#include "edge/api/passwords.hpp"

#include <algorithm>

namespace gatehouse::api {
namespace {

/// The member's text; "" where it is named and holds nothing; nullopt: not named, or wrong.
std::optional<std::string> text_or_empty(Form& form, std::string_view name,
                                         std::size_t characters_max) {
  auto text = form.text(name, Need::optional, characters_max);
  if (!text && form.mentions(name) && !form.has(name)) return std::string();
  return text;
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find(' ') == std::string_view::npos;
}

bool is_phone(std::string_view text) {
  constexpr std::string_view letters = "0123456789+-() ";
  constexpr std::ptrdiff_t digits_min = 4;
  return text.find_first_not_of(letters) == std::string_view::npos &&
         std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) >= digits_min;
}

}  // namespace

bool is_username(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-";
  return !text.empty() && text.size() <= username_characters_max &&
         text.find_first_not_of(letters) == std::string_view::npos;
}

std::optional<std::string> new_username_in(Form& form) {
  auto name = form.text("username", Need::required, username_characters_max);
  if (!name || is_username(*name)) return name;
  form.wrong("username", "is 1 to 100 of A-Z, a-z, 0-9 and . _ @ + -");
  return std::nullopt;
}

bool is_name_as_password(std::string_view password, std::string_view username) {
  return in_small_letters(password) == in_small_letters(username);
}

std::optional<std::string> new_password_in(Form& form, std::string_view member,
                                           std::string_view username, Need need) {
  auto password = form.secret(member, password_bytes_max, need);
  if (!password) return std::nullopt;
  if (is_name_as_password(*password, username)) {
    form.wrong(member, "is the user name");
    return std::nullopt;
  }
  const auto problem = password_problem(*password);
  if (!problem) return password;
  form.wrong(member, *problem);
  return std::nullopt;
}

std::optional<std::string> email_in(Form& form) {
  constexpr std::size_t characters_max = 254;
  auto text = text_or_empty(form, "email", characters_max);
  if (!text || text->empty() || is_email(*text)) return text;
  form.wrong("email", "is no e-mail address");
  return std::nullopt;
}

std::optional<std::string> phone_in(Form& form, std::string_view member, Need need) {
  constexpr std::size_t characters_max = 32;
  auto text = need == Need::required ? form.text(member, need, characters_max)
                                     : text_or_empty(form, member, characters_max);
  if (!text || text->empty() || is_phone(*text)) return text;
  form.wrong(member, "is no telephone number");
  return std::nullopt;
}

std::optional<store::Role> parse_role_word(std::string_view text) {
  return store::parse_role(in_small_letters(text));
}

}  // namespace gatehouse::api

#include "edge/domain/ticket.hpp"

#include <algorithm>

namespace gatehouse {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view prefix = "PARK-";
constexpr std::size_t mac_characters = 8;
constexpr std::size_t body_at = prefix.size();
constexpr std::size_t dash_at = body_at + TicketBody::characters;
constexpr std::size_t mac_at = dash_at + 1;
static_assert(mac_at + mac_characters == TicketCode::characters);

constexpr std::uint8_t unreadable = 0xff;

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

constexpr std::uint8_t value_of(char c) {
  char read = upper(c);
  if (read == 'I' || read == 'L') read = '1';
  if (read == 'O') read = '0';
  const auto place = alphabet.find(read);
  return place == std::string_view::npos ? unreadable : static_cast<std::uint8_t>(place);
}

/// The bits of `bytes`, the most significant first, five a character. What a whole number of
/// characters has too many stands before them, as zeros.
template <std::size_t size>
std::string encode(const std::array<std::uint8_t, size>& bytes) {
  constexpr std::size_t characters = (size * 8 + 4) / 5;
  std::string text(characters, '0');
  std::uint32_t waiting = 0;
  unsigned bits = 0;
  auto out = text.rbegin();
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    waiting |= static_cast<std::uint32_t>(*byte) << bits;
    for (bits += 8; bits >= 5; bits -= 5, waiting >>= 5U) *out++ = alphabet[waiting & 31U];
  }
  if (bits > 0) *out = alphabet[waiting];
  return text;
}

/// The way back. `text` has the characters that encode() writes, and bits beyond the bytes are
/// lost: the caller has seen that there are none.
template <std::size_t size>
bool decode(std::string_view text, std::array<std::uint8_t, size>& bytes) {
  std::uint32_t waiting = 0;
  unsigned bits = 0;
  auto out = bytes.rbegin();
  for (auto c = text.rbegin(); c != text.rend(); ++c) {
    const std::uint8_t value = value_of(*c);
    if (value == unreadable) return false;
    waiting |= static_cast<std::uint32_t>(value) << bits;
    bits += 5;
    if (bits < 8) continue;
    if (out != bytes.rend()) *out++ = static_cast<std::uint8_t>(waiting & 0xffU);
    waiting >>= 8U;
    bits -= 8;
  }
  return true;
}

/// Without the blanks and line ends that hand readers put around a code.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool starts_as_a_ticket(std::string_view text) {
  return std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, upper);
}

}  // namespace

std::string text_of(const TicketMac& mac) { return encode(mac); }

bool same_mac(const TicketMac& one, const TicketMac& other) {
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (one[i] ^ other[i]));
  }
  return difference == 0;
}

std::string_view describe(TicketError error) {
  switch (error) {
    case TicketError::not_a_ticket:
      return "is not a ticket code";
    case TicketError::bad_character:
      return "holds a character that no ticket code has";
    case TicketError::out_of_range:
      return "is not a ticket code that was ever made";
  }
  return "";
}

std::string TicketBody::text() const { return encode(bits_); }

std::expected<TicketCode, TicketError> TicketCode::parse(std::string_view text) {
  const std::string_view code = trimmed(text);
  if (code.size() != characters || !starts_as_a_ticket(code) || code[dash_at] != '-') {
    return std::unexpected(TicketError::not_a_ticket);
  }
  std::array<std::uint8_t, TicketBody::bytes> body{};
  TicketMac mac{};
  if (!decode(code.substr(body_at, TicketBody::characters), body) ||
      !decode(code.substr(mac_at), mac)) {
    return std::unexpected(TicketError::bad_character);
  }
  constexpr std::uint8_t first_character_max = 7;
  if (value_of(code[body_at]) > first_character_max) {
    return std::unexpected(TicketError::out_of_range);
  }
  return TicketCode{TicketBody(body), mac};
}

std::string TicketCode::text() const {
  std::string code(prefix);
  code += body.text();
  code += '-';
  code += text_of(mac);
  return code;
}

}  // namespace gatehouse

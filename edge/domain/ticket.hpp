// Ticket codes: `PARK-`, 26 characters of 128 random bits, `-`, 8 characters of proof.
//
//   const TicketBody body(random_bytes);
//   const TicketCode code{body, first_40_bits(hmac_sha256(key, body.text()))};
//   print(code.text());                          // PARK-0123456789ABCDEFGHJKMNPQRS-TVWXYZ01
//
//   const auto read = TicketCode::parse(scanned);   // std::expected<TicketCode, TicketError>
//   if (read && same_mac(read->mac, expected)) …
//
// Crockford base 32, most significant bits first, two leading zero bits before the 128 (design,
// decision 4). The proof is the first 40 bits of an HMAC-SHA-256 over the 26 characters as text()
// spells them; whoever has the key computes it, nobody here does. A parsed code is a claim until
// its proof has been compared. Values; any thread.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace gatehouse {

using TicketMac = std::array<std::uint8_t, 5>;

/// Its 8 characters, canonical.
std::string text_of(const TicketMac& mac);

/// Takes the same time wherever the two differ, so that nobody learns a proof by measuring.
bool same_mac(const TicketMac& one, const TicketMac& other);

enum class TicketError : std::uint8_t {
  not_a_ticket,   // another length, or without `PARK-` and `-` in their places
  bad_character,  // U, or what base 32 does not know
  out_of_range,   // the first character above 7: more than 128 bits
};

/// A sentence for people, without the offending text.
std::string_view describe(TicketError error);

/// The 128 bits that name a ticket.
class TicketBody {
 public:
  static constexpr std::size_t bytes = 16;
  static constexpr std::size_t characters = 26;

  explicit TicketBody(const std::array<std::uint8_t, bytes>& bits) : bits_(bits) {}

  [[nodiscard]] const std::array<std::uint8_t, bytes>& bits() const { return bits_; }
  /// The 26 characters, canonical: what the proof is computed over.
  [[nodiscard]] std::string text() const;
  auto operator<=>(const TicketBody&) const = default;

 private:
  std::array<std::uint8_t, bytes> bits_;
};

struct TicketCode {
  static constexpr std::size_t characters = 40;

  TicketBody body;
  TicketMac mac;

  /// Reads without regard to case, I and L as 1, O as 0, with blanks and line ends around it (hand
  /// readers append them). Strict otherwise: both dashes stand where they are written, so that a
  /// code has one length and a cut one is never taken for whole.
  static std::expected<TicketCode, TicketError> parse(std::string_view text);

  /// The 40 characters, canonical: what is printed and what the store keeps.
  [[nodiscard]] std::string text() const;
  bool operator==(const TicketCode&) const = default;
};

}  // namespace gatehouse

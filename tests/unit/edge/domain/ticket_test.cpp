#include "edge/domain/ticket.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;

namespace {

using Bits = std::array<std::uint8_t, TicketBody::bytes>;

constexpr Bits rising = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
                         0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f};
constexpr Bits ones = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

const std::string sample = "PARK-0G2491650N2RBHG68T3CE1T7GZ-VTPVXVT2";

template <std::size_t size>
std::array<std::uint8_t, size> any_bytes() {
  std::array<std::uint8_t, size> bytes{};
  for (std::uint8_t& byte : bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
  return bytes;
}

TicketCode any_code() { return {TicketBody(any_bytes<16>()), any_bytes<5>()}; }

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace

TEST_CASE("a ticket is spelled in Crockford's base 32", "[domain][ticket]") {
  const auto [bits, mac, expected] = GENERATE(table<Bits, TicketMac, std::string>({
      {rising, {0xde, 0xad, 0xbe, 0xef, 0x42}, sample},
      {Bits{}, {}, "PARK-00000000000000000000000000-00000000"},
      {ones, {0xff, 0xff, 0xff, 0xff, 0xff}, "PARK-7ZZZZZZZZZZZZZZZZZZZZZZZZZ-ZZZZZZZZ"},
      {rising, {1, 2, 3, 4, 5}, "PARK-0G2491650N2RBHG68T3CE1T7GZ-04106105"},
  }));
  const TicketCode code{TicketBody(bits), mac};
  CHECK(code.text() == expected);
  CHECK(code.body.text() == expected.substr(5, 26));
  CHECK(text_of(code.mac) == expected.substr(32));
  CHECK(TicketCode::parse(expected).value() == code);
}

TEST_CASE("a ticket is read without regard to case, to look-alikes, and to blanks around it",
          "[domain][ticket]") {
  const auto [written, why] = GENERATE(table<std::string, std::string>({
      {in_small_letters(sample), "small letters"},
      {"  " + sample + "\r\n", "a hand reader's line end"},
      {"\t" + sample, "a tab"},
      {"park-OG249I650N2RBHG68T3CEiT7GZ-VTPVXVT2", "O for 0, I and i for 1"},
      {"PARK-oG249L650N2RBHG68T3CElT7GZ-VTPVXVT2", "o for 0, L and l for 1"},
  }));
  CAPTURE(why);
  REQUIRE(TicketCode::parse(written).has_value());
  CHECK(TicketCode::parse(written)->text() == sample);
}

TEST_CASE("anything else is refused by name", "[domain][ticket]") {
  using enum TicketError;
  const auto [written, error, why] = GENERATE(table<std::string, TicketError, std::string>({
      {"", not_a_ticket, "nothing"},
      {"   ", not_a_ticket, "blanks"},
      {"https://example.org/menu", not_a_ticket, "somebody else's code"},
      {sample.substr(0, 39), not_a_ticket, "cut"},
      {sample + "0", not_a_ticket, "one too many"},
      {sample.substr(5), not_a_ticket, "without PARK-"},
      {"PARK_" + sample.substr(5), not_a_ticket, "another dash"},
      {"PARX-" + sample.substr(5), not_a_ticket, "another word"},
      {sample.substr(0, 31) + "0" + sample.substr(32), not_a_ticket, "without its second dash"},
      {sample.substr(0, 12) + "-" + sample.substr(13), bad_character, "a dash within"},
      {sample.substr(0, 12) + "U" + sample.substr(13), bad_character, "U is not given out"},
      {sample.substr(0, 12) + "u" + sample.substr(13), bad_character, "nor u"},
      {sample.substr(0, 12) + " " + sample.substr(13), bad_character, "a blank within"},
      {sample.substr(0, 38) + "é", bad_character, "beyond ASCII"},
      {sample.substr(0, 39) + std::string(1, '\0'), bad_character, "a zero byte"},
      {"PARK-8" + sample.substr(6), out_of_range, "a 129th bit"},
      {"PARK-Z" + sample.substr(6), out_of_range, "and a 130th"},
  }));
  CAPTURE(why);
  REQUIRE_FALSE(TicketCode::parse(written).has_value());
  CHECK(TicketCode::parse(written).error() == error);
  CHECK_FALSE(describe(error).empty());
}

TEST_CASE("proofs are the same when all their bits are", "[domain][ticket]") {
  const TicketMac mac = {0xde, 0xad, 0xbe, 0xef, 0x42};
  CHECK(same_mac(mac, mac));
  for (std::size_t bit = 0; bit < mac.size() * 8; ++bit) {
    TicketMac other = mac;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << (bit % 8)));
    CAPTURE(bit);
    CHECK_FALSE(same_mac(mac, other));
  }
}

TEST_CASE("every ticket survives being printed and read", "[domain][ticket]") {
  rc::prop("in either case", [] {
    const TicketCode code = any_code();
    const std::string text = code.text();
    RC_ASSERT(text.size() == TicketCode::characters);
    RC_ASSERT(TicketCode::parse(text).value() == code);
    RC_ASSERT(TicketCode::parse(in_small_letters(text)).value() == code);
  });
}

TEST_CASE("one wrong character is never read as the same ticket", "[domain][ticket]") {
  rc::prop("unless it is another spelling of that character", [] {
    const TicketCode code = any_code();
    std::string text = code.text();
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::arbitrary<char>();
    const auto read = TicketCode::parse(text);
    if (!read) return;
    const bool same_spelling = read->text() == code.text();
    RC_ASSERT((*read == code) == same_spelling);
    if (same_spelling) {
      const std::string small = in_small_letters(text);
      const char meant = in_small_letters(code.text())[at];
      const bool alike = small[at] == meant || (meant == '0' && small[at] == 'o') ||
                         (meant == '1' && (small[at] == 'i' || small[at] == 'l'));
      RC_ASSERT(alike);
    }
  });
}

TEST_CASE("any text is a ticket or a refusal", "[domain][ticket]") {
  rc::prop("for any bytes, also where a ticket would stand", [] {
    auto text = *rc::gen::arbitrary<std::string>();
    (void)TicketCode::parse(text);
    text.resize(33, '7');
    const auto read =
        TicketCode::parse("PARK-" + text.substr(0, 26) + "-" + text.substr(26, 7) + "0");
    if (read) RC_ASSERT(TicketCode::parse(read->text()).value() == *read);
  });
}

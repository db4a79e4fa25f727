#include "edge/engine/tickets.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace gatehouse::engine {
namespace {

TicketMac mac_of(const TicketKey& key, const TicketBody& body) {
  const std::string text = body.text();
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes,
                          text.size(), digest.data(), &length);
  TicketMac mac{};
  require(done != nullptr && length >= mac.size(), "a ticket's proof can be computed");
  std::copy_n(digest.begin(), mac.size(), mac.begin());
  return mac;
}

}  // namespace

TicketCode Tickets::make() {
  std::array<std::uint8_t, TicketBody::bytes> bits{};
  random_.fill(bits);
  const TicketBody body(bits);
  return {body, mac_of(key_, body)};
}

bool Tickets::is_ours(const TicketCode& code) const {
  const bool by_this_key = same_mac(mac_of(key_, code.body), code.mac);
  const bool by_the_one_before = previous_ && same_mac(mac_of(*previous_, code.body), code.mac);
  return by_this_key || by_the_one_before;
}

std::string Tickets::make_id() {
  std::array<std::uint8_t, 16> bytes{};
  random_.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // variant of RFC 9562
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace gatehouse::engine

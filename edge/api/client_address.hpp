// Who asks, where the lot's own proxies stand between (lot.toml, http.trusted_proxies).
//
//   const Networks trusted({"127.0.0.1", "10.0.0.0/8"});
//   look_through_proxies(request, trusted);
//   … request.peer_address, request.is_https: the client's, as far as trusted proxies tell …
//
// What anybody else writes into Forwarded or X-Forwarded-* is no evidence of anything. Pure; any
// thread.
#pragma once

#include "edge/api/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

/// An IPv6 address; one of IPv4 as `::ffff:a.b.c.d`.
using AddressBytes = std::array<std::uint8_t, 16>;

/// nullopt: no address. A scope (`fe80::1%eth0`) is passed over.
std::optional<AddressBytes> parse_address(std::string_view text);

/// As people write it, IPv4 as such: one spelling of each address.
std::string address_text(const AddressBytes& address);

/// Addresses and networks in CIDR notation, IPv4 and IPv6.
class Networks {
 public:
  Networks() = default;
  /// What is neither an address nor a network stops the process: the configuration was checked.
  explicit Networks(const std::vector<std::string>& written);
  [[nodiscard]] bool contain(const AddressBytes& address) const;
  [[nodiscard]] bool empty() const { return networks_.empty(); }

 private:
  struct Network {
    AddressBytes address{};
    unsigned bits = 0;
  };
  std::vector<Network> networks_;
};

/// The network that a client's connections and streams count for; "": for none, because it is the
/// box itself or a trusted proxy, which brings many clients.
std::string crowd_of(std::string_view address, const Networks& trusted);

/// Where the peer is one of `trusted`: the client is the right-most address that is not, and the
/// scheme is what the nearest proxy says. Where a proxy names no address, or two headers disagree,
/// the requests count for the proxy.
void look_through_proxies(Request& request, const Networks& trusted);

}  // namespace gatehouse::api

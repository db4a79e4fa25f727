#include "edge/api/client_address.hpp"

#include "edge/api/limits.hpp"
#include "edge/api/login_throttle.hpp"
#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <arpa/inet.h>

namespace gatehouse::api {
namespace {

constexpr AddressBytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
constexpr std::size_t mapped_bytes = 12;

bool is_ipv4(const AddressBytes& address) {
  return std::equal(address.begin(), address.begin() + mapped_bytes, mapped_prefix.begin());
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// `"[2001:db8::1]:4711"` and `192.0.2.1:80` without quotes, brackets and port (RFC 7239, 6).
std::string_view bare_address(std::string_view node) {
  node = trimmed(node);
  if (node.size() >= 2 && node.front() == '"' && node.back() == '"')
    node = node.substr(1, node.size() - 2);
  if (node.starts_with('[')) return node.substr(1, std::min(node.find(']'), node.size()) - 1);
  const auto colon = node.find(':');
  return node.find(':', colon + 1) == std::string_view::npos ? node.substr(0, colon) : node;
}

/// `for=192.0.2.1; proto=https` → the value of one of its parameters; "": it has none.
std::string_view parameter_of(std::string_view element, std::string_view name) {
  while (!element.empty()) {
    const auto end = std::min(element.find(';'), element.size());
    const std::string_view pair = trimmed(element.substr(0, end));
    element.remove_prefix(std::min(end + 1, element.size()));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && equal_without_case(pair.substr(0, equals), name))
      return pair.substr(equals + 1);
  }
  return {};
}

/// The elements of all headers of a name, the right-most first. Commas divide them even within
/// quotes: what a client leaves open must not swallow what a proxy adds.
std::vector<std::string_view> elements_from_right(const Request& request, std::string_view name) {
  std::vector<std::string_view> elements;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!equal_without_case(header->name, name)) continue;
    std::string_view rest = header->value;
    for (bool more = true; more && elements.size() < limits::proxies_max;) {
      const auto comma = rest.rfind(',');
      more = comma != std::string_view::npos;
      elements.push_back(trimmed(more ? rest.substr(comma + 1) : rest));
      if (more) rest = rest.substr(0, comma);
    }
  }
  return elements;
}

/// Nodes, the nearest first → the first that is no proxy of ours. One that hides its name is as far
/// as can be seen.
AddressBytes first_not_trusted(const std::vector<std::string_view>& nodes, const Networks& trusted,
                               AddressBytes seen) {
  for (const std::string_view node : nodes) {
    const auto address = parse_address(bare_address(node));
    if (!address) return seen;
    seen = *address;
    if (!trusted.contain(seen)) return seen;
  }
  return seen;
}

bool says_https(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  return equal_without_case(value, "https");
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
  const std::string name(text.substr(0, text.find('%')));
  if (name.contains('\0')) return std::nullopt;
  AddressBytes address = mapped_prefix;
  if (inet_pton(AF_INET, name.c_str(), address.data() + mapped_bytes) == 1) return address;
  if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::string address_text(const AddressBytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_v4 = is_ipv4(address);
  inet_ntop(is_v4 ? AF_INET : AF_INET6, address.data() + (is_v4 ? mapped_bytes : 0), text.data(),
            text.size());
  return text.data();
}

Networks::Networks(const std::vector<std::string>& written) {
  constexpr unsigned bits_max = 8 * std::tuple_size_v<AddressBytes>;
  constexpr unsigned ipv4_offset = 8 * mapped_bytes;
  for (const std::string_view text : written) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    require(address.has_value(), "a network begins with an address");
    unsigned bits = bits_max;
    if (slash != std::string_view::npos) {
      const std::string_view digits = text.substr(slash + 1);
      const char* const end = digits.data() + digits.size();
      const auto [stopped, error] = std::from_chars(digits.data(), end, bits);
      require(error == std::errc() && stopped == end, "a network ends with a number");
      if (is_ipv4(*address)) bits += ipv4_offset;
    }
    require(bits <= bits_max, "a network has as many bits as its address at most");
    networks_.push_back({*address, bits});
  }
}

bool Networks::contain(const AddressBytes& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    const std::size_t whole = network.bits / 8;
    const unsigned rest = network.bits % 8;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                    network.address.begin()))
      return false;
    const auto differing =
        rest == 0 ? 0U : static_cast<unsigned>(address[whole] ^ network.address[whole]);
    return differing >> (8U - rest) == 0;
  });
}

std::string crowd_of(std::string_view address, const Networks& trusted) {
  static const Networks the_box({"127.0.0.0/8", "::1"});
  const auto client = parse_address(address);
  if (!client || the_box.contain(*client) || trusted.contain(*client)) return {};
  return network_of(address);
}

void look_through_proxies(Request& request, const Networks& trusted) {
  const auto peer = parse_address(request.peer_address);
  if (trusted.empty() || !peer || !trusted.contain(*peer)) return;
  const auto forwarded = elements_from_right(request, "Forwarded");
  const auto older = elements_from_right(request, "X-Forwarded-For");
  std::vector<std::string_view> nodes;
  for (const std::string_view element : forwarded) nodes.push_back(parameter_of(element, "for"));
  const AddressBytes by_forwarded = first_not_trusted(nodes, trusted, *peer);
  const AddressBytes by_older = first_not_trusted(older, trusted, *peer);
  // A proxy that writes one of them passes the other on as the client wrote it.
  if (forwarded.empty()) request.peer_address = address_text(by_older);
  if (older.empty()) request.peer_address = address_text(by_forwarded);
  if (!forwarded.empty() && !older.empty())
    request.peer_address = address_text(by_forwarded == by_older ? by_older : *peer);

  const auto schemes = elements_from_right(request, "X-Forwarded-Proto");
  const std::string_view scheme =
      !schemes.empty() ? schemes.front()
                       : (forwarded.empty() ? "" : parameter_of(forwarded.front(), "proto"));
  request.is_https = request.is_https || says_https(scheme);
}

}  // namespace gatehouse::api

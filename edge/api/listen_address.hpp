// Where a server listens: `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::api {

struct ListenAddress {
  std::string host;  // an address or a name, without brackets
  std::uint16_t port = 0;
};

/// nullopt for anything that is not host:port. Whether the host exists shows on binding.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace gatehouse::api

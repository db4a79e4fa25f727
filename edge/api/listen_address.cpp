#include "edge/api/listen_address.hpp"

#include <charconv>

namespace gatehouse::api {

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string digits(text.substr(colon + 1));
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!has_brackets && host.contains(':'))) return std::nullopt;

  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return ListenAddress{std::string(host), port};
}

}  // namespace gatehouse::api

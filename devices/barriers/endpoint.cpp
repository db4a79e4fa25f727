#include "devices/barriers/endpoint.hpp"

#include <charconv>
#include <string_view>

namespace gatehouse::devices {
namespace {

constexpr std::string_view tcp_scheme = "tcp://";
constexpr std::string_view rtu_scheme = "rtu://";

std::unexpected<std::string> wrong(const BarrierSettings& settings) {
  return std::unexpected("barrier " + settings.id + ": " + settings.url +
                         ": expected tcp://host:port or rtu:///device?baud=9600&parity=N");
}

std::expected<Endpoint, std::string> tcp_endpoint(const BarrierSettings& settings) {
  std::string_view rest = settings.url;
  rest.remove_prefix(tcp_scheme.size());
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size()) {
    return wrong(settings);
  }
  std::string_view host = rest.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return TcpEndpoint{std::string(host), std::string(rest.substr(colon + 1))};
}

bool read_setting(std::string_view part, SerialEndpoint& endpoint) {
  if (part.starts_with("baud=")) {
    part.remove_prefix(5);
    const auto [stopped, error] = std::from_chars(part.begin(), part.end(), endpoint.baud);
    return error == std::errc{} && stopped == part.end() && endpoint.baud > 0;
  }
  if (!part.starts_with("parity=") || part.size() != 8) return false;
  endpoint.parity = part.back();
  return std::string_view("NEO").find(endpoint.parity) != std::string_view::npos;
}

std::expected<Endpoint, std::string> serial_endpoint(const BarrierSettings& settings) {
  std::string_view rest = settings.url;
  rest.remove_prefix(rtu_scheme.size());
  const auto question = std::min(rest.find('?'), rest.size());
  SerialEndpoint endpoint{.device = std::string(rest.substr(0, question))};
  if (settings.profile == "came") {
    endpoint.baud = 38'400;
    endpoint.parity = 'E';
  }
  rest.remove_prefix(std::min(question + 1, rest.size()));
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    if (!read_setting(rest.substr(0, end), endpoint)) return wrong(settings);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (endpoint.device.empty()) return wrong(settings);
  return endpoint;
}

}  // namespace

std::expected<Endpoint, std::string> endpoint_of(const BarrierSettings& settings) {
  if (settings.url.starts_with(tcp_scheme)) return tcp_endpoint(settings);
  if (settings.url.starts_with(rtu_scheme)) return serial_endpoint(settings);
  return wrong(settings);
}

std::string line_name(const Endpoint& endpoint) {
  if (const auto* serial = std::get_if<SerialEndpoint>(&endpoint)) return serial->device;
  const auto* tcp = std::get_if<TcpEndpoint>(&endpoint);
  return tcp == nullptr ? std::string() : tcp->host + ":" + tcp->port;
}

}  // namespace gatehouse::devices

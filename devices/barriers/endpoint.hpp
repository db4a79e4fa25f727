// Where a barrier is reached: `tcp://host:port` or `rtu:///dev/…?baud=9600&parity=N`.
// Values; any thread.
#pragma once

#include "devices/barriers/settings.hpp"

#include <expected>
#include <string>
#include <variant>

namespace gatehouse::devices {

struct TcpEndpoint {
  std::string host;
  std::string port;
  bool operator==(const TcpEndpoint&) const = default;
};

/// Eight data bits, one stop bit.
struct SerialEndpoint {
  std::string device;
  int baud = 9600;
  char parity = 'N';  // N, E or O
  bool operator==(const SerialEndpoint&) const = default;
};

using Endpoint = std::variant<TcpEndpoint, SerialEndpoint>;

/// What its url leaves open is as the profile's maker has it: `came` 38400 E, others 9600 N.
/// The error is a sentence.
std::expected<Endpoint, std::string> endpoint_of(const BarrierSettings& settings);

/// Barriers with the same name share a line: host and port, or the serial device.
std::string line_name(const Endpoint& endpoint);

}  // namespace gatehouse::devices

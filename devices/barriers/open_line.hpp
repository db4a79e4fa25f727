// Connects to a Modbus server, or opens and sets up a serial device. Bounded in time; any thread.
#pragma once

#include "devices/barriers/endpoint.hpp"

#include <chrono>
#include <expected>
#include <string>

namespace gatehouse::devices {

inline constexpr std::chrono::milliseconds connect_timeout{1000};

/// A non-blocking descriptor, owned by the caller, or a sentence. A host that is a name waits for
/// its resolver.
std::expected<int, std::string> open_line(const Endpoint& endpoint);

}  // namespace gatehouse::devices

// Why a broker could not be reached, in words for whoever runs the lot. Paho says no more than that
// there was no connection; for the log, which asks once a minute, we look for ourselves.
//
// Blocking; for the link's thread. Any thread otherwise.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::broker {

/// `connection refused`, `no answer within 1000 ms`; empty: somebody accepts connections there, or
/// nobody knows better.
std::string why_unreachable(const std::string& host, std::uint16_t port,
                            std::chrono::milliseconds patience);

/// Whether the host is an address, which no name service has to know.
bool is_address(const std::string& host);

/// The reason out of a line of OpenSSL's error queue (`…:error:0A000086:SSL routines::certificate
/// verify failed:…`); the line itself where it is another one.
std::string tls_reason(std::string_view line);

}  // namespace gatehouse::broker

// Signatures as the providers make them: written for the simulator from their documents, apart from
// what the gateway checks them with, so that a mistake of one side shows. Any thread. OpenSSL 3.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::simulators {

/// Lower-case hexadecimal.
std::string sim_hmac_sha256(std::string_view key, std::string_view message);
std::string sim_sha256(std::string_view message);
std::string sim_base64(std::string_view bytes);
std::optional<std::string> sim_from_base64(std::string_view text);

}  // namespace gatehouse::simulators

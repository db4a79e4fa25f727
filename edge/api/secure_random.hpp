// Random bytes nobody can guess, from OpenSSL's generator.
//
// Any thread. A generator that fails is a std::runtime_error: nothing secret is made without it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace gatehouse::api {

void fill_random(std::span<std::uint8_t> bytes);

/// Two lower-case hexadecimal digits for each of so many random bytes.
std::string random_hex(std::size_t bytes);

}  // namespace gatehouse::api

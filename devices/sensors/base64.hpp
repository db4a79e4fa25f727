// Base64 as LoRaWAN network servers write it: RFC 4648 §4, padded, on one line, canonical.
//
// Decoded by OpenSSL, which every build links anyway; it forgives white space, missing padding and
// stray bits, so the result is written back and must give the same text. Pure; any thread.
#pragma once

#include "devices/sensors/rejection.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace gatehouse::devices {

/// The longest frame: LoRaWAN carries at most 242 bytes.
inline constexpr std::size_t frame_bytes_max = 255;

class Frame {
 public:
  /// bad_base64 if the text is not base64, bad_frame if it is longer than any frame.
  static std::expected<Frame, Rejection> from_base64(std::string_view text);

  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return std::span(bytes_).first(size_);
  }

 private:
  std::array<std::uint8_t, frame_bytes_max> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace gatehouse::devices

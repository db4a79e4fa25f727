// A camera's frame as it comes from MQTT, turned into grey: PNG, JPEG or binary PGM
// (docs/contract/mqtt.md, `…/gates/{gate}/frame`).
//
//   const auto image = read_image(payload);   // std::expected<GreyImage, ImageRefusal>
//   if (!image) count(image.error());
//
// Whoever holds a reader's password chooses these bytes, so every step is bounded before it is
// taken: bytes, then the sides that the header claims, then memory and the work of decoding. The
// decoders are libpng and libjpeg-turbo because both are mended by the distribution when a hole
// is found. Transparent pixels are seen on white paper. Of a damaged JPEG what could be read is
// returned, as the decoder fills it; a PNG or PGM with missing bytes is refused.
// Any thread; nothing is kept between calls. Throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

namespace gatehouse::devices {

// docs/contract/mqtt.md: a frame is at most 2 MiB.
inline constexpr std::size_t image_bytes_max = 2 * 1024 * 1024;
// Beyond what a lane's camera needs by far: at 12 megapixels a ticket fills the frame's twentieth.
inline constexpr int image_side_max = 4'096;
inline constexpr int image_pixels_max = 12'000'000;
// The smallest QR code has 21 modules a side.
inline constexpr int image_side_min = 21;

/// Eight bits a pixel, row by row, 0 is black.
struct GreyImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // width · height of them
  bool operator==(const GreyImage&) const = default;
};

enum class ImageRefusal : std::uint8_t {
  too_many_bytes,
  unknown_format,
  too_small,
  too_large,
  damaged,  // or of a kind that the decoder does not know, or more work than a frame may be
};

std::expected<GreyImage, ImageRefusal> read_image(std::string_view bytes);

}  // namespace gatehouse::devices

// The decoders behind read_image(), one for each format. Each checks the sides that the header
// claims before it allocates anything of their size.
#pragma once

#include "devices/readers/image.hpp"

#include <expected>
#include <optional>
#include <string_view>

namespace gatehouse::devices {

/// Why an image of these sides is not decoded, if it is not.
std::optional<ImageRefusal> refuse_sides(unsigned long width, unsigned long height);

std::expected<GreyImage, ImageRefusal> read_png(std::string_view bytes);
std::expected<GreyImage, ImageRefusal> read_jpeg(std::string_view bytes);
/// Netpbm's P5, with up to 16 bits a sample.
std::expected<GreyImage, ImageRefusal> read_pgm(std::string_view bytes);

}  // namespace gatehouse::devices

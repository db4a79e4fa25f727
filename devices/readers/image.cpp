#include "devices/readers/image.hpp"

#include "devices/readers/image_formats.hpp"

namespace gatehouse::devices {

std::optional<ImageRefusal> refuse_sides(unsigned long width, unsigned long height) {
  const auto side_min = static_cast<unsigned long>(image_side_min);
  const auto side_max = static_cast<unsigned long>(image_side_max);
  if (width < side_min || height < side_min) return ImageRefusal::too_small;
  if (width > side_max || height > side_max) return ImageRefusal::too_large;
  if (width * height > static_cast<unsigned long>(image_pixels_max)) return ImageRefusal::too_large;
  return std::nullopt;
}

std::expected<GreyImage, ImageRefusal> read_image(std::string_view bytes) {
  if (bytes.size() > image_bytes_max) return std::unexpected(ImageRefusal::too_many_bytes);
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return read_png(bytes);
  if (bytes.starts_with("\xFF\xD8\xFF")) return read_jpeg(bytes);
  if (bytes.starts_with("P5")) return read_pgm(bytes);
  return std::unexpected(ImageRefusal::unknown_format);
}

}  // namespace gatehouse::devices

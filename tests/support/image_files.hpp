// Image files as cameras make them, and as nobody should: through the libraries' writers, and PNGs
// put together chunk by chunk.
//
// Functions of their arguments.
#pragma once

#include "devices/readers/image.hpp"

#include <cstdint>
#include <cstdio>  // jpeglib.h names FILE and does not include it
#include <cstdlib>
#include <string>
#include <string_view>

#include <jpeglib.h>
#include <zlib.h>

namespace gatehouse::tests {

inline std::string as_pgm(const devices::GreyImage& image) {
  std::string bytes =
      "P5\n" + std::to_string(image.width) + " " + std::to_string(image.height) + "\n255\n";
  bytes.append(image.pixels.begin(), image.pixels.end());
  return bytes;
}

inline std::string big_endian(unsigned long number) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    bytes += static_cast<char>(number >> shift & 255U);
  return bytes;
}

/// One chunk of a PNG, with its length and its sum.
inline std::string png_chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  const auto* first = reinterpret_cast<const unsigned char*>(body.data());
  return big_endian(data.size()) + body +
         big_endian(::crc32(0, first, static_cast<unsigned>(body.size())));
}

inline std::string deflated(std::string_view data) {
  unsigned long size = ::compressBound(data.size());
  std::string bytes(size, '\0');
  ::compress2(reinterpret_cast<unsigned char*>(bytes.data()), &size,
              reinterpret_cast<const unsigned char*>(data.data()), data.size(), 9);
  bytes.resize(size);
  return bytes;
}

/// The kinds of pixels of a PNG: the third figure of its head is the depth, the fourth the kind.
enum class PngKind : std::uint8_t { grey = 0, colour = 2, palette = 3, grey_alpha = 4 };

/// `rows`: each begins with the number of its filter. `more`: chunks before the pixels.
inline std::string as_png(unsigned long width, unsigned long height, int depth, PngKind kind,
                          std::string_view rows, std::string_view more = {}) {
  std::string head = big_endian(width) + big_endian(height);
  head += static_cast<char>(depth);
  head += static_cast<char>(kind);
  head.append(3, '\0');
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", head) + std::string(more) +
         png_chunk("IDAT", deflated(rows)) + png_chunk("IEND", {});
}

inline std::string as_png(const devices::GreyImage& image) {
  std::string rows;
  for (int y = 0; y < image.height; ++y) {
    rows += '\0';
    const auto first = image.pixels.begin() + std::ptrdiff_t{y} * image.width;
    rows.append(first, first + image.width);
  }
  return as_png(static_cast<unsigned long>(image.width), static_cast<unsigned long>(image.height),
                8, PngKind::grey, rows);
}

enum class JpegKind : std::uint8_t { grey, colour, progressive };

/// In colour all three channels show the same.
inline std::string as_jpeg(const devices::GreyImage& image, JpegKind kind = JpegKind::grey,
                           int quality = 85) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &bytes, &size);
  const bool grey = kind == JpegKind::grey;
  jpeg.image_width = static_cast<JDIMENSION>(image.width);
  jpeg.image_height = static_cast<JDIMENSION>(image.height);
  jpeg.input_components = grey ? 1 : 3;
  jpeg.in_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  if (kind == JpegKind::progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < image.height; ++y) {
    std::string row;
    for (int x = 0; x < image.width; ++x) {
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                      static_cast<std::size_t>(x);
      row.append(grey ? 1 : 3, static_cast<char>(image.pixels[at]));
    }
    auto* first = reinterpret_cast<JSAMPROW>(row.data());
    jpeg_write_scanlines(&jpeg, &first, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string file(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return file;
}

}  // namespace gatehouse::tests

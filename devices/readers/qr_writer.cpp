#include "devices/readers/qr_writer.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <iterator>
#include <new>

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <fmt/format.h>
#include <png.h>

namespace gatehouse::devices {
namespace {

// ZXing counts nine levels for all its formats; of these 3 and 4 are a QR code's M.
constexpr int level_m = 4;
constexpr int png_module_pixels = 8;

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

/// One row's dark runs, as strokes along its middle: `M4 4.5h7m1 0h1`.
void draw_row(const QrCode& code, int y, std::string& path) {
  int pen = 0;
  bool drawn = false;
  for (int x = 0; x < code.side();) {
    const int begin = x;
    while (code.dark(x, y)) ++x;
    if (x == begin) {
      ++x;
      continue;
    }
    if (drawn) {
      fmt::format_to(std::back_inserter(path), "m{} 0h{}", begin - pen, x - begin);
    } else {
      fmt::format_to(std::back_inserter(path), "M{} {}.5h{}", begin + qr_quiet_modules,
                     y + qr_quiet_modules, x - begin);
    }
    drawn = true;
    pen = x;
  }
}

std::string write_png(const QrCode& code) {
  const int side = (code.side() + 2 * qr_quiet_modules) * png_module_pixels;
  std::vector<std::uint8_t> pixels;
  pixels.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool dark = code.dark(x / png_module_pixels - qr_quiet_modules,
                                  y / png_module_pixels - qr_quiet_modules);
      pixels.push_back(dark ? 0 : 255);
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(side);
  image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_GRAY;
  // So few pixels that even unpacked they are no burden; the file is a small part of that.
  std::string png(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = png.size();
  const bool written =
      png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), side, nullptr) != 0;
  // Into memory that is large enough, only a lack of memory is left to fail.
  if (!written) throw std::bad_alloc();
  png.resize(size);
  return png;
}

}  // namespace

std::expected<QrCode, QrRefusal> QrCode::make(std::string_view text) {
  if (text.empty()) return std::unexpected(QrRefusal::empty);
  if (text.size() > qr_text_characters_max) return std::unexpected(QrRefusal::too_long);
  if (!std::ranges::all_of(text, is_printable)) return std::unexpected(QrRefusal::bad_character);
  ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
  writer.setEccLevel(level_m).setMargin(0);
  const ZXing::BitMatrix matrix = writer.encode(std::string(text), 0, 0);
  const int side = matrix.width();
  require(side > 0 && matrix.height() == side, "a QR code is a square");
  std::vector<bool> dark;
  dark.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) dark.push_back(matrix.get(x, y));
  }
  return QrCode(side, std::move(dark));
}

bool QrCode::dark(int x, int y) const {
  if (x < 0 || y < 0 || x >= side_ || y >= side_) return false;
  return dark_[static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) +
               static_cast<std::size_t>(x)];
}

std::expected<std::string, QrRefusal> qr_svg(std::string_view text) {
  const auto code = QrCode::make(text);
  if (!code) return std::unexpected(code.error());
  std::string path;
  for (int y = 0; y < code->side(); ++y) draw_row(*code, y, path);
  const int side = code->side() + 2 * qr_quiet_modules;
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">)"
      R"(<rect width="{0}" height="{0}" fill="#fff"/><path stroke="#000" d="{1}"/></svg>)",
      side, path);
  if (svg.size() > qr_svg_bytes_max) return std::unexpected(QrRefusal::too_long);
  return svg;
}

std::expected<std::string, QrRefusal> qr_png(std::string_view text) {
  const auto code = QrCode::make(text);
  if (!code) return std::unexpected(code.error());
  return write_png(*code);
}

}  // namespace gatehouse::devices

// Texts as QR codes: for ticket printers, pages and lane displays.
//
//   const auto svg = qr_svg("PARK-…");   // std::expected<std::string, QrRefusal>
//   const auto png = qr_png("PARK-…");
//
// Error correction level M, four modules of quiet zone around. The SVG is one <path> on a white
// ground, at most svg_bytes_max long (docs/contract/mqtt.md, `qr_svg`), and carries no style and
// no script, so that a strict page shows it. Encoded by ZXing.
// Functions of their arguments; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::devices {

inline constexpr std::size_t qr_svg_bytes_max = 12 * 1024;
inline constexpr int qr_quiet_modules = 4;
// What such an SVG holds with room to spare: 81 modules a side. A ticket has 40 characters, a
// payment link of UPI about 200.
inline constexpr std::size_t qr_text_characters_max = 400;

enum class QrRefusal : std::uint8_t {
  empty,
  bad_character,  // only printable ASCII: what every reader reads alike
  too_long,
};

/// The square itself, without its quiet zone.
class QrCode {
 public:
  static std::expected<QrCode, QrRefusal> make(std::string_view text);

  /// How many modules a side has.
  [[nodiscard]] int side() const { return side_; }
  /// Outside the square all is light.
  [[nodiscard]] bool dark(int x, int y) const;

 private:
  QrCode(int side, std::vector<bool> dark) : side_(side), dark_(std::move(dark)) {}
  int side_;
  std::vector<bool> dark_;  // row by row
};

std::expected<std::string, QrRefusal> qr_svg(std::string_view text);

/// Black on white, eight pixels a module. Throws std::bad_alloc.
std::expected<std::string, QrRefusal> qr_png(std::string_view text);

}  // namespace gatehouse::devices

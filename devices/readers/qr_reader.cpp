#include "devices/readers/qr_reader.hpp"

#include "devices/readers/bitmap.hpp"

#include <algorithm>
#include <utility>

// Result::text() in UTF-8, as it will be in later versions.
#define ZX_USE_UTF8
#include <ZXing/ReadBarcode.h>

namespace gatehouse::devices {
namespace {

// The longer side that is looked at first is the largest below this.
constexpr int first_side_max = 1'100;
// A code has three. ZXing's work grows with the third power of their number: with this many it is
// some 3 ms. A noisy image has more without any code: half as large it tells more, and sooner.
constexpr std::size_t patterns_min = 3;
constexpr std::size_t patterns_max = 3 * qr_codes_max;

/// From the one to look at first to the last.
std::vector<GreyImage> sizes_of(const GreyImage& image) {
  std::vector<GreyImage> sizes;
  sizes.push_back(halved(image));
  if (std::max(image.width, image.height) <= first_side_max) {
    sizes.insert(sizes.begin(), image);
    return sizes;
  }
  while (std::max(sizes.back().width, sizes.back().height) > first_side_max) {
    sizes.push_back(halved(sizes.back()));
  }
  std::ranges::reverse(sizes);
  sizes.push_back(image);
  return sizes;
}

std::vector<std::string> texts_in(const Bitmap& bitmap) {
  const std::size_t patterns = finder_patterns(bitmap, patterns_max + 1);
  if (patterns < patterns_min || patterns > patterns_max) return {};
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode)
      .setBinarizer(ZXing::Binarizer::BoolCast)
      .setTryHarder(true)
      .setTryRotate(false)  // finder patterns look alike from all sides
      .setTryDownscale(false)
      .setMaxNumberOfSymbols(qr_codes_max);
  std::vector<std::string> texts;
  for (const ZXing::Result& result : ZXing::ReadBarcodes(
           {bitmap.pixels.data(), bitmap.width, bitmap.height, ZXing::ImageFormat::Lum}, hints)) {
    if (result.isValid()) texts.push_back(result.text());
  }
  return texts;
}

}  // namespace

std::vector<std::string> QrReader::read(const GreyImage& image, std::chrono::microseconds budget,
                                        const Wanted& wanted) const {
  const Steady begin = clock_.now().steady;
  std::vector<std::string> all;
  for (const GreyImage& size : sizes_of(image)) {
    for (std::string& text : texts_in(binarized(size))) {
      const bool known = std::ranges::find(all, text) != all.end();
      if (!known && all.size() < qr_codes_max) all.push_back(std::move(text));
    }
    if (std::ranges::any_of(all, wanted)) break;
    if (clock_.now().steady - begin > budget / 3) break;
  }
  return all;
}

}  // namespace gatehouse::devices

// A grey image made black and white, and what is asked of it before ZXing sees it.
//
//   const Bitmap bitmap = binarized(image);
//   if (finder_patterns(bitmap, 64) < 64) { … ZXing … }
//
// We draw this line between dark and light ourselves, for two reasons. ZXing's own wants more
// contrast than dusk leaves. And ZXing tries every three of the finder patterns that it sees, so
// that a picture tiled with them would keep it busy for hours: counted on the very bitmap that it
// is given, they cannot be more than were counted.
// Functions of their arguments; any thread.
#pragma once

#include "devices/readers/image.hpp"

#include <cstddef>

namespace gatehouse::devices {

/// A GreyImage of which every pixel is 0, dark, or 255, light.
using Bitmap = GreyImage;

/// Dark is what is darker than its surroundings of some 40 pixels; where they show no contrast,
/// everything is light.
Bitmap binarized(const GreyImage& image);

/// How many squares in a ring there are that could be a corner of a QR code; counting ends at
/// `most`. Never fewer than ZXing finds.
std::size_t finder_patterns(const Bitmap& bitmap, std::size_t most);

/// Half as wide and half as high, every pixel the mean of four: takes noise away, and time.
GreyImage halved(const GreyImage& image);

}  // namespace gatehouse::devices

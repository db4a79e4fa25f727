// QR codes in a grey image.
//
//   const QrReader reader(clock);
//   for (const std::string& text : reader.read(image, 20ms, looks_like_ticket)) …
//
// Small first: a frame is looked at at a size of some 640 pixels, where noise averages out and most
// tickets are found in a millisecond, then at twice the size, up to its own, for codes that are far
// away or steep. Looking ends when a wanted text is found or a third of the budget is used up: the
// next size costs up to four times the last. One size is always looked at, so that a slow moment
// never makes a reader blind. Light codes on a dark ground are not read: it would cost every frame
// without a code as much again, and our tickets are dark on light.
// Hostile images cost no more than honest ones: bitmap.hpp.
// Any thread; nothing is kept between calls.
#pragma once

#include "devices/readers/image.hpp"
#include "edge/engine/ports.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::devices {

// More than this in one frame is a wall of codes.
inline constexpr std::size_t qr_codes_max = 16;

class QrReader {
 public:
  using Wanted = std::function<bool(std::string_view text)>;

  /// The clock outlives the reader.
  explicit QrReader(const engine::Clock& clock) : clock_(clock) {}

  /// The texts of all codes that were seen, in UTF-8, each once, at most qr_codes_max of them.
  [[nodiscard]] std::vector<std::string> read(const GreyImage& image,
                                              std::chrono::microseconds budget,
                                              const Wanted& wanted) const;

 private:
  const engine::Clock& clock_;
};

}  // namespace gatehouse::devices

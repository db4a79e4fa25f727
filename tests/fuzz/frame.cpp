// Whatever a camera, or whoever took its place, sends as a frame: an image or a reason, and of an
// image at most so many codes, never a crash. The whole way from the bytes to the texts.
#include "devices/readers/frame_pool.hpp"
#include "devices/readers/image.hpp"
#include "devices/readers/qr_reader.hpp"
#include "edge/domain/invariant.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace gatehouse;
using namespace gatehouse::devices;

namespace {

/// Always the same moment: every size of every image is looked at.
class StoppedClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override { return {}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const StoppedClock clock;
  const auto image = read_image({reinterpret_cast<const char*>(data), size});
  if (!image) return 0;
  require(image->width >= image_side_min && image->height >= image_side_min &&
              image->width <= image_side_max && image->height <= image_side_max,
          "an image has sides within bounds");
  require(image->pixels.size() ==
              static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height),
          "an image has all its pixels");
  const auto texts =
      QrReader(clock).read(*image, std::chrono::seconds(1), [](std::string_view) { return false; });
  require(texts.size() <= qr_codes_max, "codes are limited in number");
  const auto code = choose_code(texts);
  require(!code || (!code->empty() && code->size() <= 100), "a code is what a scan may carry");
  return 0;
}

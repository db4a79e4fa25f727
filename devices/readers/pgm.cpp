#include "devices/readers/image_formats.hpp"

#include <algorithm>

namespace gatehouse::devices {
namespace {

constexpr unsigned long sample_max = 65'535;

/// The numbers in the head of a Netpbm file: white space and comments between them.
class Head {
 public:
  explicit Head(std::string_view bytes) : bytes_(bytes) {}

  /// nullopt: there is none, or it is above `most`.
  std::optional<unsigned long> number(unsigned long most) {
    if (!skip_space()) return std::nullopt;
    std::optional<unsigned long> number;
    while (at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9') {
      number = number.value_or(0) * 10 + static_cast<unsigned long>(bytes_[at_++] - '0');
      if (*number > most) return std::nullopt;
    }
    return number;
  }
  /// What follows the single white space behind the last number.
  std::optional<std::string_view> rest() const {
    if (at_ >= bytes_.size() || !is_space(bytes_[at_])) return std::nullopt;
    return bytes_.substr(at_ + 1);
  }

 private:
  static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  /// False: no number could begin here.
  bool skip_space() {
    const std::size_t begin = at_;
    while (at_ < bytes_.size() && (is_space(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#') {
        at_ = std::min(bytes_.find_first_of("\r\n", at_), bytes_.size());
      } else {
        ++at_;
      }
    }
    return at_ > begin;
  }

  std::string_view bytes_;
  std::size_t at_ = 2;  // behind "P5"
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// Samples above `white` are no samples; they are read as white.
std::uint8_t scaled(unsigned long sample, unsigned long white) {
  return static_cast<std::uint8_t>((std::min(sample, white) * 255 + white / 2) / white);
}

}  // namespace

std::expected<GreyImage, ImageRefusal> read_pgm(std::string_view bytes) {
  Head head(bytes);
  const auto width = head.number(1'000'000);
  const auto height = head.number(1'000'000);
  const auto white = head.number(sample_max);
  const auto samples = head.rest();
  if (!width || !height || !white || *white == 0 || !samples) {
    return std::unexpected(ImageRefusal::damaged);
  }
  if (const auto refusal = refuse_sides(*width, *height)) return std::unexpected(*refusal);
  const std::size_t sample_bytes = *white > 255 ? 2 : 1;
  const std::size_t count = *width * *height;
  if (samples->size() / sample_bytes < count) return std::unexpected(ImageRefusal::damaged);

  GreyImage image{static_cast<int>(*width), static_cast<int>(*height), {}};
  image.pixels.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned long sample =
        sample_bytes == 1 ? byte_at(*samples, i)
                          : byte_at(*samples, 2 * i) * 256UL + byte_at(*samples, 2 * i + 1);
    image.pixels[i] = *white == 255 ? static_cast<std::uint8_t>(sample) : scaled(sample, *white);
  }
  return image;
}

}  // namespace gatehouse::devices

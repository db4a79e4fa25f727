#include "devices/sensors/base64.hpp"

#include <algorithm>

#include <openssl/evp.h>

namespace gatehouse::devices {
namespace {

constexpr std::size_t text_characters_max = frame_bytes_max / 3 * 4;
static_assert(frame_bytes_max % 3 == 0, "a whole number of base64 groups fills the frame");

const unsigned char* unsigned_characters(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::expected<Frame, Rejection> Frame::from_base64(std::string_view text) {
  Frame frame;
  if (text.empty()) return frame;
  if (text.size() % 4 != 0) return std::unexpected(Rejection::bad_base64);
  if (text.size() > text_characters_max) return std::unexpected(Rejection::bad_frame);

  const int groups_size = EVP_DecodeBlock(frame.bytes_.data(), unsigned_characters(text),
                                          static_cast<int>(text.size()));
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (groups_size != static_cast<int>(text.size() / 4 * 3)) {
    return std::unexpected(Rejection::bad_base64);
  }
  frame.size_ = static_cast<std::size_t>(groups_size) - padding;

  std::array<unsigned char, text_characters_max + 1> again{};  // and the NUL that OpenSSL adds
  const int written =
      EVP_EncodeBlock(again.data(), frame.bytes_.data(), static_cast<int>(frame.size_));
  const bool same = std::equal(again.begin(), again.begin() + written, unsigned_characters(text),
                               unsigned_characters(text) + text.size());
  if (!same) return std::unexpected(Rejection::bad_base64);
  return frame;
}

}  // namespace gatehouse::devices

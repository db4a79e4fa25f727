#include "simulators/barrier_frames.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::simulators {
namespace {

constexpr std::size_t header = 7;  // transaction, protocol, length, unit
constexpr std::size_t before_length = 6;
constexpr std::size_t pdu_max = 253;

std::uint16_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}
std::uint8_t high(std::size_t value) { return static_cast<std::uint8_t>(value >> 8U & 0xFFU); }
std::uint8_t low(std::size_t value) { return static_cast<std::uint8_t>(value & 0xFFU); }

}  // namespace

std::vector<std::uint8_t> to_bytes(const ModbusFrame& frame) {
  const auto length = frame.pdu.size() + 1;
  const std::array<std::uint8_t, header> start = {
      high(frame.transaction), low(frame.transaction), 0, 0, high(length), low(length), frame.unit};
  std::vector<std::uint8_t> bytes(header + frame.pdu.size());
  std::ranges::copy(frame.pdu, std::ranges::copy(start, bytes.begin()).out);
  return bytes;
}

std::optional<ModbusFrame> FrameReader::next() {
  if (is_broken_ || bytes_.size() < header) return std::nullopt;
  const auto protocol = word(bytes_, 2);
  const std::size_t length = word(bytes_, 4);
  if (protocol != 0 || length < 2 || length > pdu_max + 1) {
    is_broken_ = true;
    return std::nullopt;
  }
  if (bytes_.size() < before_length + length) return std::nullopt;
  const auto begin = bytes_.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(before_length + length);
  ModbusFrame frame{.transaction = word(bytes_, 0), .unit = bytes_[before_length]};
  frame.pdu.assign(begin + header, end);
  bytes_.erase(begin, end);
  return frame;
}

}  // namespace gatehouse::simulators

// A vehicle's number, in the one form in which two spellings of it are the same.
//
//   const auto vehicle = VehicleNumber::parse("DL-01-AB-1234");   // DL01AB1234
//
// Upper-cased and stripped to [A-Z0-9], 4 to 20 characters (docs/contract/http.md). Every shape is
// taken: trade, foreign and dealers' plates exist, so a shape is a hint for staff and never a
// refusal. Nothing is padded or merged: DL1C… and DL01C… are two registrations. A value; any
// thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace gatehouse {

inline constexpr std::size_t plate_characters_min = 4;
inline constexpr std::size_t plate_characters_max = 20;

enum class PlateError : std::uint8_t { too_short, too_long };

/// A sentence for people, without the offending text.
std::string_view describe(PlateError error);

/// Of India's numbers, by shape alone.
enum class PlateShape : std::uint8_t {
  standard,    // DL01AB1234, KA01EK171
  bharat,      // 22BH1234AA
  temporary,   // T0321DL0123AB
  vintage,     // DLVAAA1234
  diplomatic,  // 77CD12
  defence,     // 03D153874H
  other,       // staff may want to look twice
};

std::string_view name(PlateShape shape);

class VehicleNumber {
 public:
  static std::expected<VehicleNumber, PlateError> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] PlateShape shape() const;
  auto operator<=>(const VehicleNumber&) const = default;

 private:
  explicit VehicleNumber(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace gatehouse

template <>
struct std::hash<gatehouse::VehicleNumber> {
  std::size_t operator()(const gatehouse::VehicleNumber& number) const noexcept {
    return std::hash<std::string>{}(number.text());
  }
};

#include "edge/domain/plate.hpp"

#include "edge/domain/words.hpp"

#include <array>
#include <span>

namespace gatehouse {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
// A BH number's last letters: I and O are not given out.
constexpr bool is_clear_letter(char c) { return is_letter(c) && c != 'I' && c != 'O'; }

/// `least` to `most` characters of a kind, or the one text `literal`.
struct Part {
  bool (*is_one)(char) = nullptr;
  std::size_t least = 0;
  std::size_t most = 0;
  std::string_view literal;
};

constexpr Part digits(std::size_t least, std::size_t most) { return {is_digit, least, most, ""}; }
constexpr Part letters(std::size_t least, std::size_t most) { return {is_letter, least, most, ""}; }
constexpr Part word(std::string_view literal) { return {nullptr, 0, 0, literal}; }

/// Longest first, with a way back: digits may be followed by digits.
constexpr bool matches(std::string_view text, std::span<const Part> parts) {
  if (parts.empty()) return text.empty();
  const Part& part = parts.front();
  const auto rest = parts.subspan(1);
  if (part.is_one == nullptr) {
    return text.starts_with(part.literal) && matches(text.substr(part.literal.size()), rest);
  }
  std::size_t run = 0;
  while (run < part.most && run < text.size() && part.is_one(text[run])) ++run;
  for (std::size_t taken = run + 1; taken-- > part.least;) {
    if (matches(text.substr(taken), rest)) return true;
  }
  return false;
}

// Temporary numbers as the ministry's notification of March 2021 has them; no rule publishes the
// defence's, which stands here as it is seen.
constexpr std::array standard = {letters(2, 2), digits(1, 2), letters(0, 3), digits(1, 4)};
constexpr std::array bharat = {digits(2, 2), word("BH"), digits(4, 4),
                               Part{is_clear_letter, 1, 2, ""}};
constexpr std::array temporary = {word("T"), digits(4, 4), letters(2, 2), digits(4, 4),
                                  letters(1, 2)};
constexpr std::array vintage = {letters(2, 2), word("VA"), letters(2, 2), digits(4, 4)};
constexpr std::array diplomatic = {digits(1, 3), word("CD"), digits(1, 4)};
constexpr std::array consular = {digits(1, 3), word("CC"), digits(1, 4)};
constexpr std::array united_nations = {digits(1, 3), word("UN"), digits(1, 4)};
constexpr std::array defence = {digits(2, 2), letters(1, 1), digits(6, 6), letters(1, 1)};

constexpr Words<7> shapes = {"standard",   "bharat",  "temporary", "vintage",
                             "diplomatic", "defence", "other"};
static_assert(are_distinct(shapes));

}  // namespace

std::string_view describe(PlateError error) {
  switch (error) {
    case PlateError::too_short:
      return "must have at least 4 letters and digits";
    case PlateError::too_long:
      return "may have at most 20 letters and digits";
  }
  return "";
}

std::string_view name(PlateShape shape) { return word_of(shapes, shape); }

std::expected<VehicleNumber, PlateError> VehicleNumber::parse(std::string_view text) {
  std::string number;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!is_letter(upper) && !is_digit(upper)) continue;
    if (number.size() == plate_characters_max) return std::unexpected(PlateError::too_long);
    number += upper;
  }
  if (number.size() < plate_characters_min) return std::unexpected(PlateError::too_short);
  return VehicleNumber(std::move(number));
}

PlateShape VehicleNumber::shape() const {
  if (matches(text_, standard)) return PlateShape::standard;
  if (matches(text_, bharat)) return PlateShape::bharat;
  if (matches(text_, temporary)) return PlateShape::temporary;
  if (matches(text_, vintage)) return PlateShape::vintage;
  if (matches(text_, diplomatic) || matches(text_, consular) || matches(text_, united_nations)) {
    return PlateShape::diplomatic;
  }
  if (matches(text_, defence)) return PlateShape::defence;
  return PlateShape::other;
}

}  // namespace gatehouse

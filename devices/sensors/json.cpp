#include "devices/sensors/json.hpp"

#include "edge/domain/limits.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <new>
#include <span>

#include <simdjson.h>

namespace gatehouse::devices {
namespace {

Rejection rejection_of(simdjson::error_code error) {
  if (error == simdjson::EMPTY) return Rejection::empty;
  if (error == simdjson::UTF8_ERROR) return Rejection::bad_utf8;
  if (error == simdjson::DEPTH_ERROR) return Rejection::too_deep;
  if (error == simdjson::CAPACITY) return Rejection::oversize;
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  return Rejection::bad_json;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// JSON that is valid (RFC 8259) and that simdjson refuses all the same, as the bytes of a payload:
/// numbers that no 64 bits and no finite double hold, and escaped halves of surrogate pairs. Both
/// are replaced in place, by what is as far from meaning anything: a number beyond every range that
/// a member may have, and the replacement character. All else stays, wrong or right.
class Replacing {
 public:
  explicit Replacing(std::span<char> text) : text_(text) {}

  /// Whether there was anything to replace.
  bool replace() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        pass_string();
      } else if (c == '-' || is_digit(c)) {
        pass_number();
      } else {
        ++at_;
      }
    }
    return has_replaced_;
  }

 private:
  void pass_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"';) {
      if (text_[at_] == '\\') {
        pass_escape();
      } else {
        ++at_;
      }
    }
    ++at_;
  }

  void pass_escape() {
    const auto unit = code_unit(at_);
    if (!unit) {
      at_ += 2;  // the backslash and what it escapes
      return;
    }
    const bool is_high = *unit >= 0xD800U && *unit <= 0xDBFFU;
    const bool is_low = *unit >= 0xDC00U && *unit <= 0xDFFFU;
    const auto follower = is_high ? code_unit(at_ + escape_characters) : std::nullopt;
    const bool is_pair = follower && *follower >= 0xDC00U && *follower <= 0xDFFFU;
    if (is_pair) {
      at_ += escape_characters;
    } else if (is_high || is_low) {
      overwrite(at_, escape_characters, "\\ufffd");
    }
    at_ += escape_characters;
  }

  /// Of `\uXXXX` at a place; nullopt: something else stands there.
  [[nodiscard]] std::optional<unsigned> code_unit(std::size_t place) const {
    if (place + escape_characters > text_.size()) return std::nullopt;
    if (text_[place] != '\\' || text_[place + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    const char* const end = text_.data() + place + escape_characters;
    const auto read = std::from_chars(text_.data() + place + 2, end, unit, 16);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return unit;
  }

  void pass_number() {
    const std::size_t begin = at_;
    const bool is_negative = text_[at_] == '-';
    if (is_negative) ++at_;
    const std::size_t first_digit = at_;
    pass_digits();
    bool is_valid = at_ > first_digit && (text_[first_digit] != '0' || at_ == first_digit + 1);
    bool is_whole = true;
    if (at_ < text_.size() && text_[at_] == '.') {
      is_whole = false;
      ++at_;
      is_valid = pass_digits() && is_valid;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      is_whole = false;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      is_valid = pass_digits() && is_valid;
    }
    if (!is_valid || fits(begin, is_whole)) return;
    overwrite(begin, at_ - begin, is_negative ? "-9e99" : "9e99");
  }

  /// False: there was none.
  bool pass_digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > begin;
  }

  [[nodiscard]] bool fits(std::size_t begin, bool is_whole) const {
    const char* const first = text_.data() + begin;
    const char* const last = text_.data() + at_;
    const auto holds = [&](auto number) {
      return std::from_chars(first, last, number).ec == std::errc{};
    };
    return is_whole ? holds(std::int64_t{}) || holds(std::uint64_t{}) : holds(double{});
  }

  void overwrite(std::size_t place, std::size_t characters, std::string_view by) {
    std::memset(text_.data() + place, ' ', characters);
    std::memcpy(text_.data() + place, by.data(), by.size());
    has_replaced_ = true;
  }

  static constexpr std::size_t escape_characters = 6;
  std::span<char> text_;
  std::size_t at_ = 0;
  bool has_replaced_ = false;
};

}  // namespace

struct JsonParser::Memory {
  // The bound goes through the constructor: set_max_capacity() of simdjson 3.0.1 takes the smaller
  // of its argument and 32.
  simdjson::dom::parser parser{limits::json_bytes_max};
  simdjson::dom::document document;
  // simdjson reads, but does not mind, up to SIMDJSON_PADDING bytes behind the payload.
  std::array<char, limits::json_bytes_max + simdjson::SIMDJSON_PADDING> payload{};

  simdjson::error_code parse(std::size_t bytes, simdjson::dom::element& root) {
    return parser.parse_into_document(document, payload.data(), bytes, false).get(root);
  }
};

JsonParser::JsonParser() : memory_(std::make_unique<Memory>()) {
  const bool allocated = memory_->parser.allocate(limits::json_bytes_max, limits::json_depth_max) ==
                             simdjson::SUCCESS &&
                         memory_->document.allocate(limits::json_bytes_max) == simdjson::SUCCESS;
  if (!allocated) throw std::bad_alloc();
}
JsonParser::JsonParser(JsonParser&& other) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&& other) noexcept = default;
JsonParser::~JsonParser() = default;

std::expected<simdjson::dom::element, Rejection> JsonParser::parse(std::string_view payload) {
  if (payload.empty()) return std::unexpected(Rejection::empty);
  if (payload.size() > limits::json_bytes_max) return std::unexpected(Rejection::oversize);
  std::memcpy(memory_->payload.data(), payload.data(), payload.size());
  simdjson::dom::element root;
  auto error = memory_->parse(payload.size(), root);
  const bool may_be_valid = error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR;
  if (may_be_valid && Replacing(std::span(memory_->payload).first(payload.size())).replace()) {
    error = memory_->parse(payload.size(), root);
  }
  if (error) return std::unexpected(rejection_of(error));
  return root;
}

std::optional<Rejection> read_time(const simdjson::dom::element& value,
                                   std::optional<Instant>& into) {
  if (value.is_null()) return std::nullopt;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return Rejection::wrong_type;
  const auto instant = parse_rfc3339(text);
  if (!instant) return Rejection::bad_time;
  into = instant;
  return std::nullopt;
}

std::optional<Rejection> read_unsigned(const simdjson::dom::element& value,
                                       std::optional<std::uint64_t>& into) {
  if (value.is_null()) return std::nullopt;
  std::uint64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return Rejection::wrong_type;
  into = number;
  return std::nullopt;
}

std::optional<Rejection> read_number(const simdjson::dom::element& value,
                                     std::optional<double>& into) {
  if (value.is_null()) return std::nullopt;
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return Rejection::wrong_type;
  into = number;
  return std::nullopt;
}

}  // namespace gatehouse::devices

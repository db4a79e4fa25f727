#include "devices/sensors/json_pointer.hpp"

#include "edge/domain/limits.hpp"

#include <limits>
#include <optional>

#include <simdjson.h>

namespace gatehouse::devices {
namespace {

/// `~0` is `~` and `~1` is `/`; nullopt for any other `~`.
std::optional<std::string> unescape(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    if (++i == token.size()) return std::nullopt;
    if (token[i] != '0' && token[i] != '1') return std::nullopt;
    text += token[i] == '0' ? '~' : '/';
  }
  return text;
}

/// An index as RFC 6901 writes it: digits, without leading zeros.
std::optional<std::size_t> array_index(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
  // No payload holds more items than bytes.
  if (token.size() > std::numeric_limits<std::uint32_t>::digits10) return std::nullopt;
  std::size_t index = 0;
  for (const char c : token) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index;
}

Found find_member(simdjson::dom::object object, std::string_view key,
                  simdjson::dom::element& value) {
  Found found = Found::left_out;
  for (const simdjson::dom::key_value_pair field : object) {
    if (field.key != key) continue;
    if (found == Found::value) return Found::ambiguous;
    value = field.value;
    found = Found::value;
  }
  return found;
}

Found find_item(simdjson::dom::array array, std::string_view token, simdjson::dom::element& value) {
  const auto index = array_index(token);
  if (!index || array.at(*index).get(value) != simdjson::SUCCESS) return Found::nowhere;
  return Found::value;
}

Found step(const simdjson::dom::element& from, std::string_view token,
           simdjson::dom::element& value) {
  simdjson::dom::object object;
  if (from.get(object) == simdjson::SUCCESS) return find_member(object, token, value);
  simdjson::dom::array array;
  if (from.get(array) == simdjson::SUCCESS) return find_item(array, token, value);
  return Found::nowhere;
}

}  // namespace

std::expected<JsonPointer, std::string> JsonPointer::parse(std::string_view text) {
  JsonPointer pointer;
  if (text.empty()) return pointer;
  if (!text.starts_with('/')) {
    return std::unexpected("must be a JSON pointer: it begins with '/', as in \"/battery\"");
  }
  for (std::size_t slash = 0; slash != std::string_view::npos;) {
    const std::size_t next_slash = text.find('/', slash + 1);
    auto token = unescape(text.substr(slash + 1, next_slash - slash - 1));
    if (!token) return std::unexpected("must be a JSON pointer: '~' only as \"~0\" or \"~1\"");
    pointer.tokens_.push_back(std::move(*token));
    slash = next_slash;
  }
  if (pointer.tokens_.size() >= limits::json_depth_max) {
    return std::unexpected("leads deeper than a payload may nest, which is 16 levels");
  }
  return pointer;
}

Found JsonPointer::find(const simdjson::dom::element& root, simdjson::dom::element& value) const {
  simdjson::dom::element at = root;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    simdjson::dom::element next;
    const Found found = step(at, tokens_[i], next);
    const bool on_the_way = i + 1 < tokens_.size();
    if (found == Found::left_out && on_the_way) return Found::nowhere;
    if (found != Found::value) return found;
    at = next;
  }
  value = at;
  return Found::value;
}

}  // namespace gatehouse::devices

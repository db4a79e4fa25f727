#include "edge/api/body.hpp"

#include "edge/api/limits.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

Response malformed(std::string_view sentence) { return failure(400, "malformed_body", sentence); }

/// Puts the members of one JSON object down, in order, and what is nested in them.
class ObjectReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Members members;

  bool null() override { return value(Member::Kind::null, {}); }
  bool boolean(bool is) override { return value(Member::Kind::boolean, is ? "true" : "false"); }
  bool number_integer(number_integer_t number) override {
    return value(Member::Kind::number, std::to_string(number));
  }
  bool number_unsigned(number_unsigned_t number) override {
    return value(Member::Kind::number, std::to_string(number));
  }
  bool number_float(number_float_t /*number*/, const string_t& written) override {
    return value(Member::Kind::number, written);
  }
  bool string(string_t& text) override { return value(Member::Kind::text, std::move(text)); }
  bool binary(binary_t& /*bytes*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(false); }
  // A bare list is no object.
  bool start_array(std::size_t /*size*/) override { return !open_.empty() && open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*wrong*/) override {
    return false;
  }

 private:
  bool value(Member::Kind kind, std::string text) {
    return !open_.empty() && add({std::exchange(name_, {}), kind, std::move(text)});
  }
  bool open(bool is_list) {
    if (open_.size() >= limits::json_depth_max) return false;
    open_.push_back({std::exchange(name_, {}), Member::Kind::structure, {}, {}, is_list});
    return true;
  }
  bool close() {
    Member made = std::move(open_.back());
    open_.pop_back();
    if (!open_.empty()) return add(std::move(made));
    members = std::move(made.within);
    return true;
  }
  bool add(Member member) {
    open_.back().within.push_back(std::move(member));
    if (open_.size() == 1) return open_.back().within.size() <= limits::members_max;
    return ++nested_ <= limits::nested_members_max;
  }

  std::vector<Member> open_;  // structures that are not at their end yet, the outermost first
  std::size_t nested_ = 0;
  std::string name_;
};

std::optional<int> digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

/// `+` is a blank here (WHATWG URL, application/x-www-form-urlencoded).
std::optional<std::string> decoded(std::string_view encoded) {
  std::string text;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      text += encoded[i] == '+' ? ' ' : encoded[i];
      continue;
    }
    if (i + 2 >= encoded.size()) return std::nullopt;
    const auto high = digit(encoded[i + 1]);
    const auto low = digit(encoded[i + 2]);
    if (!high || !low) return std::nullopt;
    text += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  if (!is_utf8(text)) return std::nullopt;
  return text;
}

std::optional<Members> read_pairs(std::string_view text) {
  Members members;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || members.size() >= limits::members_max) return std::nullopt;
    members.push_back({std::move(*name), Member::Kind::text, std::move(*value)});
  }
  return members;
}

/// `application/json; charset=utf-8` → `application/json`
std::string media_type(const Request& request) {
  std::string type(request.header("Content-Type").value_or(""));
  type.resize(std::min(type.find(';'), type.size()));
  std::erase_if(type, [](char c) { return c == ' ' || c == '\t'; });
  return in_small_letters(type);
}

/// How many more bytes follow the first one of a character, and the least it may stand for.
struct Sequence {
  std::size_t more;
  std::uint32_t least;
  std::uint32_t bits;
};
std::optional<Sequence> sequence_of(unsigned char first) {
  if (first < 0x80) return Sequence{0, 0, first};
  if (first >= 0xC2 && first < 0xE0) return Sequence{1, 0x80, first & 0x1FU};
  if (first >= 0xE0 && first < 0xF0) return Sequence{2, 0x800, first & 0x0FU};
  if (first >= 0xF0 && first < 0xF5) return Sequence{3, 0x10000, first & 0x07U};
  return std::nullopt;
}

}  // namespace

std::expected<Members, Response> read_body(const Request& request, Accepts accepts) {
  if (request.body.empty()) return Members{};
  const std::string type = media_type(request);
  if (type == "application/x-www-form-urlencoded" && accepts == Accepts::json_or_form) {
    auto members = read_pairs(request.body);
    if (!members) return std::unexpected(malformed("The form cannot be read"));
    return std::move(*members);
  }
  if (type != json_type) {
    return std::unexpected(failure(415, "unsupported_media_type",
                                   accepts == Accepts::json
                                       ? "The body is to be application/json"
                                       : "The body is to be application/json or a form"));
  }
  ObjectReader reader;
  const bool is_object = nlohmann::json::sax_parse(request.body, &reader);
  if (!is_object) return std::unexpected(malformed("The body is not a JSON object"));
  return std::move(reader.members);
}

std::expected<Members, Response> read_query(const Request& request) {
  auto members = read_pairs(request.query);
  if (!members) return std::unexpected(failure(400, "malformed_query", "The query cannot be read"));
  return std::move(*members);
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto sequence = sequence_of(static_cast<unsigned char>(bytes[i]));
    if (!sequence || i + sequence->more >= bytes.size()) return false;
    std::uint32_t code = sequence->bits;
    for (std::size_t k = 0; k < sequence->more; ++k) {
      const auto next = static_cast<unsigned char>(bytes[++i]);
      if ((next & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (next & 0x3FU);
    }
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (code < sequence->least || is_surrogate || code > 0x10FFFF) return false;
  }
  return true;
}

}  // namespace gatehouse::api

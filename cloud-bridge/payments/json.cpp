#include "cloud-bridge/payments/json.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace gatehouse::payments {

/// Between our values and the library's.
struct JsonReader {
  static Json from(const nlohmann::ordered_json& raw) {
    using Kind = nlohmann::ordered_json::value_t;
    Json json;
    switch (raw.type()) {
      case Kind::boolean:
        json.value_ = raw.get<bool>();
        break;
      case Kind::string:
        json.value_ = raw.get<std::string>();
        break;
      case Kind::number_integer:
        json.value_ = raw.get<std::int64_t>();
        break;
      case Kind::number_unsigned:
        if (std::in_range<std::int64_t>(raw.get<std::uint64_t>()))
          json.value_ = raw.get<std::int64_t>();
        else
          json.value_ = raw.get<double>();
        break;
      case Kind::number_float:
        json.value_ = raw.get<double>();
        break;
      case Kind::array:
        json = Json::array();
        for (const auto& item : raw) json.push(from(item));
        break;
      case Kind::object:
        json = Json::object();
        for (const auto& [name, value] : raw.items()) json.set(name, from(value));
        break;
      case Kind::null:
      case Kind::binary:
      case Kind::discarded:
        break;
    }
    return json;
  }

  static nlohmann::ordered_json to(const Json& json) {
    if (json.is_array()) {
      auto raw = nlohmann::ordered_json::array();
      for (const Json& item : json.items()) raw.push_back(to(item));
      return raw;
    }
    if (json.is_object()) {
      auto raw = nlohmann::ordered_json::object();
      for (const auto& [name, value] : json.members()) raw[name] = to(value);
      return raw;
    }
    if (const auto* const flag = std::get_if<bool>(&json.value_)) return *flag;
    if (const auto* const whole = std::get_if<std::int64_t>(&json.value_)) return *whole;
    if (const auto* const other = std::get_if<double>(&json.value_)) return *other;
    if (const auto* const text = std::get_if<std::string>(&json.value_)) return *text;
    return nullptr;
  }
};

Json::Json() = default;
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;
Json::Json(std::string text) : value_(std::move(text)) {}
Json::Json(std::string_view text) : value_(std::string(text)) {}
Json::Json(const char* text) : value_(std::string(text)) {}

Json Json::object() {
  Json json;
  json.value_ = Members{};
  return json;
}

Json Json::array() {
  Json json;
  json.value_ = Items{};
  return json;
}

std::optional<Json> Json::parse(std::string_view text) {
  constexpr int depth_max = 32;
  bool is_too_deep = false;
  const auto watch_depth = [&](int depth, nlohmann::ordered_json::parse_event_t /*event*/,
                               const nlohmann::ordered_json& /*value*/) {
    is_too_deep |= depth > depth_max;
    return !is_too_deep;
  };
  const auto raw = nlohmann::ordered_json::parse(text.begin(), text.end(), watch_depth, false);
  if (is_too_deep || raw.is_discarded()) return std::nullopt;
  return JsonReader::from(raw);
}

std::string Json::dump() const {
  // Bytes of a text that are not UTF-8 are replaced: they came from people.
  return JsonReader::to(*this).dump(-1, ' ', false,
                                    nlohmann::ordered_json::error_handler_t::replace);
}

Json& Json::set(std::string name, Json value) {
  if (!is_object()) value_ = Members{};
  auto& members = std::get<Members>(value_);
  const auto found = std::ranges::find(members, name, &JsonMember::name);
  if (found != members.end())
    found->value = std::move(value);
  else
    members.push_back({std::move(name), std::move(value)});
  return *this;
}

Json& Json::push(Json item) {
  if (!is_array()) value_ = Items{};
  std::get<Items>(value_).push_back(std::move(item));
  return *this;
}

const Json& Json::operator[](std::string_view name) const {
  static const Json null;
  const auto& all = members();
  const auto found = std::ranges::find(all, name, &JsonMember::name);
  return found == all.end() ? null : found->value;
}

bool Json::is_null() const { return std::holds_alternative<std::monostate>(value_); }
bool Json::is_object() const { return std::holds_alternative<Members>(value_); }
bool Json::is_array() const { return std::holds_alternative<Items>(value_); }

std::optional<std::string> Json::text() const {
  const auto* const text = std::get_if<std::string>(&value_);
  return text ? std::optional(*text) : std::nullopt;
}

std::optional<std::int64_t> Json::whole() const {
  const auto* const whole = std::get_if<std::int64_t>(&value_);
  return whole ? std::optional(*whole) : std::nullopt;
}

std::optional<bool> Json::flag() const {
  const auto* const flag = std::get_if<bool>(&value_);
  return flag ? std::optional(*flag) : std::nullopt;
}

const Json::Items& Json::items() const {
  static const Items none;
  const auto* const items = std::get_if<Items>(&value_);
  return items ? *items : none;
}

const Json::Members& Json::members() const {
  static const Members none;
  const auto* const members = std::get_if<Members>(&value_);
  return members ? *members : none;
}

}  // namespace gatehouse::payments

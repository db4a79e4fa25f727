// A JSON object, written member by member, in their order.
//
//   JsonObject object;
//   object.text("zone", "A");
//   object.number("cars", 3);
//   const std::string json = std::move(object).finish();   // {"zone":"A","cars":3}
//
// Keys are ours and need no escaping. One thread.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/engine/json_text.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::engine {

class JsonObject {
 public:
  void text(std::string_view key, std::string_view value) {
    begin(key);
    append_quoted(out_, value);
  }
  void text_if(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }
  template <std::integral Number>
  void number(std::string_view key, Number value) {
    raw(key, std::to_string(value));
  }
  void flag(std::string_view key, bool value) { raw(key, value ? "true" : "false"); }
  void time(std::string_view key, const std::optional<Instant>& value) {
    if (value) text(key, format_rfc3339(*value));
  }
  /// A value that is JSON already.
  void raw(std::string_view key, std::string_view json) {
    begin(key);
    out_ += json;
  }
  void list(std::string_view key, const std::vector<std::string>& values) {
    begin(key);
    out_ += '[';
    for (const std::string& json : values) {
      if (&json != &values.front()) out_ += ',';
      out_ += json;
    }
    out_ += ']';
  }
  std::string finish() && {
    out_ += '}';
    return std::move(out_);
  }

 private:
  void begin(std::string_view key) {
    if (out_.size() > 1) out_ += ',';
    append_quoted(out_, key);
    out_ += ':';
  }
  std::string out_ = "{";
};

}  // namespace gatehouse::engine

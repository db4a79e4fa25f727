// JSON pointers (RFC 6901), parsed once and then followed through every message.
//
//   auto pointer = JsonPointer::parse("/uplink_message/f_port");
//   const Found found = pointer->find(root, value);
//
// A value; any thread. Whoever follows one includes simdjson.h in its .cpp.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace simdjson::dom {
class element;
}

namespace gatehouse::devices {

enum class Found : std::uint8_t {
  value,
  left_out,   // the object that would hold the member is there, the member is not
  nowhere,    // the way to it is not there either
  ambiguous,  // a member on the way stands there twice
};

class JsonPointer {
 public:
  /// The error is a sentence that follows the key. "" points to the whole payload.
  static std::expected<JsonPointer, std::string> parse(std::string_view text);

  [[nodiscard]] bool is_whole_payload() const { return tokens_.empty(); }

  /// Sets `value` when it returns Found::value, and only then.
  Found find(const simdjson::dom::element& root, simdjson::dom::element& value) const;

 private:
  JsonPointer() = default;
  std::vector<std::string> tokens_;
};

}  // namespace gatehouse::devices

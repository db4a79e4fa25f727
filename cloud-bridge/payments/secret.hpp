// A key or password: a text that nothing can print by accident.
//
//   const Secret key("…");
//   hmac_sha256_hex(key.reveal(), message);
//
// It has no operator<< and no formatter, so that it cannot reach a log or an exception without
// somebody writing reveal(). A value; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::payments {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] std::string_view reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace gatehouse::payments

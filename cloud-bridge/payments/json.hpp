// JSON as a value: what providers send and get. Only json.cpp sees the library.
//
//   const auto answer = Json::parse(body);                    // nullopt: no JSON
//   (*answer)["error"]["description"].text().value_or("")     // what is missing is null
//   Json::object().set("amount", 5000).set("currency", "INR").dump()
//
// Members keep their order; of two with one name the last counts. A number that is no whole one of
// 64 bits is never mistaken for one: whole() is nullopt. Values; any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gatehouse::payments {

struct JsonMember;

class Json {
 public:
  using Items = std::vector<Json>;
  using Members = std::vector<JsonMember>;

  Json();  // null
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();
  // Implicit: an object is written as a table of names and values.
  Json(std::string text);       // NOLINT(google-explicit-constructor)
  Json(std::string_view text);  // NOLINT(google-explicit-constructor)
  Json(const char* text);       // NOLINT(google-explicit-constructor)
  template <std::same_as<bool> Flag>
  Json(Flag flag) : value_(flag) {}  // NOLINT(google-explicit-constructor)
  template <std::integral Whole>
    requires(!std::same_as<Whole, bool>)
  Json(Whole whole)
      : value_(static_cast<std::int64_t>(whole)) {}  // NOLINT(google-explicit-constructor)
  static Json object();
  static Json array();

  /// nullopt for what is no JSON (RFC 8259), not UTF-8, or nested deeper than 32.
  static std::optional<Json> parse(std::string_view text);
  [[nodiscard]] std::string dump() const;

  /// Sets a member; makes an object of what was none.
  Json& set(std::string name, Json value);
  /// Appends; makes an array of what was none.
  Json& push(Json item);

  /// The member, or null.
  const Json& operator[](std::string_view name) const;
  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] std::optional<std::string> text() const;
  [[nodiscard]] std::optional<std::int64_t> whole() const;
  [[nodiscard]] std::optional<bool> flag() const;
  [[nodiscard]] const Items& items() const;      // empty for what is no array
  [[nodiscard]] const Members& members() const;  // empty for what is no object

 private:
  friend struct JsonReader;
  // double: a number that is not whole, which nothing here reads.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Items, Members> value_;
};

struct JsonMember {
  std::string name;
  Json value;
};

}  // namespace gatehouse::payments

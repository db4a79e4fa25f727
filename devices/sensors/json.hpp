// The JSON of one MQTT message: parsed in memory that is owned once and reused for every message.
//
//   JsonParser parser;
//   const auto root = parser.parse(payload);  // std::expected<element, Rejection>
//
// simdjson's document parser, strict: UTF-8 is checked, a payload is at most
// limits::json_bytes_max long and limits::json_depth_max levels deep, the innermost value counted
// as one, and nothing is allocated per message (but for a payload that is a bare number). Whatever
// RFC 8259 allows is read: a number that neither 64 bits nor a finite double hold comes out as one
// of ±9e99, half of a surrogate pair as the replacement character, so that a member nobody asks for
// costs nothing and one that matters is out of range or not what it must be.
// Whoever reads the elements includes simdjson.h in its .cpp.
// One thread at a time for each parser.
#pragma once

#include "devices/sensors/rejection.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>

namespace simdjson::dom {
class element;
}

namespace gatehouse::devices {

class JsonParser {
 public:
  /// Throws std::bad_alloc.
  JsonParser();
  JsonParser(JsonParser&& other) noexcept;
  JsonParser& operator=(JsonParser&& other) noexcept;
  ~JsonParser();

  /// The root of the payload, any JSON value. It and all below it live until the next parse().
  std::expected<simdjson::dom::element, Rejection> parse(std::string_view payload);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

// Members that may be left out. JSON's null says the same as leaving the member out: `into` stays
// as it is. What they return is the reason why the member cannot be used, if there is one.

/// An RFC 3339 string, else wrong_type or bad_time.
std::optional<Rejection> read_time(const simdjson::dom::element& value,
                                   std::optional<Instant>& into);

/// A whole number from 0 to 2^64-1, else wrong_type.
std::optional<Rejection> read_unsigned(const simdjson::dom::element& value,
                                       std::optional<std::uint64_t>& into);

/// Any number, else wrong_type. Never NaN or infinite: JSON has neither.
std::optional<Rejection> read_number(const simdjson::dom::element& value,
                                     std::optional<double>& into);

}  // namespace gatehouse::devices

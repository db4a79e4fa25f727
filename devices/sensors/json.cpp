#include "devices/sensors/json.hpp"

#include "edge/domain/limits.hpp"

#include <array>
#include <cstring>
#include <new>

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

}  // namespace

struct JsonParser::Memory {
  // The bound goes through the constructor: set_max_capacity() of simdjson 3.0.1 takes the smaller
  // of its argument and 32.
  simdjson::dom::parser parser{limits::json_bytes_max};
  simdjson::dom::document document;
  // simdjson reads, but does not mind, up to SIMDJSON_PADDING bytes behind the payload.
  std::array<char, limits::json_bytes_max + simdjson::SIMDJSON_PADDING> payload{};
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
  const auto error =
      memory_->parser
          .parse_into_document(memory_->document, memory_->payload.data(), payload.size(), false)
          .get(root);
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

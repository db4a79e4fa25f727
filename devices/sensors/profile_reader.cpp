#include "devices/sensors/profile_reader.hpp"

#include "devices/sensors/base64.hpp"
#include "devices/sensors/profile_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <simdjson.h>

namespace gatehouse::devices {
namespace {

using simdjson::dom::element;

template <class T>
using Read = std::expected<T, Rejection>;
using Refused = std::optional<Rejection>;
using OptionalPointer = std::optional<JsonPointer>;

// Members beside the state.

/// Sets `into` to what is there and not null.
Refused find_value(const OptionalPointer& pointer, const element& root,
                   std::optional<element>& into) {
  if (!pointer) return std::nullopt;
  element value;
  const Found found = pointer->find(root, value);
  if (found == Found::ambiguous) return Rejection::duplicate_member;
  if (found == Found::value && !value.is_null()) into = value;
  return std::nullopt;
}

enum class WhenLeftOut : std::uint8_t { absent, zero };

Refused find_unsigned(const OptionalPointer& pointer, const element& root,
                      WhenLeftOut when_left_out, std::optional<std::uint64_t>& into) {
  if (!pointer) return std::nullopt;
  element value;
  switch (pointer->find(root, value)) {
    case Found::value:
      return read_unsigned(value, into);
    case Found::ambiguous:
      return Rejection::duplicate_member;
    case Found::left_out:
      if (when_left_out == WhenLeftOut::zero) into = 0;
      return std::nullopt;
    case Found::nowhere:
      break;
  }
  return std::nullopt;
}

Refused find_port(const OptionalPointer& pointer, const element& root, std::uint8_t& into) {
  std::optional<std::uint64_t> number;
  if (const auto refused = find_unsigned(pointer, root, WhenLeftOut::zero, number)) return refused;
  if (!number) return Rejection::missing_member;
  if (*number > std::numeric_limits<std::uint8_t>::max()) return Rejection::wrong_type;
  into = static_cast<std::uint8_t>(*number);
  return std::nullopt;
}

Refused find_time(const OptionalPointer& pointer, const element& root,
                  std::optional<Instant>& into) {
  std::optional<element> value;
  if (const auto refused = find_value(pointer, root, value)) return refused;
  return value ? read_time(*value, into) : std::nullopt;
}

Refused find_battery(const OptionalPointer& pointer, const element& root,
                     std::optional<std::uint8_t>& into) {
  std::optional<element> value;
  if (const auto refused = find_value(pointer, root, value)) return refused;
  std::optional<double> level;
  if (value) {
    if (const auto refused = read_number(*value, level)) return refused;
  }
  if (!level || *level < 0 || *level > 100 || *level == 1) return std::nullopt;
  into = static_cast<std::uint8_t>(std::lround(*level < 1 ? *level * 100 : *level));
  return std::nullopt;
}

/// Adds what a frame may carry whatever its port.
Refused add_members(const ProfileRules& rules, const element& root, Reading& reading) {
  const auto when_left_out = rules.port ? WhenLeftOut::zero : WhenLeftOut::absent;
  if (const auto refused = find_time(rules.ts, root, reading.ts)) return refused;
  if (const auto refused = find_unsigned(rules.seq, root, when_left_out, reading.seq)) {
    return refused;
  }
  return find_battery(rules.battery, root, reading.battery_percent);
}

// The state, by the profile's values.

bool equals(const ProfileValue& expected, const element& value) {
  if (const bool* truth = std::get_if<bool>(&expected)) {
    bool actual = false;
    return value.get(actual) == simdjson::SUCCESS && actual == *truth;
  }
  if (const auto* text = std::get_if<std::string>(&expected)) {
    std::string_view actual;
    return value.get(actual) == simdjson::SUCCESS && actual == *text;
  }
  const std::int64_t number = std::get<std::int64_t>(expected);
  std::int64_t whole = 0;
  if (value.get(whole) == simdjson::SUCCESS) return whole == number;
  double fractional = 0;  // as a server in JavaScript or Python may write a whole number
  return value.is_double() && value.get(fractional) == simdjson::SUCCESS &&
         fractional == static_cast<double>(number);
}

template <class IsIt>
Read<bool> state_by_values(const ProfileRules& rules, IsIt is_it) {
  if (std::ranges::any_of(rules.occupied_values, is_it)) return true;
  if (std::ranges::any_of(rules.free_values, is_it)) return false;
  return std::unexpected(Rejection::unknown_value);
}

Read<bool> state_of_element(const ProfileRules& rules, const element& value) {
  if (value.is_object() || value.is_array()) return std::unexpected(Rejection::wrong_type);
  return state_by_values(rules,
                         [&](const ProfileValue& expected) { return equals(expected, value); });
}

/// A payload that is not JSON: a bare word.
Read<bool> state_of_word(const ProfileRules& rules, std::string_view payload) {
  constexpr std::string_view white_space = " \t\r\n";
  payload.remove_prefix(std::min(payload.find_first_not_of(white_space), payload.size()));
  payload = payload.substr(0, payload.find_last_not_of(white_space) + 1);
  return state_by_values(rules, [&](const ProfileValue& expected) {
    const auto* word = std::get_if<std::string>(&expected);
    return word != nullptr && *word == payload;
  });
}

Read<Reading> read_pointed_at(const ProfileRules& rules, const element& root) {
  element value;
  Read<bool> state = std::unexpected(Rejection::missing_member);
  switch (rules.occupied.find(root, value)) {
    case Found::value:
      state = state_of_element(rules, value);
      break;
    case Found::ambiguous:
      return std::unexpected(Rejection::duplicate_member);
    case Found::left_out:
      if (rules.absent_is_free) state = false;
      break;
    case Found::nowhere:
      break;
  }
  if (!state) return std::unexpected(state.error());
  Reading reading;
  reading.occupied = *state;
  return reading;
}

// The state, by a decoder.

Read<Reading> read_frame(const ProfileRules& rules, const element& root, std::uint8_t port) {
  std::optional<element> value;
  if (const auto refused = find_value(rules.bytes, root, value)) return std::unexpected(*refused);
  std::string_view base64;
  if (value && value->get(base64) != simdjson::SUCCESS) {
    return std::unexpected(Rejection::wrong_type);
  }
  const bool has_no_application_data = rules.port && port == 0 && base64.empty();
  if (has_no_application_data) return Reading{};
  if (!value) return std::unexpected(Rejection::missing_member);
  const auto frame = Frame::from_base64(base64);
  if (!frame) return std::unexpected(frame.error());
  return rules.decoder->decode(frame->bytes(), port);
}

/// The state alone, or nothing where the frame's port carries none.
Read<Reading> read_state(const ProfileRules& rules, const element& root) {
  std::uint8_t port = 0;
  const bool depends_on_port = !rules.ports.empty() || rules.decoder != nullptr;
  if (rules.port && depends_on_port) {
    if (const auto refused = find_port(rules.port, root, port)) return std::unexpected(*refused);
  }
  const bool carries_state =
      rules.ports.empty() || std::ranges::find(rules.ports, port) != rules.ports.end();
  if (!carries_state) return Reading{};
  return rules.decoder != nullptr ? read_frame(rules, root, port) : read_pointed_at(rules, root);
}

Read<Reading> read_message(const ProfileRules& rules, const element& root) {
  if (!root.is_object() && !root.is_array()) return std::unexpected(Rejection::not_an_object);
  auto reading = read_state(rules, root);
  if (!reading) return reading;
  if (const auto refused = add_members(rules, root, *reading)) return std::unexpected(*refused);
  return reading;
}

Read<Reading> read_whole_payload(const ProfileRules& rules, const Read<element>& root,
                                 std::string_view payload) {
  Read<bool> state = std::unexpected(Rejection::bad_json);
  if (root) {
    state = state_of_element(rules, *root);
  } else if (root.error() == Rejection::bad_json) {
    state = state_of_word(rules, payload);
  } else {
    return std::unexpected(root.error());
  }
  if (!state) return std::unexpected(state.error());
  Reading reading;
  reading.occupied = *state;
  return reading;
}

}  // namespace

std::expected<ProfileReader, std::string> ProfileReader::make(const SensorProfile& profile) {
  auto rules = compile(profile);
  if (!rules) return std::unexpected(std::move(rules.error()));
  return ProfileReader(std::make_unique<const ProfileRules>(std::move(*rules)));
}

ProfileReader::ProfileReader(std::unique_ptr<const ProfileRules> rules)
    : rules_(std::move(rules)) {}
ProfileReader::ProfileReader(ProfileReader&& other) noexcept = default;
ProfileReader& ProfileReader::operator=(ProfileReader&& other) noexcept = default;
ProfileReader::~ProfileReader() = default;

const std::string& ProfileReader::name() const { return rules_->name; }

const std::string& ProfileReader::subscription() const { return rules_->topic.filter(); }

std::optional<std::string_view> ProfileReader::match(std::string_view topic) const {
  return rules_->topic.match(topic);
}

std::string_view ProfileReader::slot_name(std::string_view captured) const {
  const auto mapped = rules_->map.find(captured);
  return mapped == rules_->map.end() ? captured : std::string_view(mapped->second);
}

std::expected<Reading, Rejection> ProfileReader::read(std::string_view payload) {
  const auto root = parser_.parse(payload);
  const bool is_bare = rules_->decoder == nullptr && rules_->occupied.is_whole_payload();
  if (is_bare) return read_whole_payload(*rules_, root, payload);
  if (!root) return std::unexpected(root.error());
  return read_message(*rules_, *root);
}

}  // namespace gatehouse::devices

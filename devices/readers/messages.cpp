#include "devices/readers/messages.hpp"

#include "edge/domain/limits.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <simdjson.h>

namespace gatehouse::devices {
namespace {

using simdjson::dom::element;
using Refused = std::optional<Rejection>;

Refused read_text(const element& value, std::optional<std::string>& into) {
  if (value.is_null()) return std::nullopt;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return Rejection::wrong_type;
  into = text;
  return std::nullopt;
}

Refused read_id(const element& value, std::optional<std::string>& into) {
  if (const Refused refused = read_text(value, into)) return refused;
  if (into && !is_scan_id(*into)) return Rejection::wrong_type;
  return std::nullopt;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// What either message may hold.
struct Members {
  std::optional<std::string> id;
  std::optional<std::string> code;
  std::optional<Instant> ts;
  std::optional<std::string> payment_method;
  std::optional<std::string> vehicle_number;
  std::optional<std::string> gate;
  std::optional<std::string> lot;
};

enum class Member : std::uint8_t {
  id,
  code,
  ts,
  payment_method,
  vehicle_number,
  gate,
  lot,
  unknown
};

Member member_of(std::string_view key, std::string_view id_key) {
  if (key == id_key) return Member::id;
  if (key == "code") return Member::code;
  if (key == "ts") return Member::ts;
  if (key == "payment_method") return Member::payment_method;
  if (key == "vehicle_number") return Member::vehicle_number;
  if (key == "gate") return Member::gate;
  if (key == "lot") return Member::lot;
  return Member::unknown;
}

Refused read_member(Member member, const element& value, Members& members) {
  switch (member) {
    case Member::id:
      return read_id(value, members.id);
    case Member::code:
      return read_text(value, members.code);
    case Member::ts:
      return read_time(value, members.ts);
    case Member::payment_method:
      return read_text(value, members.payment_method);
    case Member::vehicle_number:
      return read_text(value, members.vehicle_number);
    case Member::gate:
      return read_text(value, members.gate);
    case Member::lot:
      return read_text(value, members.lot);
    case Member::unknown:
      return std::nullopt;
  }
  return std::nullopt;
}

std::expected<Members, Rejection> read_members(JsonParser& parser, std::string_view payload,
                                               std::string_view id_key, TopicId gate) {
  const auto root = parser.parse(payload);
  if (!root) return std::unexpected(root.error());
  simdjson::dom::object object;
  if (root->get(object) != simdjson::SUCCESS) return std::unexpected(Rejection::not_an_object);
  Members members;
  std::array<bool, static_cast<std::size_t>(Member::unknown)> seen{};
  for (const simdjson::dom::key_value_pair field : object) {
    const Member member = member_of(field.key, id_key);
    if (member == Member::unknown) continue;
    if (std::exchange(seen.at(static_cast<std::size_t>(member)), true))
      return std::unexpected(Rejection::duplicate_member);
    if (const Refused refused = read_member(member, field.value, members))
      return std::unexpected(*refused);
  }
  if (!members.id) return std::unexpected(Rejection::missing_member);
  if (members.gate && *members.gate != gate.text)
    return std::unexpected(Rejection::contradicting_id);
  if (members.lot && !gate.lot.empty() && *members.lot != gate.lot)
    return std::unexpected(Rejection::contradicting_id);
  return members;
}

}  // namespace

std::string as_code(std::string_view text) {
  std::size_t end = std::min(text.size(), code_bytes_max);
  while (end < text.size() && end > 0 && !begins_character(text[end])) --end;
  std::string code(text.substr(0, end));
  for (char& c : code) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return code;
}

bool is_scan_id(std::string_view text) {
  constexpr std::string_view others = "_.:-";
  return !text.empty() && text.size() <= limits::id_characters_max &&
         std::ranges::all_of(text, [&](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                  others.find(c) != std::string_view::npos;
         });
}

std::expected<FrameProperties, Rejection> read_frame_properties(
    std::optional<std::string_view> scan_id, std::optional<std::string_view> ts) {
  FrameProperties properties;
  if (scan_id) {
    if (!is_scan_id(*scan_id)) return std::unexpected(Rejection::wrong_type);
    properties.scan_id = std::string(*scan_id);
  }
  if (ts) {
    properties.ts = parse_rfc3339(*ts);
    if (!properties.ts) return std::unexpected(Rejection::bad_time);
  }
  return properties;
}

std::expected<ScanMessage, Rejection> GateReader::read_scan(std::string_view payload,
                                                            TopicId gate) {
  auto members = read_members(parser_, payload, "scan_id", gate);
  if (!members) return std::unexpected(members.error());
  if (!members->code) return std::unexpected(Rejection::missing_member);
  ScanMessage scan{.scan_id = std::move(*members->id),
                   .code = as_code(*members->code),
                   .ts = members->ts,
                   .payment_method = {}};
  if (members->payment_method) {
    scan.payment_method = parse_payment_method(*members->payment_method);
    if (!scan.payment_method) return std::unexpected(Rejection::wrong_type);
  }
  return scan;
}

std::expected<PressMessage, Rejection> GateReader::read_press(std::string_view payload,
                                                              TopicId gate) {
  auto members = read_members(parser_, payload, "press_id", gate);
  if (!members) return std::unexpected(members.error());
  PressMessage press{
      .press_id = std::move(*members->id), .ts = members->ts, .vehicle = std::nullopt};
  if (members->vehicle_number) {
    if (auto vehicle = VehicleNumber::parse(*members->vehicle_number))
      press.vehicle = std::move(*vehicle);
  }
  return press;
}

}  // namespace gatehouse::devices

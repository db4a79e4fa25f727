#include "devices/sensors/native.hpp"

#include "edge/domain/limits.hpp"

#include <cmath>
#include <cstdint>

#include <simdjson.h>

namespace gatehouse::devices {
namespace {

using simdjson::dom::element;
using Refused = std::optional<Rejection>;

constexpr double rssi_dbm_min = -200;
constexpr double rssi_dbm_max = 50;

enum class Member : std::uint8_t {
  occupied,
  ts,
  seq,
  battery,
  rssi,
  lot,
  slot,
  device,
  online,
  firmware,
  unknown
};

Member member_of(std::string_view key) {
  switch (key.size()) {
    case 2:
      return key == "ts" ? Member::ts : Member::unknown;
    case 3:
      if (key == "lot") return Member::lot;
      return key == "seq" ? Member::seq : Member::unknown;
    case 4:
      if (key == "rssi") return Member::rssi;
      return key == "slot" ? Member::slot : Member::unknown;
    case 6:
      if (key == "device") return Member::device;
      return key == "online" ? Member::online : Member::unknown;
    case 7:
      return key == "battery" ? Member::battery : Member::unknown;
    case 8:
      if (key == "occupied") return Member::occupied;
      return key == "firmware" ? Member::firmware : Member::unknown;
    default:
      return Member::unknown;
  }
}

/// Which members stood in the payload already.
class Seen {
 public:
  /// False: it did.
  bool first(Member member) {
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(member);
    const bool is_first = (bits_ & bit) == 0;
    bits_ |= bit;
    return is_first;
  }

 private:
  std::uint32_t bits_ = 0;
};

Refused read_truth(const element& value, std::optional<bool>& into) {
  bool truth = false;
  if (value.get(truth) != simdjson::SUCCESS) return Rejection::wrong_type;
  into = truth;
  return std::nullopt;
}

/// `expected` empty: any id will do.
Refused check_id(const element& value, std::string_view expected) {
  if (value.is_null()) return std::nullopt;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return Rejection::wrong_type;
  if (!expected.empty() && text != expected) return Rejection::contradicting_id;
  return std::nullopt;
}

Refused read_battery(const element& value, std::optional<std::uint8_t>& into) {
  std::optional<double> share;
  if (const Refused refused = read_number(value, share)) return refused;
  if (share && *share >= 0 && *share <= 1) {
    into = static_cast<std::uint8_t>(std::lround(*share * 100));
  }
  return std::nullopt;
}

Refused read_rssi(const element& value, std::optional<std::int16_t>& into) {
  std::optional<double> dbm;
  if (const Refused refused = read_number(value, dbm)) return refused;
  if (dbm && *dbm >= rssi_dbm_min && *dbm <= rssi_dbm_max) {
    into = static_cast<std::int16_t>(std::lround(*dbm));
  }
  return std::nullopt;
}

Refused read_state_member(Member member, const element& value, TopicId topic, Reading& reading) {
  switch (member) {
    case Member::occupied:
      return read_truth(value, reading.occupied);
    case Member::ts:
      return read_time(value, reading.ts);
    case Member::seq:
      return read_unsigned(value, reading.seq);
    case Member::battery:
      return read_battery(value, reading.battery_percent);
    case Member::rssi:
      return read_rssi(value, reading.rssi_dbm);
    case Member::lot:
      return check_id(value, topic.lot);
    case Member::slot:
    case Member::device:
      return check_id(value, topic.text);
    case Member::online:
    case Member::firmware:
    case Member::unknown:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_read_in_state(Member member) {
  return member != Member::online && member != Member::firmware && member != Member::unknown;
}

/// The longest beginning of `text` that fits and ends with a whole character.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  std::size_t end = bytes_max;
  while (end > 0 && continues(text[end])) --end;
  return text.substr(0, end);
}

Refused read_firmware(const element& value, std::string& into) {
  if (value.is_null()) return std::nullopt;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return Rejection::wrong_type;
  into = cut(text, limits::firmware_characters_max);
  for (char& c : into) {
    if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7F) c = '?';
  }
  return std::nullopt;
}

struct StatusMembers {
  std::optional<bool> online;
  std::optional<Instant> ts;
  std::string firmware;
};

Refused read_status_member(Member member, const element& value, TopicId topic,
                           StatusMembers& status) {
  switch (member) {
    case Member::online:
      return read_truth(value, status.online);
    case Member::ts:
      return read_time(value, status.ts);
    case Member::firmware:
      return read_firmware(value, status.firmware);
    case Member::lot:
      return check_id(value, topic.lot);
    case Member::slot:
    case Member::device:
      return check_id(value, topic.text);
    case Member::occupied:
    case Member::seq:
    case Member::battery:
    case Member::rssi:
    case Member::unknown:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_read_in_status(Member member) {
  return member == Member::online || member == Member::ts || member == Member::firmware ||
         member == Member::lot || member == Member::slot || member == Member::device;
}

/// Hands every member that `is_read` to `read_member`, each at most once.
template <class IsRead, class ReadMember>
Refused read_members(JsonParser& parser, std::string_view payload, IsRead is_read,
                     ReadMember read_member) {
  const auto root = parser.parse(payload);
  if (!root) return root.error();
  simdjson::dom::object object;
  if (root->get(object) != simdjson::SUCCESS) return Rejection::not_an_object;
  Seen seen;
  for (const simdjson::dom::key_value_pair field : object) {
    const Member member = member_of(field.key);
    if (!is_read(member)) continue;
    if (!seen.first(member)) return Rejection::duplicate_member;
    if (const Refused refused = read_member(member, field.value)) return refused;
  }
  return std::nullopt;
}

}  // namespace

std::expected<Reading, Rejection> SensorReader::read_state(std::string_view payload, TopicId slot) {
  Reading reading;
  const Refused refused =
      read_members(parser_, payload, is_read_in_state, [&](Member member, const element& value) {
        return read_state_member(member, value, slot, reading);
      });
  if (refused) return std::unexpected(*refused);
  if (!reading.occupied) return std::unexpected(Rejection::missing_member);
  return reading;
}

std::expected<DeviceStatus, Rejection> SensorReader::read_status(std::string_view payload,
                                                                 TopicId device) {
  StatusMembers status;
  const Refused refused =
      read_members(parser_, payload, is_read_in_status, [&](Member member, const element& value) {
        return read_status_member(member, value, device, status);
      });
  if (refused) return std::unexpected(*refused);
  if (!status.online) return std::unexpected(Rejection::missing_member);
  return DeviceStatus{*status.online, status.ts, std::move(status.firmware)};
}

}  // namespace gatehouse::devices

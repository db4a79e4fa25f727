#include "devices/sensors/rejection.hpp"

#include <array>
#include <utility>

namespace gatehouse::devices {
namespace {

struct Words {
  Rejection rejection;
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<Words, rejection_count> table{{
    {Rejection::oversize, "oversize", "sent more than 16 KiB"},
    {Rejection::empty, "empty", "sent an empty payload"},
    {Rejection::bad_utf8, "bad_utf8", "sent text that is not UTF-8"},
    {Rejection::bad_json, "bad_json", "sent something that is not JSON"},
    {Rejection::too_deep, "too_deep", "sent JSON that nests too deep"},
    {Rejection::not_an_object, "not_an_object", "sent JSON that is not an object"},
    {Rejection::missing_member, "missing_member", "left out a member that is required"},
    {Rejection::duplicate_member, "duplicate_member", "sent the same member twice"},
    {Rejection::wrong_type, "wrong_type", "sent a member of the wrong type"},
    {Rejection::bad_time, "bad_time", "sent a time that is not RFC 3339"},
    {Rejection::contradicting_id, "contradicting_id", "sent an id that is not its topic's"},
    {Rejection::unknown_value, "unknown_value",
     "sent a value that means neither occupied nor free"},
    {Rejection::bad_base64, "bad_base64", "sent a frame that is not base64"},
    {Rejection::bad_frame, "bad_frame", "sent a frame that its decoder cannot read"},
    {Rejection::unknown_topic, "unknown_topic", "sent to a topic that nobody reads"},
    {Rejection::unknown_slot, "unknown_slot", "speaks for a slot that the lot does not have"},
    {Rejection::unknown_gate, "unknown_gate", "speaks for a gate that the lot does not have"},
    {Rejection::retained_command, "retained_command", "left a retained scan, frame or button"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (std::to_underlying(table[i].rejection) != i || table[i].name.empty()) return false;
  }
  return true;
}
static_assert(in_order(), "one row per rejection, in the order of the enumerators");

}  // namespace

std::string_view name(Rejection rejection) { return table[std::to_underlying(rejection)].name; }

std::string_view describe(Rejection rejection) {
  return table[std::to_underlying(rejection)].sentence;
}

}  // namespace gatehouse::devices

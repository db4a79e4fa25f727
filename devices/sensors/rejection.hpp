// Why a message from the lot's MQTT was dropped: every reason in one place.
//
// The word of a reason is the label `reason` of gatehouse_mqtt_rejected_total and stands in the
// log (docs/contract/mqtt.md, "A payload that cannot be used is dropped"); words never change.
// Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::devices {

enum class Rejection : std::uint8_t {
  // What the bytes are.
  oversize,  // more than limits::json_bytes_max
  empty,     // no bytes, or white space only
  bad_utf8,  // not UTF-8
  bad_json,  // not JSON
  too_deep,  // nests deeper than limits::json_depth_max
  not_an_object,
  // What the members say.
  missing_member,    // a required member is not there
  duplicate_member,  // a member that is read stands there twice
  wrong_type,        // a member is not of the type it must be
  bad_time,          // a time is not RFC 3339
  contradicting_id,  // an id in the payload is not the topic's
  unknown_value,     // neither one of the profile's occupied_values nor of its free_values
  // Raw frames.
  bad_base64,
  bad_frame,  // the bytes do not fit the decoder's layout
  // What only the broker's adapter can tell, before any byte is read.
  unknown_topic,
  unknown_slot,      // the topic or the profile's map names a slot the lot does not have
  unknown_gate,      // the topic names a gate the lot does not have
  retained_command,  // a scan, frame or button out of the broker's memory
};
inline constexpr std::size_t rejection_count = 18;

/// The word on the wire.
std::string_view name(Rejection rejection);

/// A sentence for people, to follow the device's name.
std::string_view describe(Rejection rejection);

}  // namespace gatehouse::devices

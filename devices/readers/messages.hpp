// What readers and ticket buttons say: `…/gates/{gate}/scan` and `…/gates/{gate}/button`
// (docs/contract/mqtt.md, "Devices → gateway").
//
//   GateReader reader;
//   const auto scan = reader.read_scan(payload, TopicId{"EXIT_GATE_01"});
//   if (!scan) count(scan.error());
//
// The contract leaves to us, and we read so:
// - `scan_id` and `press_id` are 1 to 64 characters of [A-Za-z0-9_.:-]: they stand in answers.
// - A `code` is a string of at most 100 bytes; whether it is one of ours is the engine's to say.
// - A `payment_method` other than the two is a wrong value; a `vehicle_number` that is none is read
//   as absent: nobody is kept out for a camera that misread a plate.
// - A member `gate` must be the topic's gate, a member `lot` its lot. A member that is read may
//   stand there once.
//
// A frame says its id and its time in user properties of MQTT 5, the rest of it is the picture:
// read_frame_properties().
//
// One thread for each reader.
#pragma once

#include "devices/sensors/json.hpp"
#include "devices/sensors/native.hpp"
#include "devices/sensors/rejection.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::devices {

/// More than any ticket has; what is longer can only be a stranger's.
inline constexpr std::size_t code_bytes_max = 100;

/// A code as a scan may carry it: without control characters, cut before the character that no
/// longer fits. A reader that brings a whole web address hears that it is no ticket.
std::string as_code(std::string_view text);

struct ScanMessage {
  std::string scan_id;
  std::string code;
  std::optional<Instant> ts;
  std::optional<PaymentMethod> payment_method;
  bool operator==(const ScanMessage&) const = default;
};

struct PressMessage {
  std::string press_id;
  std::optional<Instant> ts;
  std::optional<VehicleNumber> vehicle;
  bool operator==(const PressMessage&) const = default;
};

/// What comes with `…/gates/{gate}/frame`.
struct FrameProperties {
  std::optional<std::string> scan_id;
  std::optional<Instant> ts;
  bool operator==(const FrameProperties&) const = default;
};

/// nullopt: the frame has no such property. One that cannot be used is wrong_type or bad_time.
std::expected<FrameProperties, Rejection> read_frame_properties(
    std::optional<std::string_view> scan_id, std::optional<std::string_view> ts);

/// Whether text may name a scan or a press.
bool is_scan_id(std::string_view text);

class GateReader {
 public:
  std::expected<ScanMessage, Rejection> read_scan(std::string_view payload, TopicId gate);
  std::expected<PressMessage, Rejection> read_press(std::string_view payload, TopicId gate);

 private:
  JsonParser parser_;
};

}  // namespace gatehouse::devices

// What comes to a gate and what is answered (docs/contract/mqtt.md, "Scans and presses",
// "Decision"). Values.
#pragma once

#include "edge/domain/decision.hpp"
#include "edge/domain/ids.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::engine {

enum class ScanKind : std::uint8_t { scan, frame, press };

/// A reader's scan, a camera's frame that was looked at, or a press of the ticket button.
struct GateScanned {
  GateIndex gate{};
  ScanKind kind = ScanKind::scan;
  std::string scan_id;              // of a press: its press_id
  std::optional<std::string> code;  // none: a press, or a frame in which no code was found
  std::optional<PaymentMethod> payment_method;
  std::optional<VehicleNumber> vehicle;  // of a press
  std::optional<Instant> device_ts;
  Moment received;
};

/// `…/gates/{gate}/decision`, ready to be shown.
struct Decision {
  GateIndex gate{};
  std::string scan_id;
  DecisionKind decision = DecisionKind::deny;
  Reason reason = Reason::invalid_code;
  std::string message;       // of a lane's display, in the lot's language
  std::uint32_t update = 0;  // above 0: the world went on
  std::string session_id;    // "": none
  std::string vehicle_number;
  std::string zone;
  std::string slot;
  std::optional<Paise> amount_due;
  std::string code;  // of `ticket_issued`: for the printer, with a picture of it
  Instant at{};
};

}  // namespace gatehouse::engine

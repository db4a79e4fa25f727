// What staff and holders ask about one session beyond its way in and out, and what they are told
// (docs/contract/http.md, "Staff", "User"). Values.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/lifecycle.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"
#include "edge/engine/which_session.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::engine {

/// `/api/staff/lost-ticket/`. Where nobody matches and both are named, a session from `entered_at`
/// in `zone` is opened.
struct LostTicket {
  WhichSession which;
  std::string reason;
  std::optional<Instant> entered_at;
  std::optional<ZoneIndex> zone;
};
/// `/api/staff/sessions/{id}/terminate/`
struct Terminate {
  ById which;
  std::string reason;
  std::optional<StayLength> stay;  // of a suspect stay; none: the shorter of both
};
/// `/api/staff/sessions/{id}/let-out/`
struct LetOut {
  ById which;
  GateIndex gate{};
  std::string reason;
  std::string reference;           // of the driver's payment, as they showed it; "": none
  std::optional<StayLength> stay;  // of a suspect stay
};
/// `/api/user/cancel-booking/`, `/parking/cancel-booking/`
struct CancelBooking {
  WhichSession which;
  bool only_asks = false;  // what would be; nothing changes
  bool by_user = false;    // who asks has an account of their own: another's is none of theirs
};

/// One of several that a lost ticket could be of.
struct SessionMatch {
  std::string session_id;
  std::int64_t number = 0;
  std::string vehicle_number;
  std::string slot;
  std::string zone_name;
  SessionState state = SessionState::active;
  std::optional<Instant> entry_time;
};

struct Terminated {
  std::string session_id;
  std::string vehicle_number;
  std::string slot;
  SessionState state = SessionState::terminated;
  Paise charge;
  Paise credits;
  Paise written_off;
  Paise refund;
};

struct BookingCancelled {
  std::string session_id;
  std::string vehicle_number;
  std::string slot;
  SessionState state = SessionState::cancelled;
  bool refund_eligible = false;
  Paise refund;
  std::string reason;  // `refund_reason`
};

}  // namespace gatehouse::engine

// What people ask of the engine through the API, and what they are told once it is committed
// (docs/contract/http.md). Values; the API parses and checks, the engine decides.
#pragma once

#include "edge/domain/billing.hpp"
#include "edge/domain/ids.hpp"
#include "edge/domain/lifecycle.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/domain/time.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/engine/booking_call.hpp"
#include "edge/engine/incident_call.hpp"
#include "edge/engine/session_call.hpp"
#include "edge/engine/shift_call.hpp"
#include "edge/engine/which_session.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::engine {

/// `/parking/entry/`: a walk-in at the counter. With a gate it enters at once.
struct IssueTicket {
  VehicleNumber vehicle;
  std::string owner_name;
  std::string phone_number;
  ZoneIndex zone;
  std::optional<GateIndex> gate;
};
/// `/api/staff/entry/`
struct Enter {
  ByCode ticket;
  std::optional<VehicleNumber> vehicle;  // what the member of staff reads on the car
  std::optional<GateIndex> gate;         // whose barrier is to open
};
/// `/api/staff/bill/`: nothing changes.
struct AskBill {
  WhichSession which;
};
/// `/api/staff/exit/`. CASH: the money is in the drawer.
struct Leave {
  WhichSession which;
  PaymentMethod method = PaymentMethod::cash;
  std::optional<Paise> amount;  // as it was shown; not due any more: nothing is settled
  std::optional<Paise> tendered;
  std::optional<GateIndex> gate;
  std::optional<StayLength> stay = {};  // of a suspect stay, chosen by the one who asks
  std::string reason = {};              // of the choice, always
};
/// A barrier by hand: sessions are not touched. Without a gate: all of them.
struct MoveBarrier {
  std::optional<GateIndex> gate;
  BarrierOrderKind kind = BarrierOrderKind::open;
  std::string reason;
  bool is_emergency = false;  // of a hold: only an administrator ends it
};

/// `id` is the asker's: the answer carries it back.
struct Call {
  std::uint64_t id = 0;
  Actor actor;
  std::variant<IssueTicket, Enter, AskBill, Leave, MoveBarrier, OpenShift, CloseShift, AskShift,
               LostTicket, Terminate, LetOut, CancelBooking, BookSlot, NoteIncident, AskIncidents>
      what;
  Moment received;
};

/// docs/contract/http.md, "Words of refusal": the `code` is the enumerator's name.
enum class Refusal : std::uint8_t {
  invalid_qr,
  already_entered,
  not_entered,
  already_exited,
  zone_full,
  zone_closed,
  vehicle_inside,
  vehicle_mismatch,
  booking_expired,
  booking_unpaid,
  booking_cancelled,
  amount_changed,
  tendered_too_little,
  wrong_gate,              // its lane does not lead to the session's zone
  ask_staff,               // the stay is suspect: a person chooses its length first
  barrier_fault,           // an entry at a gate whose barrier cannot open
  invalid_payment_method,  // too little for an order online: cash only
  out_of_service,          // nobody new is let in: the disk is nearly full
  shift_open,              // a second shift of one user
  no_shift,                // none is open, or none is the asker's
  not_suspect,             // a length was chosen of a stay that nobody doubts
  several_sessions,        // a lost ticket could be of any of these
  bad_entered_at,          // in the future, or longer ago than anybody stays
  cannot_cancel,           // it has entered
  too_many_holds,          // unpaid bookings of one maker, or in one zone
  emergency,               // `forbidden`: after one an administrator lets the barriers down
};

struct TicketIssued {
  std::string session_id;
  std::string code;
  std::string vehicle_number;
  std::string slot;
  std::string zone_name;
};

struct Entered {
  std::string session_id;
  std::string vehicle_number;
  Instant entry_time;
  std::string slot;
  std::string zone_name;
};

/// A suspect stay by one of its lengths.
struct StayShown {
  StayLength length = StayLength::utc;
  std::chrono::minutes stayed{0};
  std::chrono::hours billed_hours{0};
  Paise charge;
  Paise due;
};

/// The bill of a stay: what is charged, what was paid, what is due.
struct BillShown {
  std::string session_id;
  std::string vehicle_number;
  std::string slot;
  Instant entry_time;
  std::optional<Instant> exit_time;
  Instant quoted_at;
  std::chrono::minutes stayed{0};
  Charge charge;
  Paise surcharge;
  Settlement sums;
  std::optional<PaymentMethod> method;
  bool left = false;  // let out before its money was confirmed
  SessionPaymentStatus payment_status = SessionPaymentStatus::pending;
  std::optional<Paise> change;  // to be given back from what was tendered
  std::optional<Suspicion> suspicion;
  std::vector<StayShown> stays = {};  // of a suspect one: what a person may choose from
};

struct BarrierMoved {};

/// Of a lost ticket: as the bill, with the code that stands for the session from now on.
struct TicketReplaced {
  BillShown bill;
  std::string code;
  bool is_new = false;  // the session was opened for it
};

using CallResult =
    std::variant<TicketIssued, Entered, BillShown, BarrierMoved, ShiftShown, TicketReplaced,
                 Terminated, BookingCancelled, BookingMade, IncidentNoted, IncidentsShown>;

struct CallRefused {
  Refusal why{};
  std::optional<BillShown> bill;           // of `amount_changed`, `ask_staff`
  std::vector<SessionMatch> matches = {};  // of `several_sessions`
};

struct CallAnswer {
  std::uint64_t id = 0;
  std::expected<CallResult, CallRefused> result;
};

/// The word on the wire.
std::string_view name(Refusal refusal);

}  // namespace gatehouse::engine

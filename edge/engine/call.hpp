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
#include "edge/engine/account_call.hpp"
#include "edge/engine/admin_call.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/engine/booking_call.hpp"
#include "edge/engine/incident_call.hpp"
#include "edge/engine/lot_call.hpp"
#include "edge/engine/origin.hpp"
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
  bool at_reader = false;               // brought by a device: no shift counts what it asks for
};
/// A barrier by hand: sessions are not touched. Without a gate: all of them.
struct MoveBarrier {
  std::optional<GateIndex> gate;
  BarrierOrderKind kind = BarrierOrderKind::open;
  std::string reason;
  bool is_emergency = false;  // of a hold: only an administrator ends it
};

/// Refused before it came here: nothing is done, the refusal is kept for whoever asks again.
struct KeepAnswer {
  Rendered answer;
};

/// `id` is the asker's: the answer carries it back.
struct Call {
  std::uint64_t id = 0;
  Actor actor;
  std::variant<IssueTicket, Enter, AskBill, Leave, MoveBarrier, OpenShift, CloseShift, AskShift,
               LostTicket, Terminate, LetOut, CancelBooking, BookSlot, NoteIncident, AskIncidents,
               SignIn, Refresh, SignOut, ChangePassword, AddAccount, EditAccount, RemoveAccount,
               KeepVehicle, DropVehicle, EditBooking, Erase, MakeRefund, ResolveException,
               AcknowledgeAlert, AddZone, ChangeZone, RemoveZone, AddSlot, ChangeSlot, RemoveSlot,
               ChangeSettings, KeepAnswer>
      what;
  Moment received;
  Origin from = {};
  std::optional<OnlyOnce> once = {};
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
  not_found,               // nothing has this id
  refund_exceeds_payment,  // more than came of it and is left
  already_resolved,        // an exception is resolved once
  action_not_possible,     // what cannot be done about an exception of its kind
  session_required,        // money is applied to a session
  session_closed,          // it takes no money any more
  payment_placed,          // it is a session's already
  zone_not_found,
  slot_not_found,
  id_taken,            // a zone or a slot of this id is there
  slot_in_use,         // a session holds it
  lot_full,            // more slots or zones than the largest lot has
  too_many_holds,      // unpaid bookings of one maker, or in one zone
  emergency,           // `forbidden`: after one an administrator lets the barriers down
  name_taken,          // of another account
  last_administrator,  // nobody could administrate any more
  gate_mismatch,       // a device without a gate, or a gate of nobody who is one
  not_staff,           // rights of staff, of an account that is none
  too_many_vehicles,
  session_open,  // of whom data is to be erased; or it ended just now
  key_reused,    // its Idempotency-Key stands for another request
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
                 Terminated, BookingCancelled, BookingMade, IncidentNoted, IncidentsShown,
                 TokensIssued, TokensRefused, SignedOut, AccountShown, AccountRemoved, VehicleKept,
                 VehicleDropped, BookingEdited, DataErased, RefundMade, ExceptionResolved,
                 AlertAcknowledged, ZoneStored, SlotStored, Removed, SettingsStored, Rendered>;

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

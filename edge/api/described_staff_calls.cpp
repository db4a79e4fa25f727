// docs/contract/http.md, "Staff" and "Older forms": what is called at the counter and the gates.
#include "edge/api/description.hpp"

#include <array>

namespace gatehouse::api {
namespace {

using enum Method;
using enum Gives;

constexpr std::string_view entry_refusals =
    "invalid_qr already_entered already_exited booking_expired booking_unpaid booking_cancelled "
    "vehicle_mismatch zone_full zone_closed wrong_gate barrier_fault no_barrier vehicle_inside "
    "out_of_service";
constexpr std::string_view exit_refusals =
    "invalid_qr not_entered already_exited invalid_payment_method amount_changed "
    "tendered_too_little wrong_gate barrier_fault no_barrier ask_staff not_suspect "
    "booking_expired booking_cancelled booking_unpaid";
constexpr std::string_view ticket_refusals =
    "zone_not_found zone_full zone_closed vehicle_inside wrong_gate barrier_fault no_barrier "
    "out_of_service";
constexpr std::string_view barrier_refusals = "gate_not_found no_barrier barrier_fault emergency";

constexpr auto calls = std::to_array<DescribedCall>({
    {post, "/api/staff/entry/", "Let a ticket in; with a gate its barrier opens",
     "qr_code vehicle_number?:vehicle gate?:gate", data, "Entered", entry_refusals},
    {get, "/api/staff/bill/", "What a stay costs now; nothing changes",
     "qr_code?:code session_id?:id vehicle_number?:vehicle slot?:slot", data, "Bill",
     "invalid_qr not_entered already_exited booking_expired booking_cancelled several_sessions"},
    {post, "/api/staff/exit/", "Settle a stay; CASH: the money is in the drawer",
     "qr_code?:code session_id?:id payment_method:CASH|ONLINE amount?:rupees gate?:gate "
     "tendered?:rupees stay?:utc|steady reason?",
     data, "Exit", exit_refusals},
    {post, "/api/staff/walk-in/", "A ticket; with a gate the car comes in at once",
     "vehicle_number:vehicle owner_name? zone_id:zone gate?:gate", created, "Ticket",
     ticket_refusals},
    {post, "/api/staff/lost-ticket/", "A new ticket for a stay; the old one is void",
     "vehicle_number?:vehicle slot?:slot session_id?:id reason entered_at?:time zone_id?:zone",
     data, "+Bill qr_code", "invalid_qr several_sessions already_exited zone_full vehicle_inside"},
    {post, "/api/staff/sessions/{id}/let-out/",
     "Open for a car whose money cannot be confirmed now",
     "gate:gate reason reference? stay?:utc|steady", data, "Exit", exit_refusals},
    {post, "/api/staff/sessions/{id}/terminate/", "End a stay and write off what is due",
     "reason stay?:utc|steady", data, "Terminated", "forbidden invalid_qr already_exited"},
    {get, "/api/staff/active-sessions/", "Every open session, the longest first",
     "page?:whole page_size?:whole status?:PENDING_PAYMENT|BOOKED|ACTIVE|EXIT_PENDING "
     "zone_id?:zone",
     list, "sessions:[OpenSession]", ""},
    {get, "/api/staff/slot-status/", "Zones and slots with sensor, session, and what disagrees",
     "zone_id?:zone", data, "zones:[ZoneFloor] slots:[SlotFloor] discrepancies:whole", ""},
    {get, "/api/staff/gates/", "Every lane with its barrier, who waits, the last decisions", "",
     data, "gates:[Gate]", ""},
    {post, "/api/staff/gates/{gate}/open/", "Open a barrier by hand", "reason", data, "",
     barrier_refusals},
    {post, "/api/staff/gates/{gate}/close/", "Close a barrier by hand", "reason", data, "",
     barrier_refusals},
    {post, "/api/staff/gates/{gate}/hold/", "Hold a barrier open", "reason", data, "",
     barrier_refusals},
    {post, "/api/staff/gates/{gate}/lock/", "Lock a barrier", "reason", data, "", barrier_refusals},
    {post, "/api/staff/gates/{gate}/release/", "Give a barrier back to the gateway", "reason", data,
     "", barrier_refusals},
    {post, "/api/staff/emergency-open/", "Raise and hold every barrier", "reason", data, "",
     barrier_refusals},
    {post, "/api/admin/emergency-open/", "Raise and hold every barrier", "reason", data, "",
     barrier_refusals},
    {post, "/api/staff/shift/open/", "Open a drawer with a float", "float:rupees", created, "Shift",
     "shift_open"},
    {post, "/api/staff/shift/close/", "Count the drawer and close it", "counted:rupees", data,
     "Shift", "no_shift"},
    {get, "/api/staff/shift/", "The open shift, or an earlier one; closed it is the Z report",
     "shift_id?:whole format?:json|html|pdf", data, "Shift", "no_shift"},
    {post, "/api/staff/incidents/", "Note what happened",
     "kind:accident|damage|theft|dispute|equipment|unauthorised_parking|safety|other description "
     "gate?:gate slot?:slot session_id?:id vehicle_number?:vehicle",
     created, "Incident", "invalid_qr"},
    {get, "/api/staff/incidents/", "The log of incidents, the newest first",
     "page?:whole page_size?:whole", list, "incidents:[Incident]", ""},
    {get, "/api/staff/stream/",
     "Server-sent events: those of the public stream and `scan`, `decision`, `barrier`, `alert`",
     "", stream, "", "too_many_streams upgrade_not_offered already_streaming"},
    {post, "/parking/entry/", "A ticket", "vehicle_number:vehicle owner_name zone_id:zone", data,
     "Ticket", ticket_refusals, Takes::lenient},
    {post, "/api/parking/book/", "A ticket", "vehicle_number:vehicle owner_name zone_id:zone", data,
     "Ticket", ticket_refusals, Takes::lenient},
    {post, "/api/parking/book-old/", "A ticket", "vehicle_number:vehicle owner_name zone_id:zone",
     data, "Ticket", ticket_refusals, Takes::lenient},
    {post, "/parking/entry-qr-scan/", "Let a ticket in", "qr_code", data, "Entered", entry_refusals,
     Takes::lenient},
    {post, "/entry-qr-scan/", "Let a ticket in", "qr_code", data, "Entered", entry_refusals,
     Takes::lenient},
    {post, "/api/parking/scan-entry/", "Let a ticket in", "qr_code", data, "Entered",
     entry_refusals, Takes::lenient},
    {post, "/api/parking/scan-entry-old/", "Let a ticket in", "qr_code", data, "Entered",
     entry_refusals, Takes::lenient},
    {post, "/parking/exit-qr-scan/", "Settle a stay", "qr_code payment_method:CASH|ONLINE", data,
     "Exit", exit_refusals, Takes::lenient},
    {post, "/exit-qr-scan/", "Settle a stay", "qr_code payment_method:CASH|ONLINE", data, "Exit",
     exit_refusals, Takes::lenient},
    {post, "/api/parking/scan-exit/", "Settle a stay", "qr_code payment_method:CASH|ONLINE", data,
     "Exit", exit_refusals, Takes::lenient},
    {post, "/api/parking/scan-exit-old/", "Settle a stay", "qr_code payment_method:CASH|ONLINE",
     data, "Exit", exit_refusals, Takes::lenient},
    {get, "/api/parking/sessions-old/", "Sessions, for the oldest clients",
     "page?:whole page_size?:whole status?:Status vehicle_number?:vehicle", list,
     "sessions:[Session]", "", Takes::lenient},
    {post, "/parking/api/scan/entry/", "An entry scan of a reader; its gate's barrier opens",
     "qr_code scanner_device_id:gate payment_method?:CASH|ONLINE", data, "Entered", entry_refusals},
    {post, "/parking/api/scan/exit/", "An exit scan of a reader; its gate's barrier opens",
     "qr_code scanner_device_id:gate payment_method?:CASH|ONLINE", data, "Exit", exit_refusals},
});

}  // namespace

std::span<const DescribedCall> described_staff_calls() { return calls; }

}  // namespace gatehouse::api

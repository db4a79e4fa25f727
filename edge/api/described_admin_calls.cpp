// docs/contract/http.md, "Admin".
#include "edge/api/description.hpp"

#include <array>

namespace gatehouse::api {
namespace {

using enum Method;
using enum Gives;

constexpr auto calls = std::to_array<DescribedCall>({
    {get, "/api/admin/dashboard/", "The lot today", "", data, "Dashboard", ""},
    {get, "/api/admin/revenue-report/", "What came in, by time, zone and method",
     "date?:day from?:bound to?:bound group?:hour|day|week|month format?:json|csv", data, "Revenue",
     ""},
    {get, "/api/admin/payments/", "All payments, with totals by method",
     "page?:whole page_size?:whole format?:json|csv start_date?:bound end_date?:bound "
     "method?:CASH|ONLINE provider?:razorpay|phonepe status?:PaymentState",
     list, "payments:[Payment] totals:Totals", ""},
    {get, "/api/admin/refunds/", "All refunds",
     "page?:whole page_size?:whole format?:json|csv from?:bound to?:bound "
     "status?:PENDING|SUCCESS|FAILED",
     list, "refunds:[Refund]", ""},
    {get, "/api/admin/all-sessions/", "All sessions, with search",
     "page?:whole page_size?:whole format?:json|csv status?:Status date?:day from?:bound to?:bound "
     "user?:user zone_id?:zone vehicle_number?:vehicle q?",
     list, "sessions:[Session]", ""},
    {get, "/api/admin/scans/", "Everything that was read at a gate, and the answer to it",
     "page?:whole page_size?:whole format?:json|csv date?:day from?:bound to?:bound gate?:gate "
     "decision?:open|pay|wait|deny",
     list, "scans:[Scan]", ""},
    {get, "/api/admin/alerts/", "Alerts, open and cleared",
     "page?:whole page_size?:whole format?:json|csv date?:day from?:bound to?:bound kind? "
     "severity?:info|warning|critical open?:true|false",
     list, "alerts:[SeenAlert]", ""},
    {get, "/api/admin/devices/", "Sensors and barriers, and how they are",
     "page?:whole page_size?:whole format?:json|csv kind?:sensor|barrier "
     "state?:ok|low_battery|fault|offline|silent|never zone_id?:zone",
     list, "devices:[Device]", ""},
    {get, "/api/admin/users/", "All accounts",
     "page?:whole page_size?:whole format?:json|csv role?:Role disabled?:true|false q?", list,
     "users:[Account]", ""},
    {post, "/api/admin/users/", "A new account",
     "username password:secret role:Role gate?:gate may_refund?:flag may_terminate?:flag "
     "email?:email "
     "phone?:phone",
     created, "Account", "name_taken gate_mismatch not_staff"},
    {get, "/api/admin/users/{id}/", "One account", "", data, "Account", "not_found"},
    {patch, "/api/admin/users/{id}/", "Change an account",
     "role?:Role gate?:gate disabled?:flag may_refund?:flag may_terminate?:flag email?:email "
     "phone?:phone "
     "password?:secret",
     data, "Account", "not_found last_administrator gate_mismatch not_staff"},
    {delete_, "/api/admin/users/{id}/", "Delete an account; one with a history is disabled", "",
     data, "+Account deleted:flag", "not_found last_administrator"},
    {get, "/api/admin/users/{id}/activity/", "What an account did",
     "page?:whole page_size?:whole format?:json|csv date?:day from?:bound to?:bound kind?", list,
     "activity:[Deed]", "not_found"},
    {get, "/api/admin/erasures/", "Whose personal data was erased, when and why",
     "page?:whole page_size?:whole format?:json|csv", list, "erasures:[Erasure]", ""},
    {post, "/api/admin/erasures/", "Erase the personal data of an account, a vehicle or a session",
     "user_id?:whole vehicle_number?:vehicle session_id?:id reason", created, "Erasure",
     "not_found session_open last_administrator"},
    {get, "/api/admin/audit/", "The audit's log, the newest first",
     "page?:whole page_size?:whole format?:json|csv date?:day from?:bound to?:bound user?:user "
     "action? outcome? q?",
     list, "audit:[AuditRow]", ""},
    {get, "/api/admin/zones/", "The zones as the store has them", "page?:whole page_size?:whole",
     list, "zones:[ZoneRow]", ""},
    {get, "/api/admin/zones/{id}/", "One zone", "", data, "ZoneRow", "zone_not_found"},
    {post, "/api/admin/zones/", "A new zone",
     "zone_id:id name hourly_rate:decimal rates?:[RateBand] is_active?:flag walk_in?:flag "
     "operating_hours? contact? location? features?:[text] slots?:whole",
     created, "ZoneRow", "id_taken lot_full"},
    {patch, "/api/admin/zones/{id}/", "Change a zone",
     "name? hourly_rate?:decimal rates?:[RateBand] is_active?:flag walk_in?:flag operating_hours? "
     "contact? location? features?:[text]",
     data, "ZoneRow", "zone_not_found"},
    {delete_, "/api/admin/zones/{id}/", "Delete a zone; one with a history is closed", "", data,
     "Removed", "zone_not_found"},
    {get, "/api/admin/slots/", "The slots as the store has them",
     "page?:whole page_size?:whole zone_id?:zone out_of_service?:true|false closed?:true|false",
     list, "slots:[SlotRow]", "zone_not_found"},
    {get, "/api/admin/slots/{id}/", "One slot", "", data, "SlotRow", "slot_not_found"},
    {post, "/api/admin/slots/", "A new slot", "zone_id:zone slot_id?:id", created, "SlotRow",
     "zone_not_found id_taken lot_full"},
    {patch, "/api/admin/slots/{id}/", "Close a slot, or plan its maintenance",
     "closed?:flag out_of_service?:PlannedOutage?", data, "SlotRow", "slot_not_found slot_in_use"},
    {delete_, "/api/admin/slots/{id}/", "Delete a slot; one with a history is closed", "", data,
     "Removed", "slot_not_found slot_in_use"},
    {post, "/api/admin/refunds/", "Give money back, never more than came",
     "payment_id:id amount?:rupees reason", created, "RefundMade",
     "not_found no_shift refund_exceeds_payment"},
    {get, "/api/admin/exceptions/", "Money that waits for a person",
     "page?:whole page_size?:whole format?:json|csv kind? open?:true|false date?:day "
     "from?:bound to?:bound",
     list, "exceptions:[Exception]", ""},
    {post, "/api/admin/exceptions/{id}/resolve/", "Say what becomes of it",
     "action:apply|refund|write_off session_id?:id reason", data, "Resolved",
     "not_found already_resolved action_not_possible session_closed payment_placed no_shift"},
    {post, "/api/admin/alerts/{id}/acknowledge/", "Say that somebody has seen it", "", data,
     "SeenAlert", "not_found"},
    {get, "/api/admin/shifts/", "All shifts",
     "page?:whole page_size?:whole format?:json|csv user?:user date?:day from?:bound to?:bound "
     "open?:true|false",
     list, "shifts:[ShiftRow]", ""},
    {get, "/api/admin/shifts/{id}/", "One shift; closed it is the Z report",
     "format?:json|html|pdf", data, "Shift", "no_shift"},
    {get, "/api/admin/settings/", "The settings as they are, and what else the lot is connected to",
     "", data, "Settings", ""},
    {patch, "/api/admin/settings/", "Change settings by their keys in lot.toml; null: as it says",
     "", data, "", ""},
});

}  // namespace

std::span<const DescribedCall> described_admin_calls() { return calls; }

}  // namespace gatehouse::api

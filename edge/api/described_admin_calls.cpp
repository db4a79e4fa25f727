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
     list, "alerts:[Alert]", ""},
    {get, "/api/admin/devices/", "Sensors and barriers, and how they are",
     "page?:whole page_size?:whole format?:json|csv kind?:sensor|barrier "
     "state?:ok|low_battery|fault|offline|silent|never zone_id?:zone",
     list, "devices:[Device]", ""},
});

}  // namespace

std::span<const DescribedCall> described_admin_calls() { return calls; }

}  // namespace gatehouse::api

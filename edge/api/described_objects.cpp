// The objects that several calls speak of (docs/contract/http.md, "Rows").
#include "edge/api/description.hpp"

#include <array>

namespace gatehouse::api {
namespace {

constexpr auto objects = std::to_array<DescribedObject>({
    {"Zone",
     "zone_id name hourly_rate:decimal is_active:flag total_slots:whole occupied_slots:whole "
     "reserved_slots:whole available_slots:whole occupancy_percent:percent operating_hours contact "
     "location features:[text]"},
    {"ZoneStatus",
     "zone_name total_slots:whole occupied_slots:whole available_slots:whole "
     "occupancy_percent:percent hourly_rate:decimal"},
    {"Services",
     "store:ok|down|off broker:ok|down|off barriers:ok|down|off payments:ok|down|off "
     "cloud:ok|down|off"},
    {"Health",
     "success:flag message status:ok|degraded|failing version timestamp:time services:Services "
     "error? code?"},
    {"Session",
     "session_id:uuid number?:whole "
     "status:PENDING_PAYMENT|BOOKED|ACTIVE|EXIT_PENDING|COMPLETED|CANCELLED|EXPIRED|TERMINATED "
     "kind:walk_in|deposit|prepaid qr_code vehicle_number:text? owner_name? phone_number? "
     "slot_number:text? zone_id zone_name created_at:time expires_at:time? entry_time:time? "
     "exit_time:time? entry_qr_scanned:flag exit_qr_scanned:flag duration_minutes:whole "
     "amount_so_far:rupees amount_paid:rupees amount_due:rupees "
     "payment_status:PENDING|PARTIAL|SUCCESS|FAILED payment_method:CASH|ONLINE? is_paid:flag "
     "payment_ref_id:text? suspicion?:negative|too_long|clocks_drifted payments:[Payment] "
     "refunds:[Refund]"},
    {"OpenSession", "+Session overstay:flag"},
    {"CurrentSession", "+Session others:[text]"},
    {"Payment",
     "payment_id:uuid session_id:uuid? provider:text? provider_payment_id:text? order_id:text? "
     "method:CASH|ONLINE amount_paise:paise "
     "status:CREATING|PENDING|SUCCESS|FAILED|EXPIRED|PARTIALLY_REFUNDED|REFUNDED created_at:time "
     "paid_at:time?"},
    {"Refund",
     "refund_id:uuid payment_id:uuid session_id:uuid? provider:text? provider_payment_id:text? "
     "provider_refund_id:text? order_id:text? method:CASH|ONLINE amount_paise:paise "
     "status:PENDING|SUCCESS|FAILED reason created_at:time paid_at:time?"},
    {"Order",
     "payment_id:uuid provider:text? method:CASH|ONLINE "
     "status:CREATING|PENDING|SUCCESS|FAILED|EXPIRED|PARTIALLY_REFUNDED|REFUNDED order_id:text? "
     "amount_paise:paise expires_at:time?"},
    {"PaymentStatus",
     "payment_status:PENDING|PARTIAL|SUCCESS|FAILED amount_due:rupees is_paid:flag payment:Order?"},
    {"RateLine", "hourly_rate:decimal hours:whole amount:rupees"},
    {"StayLength",
     "stay:utc|steady duration_minutes:whole billed_hours:whole amount_charged:rupees "
     "amount_due:rupees"},
    {"Exit",
     "session_id:uuid vehicle_number entry_time:time exit_time:time? duration_minutes:whole "
     "billed_hours:whole rate_lines:[RateLine] amount_charged:rupees amount_prepaid:rupees "
     "amount_due:rupees refund_amount:rupees payment_method:CASH|ONLINE? "
     "payment_status:PENDING|PARTIAL|SUCCESS|FAILED is_paid:flag slot_number change?:rupees "
     "payment?:Order suspicion?:negative|too_long|clocks_drifted stays?:[StayLength] left?:flag"},
    {"Bill", "+Exit quoted_at:time"},
    {"Ticket", "session_id:uuid qr_code slot_number zone_name vehicle_number"},
    {"Entered", "session_id:uuid vehicle_number entry_time:time slot_number zone_name"},
    {"Cancelled",
     "session_id:uuid vehicle_number refund_eligible:flag refund_amount:rupees refund_reason "
     "status slot_number"},
    {"Terminated",
     "session_id:uuid vehicle_number slot_number status amount_charged:rupees "
     "amount_prepaid:rupees written_off:rupees refund_amount:rupees"},
    {"Takings", "method:CASH|ONLINE payments:whole amount:rupees refunds:whole refunded:rupees"},
    {"Shift",
     "shift_id:whole user opened_at:time closed_at:time? z_number:whole? float:rupees "
     "takings:[Takings] expected:rupees counted:rupees? over:rupees? short:rupees? "
     "lost_tickets:whole stays_chosen:whole let_outs:whole terminations:whole "
     "openings_by_hand:whole"},
    {"ShiftRow",
     "shift_id:whole user opened_at:time closed_at:time? z_number:whole? float:rupees "
     "cash_taken:rupees cash_refunded:rupees online_taken:rupees online_refunded:rupees "
     "expected:rupees counted:rupees? over:rupees? short:rupees?"},
    {"Incident",
     "incident_id:uuid created_at:time user kind description gate:text? slot:text? "
     "session_id:uuid? vehicle_number:text?"},
    {"Sensor",
     "state:none|free|occupied|unknown online:flag heard_at:time? battery_percent?:whole "
     "rssi_dbm?:whole firmware?"},
    {"ZoneFloor",
     "zone_id name is_active:flag total_slots:whole available_slots:whole free:whole "
     "reserved:whole occupied:whole unknown:whole out_of_service:whole occupancy_percent:percent"},
    {"SlotFloor",
     "slot_number zone_id status:free|reserved|occupied|unknown|out_of_service since:time "
     "session_id:uuid? vehicle_number:text? sensor:Sensor "
     "discrepancy:car_without_session|taken_before_entry|session_without_car?"},
    {"Barrier",
     "barrier state:closed|opening|open|closing|held|locked|fault|unreachable vehicle_present:flag "
     "vehicle_under_arm:flag has_presence_loop:flag cycles?:whole"},
    {"LastDecision",
     "scan_id kind:scan|frame|press|api received_at:time session_id:uuid? "
     "decision:open|pay|wait|deny? reason:text?"},
    {"Gate",
     "gate direction:entry|exit|both zones:[text] barrier:Barrier? waiting_session:Session? "
     "decisions:[LastDecision]"},
    {"Seller", "name address:text? gstin:text? sac gst_percent:whole"},
    {"TaxLines",
     "total:rupees total_paise:paise taxable_paise:paise cgst_paise:paise sgst_paise:paise"},
    {"CreditNote", "serial issued_at:time +TaxLines"},
    {"Receipt",
     "serial issued_at:time seller:Seller session_id:uuid vehicle_number:text? zone_name "
     "slot_number:text? entry_time:time exit_time:time? duration_minutes:whole billed_hours:whole "
     "rate_lines:[RateLine] surcharge:rupees +TaxLines payments:[Payment] "
     "credit_notes:[CreditNote]"},
    {"Alert",
     "id:uuid kind severity:info|warning|critical subject message ts:time cleared:flag "
     "raised_at:time cleared_at:time?"},
    {"Scan",
     "gate scan_id kind:scan|frame|press|api code session_id:uuid? received_at:time "
     "device_ts:time? payment_method:CASH|ONLINE? decision:open|pay|wait|deny? reason:text? "
     "decided_at:time?"},
    {"Device",
     "device kind:sensor|barrier place state:ok|low_battery|fault|offline|silent|never "
     "heard_at:time? device_ts:time? battery_percent:whole? rssi_dbm:whole? firmware "
     "barrier_state:text? cycles:whole?"},
    {"Today",
     "date bookings:whole tickets:whole entries:whole exits:whole revenue:rupees refunds:rupees "
     "net:rupees active_sessions:whole waiting_to_pay:whole expected:whole"},
    {"UsersByRole", "ADMIN:whole STAFF:whole USER:whole DEVICE:whole"},
    {"Overall",
     "revenue:rupees refunds:rupees net:rupees payments:whole sessions:whole users:UsersByRole"},
    {"ZoneOccupancy",
     "zone_id zone_name total_slots:whole available_slots:whole occupied:whole reserved:whole "
     "unknown:whole out_of_service:whole occupancy_percent:percent"},
    {"Occupancy", "zones:[ZoneOccupancy]"},
    {"DeviceCounts",
     "ok:whole low_battery:whole fault:whole offline:whole silent:whole never:whole"},
    {"AlertCounts", "open:whole info:whole warning:whole critical:whole newest:[Alert]"},
    {"Dashboard",
     "today:Today overall:Overall occupancy:Occupancy devices:DeviceCounts alerts:AlertCounts "
     "system:Health"},
    {"Money", "revenue:rupees refunds:rupees net:rupees payments:whole"},
    {"MoneyAndCars", "+Money entries:whole exits:whole"},
    {"MoneyInStep", "begins +MoneyAndCars"},
    {"MoneyOfZone", "zone_id:text? zone_name:text? +MoneyAndCars"},
    {"MoneyOfMethod", "method:CASH|ONLINE provider:text? +Money"},
    {"Target", "daily_target:rupees days:whole target:rupees reached_percent:percent?"},
    {"Growth", "from:time to:time revenue:rupees change_percent:percent?"},
    {"PeakHour", "hour:whole entries:whole"},
    {"Revenue",
     "from:time to:time total:MoneyAndCars target:Target? growth:Growth "
     "average_stay_minutes:whole peak_hours:[PeakHour] by_zone:[MoneyOfZone] "
     "by_method:[MoneyOfMethod] series:[MoneyInStep]"},
    {"MethodTotal", "payments:whole amount_paise:paise refunded_paise:paise"},
    {"Totals", "CASH?:MethodTotal ONLINE?:MethodTotal"},
    {"Tokens", "message access:secret refresh:secret role:Role expires_in:whole"},
    {"Profile", "user_id:whole username role:Role email phone created_at:time"},
    {"Account", "+Profile disabled:flag gate:text? may_refund:flag may_terminate:flag"},
    {"Vehicle", "vehicle_number name created_at:time"},
    {"EditedBooking", "session_id:uuid status:Status vehicle_number:text? phone_number"},
    {"Deed", "at:time kind session_id:uuid? subject:text? amount_paise:paise? detail:text?"},
    {"Erasure",
     "erasure_id:uuid at:time by subject user_id:whole? reason sessions:whole incidents:whole "
     "scans:whole"},
    {"AuditRow",
     "sequence:whole at:time until:time? times:whole user:text? role:text? address:text? action "
     "targets:text? outcome detail:text? key_id:whole hash"},
    {"RateBand", "from to hourly_rate:decimal"},
    {"ZoneRow",
     "zone_id name hourly_rate:decimal rates:[RateBand] is_active:flag walk_in:flag "
     "total_slots:whole operating_hours contact location features:[text]"},
    {"PlannedOutage", "from?:time to?:time reason"},
    {"Outage", "from:time to:time? reason"},
    {"SlotRow", "slot_id zone_id closed:flag out_of_service:Outage?"},
    {"Removed", "id deleted:flag closed:flag"},
    {"RefundMade", "+Refund credit_note:text?"},
    {"Exception",
     "exception_id:uuid kind payment_id:uuid? session_id:uuid? amount_paise:paise reason "
     "created_at:time resolved:flag resolved_at:time? action:text? resolved_by:text? "
     "resolution:text?"},
    {"Resolved", "+Exception refund:RefundMade?"},
    {"SeenAlert", "+Alert acknowledged_at:time? acknowledged_by:text?"},
    {"Settings",
     "settings:object changed:[text] payments:object broker:object cloud:object backup:object"},
    {"BookingOrder",
     "payment_id:uuid provider status:PaymentState order_id? amount_paise:paise expires_at:time?"},
    {"Booking",
     "booking_id:uuid session_id:uuid qr_code qr_svg slot_number zone_name vehicle_number "
     "status:Status amount:rupees expires_at:time? payment?:BookingOrder"},
    {"Counts",
     "total:whole occupied:whole reserved:whole unknown:whole out_of_service:whole available:whole "
     "occupancy_percent:percent hourly_rate_paise:paise active:flag seq:whole ts:time"},
    {"Pagination", "page:whole page_size:whole total:whole"},
});

}  // namespace

std::span<const DescribedObject> described_objects() { return objects; }

}  // namespace gatehouse::api

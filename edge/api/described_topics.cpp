// docs/contract/mqtt.md: what stands on the lot's broker.
#include "edge/api/description.hpp"

#include <array>

namespace gatehouse::api {
namespace {

constexpr auto topics = std::to_array<DescribedTopic>({
    {"slots/{slot}/state", false, true, "What a slot's sensor says; the newest wins",
     "occupied:flag ts?:time seq?:whole battery?:percent rssi?:percent"},
    {"devices/{device}/status", false, true,
     "Whether a device is there; its last will says it is not", "online:flag ts?:time firmware?"},
    {"gates/{gate}/scan", false, false, "A ticket was read; repeated until a decision is heard",
     "scan_id code ts?:time payment_method?:CASH|ONLINE"},
    {"gates/{gate}/frame", false, false, "A picture of a ticket: PNG, JPEG or PGM", ""},
    {"gates/{gate}/button", false, false, "Somebody asks for a ticket",
     "press_id ts?:time vehicle_number?:vehicle"},
    {"gateway/status", true, true, "Whether the gateway is there; its last will says it is not",
     "online:flag instance version started:time ts:time"},
    {"availability", true, true, "The lot's totals", "name +Counts"},
    {"zones/{zone}/availability", true, true, "A zone's free slots and rate", "zone name +Counts"},
    {"slots/{slot}/status", true, true, "What a slot is, of sensor and session together",
     "slot zone status:free|reserved|occupied|unknown|out_of_service occupied:flag? since:time "
     "ts:time"},
    {"gates/{gate}/decision", true, false, "The answer to a scan, frame or press, and later ones",
     "scan_id gate decision:open|pay|wait|deny reason message update:whole session_id?:uuid "
     "vehicle_number? zone? slot? amount_due_paise?:paise code? qr_svg? pay?:object ts:time"},
    {"gates/{gate}/barrier", true, true, "What a barrier does",
     "barrier state:closed|opening|open|closing|held|locked|fault|unreachable "
     "vehicle_present:flag vehicle_under_arm:flag cycles?:whole ts:time"},
    {"events/{type}", true, false, "What happened, as a CloudEvents 1.0 object",
     "specversion id source type subject time:time epoch:whole sequence datacontenttype "
     "data:object"},
    {"alerts/{kind}", true, false, "Something that a person should look at, raised or cleared",
     "id:uuid kind severity:info|warning|critical subject message ts:time cleared:flag"},
});

}  // namespace

std::span<const DescribedTopic> described_topics() { return topics; }

}  // namespace gatehouse::api

// docs/contract/http.md, "User" and "Payments": what a holder or a user may call.
#include "edge/api/description.hpp"

#include <array>

namespace gatehouse::api {
namespace {

using enum Method;
using enum Gives;

constexpr std::string_view booking_refusals =
    "zone_not_found zone_full zone_closed vehicle_inside too_many_holds out_of_service";

constexpr auto calls = std::to_array<DescribedCall>({
    {get, "/api/user/current-session/", "A session by its id or code, or a user's newest open one",
     "session_id?:id qr_code?", top, "CurrentSession", "not_found"},
    {get, "/api/user/history/", "A user's own sessions",
     "page?:whole page_size?:whole format?:json|csv status?:Status from?:bound to?:bound "
     "vehicle_number?:vehicle",
     list, "sessions:[Session]", ""},
    {get, "/api/payment/{session_id}/status/", "How a session's payment stands", "", top,
     "PaymentStatus", "not_found"},
    {get, "/api/user/sessions/{id}/receipt/", "The receipt as JSON, HTML or PDF",
     "format?:json|html|pdf", data, "Receipt", "not_found"},
    {get, "/api/user/sessions/{id}/qr.svg", "The ticket as a picture", "", file, "image/svg+xml",
     "not_found"},
    {get, "/api/user/sessions/{id}/qr.png", "The ticket as a picture", "", file, "image/png",
     "not_found"},
    {post, "/api/user/book-slot/", "Book a slot; an administrator for anybody",
     "vehicle_number:vehicle owner_name zone_id:zone hours?:whole phone_number?:phone "
     "provider?:razorpay|phonepe user?:whole",
     created, "Booking", booking_refusals},
    {post, "/parking/api/booking/create/", "Book a slot as a guest",
     "vehicle_number:vehicle owner_name zone_id:zone hours?:whole phone_number:phone", created,
     "Booking", booking_refusals},
    {post, "/api/user/cancel-booking/", "Give a booking or ticket back before entry",
     "session_id?:id booking_id?:id qr_code?", data, "Cancelled",
     "invalid_qr cannot_cancel booking_expired booking_cancelled"},
    {post, "/parking/cancel-booking/", "Give a booking or ticket back before entry", "qr_code",
     data, "Cancelled", "invalid_qr cannot_cancel booking_expired booking_cancelled",
     Takes::lenient},
    {post, "/api/parking/refund-old/", "What giving back would bring, without doing it", "qr_code",
     data, "Cancelled", "invalid_qr cannot_cancel booking_expired booking_cancelled",
     Takes::lenient},
    {get, "/api/user/profile/", "One's own account", "", data, "Profile", ""},
    {patch, "/api/user/profile/", "Change one's own account", "email?:email phone?:phone", data,
     "Profile", ""},
    {get, "/api/user/vehicles/", "One's own vehicles", "", data, "vehicles:[Vehicle]", ""},
    {post, "/api/user/vehicles/", "Keep a vehicle", "vehicle_number:vehicle name?", created,
     "Vehicle", "too_many_vehicles"},
    {delete_, "/api/user/vehicles/", "Keep a vehicle no more", "vehicle_number:vehicle", data, "",
     "not_found"},
    {patch, "/api/user/sessions/{id}/", "Another vehicle or telephone number, before entry",
     "vehicle_number?:vehicle phone_number?:phone", data, "EditedBooking",
     "not_found vehicle_inside already_entered booking_expired booking_cancelled"},
});

}  // namespace

std::span<const DescribedCall> described_user_calls() { return calls; }

}  // namespace gatehouse::api

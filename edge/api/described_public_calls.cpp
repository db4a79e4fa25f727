// docs/contract/http.md, "Accounts" and "Public": what anybody may call.
#include "edge/api/description.hpp"

#include <array>

namespace gatehouse::api {
namespace {

using enum Method;
using enum Gives;

constexpr auto calls = std::to_array<DescribedCall>({
    {post, "/api/auth/login/", "Sign in", "username password:secret", top, "Tokens",
     "bad_credentials throttled"},
    {get, "/api/public/zones/", "The zones with their rates and free slots", "", data,
     "zones:[Zone]", ""},
    {get, "/api/user/zones/", "The zones with their rates and free slots", "", data, "zones:[Zone]",
     ""},
    {get, "/parking/api/zones/", "The zones with their rates and free slots", "", data,
     "zones:[Zone]", ""},
    {get, "/parking/zone/{id}/status/", "One zone, as the first clients knew it", "", top,
     "ZoneStatus", "zone_not_found"},
    {get, "/parking/api/zone/{id}/status/", "One zone, as the first clients knew it", "", top,
     "ZoneStatus", "zone_not_found"},
    {get, "/api/public/health/", "Whether everything works; failing is 503", "", bare, "Health",
     ""},
    {get, "/parking/health/", "Whether everything works; failing is 503", "", bare, "Health", ""},
    {get, "/api/public/stream/",
     "Server-sent events: `zone`, `lot`, `slot` and `alive`, the whole state first, then changes",
     "", stream, "", "too_many_streams upgrade_not_offered already_streaming"},
    {get, "/api/public/fiware/", "The lot and its spots as Smart Data Models entities", "", array,
     "object", ""},
    {get, "/metrics", "Figures for Prometheus; on the box itself or for staff", "", file,
     "text/plain", ""},
    {get, "/openapi.json", "This description", "", bare, "object", ""},
    {get, "/asyncapi.json", "The MQTT side in the same manner", "", bare, "object", ""},
    {get, "/", "The live board", "", page, "", ""},
    {get, "/login/", "The page to sign in", "", page, "", ""},
    {get, "/staff/", "The staff's desk", "", page, "", ""},
    {get, "/admin/", "The administration", "", page, "", ""},
    {get, "/pay/{session_id}", "A driver's page: the stay, its payment, its receipt", "", page, "",
     ""},
    {get, "/parking/entry/", "The form for a new ticket", "", page, "", ""},
    {get, "/api/parking/book/", "The form for a new ticket", "", page, "", ""},
    {get, "/api/parking/book-old/", "The form for a new ticket", "", page, "", ""},
    {get, "/parking/entry-qr-scan/", "The form for an entry scan", "", page, "", ""},
    {get, "/entry-qr-scan/", "The form for an entry scan", "", page, "", ""},
    {get, "/api/parking/scan-entry/", "The form for an entry scan", "", page, "", ""},
    {get, "/api/parking/scan-entry-old/", "The form for an entry scan", "", page, "", ""},
    {get, "/parking/exit-qr-scan/", "The form for an exit", "", page, "", ""},
    {get, "/exit-qr-scan/", "The form for an exit", "", page, "", ""},
    {get, "/api/parking/scan-exit/", "The form for an exit", "", page, "", ""},
    {get, "/api/parking/scan-exit-old/", "The form for an exit", "", page, "", ""},
    {post, "/api/auth/register/", "An account of one's own",
     "username password:secret email?:email phone?:phone", created, "Profile", "name_taken"},
    {post, "/api/auth/refresh/", "New tokens for a refresh token; the old one is used up",
     "refresh?:secret", top, "Tokens", "bad_token"},
    {post, "/api/auth/logout/", "End this family of tokens", "", data, "", "bad_token csrf_failed"},
    {post, "/api/auth/password/", "Another password; all other tokens end",
     "old_password:secret new_password:secret", top, "Tokens", "bad_credentials throttled"},
});

}  // namespace

std::span<const DescribedCall> described_public_calls() { return calls; }

}  // namespace gatehouse::api

// What is the same on every request and every answer, whatever its route (docs/contract/http.md,
// head): whose host and whose page it is, and the headers that protect a browser.
//
// Pure; any thread.
#pragma once

#include "edge/api/client_address.hpp"
#include "edge/api/message.hpp"
#include "edge/api/rate_limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

struct Manners {
  // Empty: any. Whoever asks on the box itself may always name it as such.
  std::vector<std::string> allowed_hosts = {};
  std::vector<std::string> cors_origins = {};
  Networks trusted_proxies = {};
  std::string public_url = {};   // "": the host that was asked
  RateLimits* limits = nullptr;  // null: nobody counts; outlives the router
};

/// Whether the request came from the box itself and through no proxy.
bool is_loopback(const Request& request);

bool host_is_allowed(const Manners& manners, const Request& request);

/// What no proxy before us may read in another way than we do: a blank in a header's name, or two
/// hosts (RFC 9112, 5.1 and 3.2).
bool is_ambiguous(const Request& request);

/// The request's Origin, where it is one of `cors_origins`; "": another, or none.
std::string known_origin(const Manners& manners, const Request& request);

/// Whether a page of ours sent it: it names an origin of ours and knows the cookie `gh_csrf`, which
/// pages from elsewhere can neither forge nor read.
bool is_from_our_page(const Manners& manners, const Request& request);

/// What every answer carries.
struct AnswerTo {
  std::string request_id = {};
  std::string known_origin = {};  // "": no other site's page may read it
  bool is_head = false;
  bool is_https = false;
  std::optional<Allowance> allowance = std::nullopt;
};
void complete(const Manners& manners, Response& response, const AnswerTo& to);

/// To an address's OPTIONS: what it takes. A browser asks so before it lets another site's page
/// send anything but the plainest request.
Response options_of(const Request& request, const std::string& allowed_methods);

/// 429: come again when the window is over.
Response too_many_requests(const Allowance& allowance);

/// To a plain request where there is HTTPS: 308 to the same address there, on the host of
/// `public_url`, else on the host that was asked, at `https_port`. A host that is not served, or is
/// none, is refused.
Response redirect_to_https(const Manners& manners, const Request& request,
                           std::uint16_t https_port);

}  // namespace gatehouse::api

#include "edge/api/manners.hpp"

#include "edge/api/cookies.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::api {
namespace {

// No inline script or style, nothing from elsewhere, in no frame.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'";
// A year; without names below ours, which may be other people's.
constexpr std::string_view strict_transport = "max-age=31536000";
// Where a handler does not say when to come again.
constexpr std::string_view retry_after_default_s = "5";

void set_default(Response& response, std::string_view name, std::string_view value) {
  if (find_header(response.headers, name)) return;
  response.headers.push_back({std::string(name), std::string(value)});
}

/// Of a Host header: without the port, which is not part of the name (a bracketed IPv6 address
/// keeps its colons), and without the dot of a name that is spelled out in full.
std::string_view name_of_host(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.substr(colon).contains(']'))
    host = host.substr(0, colon);
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

/// Names that mean the box only to itself: a page from elsewhere cannot send them for its own.
bool is_name_of_the_box(std::string_view host) {
  constexpr std::string_view digits_and_dots = "0123456789.";
  return equal_without_case(host, "localhost") || host == "[::1]" ||
         (host.starts_with("127.") &&
          host.find_first_not_of(digits_and_dots) == std::string_view::npos);
}

/// Whether it can stand in an address as its host: no more than a name or an address is made of.
bool is_plain_host(std::string_view name) {
  constexpr std::size_t characters_max = 253;
  constexpr std::string_view of_names =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  constexpr std::string_view of_ipv6 = "0123456789abcdefABCDEF:.";
  if (name.empty() || name.size() > characters_max) return false;
  if (name.starts_with('[') && name.ends_with(']') && name.size() > 2)
    return name.substr(1, name.size() - 2).find_first_not_of(of_ipv6) == std::string_view::npos;
  return name.find_first_not_of(of_names) == std::string_view::npos;
}

/// `https://lot.example/any/path` → `https://lot.example`
std::string_view origin_of(std::string_view url) {
  const auto host = url.find("://");
  if (host == std::string_view::npos) return {};
  return url.substr(0, std::min(url.find_first_of("/?#", host + 3), url.size()));
}

/// What a header's value can hold; a request's own bytes come back in nobody's.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_visible = c > ' ' && c < '\x7f' && c != '"' && c != '<' && c != '>' && c != '\\';
    encoded +=
        is_visible ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

void add_allowance(Response& response, const Allowance& allowance) {
  const auto add = [&](std::string_view name, std::int64_t value) {
    response.headers.push_back({std::string(name), std::to_string(value)});
  };
  add("X-RateLimit-Limit", allowance.limit);
  add("X-RateLimit-Remaining", allowance.remaining);
  add("X-RateLimit-Reset", allowance.reset.count());
}

/// What another site's page may know of an answer, or what it may not.
void add_origin(Response& response, const std::string& origin) {
  if (origin.empty()) {
    std::erase_if(response.headers,
                  [](const Header& header) { return header.name.starts_with("Access-Control-"); });
    return;
  }
  constexpr std::string_view shown =
      "Retry-After, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset";
  response.headers.push_back({"Access-Control-Allow-Origin", origin});
  response.headers.push_back({"Access-Control-Expose-Headers", std::string(shown)});
}

}  // namespace

bool is_loopback(const Request& request) {
  const std::string_view peer = request.peer_address;
  const bool from_here =
      peer == "::1" || peer.starts_with("127.") || peer.starts_with("::ffff:127.");
  return from_here && !request.header("Forwarded") && !request.header("X-Forwarded-For");
}

bool host_is_allowed(const Manners& manners, const Request& request) {
  if (manners.allowed_hosts.empty()) return true;
  const std::string_view host = name_of_host(request.header("Host").value_or(""));
  if (is_loopback(request) && is_name_of_the_box(host)) return true;
  return std::ranges::any_of(manners.allowed_hosts, [host](const std::string& allowed) {
    return equal_without_case(name_of_host(allowed), host);
  });
}

bool is_ambiguous(const Request& request) {
  const auto is_host = [](const Header& header) { return equal_without_case(header.name, "Host"); };
  return std::ranges::count_if(request.headers, is_host) > 1 ||
         std::ranges::any_of(request.headers, [](const Header& header) {
           return header.name.find_first_of(" \t") != std::string::npos;
         });
}

std::string known_origin(const Manners& manners, const Request& request) {
  const std::string_view origin = request.header("Origin").value_or("");
  const bool is_known = std::ranges::any_of(manners.cors_origins, [&](const std::string& known) {
    return equal_without_case(known, origin);
  });
  return is_known ? std::string(origin) : std::string();
}

bool is_from_our_page(const Manners& manners, const Request& request) {
  const std::string_view origin = request.header("Origin").value_or("");
  if (origin.empty()) return false;
  const std::string asked = fmt::format("{}://{}", request.is_https ? "https" : "http",
                                        request.header("Host").value_or(""));
  const std::string_view named = origin_of(manners.public_url);
  const bool is_ours =
      equal_without_case(origin, asked) || (!named.empty() && equal_without_case(origin, named));
  return is_ours && has_csrf_token(request);
}

void complete(const Manners& manners, Response& response, const AnswerTo& to) {
  set_default(response, "X-Request-Id", to.request_id);
  set_default(response, "Cache-Control", "no-store");
  set_default(response, "X-Content-Type-Options", "nosniff");
  set_default(response, "Content-Security-Policy", content_security_policy);
  set_default(response, "Referrer-Policy", "no-referrer");
  if (to.is_https) set_default(response, "Strict-Transport-Security", strict_transport);
  if (response.status == 503) set_default(response, "Retry-After", retry_after_default_s);
  if (to.allowance) add_allowance(response, *to.allowance);
  if (to.is_head || response.status == 304) response.body_withheld = true;
  if (to.is_head) response.stream = StreamKind::none;
  add_origin(response, to.known_origin);
  if (!manners.cors_origins.empty()) response.headers.push_back({"Vary", "Origin"});
}

Response options_of(const Request& request, const std::string& allowed_methods) {
  Response response;
  response.content_type.clear();
  response.headers.push_back({"Allow", allowed_methods});
  if (!request.header("Access-Control-Request-Method")) return response;
  constexpr std::string_view headers = "Authorization, Content-Type, Idempotency-Key, X-CSRF-Token";
  constexpr std::string_view ten_minutes = "600";
  response.headers.push_back({"Access-Control-Allow-Methods", allowed_methods});
  response.headers.push_back({"Access-Control-Allow-Headers", std::string(headers)});
  response.headers.push_back({"Access-Control-Max-Age", std::string(ten_minutes)});
  return response;
}

Response too_many_requests(const Allowance& allowance) {
  return failure_retry_after(429, "rate_limited", "Too many requests. Please try again later",
                             static_cast<int>(allowance.reset.count()));
}

Response redirect_to_https(const Manners& manners, const Request& request,
                           std::uint16_t https_port) {
  constexpr std::uint16_t usual_port = 443;
  if (!host_is_allowed(manners, request))
    return failure(400, "host_not_allowed", "This host name is not served here");
  std::string site(origin_of(manners.public_url));
  if (!site.starts_with("https://")) {
    const std::string_view name = name_of_host(request.header("Host").value_or(""));
    if (!is_plain_host(name))
      return failure(400, "host_not_allowed", "A host name is needed to find the way");
    site = fmt::format("https://{}", name);
    if (https_port != usual_port) site += fmt::format(":{}", https_port);
  }
  if (!request.path.starts_with('/'))
    return failure(404, "not_found", "There is nothing at this address");
  Response response = failure(308, "https_only", "Please use HTTPS");
  response.headers.push_back(
      {"Location", site + percent_encoded(request.path) +
                       (request.query.empty() ? "" : "?" + percent_encoded(request.query))});
  return response;
}

}  // namespace gatehouse::api

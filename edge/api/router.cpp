#include "edge/api/router.hpp"

#include "edge/api/limits.hpp"
#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace gatehouse::api {
namespace {

// No inline script or style, nothing from elsewhere, in no frame.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'";

std::string_view without_trailing_slash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string_view take_segment(std::string_view& rest) {
  rest.remove_prefix(1);  // the leading slash
  const auto end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

/// The values of the pattern's `{names}`, or nullopt when the path is another one.
std::optional<std::vector<std::pair<std::string, std::string>>> match(std::string_view pattern,
                                                                      std::string_view path) {
  std::vector<std::pair<std::string, std::string>> parameters;
  pattern = without_trailing_slash(pattern);
  path = without_trailing_slash(path);
  if (!path.starts_with('/')) return std::nullopt;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return std::nullopt;
      parameters.emplace_back(wanted.substr(1, wanted.size() - 2), given);
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

void append_method(std::string& list, std::string_view method) {
  if (list.contains(method)) return;
  if (!list.empty()) list += ", ";
  list += method;
}

void set_default(Response& response, std::string_view name, std::string_view value) {
  if (find_header(response.headers, name)) return;
  response.headers.push_back({std::string(name), std::string(value)});
}

/// What every answer carries (docs/contract/http.md, head).
void complete(Response& response, std::string_view request_id, bool is_head) {
  set_default(response, "X-Request-Id", request_id);
  set_default(response, "Cache-Control", "no-store");
  set_default(response, "X-Content-Type-Options", "nosniff");
  set_default(response, "Content-Security-Policy", content_security_policy);
  set_default(response, "Referrer-Policy", "no-referrer");
  if (is_head || response.status == 304) response.body_withheld = true;
  if (is_head) response.stream = StreamKind::none;
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

/// OPTIONS: what an address takes. A browser asks so before it lets another site's page send
/// anything but the plainest request.
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

std::string random_run_id() {
  std::random_device source;
  return fmt::format("{:08x}", source());
}

/// RFC 6750: the scheme without regard to case, then the token. Empty: there is none.
std::string_view bearer_token(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view value = request.header("Authorization").value_or("");
  const auto matches = [](char given, char wanted) {
    return (given >= 'A' && given <= 'Z' ? static_cast<char>(given - 'A' + 'a') : given) == wanted;
  };
  if (value.size() < scheme.size() ||
      !std::equal(scheme.begin(), scheme.end(), value.begin(),
                  [&](char wanted, char given) { return matches(given, wanted); }))
    return {};
  value.remove_prefix(scheme.size());
  return value.substr(std::min(value.find_first_not_of(' '), value.size()));
}

Response unauthorized(std::string_view code, std::string_view sentence) {
  Response response = failure(401, code, sentence);
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace

Handler immediate(std::function<Response(const Call&)> answer) {
  return [handler = std::move(answer)](const Call& call, Answer reply) { reply(handler(call)); };
}

Response internal_error(std::string_view where, const std::exception& wrong) {
  spdlog::error("http: {} failed: {}", where, wrong.what());
  return failure(500, "internal_error", "Something went wrong here. Please try again");
}

bool is_loopback(const Request& request) {
  const std::string_view peer = request.peer_address;
  const bool from_here =
      peer == "::1" || peer.starts_with("127.") || peer.starts_with("::ffff:127.");
  return from_here && !request.header("Forwarded") && !request.header("X-Forwarded-For");
}

std::string_view Call::parameter(std::string_view name) const {
  const auto found =
      std::ranges::find(path_parameters, name, &std::pair<std::string, std::string>::first);
  require(found != path_parameters.end(), "a handler asks for what its pattern names");
  return found->second;
}

const SignedIn& Call::account() const {
  if (user) return *user;
  require(false, "a route that asks for an account is called with one");
  std::unreachable();
}

Router::Router(std::vector<Route> routes, Manners manners, Identify identify)
    : routes_(std::move(routes)),
      manners_(std::move(manners)),
      identify_(std::move(identify)),
      run_id_(random_run_id()) {
  for (auto route = routes_.begin(); route != routes_.end(); ++route) {
    const bool repeated = std::any_of(std::next(route), routes_.end(), [&](const Route& other) {
      return other.method == route->method && other.pattern == route->pattern;
    });
    require(!repeated, "every route stands in the table once");
  }
}

const Route* Router::find(Call& call, std::string& allowed_methods) const {
  const Method wanted = call.request.method == Method::head ? Method::get : call.request.method;
  for (const Route& route : routes_) {
    auto parameters = match(route.pattern, call.request.path);
    if (!parameters) continue;
    if (route.method == wanted) {
      call.path_parameters = std::move(*parameters);
      return &route;
    }
    append_method(allowed_methods, name(route.method));
    if (route.method == Method::get) append_method(allowed_methods, name(Method::head));
  }
  return nullptr;
}

bool Router::host_is_allowed(const Request& request) const {
  if (manners_.allowed_hosts.empty()) return true;
  const std::string_view host = name_of_host(request.header("Host").value_or(""));
  if (is_loopback(request) && is_name_of_the_box(host)) return true;
  return std::ranges::any_of(manners_.allowed_hosts, [host](const std::string& allowed) {
    return equal_without_case(name_of_host(allowed), host);
  });
}

bool Router::origin_is_known(std::string_view origin) const {
  return std::ranges::any_of(manners_.cors_origins, [origin](const std::string& known) {
    return equal_without_case(known, origin);
  });
}

std::string Router::next_request_id() const {
  return fmt::format("{}-{}", run_id_, requests_.fetch_add(1, std::memory_order_relaxed) + 1);
}

std::optional<Response> Router::refuse(Access wanted, Call& call) const {
  if (wanted == Access::anyone) return std::nullopt;
  if (wanted == Access::holder && !call.request.header("Authorization")) return std::nullopt;
  const bool box_alone_is_enough = wanted == Access::loopback_or_staff;
  if (box_alone_is_enough && is_loopback(call.request)) return std::nullopt;
  if (!call.request.header("Authorization")) {
    if (box_alone_is_enough)
      return failure(403, "forbidden", "This is for the gateway's own box and for staff only");
    return unauthorized("not_signed_in", "Please sign in first");
  }
  const std::string_view token = bearer_token(call.request);
  if (identify_ && !token.empty()) call.user = identify_(token);
  if (!call.user) return unauthorized("bad_token", "Please sign in again");
  call.token = token;
  if (is_enough(call.user->role, wanted)) return std::nullopt;
  return failure(403, "forbidden", "Your account may not do this");
}

void Router::dispatch(Call call, Answer answer) const {
  if (!host_is_allowed(call.request)) {
    return answer(failure(400, "host_not_allowed", "This host name is not served here"));
  }
  if (call.request.body.size() > limits::body_bytes_max) {
    return answer(failure(413, "body_too_large", "The body is larger than 64 KiB"));
  }
  std::string allowed_methods;
  const Route* route = find(call, allowed_methods);
  if (route == nullptr && allowed_methods.empty()) {
    return answer(failure(404, "not_found", "There is nothing at this address"));
  }
  if (route == nullptr && call.request.method == Method::options)
    return answer(options_of(call.request, allowed_methods + ", OPTIONS"));
  if (route == nullptr) {
    Response response =
        failure(405, "method_not_allowed", "This address does not take this method");
    response.headers.push_back({"Allow", allowed_methods});
    return answer(std::move(response));
  }
  if (auto refusal = refuse(route->access, call)) return answer(std::move(*refusal));
  route->handler(std::move(call), std::move(answer));
}

Response Router::refusal(Response response) const {
  complete(response, next_request_id(), false);
  return response;
}

void Router::handle(Request request, Answer answer) const {
  const std::string id = next_request_id();
  const std::string path = request.path;
  const Method method = request.method;
  std::string origin(request.header("Origin").value_or(""));
  if (!origin_is_known(origin)) origin.clear();

  // Shared between the handler's way out and that of an exception: whichever comes first answers.
  auto once = std::make_shared<Answer>(std::move(answer));
  auto finish = [this, id, once, is_head = method == Method::head,
                 allowed_origin = std::move(origin)](Response response) {
    if (!*once) return;
    Answer reply = std::exchange(*once, nullptr);
    complete(response, id, is_head);
    add_origin(response, allowed_origin);
    if (!manners_.cors_origins.empty()) response.headers.push_back({"Vary", "Origin"});
    if (response.status >= 500) failures_.fetch_add(1, std::memory_order_relaxed);
    reply(std::move(response));
  };
  try {
    dispatch({.request = std::move(request), .path_parameters = {}, .user = {}, .token = {}},
             finish);
  } catch (const std::exception& wrong) {
    finish(internal_error(fmt::format("{} {} (request {})", name(method), path, id), wrong));
  }
}

}  // namespace gatehouse::api

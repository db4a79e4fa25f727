#include "edge/api/router.hpp"

#include "edge/api/cookies.hpp"
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

std::string random_run_id() {
  std::random_device source;
  return fmt::format("{:08x}", source());
}

/// RFC 6750: the scheme without regard to case, then the token. Empty: there is none.
std::string_view bearer_token(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view value = request.header("Authorization").value_or("");
  if (!equal_without_case(value.substr(0, scheme.size()), scheme)) return {};
  value.remove_prefix(scheme.size());
  return value.substr(std::min(value.find_first_not_of(' '), value.size()));
}

/// RFC 9110, 9.2.1: asks, and changes nothing.
bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
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

Router::Router(std::vector<Route> routes, Manners manners, Identify identify, Refused refused)
    : routes_(std::move(routes)),
      manners_(std::move(manners)),
      identify_(std::move(identify)),
      refused_(std::move(refused)),
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
      call.pattern = route.pattern;
      return &route;
    }
    append_method(allowed_methods, name(route.method));
    if (route.method == Method::get) append_method(allowed_methods, name(Method::head));
  }
  return nullptr;
}

std::string Router::next_request_id() const {
  return fmt::format("{}-{}", run_id_, requests_.fetch_add(1, std::memory_order_relaxed) + 1);
}

Router::Credentials Router::recognise(Call& call) const {
  const auto identified = [&](std::string_view token) {
    if (identify_ && !token.empty()) call.user = identify_(token);
    if (call.user) call.token = token;
    return call.user.has_value();
  };
  if (call.request.header("Authorization"))
    return identified(bearer_token(call.request)) ? Credentials::good : Credentials::bad_token;
  const auto cookie = access_cookie(call.request);
  if (!cookie) return Credentials::none;
  if (!is_safe(call.request.method) && !call.is_from_our_page) return Credentials::forged;
  return identified(*cookie) ? Credentials::good : Credentials::bad_cookie;
}

std::optional<Response> Router::refuse(Access wanted, const Call& call, Credentials shown) const {
  if (wanted == Access::anyone) return std::nullopt;
  if (wanted == Access::holder && shown == Credentials::none) return std::nullopt;
  const bool box_alone_is_enough = wanted == Access::loopback_or_staff;
  if (box_alone_is_enough && is_loopback(call.request)) return std::nullopt;
  switch (shown) {
    case Credentials::none:
      if (box_alone_is_enough)
        return failure(403, "forbidden", "This is for the gateway's own box and for staff only");
      return unauthorized("not_signed_in", "Please sign in first");
    case Credentials::forged:
      return failure(403, "csrf_failed", "This request does not come from a page of this gateway");
    case Credentials::bad_cookie: {
      Response response = unauthorized("bad_token", "Please sign in again");
      clear_access_cookie(response, call.request.is_https);
      return response;
    }
    case Credentials::bad_token:
      return unauthorized("bad_token", "Please sign in again");
    case Credentials::good:
      break;
  }
  if (is_enough(call.account().role, wanted)) return std::nullopt;
  return failure(403, "forbidden", "Your account may not do this");
}

std::optional<Allowance> Router::count(const Route* route, const Call& call) const {
  if (manners_.limits == nullptr) return std::nullopt;
  RateLimits::Asked asked{.counted = Counted::by_caller,
                          .pattern = {},
                          .id = {},
                          .user = call.user,
                          .address = call.request.peer_address};
  if (route != nullptr) {
    asked.counted = route->counted;
    asked.pattern = route->pattern;
    if (!call.path_parameters.empty()) asked.id = call.path_parameters.front().second;
  }
  return manners_.limits->count(asked);
}

void Router::dispatch(Call call, std::optional<Allowance>& allowance, Answer answer) const {
  if (is_ambiguous(call.request)) {
    return answer(failure(400, "malformed_request",
                          "Two hosts, or a header whose name has a blank: this is no request"));
  }
  if (!host_is_allowed(manners_, call.request)) {
    return answer(failure(400, "host_not_allowed", "This host name is not served here"));
  }
  std::string allowed_methods;
  const Route* route = find(call, allowed_methods);
  // Where nobody counts and anybody may ask, nobody looks either.
  const bool who_matters = route == nullptr || route->access != Access::anyone ||
                           route->counted == Counted::by_caller ||
                           route->counted == Counted::by_sign_in;
  const Credentials shown = who_matters ? recognise(call) : Credentials::none;
  // A browser asks so, unbidden and without a token, before it sends what somebody signed in for.
  const bool asks_what_is_taken =
      route == nullptr && !allowed_methods.empty() && call.request.method == Method::options;
  if (!asks_what_is_taken) allowance = count(route, call);
  if (allowance && allowance->is_exceeded) return answer(too_many_requests(*allowance));
  if (call.request.body.size() > limits::body_bytes_max) {
    return answer(failure(413, "body_too_large", "The body is larger than 64 KiB"));
  }
  if (route == nullptr && allowed_methods.empty()) {
    return answer(failure(404, "not_found", "There is nothing at this address"));
  }
  if (asks_what_is_taken) return answer(options_of(call.request, allowed_methods + ", OPTIONS"));
  if (route == nullptr) {
    Response response =
        failure(405, "method_not_allowed", "This address does not take this method");
    response.headers.push_back({"Allow", allowed_methods});
    return answer(std::move(response));
  }
  if (auto refusal = refuse(route->access, call, shown)) {
    if (refused_) refused_(call, *refusal);
    return answer(std::move(*refusal));
  }
  route->handler(std::move(call), std::move(answer));
}

Response Router::refusal(Response response, bool is_https) const {
  complete(manners_, response, {.request_id = next_request_id(), .is_https = is_https});
  return response;
}

void Router::send_to_https(Request request, std::uint16_t https_port, Answer answer) const {
  look_through_proxies(request, manners_.trusted_proxies);
  if (request.is_https) return handle(std::move(request), std::move(answer));
  Response response = redirect_to_https(manners_, request, https_port);
  complete(manners_, response,
           {.request_id = next_request_id(), .is_head = request.method == Method::head});
  answer(std::move(response));
}

/// A request on its way through its handler, shared between the handler's way out and that of an
/// exception: whichever comes first answers.
struct Router::Underway {
  Answer answer;
  AnswerTo to;
};

void Router::handle(Request request, Answer answer) const {
  look_through_proxies(request, manners_.trusted_proxies);
  const std::string path = request.path;
  const Method method = request.method;
  auto underway = std::make_shared<Underway>(
      std::move(answer), AnswerTo{.request_id = next_request_id(),
                                  .known_origin = known_origin(manners_, request),
                                  .is_head = method == Method::head,
                                  .is_https = request.is_https});
  auto finish = [this, underway](Response response) {
    if (!underway->answer) return;
    Answer reply = std::exchange(underway->answer, nullptr);
    complete(manners_, response, underway->to);
    if (response.status >= 500) failures_.fetch_add(1, std::memory_order_relaxed);
    reply(std::move(response));
  };
  try {
    Call call{.request = std::move(request)};
    call.is_from_our_page = is_from_our_page(manners_, call.request);
    dispatch(std::move(call), underway->to.allowance, finish);
  } catch (const std::exception& wrong) {
    finish(internal_error(
        fmt::format("{} {} (request {})", name(method), path, underway->to.request_id), wrong));
  }
}

}  // namespace gatehouse::api

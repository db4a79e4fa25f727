// From a request to its response: finds the route, keeps the contract's manners, and lets nothing
// escape.
//
//   Router router(routes, manners);
//   router.handle(request, [](Response response) { … });
//
// Routes are a table; a test reads it as data. Who may not call, or calls too often, is refused
// here, so that a handler with Access::staff is only ever called with a member of staff. A handler
// answers through the Answer it was given: at once, or later and from another thread when the
// answer waits for a commit. Each Answer is called at most once. handle() may be called on any
// thread, from several at once.
#pragma once

#include "edge/api/identity.hpp"
#include "edge/api/manners.hpp"
#include "edge/api/message.hpp"
#include "edge/api/rate_limits.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::api {

using Answer = std::move_only_function<void(Response)>;

/// A request that found its route.
struct Call {
  Request request;
  std::vector<std::pair<std::string, std::string>> path_parameters =
      {};                             // of `{name}` in the pattern
  std::optional<SignedIn> user = {};  // there, wherever the route asks for an account
  std::string token = {};             // by which the user is known
  // A page of ours sent it, so a cookie may stand for a token (manners.hpp).
  bool is_from_our_page = false;
  std::string_view pattern = {};  // of the route; as long as the router lives
  /// That user: for handlers of such routes.
  [[nodiscard]] const SignedIn& account() const;
  /// The value of the pattern's `{name}`.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

using Handler = std::function<void(Call, Answer)>;

/// A handler that knows its answer at once.
Handler immediate(std::function<Response(const Call&)> answer);

struct Route {
  Method method;
  std::string pattern;  // `/api/user/sessions/{id}/`; a trailing slash may be left out by callers
  Access access;
  Handler handler;
  Counted counted = Counted::by_caller;
};

/// The account of a bearer's token, as it is at present; nullopt: none.
using Identify = std::function<std::optional<SignedIn>(std::string_view token)>;

/// Told of every call that its route refused for want of a good token or of a right.
using Refused = std::function<void(const Call& call, const Response& refusal)>;

class Router {
 public:
  /// Two routes of one method and pattern stop the process. Without `identify` every token is bad.
  Router(std::vector<Route> routes, Manners manners, Identify identify = {}, Refused refused = {});

  /// Calls `answer` with the response, headers and all; on this thread or a later one.
  void handle(Request request, Answer answer) const;
  /// The answer to what could not even be read as a request, with the headers of every answer.
  [[nodiscard]] Response refusal(Response response, bool is_https) const;
  /// To a request that came without TLS where there is HTTPS, at this port. What a trusted proxy
  /// got by HTTPS is handled.
  void send_to_https(Request request, std::uint16_t https_port, Answer answer) const;

  [[nodiscard]] std::span<const Route> routes() const { return routes_; }
  [[nodiscard]] std::uint64_t requests_total() const { return requests_.load(); }
  [[nodiscard]] std::uint64_t failures_total() const { return failures_.load(); }

 private:
  struct Underway;
  /// What a request shows of who sends it.
  enum class Credentials : std::uint8_t {
    none,
    good,
    bad_token,
    bad_cookie,
    forged,  // a cookie, but not from a page of ours
  };
  [[nodiscard]] const Route* find(Call& call, std::string& allowed_methods) const;
  void dispatch(Call call, std::optional<Allowance>& allowance, Answer answer) const;
  [[nodiscard]] Credentials recognise(Call& call) const;
  [[nodiscard]] std::optional<Allowance> count(const Route* route, const Call& call) const;
  [[nodiscard]] std::optional<Response> refuse(Access wanted, const Call& call,
                                               Credentials shown) const;
  [[nodiscard]] std::string next_request_id() const;

  const std::vector<Route> routes_;
  const Manners manners_;
  const Identify identify_;
  const Refused refused_;
  const std::string run_id_;  // so that request ids of two runs differ
  mutable std::atomic<std::uint64_t> requests_{0};
  mutable std::atomic<std::uint64_t> failures_{0};  // answers of 500 and above
};

/// 500, which says nothing; the log says what went wrong `where`.
Response internal_error(std::string_view where, const std::exception& wrong);

}  // namespace gatehouse::api

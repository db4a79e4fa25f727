// What the endpoints of people who signed in stand on, and the one shape most of them have:
// parse and check → ask the engine → answer.
//
//   routes.push_back({Method::post, "/api/staff/entry/", Access::staff,
//                     asking(desk, parse_entry, show_entry)});
//
// parse gives the engine's command or a finished refusal; show turns what the engine says once it
// is committed into the answer; what it refuses is answered in the words of docs/contract/http.md.
// The engine's answer comes on its thread and is shown there. Any thread.
#pragma once

#include "edge/api/account_source.hpp"
#include "edge/api/login_throttle.hpp"
#include "edge/api/lot_rules.hpp"
#include "edge/api/pending.hpp"
#include "edge/api/router.hpp"
#include "edge/api/tokens.hpp"
#include "edge/api/workers.hpp"
#include "edge/domain/gates.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/calls.hpp"
#include "edge/engine/ports.hpp"

#include <expected>
#include <functional>

namespace gatehouse::api {

/// Everything referred to outlives the router.
struct Desk {
  engine::Calls& calls;
  const LotPlan& plan;
  const GatePlan& gates;
  AccountSource& accounts;
  const Tokens& tokens;
  LoginThrottle& throttle;
  Workers& workers;
  Pending& pending;
  const engine::Clock& clock;
  engine::AuditInbox* audit = nullptr;  // null: nobody listens
  const LotRules* rules = nullptr;      // null: the lot cannot be changed from here
};

using Command = decltype(engine::Call::what);
using Parsed = std::expected<Command, Response>;
using Show = std::function<Response(const engine::CallResult&)>;

/// docs/contract/http.md: 200 on the older forms, where 409 is 400 too.
enum class Manner : std::uint8_t { native, older };

/// `parse` is called with whom the route asks for; who asks without an account is nobody to the
/// engine.
Handler asking(const Desk& desk, std::function<Parsed(const Desk&, const Call&)> parse,
               Response (*show)(const engine::CallResult&), Manner manner = Manner::native);

/// What to ask the engine, and how to show what it says: with more than its answer holds.
struct Prepared {
  Command command;
  Show show;
  std::optional<SignedIn> user = {};  // who asks, where this very call proved it
};
/// As asking(), where the answer shows more than the engine says.
Handler asking_prepared(
    const Desk& desk,
    std::function<std::expected<Prepared, Response>(const Desk&, const Call&)> parse);

/// Done on a worker: a password is checked or hashed.
using SlowParse = std::function<std::expected<Prepared, Response>()>;

/// As asking(), where parsing takes long: `parse` checks what can be checked at once, on the
/// server's thread, and leaves the rest to a worker. Too many wait: 503 `busy`.
Handler asking_slowly(
    const Desk& desk,
    std::function<std::expected<SlowParse, Response>(const Desk&, const Call&)> parse);

/// Tells the audit's chain of what the engine is not asked for: a refusal, a failed login.
void tell_audit(const Desk& desk, const Call& call, std::string outcome, std::string detail = {});

/// The same of what the router refused: a bad token, a missing right. Who brings no token at all is
/// not told of.
void tell_of_refusal(const Desk& desk, const Call& call, const Response& refusal);

/// Whose token this is: signed by us, in time, of the account's present version and of a family
/// that has not ended; nullopt also where the account is disabled.
std::optional<SignedIn> identify(const Tokens& tokens, AccountSource& accounts,
                                 std::string_view token);

}  // namespace gatehouse::api

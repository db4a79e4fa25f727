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
#include "edge/engine/calls.hpp"
#include "edge/engine/ports.hpp"

#include <expected>

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
  const LotRules* rules = nullptr;  // null: the lot cannot be changed from here
};

using Command = decltype(engine::Call::what);
using Parsed = std::expected<Command, Response>;

/// docs/contract/http.md: 200 on the older forms, where 409 is 400 too.
enum class Manner : std::uint8_t { native, older };

/// `parse` is called with whom the route asks for; who asks without an account is nobody to the
/// engine.
Handler asking(const Desk& desk, std::function<Parsed(const Desk&, const Call&)> parse,
               Response (*show)(const engine::CallResult&), Manner manner = Manner::native);

/// Whose token this is: signed by us, in time, of the account's present version; nullopt also where
/// the account is disabled.
std::optional<SignedIn> identify(const Tokens& tokens, AccountSource& accounts,
                                 std::string_view token);

}  // namespace gatehouse::api

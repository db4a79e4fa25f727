#include "edge/api/desk.hpp"

#include "edge/api/gate_views.hpp"
#include "edge/api/origin.hpp"
#include "edge/engine/once.hpp"

#include <memory>
#include <utility>

namespace gatehouse::api {

namespace {

/// Of the command that a parser gave: nobody without an account is somebody to the engine.
engine::Actor actor_of(const Call& call) {
  if (!call.user) return {};
  return {.user = call.user->key,
          .name = call.user->name,
          .is_admin = call.user->role == store::Role::admin};
}

/// The engine's answer in the contract's words.
Response response_to(const std::expected<engine::CallResult, engine::CallRefused>& said,
                     Response (*show)(const engine::CallResult&), Manner manner) {
  if (!said) return refusal_response(said.error(), manner);
  if (const auto* const kept = std::get_if<engine::Rendered>(&*said)) return response_of(*kept);
  return show(*said);
}

}  // namespace

void ask_engine(const Desk& desk, const Call& call, Parsed command,
                Response (*show)(const engine::CallResult&), Manner manner, Answer answer) {
  auto once = only_once(call);
  if (!once) return answer(std::move(once.error()));
  if (!command) {
    const Response& refusal = command.error();
    if (refusal.status == 403) tell_audit(desk, call, "forbidden");
    if (!*once || !engine::is_worth_keeping(refusal.status))
      return answer(std::move(command.error()));
    command = engine::KeepAnswer{rendered(std::move(command.error()))};
  }
  std::string waits_for;
  if (*once) {
    waits_for = (*once)->scope + '\n' + (*once)->key;
    (*once)->render = [show, manner](const engine::CallAnswer& said) {
      return rendered(response_to(said.result, show, manner));
    };
  }
  // The engine keeps what can be copied, and answers once.
  const auto held =
      std::make_shared<Answer>(desk.pending.hold(std::move(answer), std::move(waits_for)));
  const bool taken = desk.calls.ask(
      actor_of(call), std::move(*command),
      [held, show, manner](const std::expected<engine::CallResult, engine::CallRefused>& said) {
        (*held)(response_to(said, show, manner));
      },
      {.from = origin_of(call), .once = std::move(*once)});
  if (!taken) (*held)(too_busy());
}

Handler asking(const Desk& desk, std::function<Parsed(const Desk&, const Call&)> parse,
               Response (*show)(const engine::CallResult&), Manner manner) {
  return [&desk, parse = std::move(parse), show, manner](const Call& call, Answer answer) {
    ask_engine(desk, call, parse(desk, call), show, manner, std::move(answer));
  };
}

void tell_audit(const Desk& desk, const Call& call, std::string outcome, std::string detail) {
  if (desk.audit != nullptr)
    desk.audit->saw(sighting_of(call, std::move(outcome), std::move(detail)));
}

void tell_of_refusal(const Desk& desk, const Call& call, const Response& refusal) {
  const bool brought_a_token = call.request.header("Authorization").has_value();
  if (refusal.status == 401 && brought_a_token) tell_audit(desk, call, "bad_token");
  if (refusal.status == 403) tell_audit(desk, call, "forbidden");
}

std::optional<SignedIn> identify(const Tokens& tokens, AccountSource& accounts,
                                 std::string_view token) {
  const auto claims = tokens.read_access(token);
  if (!claims) return std::nullopt;
  const auto user = accounts.find(claims->user);
  if (!user || user->disabled || user->version != claims->version) return std::nullopt;
  const bool is_admin = user->role == store::Role::admin;
  return SignedIn{.key = user->key,
                  .name = user->username,
                  .role = user->role,
                  .may_refund = is_admin || user->may_refund,
                  .may_terminate = is_admin || user->may_terminate};
}

}  // namespace gatehouse::api

#include "edge/api/desk.hpp"

#include "edge/api/gate_views.hpp"

#include <memory>
#include <utility>

namespace gatehouse::api {

Handler asking(const Desk& desk, std::function<Parsed(const Desk&, const Call&)> parse,
               Response (*show)(const engine::CallResult&), Manner manner) {
  return [&desk, parse = std::move(parse), show, manner](const Call& call, Answer answer) {
    auto command = parse(desk, call);
    if (!command) return answer(std::move(command.error()));
    engine::Actor actor;
    if (call.user) {
      actor = {.user = call.user->key,
               .name = call.user->name,
               .is_admin = call.user->role == store::Role::admin};
    }
    // The engine keeps what can be copied, and answers once.
    const auto held = std::make_shared<Answer>(desk.pending.hold(std::move(answer)));
    const bool taken = desk.calls.ask(
        std::move(actor), std::move(*command),
        [held, show, manner](const std::expected<engine::CallResult, engine::CallRefused>& said) {
          (*held)(said ? show(*said) : refusal_response(said.error(), manner));
        });
    if (!taken) (*held)(too_busy());
  };
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
                  .gate = user->gate,
                  .may_refund = is_admin || user->may_refund,
                  .may_terminate = is_admin || user->may_terminate};
}

}  // namespace gatehouse::api

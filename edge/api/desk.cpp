#include "edge/api/desk.hpp"

#include "edge/api/gate_views.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace gatehouse::api {

namespace {

// The engine and the workers keep what can be copied, and answer once.
using Held = std::shared_ptr<Answer>;

engine::Actor actor_of(const Call& call) {
  if (!call.user) return {};
  return {.user = call.user->key,
          .name = call.user->name,
          .is_admin = call.user->role == store::Role::admin};
}

void ask(const Desk& desk, engine::Actor actor, Prepared prepared, const Held& held,
         Manner manner) {
  const bool taken =
      desk.calls.ask(std::move(actor), std::move(prepared.command),
                     [held, show = std::move(prepared.show),
                      manner](const std::expected<engine::CallResult, engine::CallRefused>& said) {
                       (*held)(said ? show(*said) : refusal_response(said.error(), manner));
                     });
  if (!taken) (*held)(too_busy());
}

}  // namespace

Handler asking(const Desk& desk, std::function<Parsed(const Desk&, const Call&)> parse,
               Response (*show)(const engine::CallResult&), Manner manner) {
  return [&desk, parse = std::move(parse), show, manner](const Call& call, Answer answer) {
    auto command = parse(desk, call);
    if (!command) return answer(std::move(command.error()));
    ask(desk, actor_of(call), {std::move(*command), show},
        std::make_shared<Answer>(desk.pending.hold(std::move(answer))), manner);
  };
}

Handler asking_prepared(
    const Desk& desk,
    std::function<std::expected<Prepared, Response>(const Desk&, const Call&)> parse) {
  return [&desk, parse = std::move(parse)](const Call& call, Answer answer) {
    auto prepared = parse(desk, call);
    if (!prepared) return answer(std::move(prepared.error()));
    ask(desk, actor_of(call), std::move(*prepared),
        std::make_shared<Answer>(desk.pending.hold(std::move(answer))), Manner::native);
  };
}

Handler asking_slowly(
    const Desk& desk,
    std::function<std::expected<SlowParse, Response>(const Desk&, const Call&)> parse) {
  return [&desk, parse = std::move(parse)](const Call& call, Answer answer) {
    auto slow = parse(desk, call);
    if (!slow) return answer(std::move(slow.error()));
    // Shared, because a job that is not taken is gone with what it holds.
    const auto held = std::make_shared<Answer>(desk.pending.hold(std::move(answer)));
    const bool taken = desk.workers.run(
        [&desk, held, actor = actor_of(call), slow = std::move(*slow), path = call.request.path] {
          try {
            auto prepared = slow();
            if (!prepared) return (*held)(std::move(prepared.error()));
            ask(desk, actor, std::move(*prepared), held, Manner::native);
          } catch (const std::exception& wrong) {
            (*held)(internal_error(path, wrong));
          }
        });
    if (!taken) (*held)(too_busy());
  };
}

std::optional<SignedIn> identify(const Tokens& tokens, AccountSource& accounts,
                                 std::string_view token) {
  auto claims = tokens.read_access(token);
  if (!claims) return std::nullopt;
  const auto user = accounts.find_bearer(claims->family);
  if (!user || user->key != claims->user || user->disabled || user->version != claims->version)
    return std::nullopt;
  const bool is_admin = user->role == store::Role::admin;
  return SignedIn{.key = user->key,
                  .name = user->username,
                  .role = user->role,
                  .may_refund = is_admin || user->may_refund,
                  .may_terminate = is_admin || user->may_terminate,
                  .family = std::move(claims->family)};
}

}  // namespace gatehouse::api

#include "edge/api/desk.hpp"

#include "edge/api/account_views.hpp"
#include "edge/api/cookies.hpp"
#include "edge/api/gate_views.hpp"
#include "edge/api/origin.hpp"
#include "edge/engine/once.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace gatehouse::api {

namespace {

/// Nobody without an account is somebody to the engine.
engine::Actor actor_of(const Call& call) {
  if (!call.user) return {};
  return {.user = call.user->key,
          .name = call.user->name,
          .is_admin = call.user->role == store::Role::admin};
}

/// The engine's answer in the contract's words.
Response response_to(const std::expected<engine::CallResult, engine::CallRefused>& said,
                     const Show& show, Manner manner) {
  if (!said) return refusal_response(said.error(), manner);
  if (const auto* const kept = std::get_if<engine::Rendered>(&*said)) return response_of(*kept);
  // The account ended while its call was on its way, whatever was asked.
  if (std::holds_alternative<engine::TokensRefused>(*said)) return tokens_refused_response();
  return show(*said);
}

/// The header `Idempotency-Key` and the audit's chain are kept here, for every call alike.
void ask_engine(const Desk& desk, Call call, std::expected<Prepared, Response> prepared,
                Manner manner, Answer answer) {
  auto once = only_once(call);
  if (!once) return answer(std::move(once.error()));
  if (!prepared) {
    const Response& refusal = prepared.error();
    if (refusal.status == 403) tell_audit(desk, call, "forbidden");
    if (!*once || !engine::is_worth_keeping(refusal.status))
      return answer(std::move(prepared.error()));
    prepared = Prepared{engine::KeepAnswer{rendered(std::move(prepared.error()))}, {}};
  }
  if (prepared->user) call.user = std::move(prepared->user);
  const Show show = std::move(prepared->show);
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
      actor_of(call), std::move(prepared->command),
      [held, show, manner](const std::expected<engine::CallResult, engine::CallRefused>& said) {
        (*held)(response_to(said, show, manner));
      },
      {.from = origin_of(call), .once = std::move(*once)});
  if (!taken) (*held)(too_busy());
}

}  // namespace

Handler asking(const Desk& desk, std::function<Parsed(const Desk&, const Call&)> parse,
               Response (*show)(const engine::CallResult&), Manner manner) {
  return [&desk, parse = std::move(parse), show, manner](const Call& call, Answer answer) {
    auto command = parse(desk, call);
    std::expected<Prepared, Response> prepared =
        command ? std::expected<Prepared, Response>(Prepared{std::move(*command), show})
                : std::unexpected(std::move(command.error()));
    ask_engine(desk, call, std::move(prepared), manner, std::move(answer));
  };
}

Handler asking_prepared(
    const Desk& desk,
    std::function<std::expected<Prepared, Response>(const Desk&, const Call&)> parse) {
  return [&desk, parse = std::move(parse)](const Call& call, Answer answer) {
    ask_engine(desk, call, parse(desk, call), Manner::native, std::move(answer));
  };
}

Handler asking_slowly(
    const Desk& desk,
    std::function<std::expected<SlowParse, Response>(const Desk&, const Call&)> parse) {
  return [&desk, parse = std::move(parse)](const Call& call, Answer answer) {
    auto slow = parse(desk, call);
    if (!slow) {
      return ask_engine(desk, call, std::unexpected(std::move(slow.error())), Manner::native,
                        std::move(answer));
    }
    // Shared, because a job that is not taken is gone with what it holds.
    const auto held = std::make_shared<Answer>(desk.pending.hold(std::move(answer)));
    const bool taken = desk.workers.run([&desk, held, call, slow = std::move(*slow)] {
      try {
        ask_engine(desk, call, slow(), Manner::native,
                   [held](Response response) { (*held)(std::move(response)); });
      } catch (const std::exception& wrong) {
        (*held)(internal_error(call.request.path, wrong));
      }
    });
    if (!taken) (*held)(too_busy());
  };
}

void tell_audit(const Desk& desk, const Call& call, std::string outcome, std::string detail) {
  if (desk.audit != nullptr)
    desk.audit->saw(sighting_of(call, std::move(outcome), std::move(detail)));
}

void tell_of_refusal(const Desk& desk, const Call& call, const Response& refusal) {
  const bool brought_a_token =
      call.request.header("Authorization").has_value() || access_cookie(call.request).has_value();
  if (refusal.status == 401 && brought_a_token) tell_audit(desk, call, "bad_token");
  if (refusal.status == 403) tell_audit(desk, call, "forbidden");
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
                  .gate = user->gate,
                  .may_refund = is_admin || user->may_refund,
                  .may_terminate = is_admin || user->may_terminate,
                  .family = std::move(claims->family)};
}

}  // namespace gatehouse::api

#include "edge/engine/once.hpp"

#include "edge/domain/invariant.hpp"

#include <utility>

namespace gatehouse::engine {

bool is_worth_keeping(int status) {
  return status < 500 && status != 401 && status != 403 && status != 429;
}

std::optional<CallOutcome> said_before(Turn& turn, const Call& call) {
  if (!call.once) return std::nullopt;
  auto kept = turn.books.kept_answers.find(call.once->scope, call.once->key);
  if (!kept || turn.now.utc - kept->at >= answers_keep) return std::nullopt;
  if (kept->request_hash != call.once->request_hash) return refused(Refusal::key_reused);
  return Rendered{kept->status, std::move(kept->content_type), std::move(kept->body)};
}

void keep_answer(Turn& turn, const Call& call, const CallAnswer& said) {
  if (!call.once) return;
  require(static_cast<bool>(call.once->render), "who asks once only can show the answer");
  const auto* const rendered = said.result ? std::get_if<Rendered>(&*said.result) : nullptr;
  Rendered answer = rendered != nullptr ? *rendered : call.once->render(said);
  if (!is_worth_keeping(answer.status)) return;
  turn.books.kept_answers.keep(turn.transaction, {.scope = call.once->scope,
                                                  .key = call.once->key,
                                                  .request_hash = call.once->request_hash,
                                                  .at = turn.now.utc,
                                                  .status = answer.status,
                                                  .content_type = std::move(answer.content_type),
                                                  .body = std::move(answer.body)});
}

}  // namespace gatehouse::engine

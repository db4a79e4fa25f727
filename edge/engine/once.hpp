// What is asked for twice is done once: the answer is kept in the transaction of what was done, and
// whoever asks again under the same key gets it (docs/contract/http.md, "Idempotency-Key").
//
// Events are decided one after the other, so the second of two at once finds the first one's
// answer. The engine's thread.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/turn.hpp"

#include <chrono>
#include <optional>

namespace gatehouse::engine {

inline constexpr std::chrono::hours answers_keep{24};

/// The answer of before, or a refusal where the key stands for another request; nullopt: the call
/// is new, or comes without a key.
std::optional<CallOutcome> said_before(Turn& turn, const Call& call);

/// Keeps the answer of a call that has a key, unless asking again may end otherwise: 401, 403, 429
/// and 5xx.
void keep_answer(Turn& turn, const Call& call, const CallAnswer& said);

/// Whether an answer of this status is kept.
bool is_worth_keeping(int status);

}  // namespace gatehouse::engine

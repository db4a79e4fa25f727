// What the lot tells others of what happened: rows of the outbox, in the transaction of the change
// (docs/contract/mqtt.md, "Events"), and alerts, raised once and cleared once.
//
// Data are JSON objects without personal data. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"
#include "edge/store/sessions.hpp"

#include <string>
#include <string_view>

namespace gatehouse::engine {

/// A change that matters outside: `type` without its `parking.` and `.v1`.
void announce(Turn& turn, std::string_view type, std::string_view subject, std::string_view data);

/// `session.opened` and its like.
void announce_session(Turn& turn, std::string_view type, const store::Session& session);
/// `payment.succeeded` and its like.
/// `session_id`: "" where nobody could place the money yet.
void announce_payment(Turn& turn, std::string_view type, std::string_view session_id,
                      const store::Payment& payment);
void announce_refund(Turn& turn, std::string_view type, std::string_view session_id,
                     const store::Payment& payment, const store::Refund& refund);

struct Alarm {
  std::string_view kind;     // a topic's level: `tailgate`
  std::string_view subject;  // a slot, a gate, a session
  store::Severity severity = store::Severity::warning;
  std::string message;
};

/// Nothing happens where the same alert is open already.
void raise(Turn& turn, const Alarm& alarm);
/// Nothing happens where none is open.
void clear(Turn& turn, std::string_view kind, std::string_view subject);

}  // namespace gatehouse::engine

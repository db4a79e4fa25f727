#include "edge/engine/announce.hpp"

#include "edge/engine/gate_payloads.hpp"

#include <fmt/format.h>

namespace gatehouse::engine {

void announce(Turn& turn, std::string_view type, std::string_view subject, std::string_view data) {
  turn.outbox.append(turn.transaction, {.type = fmt::format("parking.{}.v1", type),
                                        .subject = subject,
                                        .time = turn.now.utc,
                                        .data = data});
  turn.effects.outbox_grew = true;
}

void announce_session(Turn& turn, std::string_view type, const store::Session& session) {
  announce(turn, type, session.id, session_json(turn.premises.plan, session));
}

void announce_payment(Turn& turn, std::string_view type, std::string_view session_id,
                      const store::Payment& payment) {
  announce(turn, type, payment.id, payment_json(session_id, payment));
}

void announce_refund(Turn& turn, std::string_view type, std::string_view session_id,
                     const store::Payment& payment, const store::Refund& refund) {
  announce(turn, type, refund.id, refund_json(session_id, payment, refund));
}

void raise(Turn& turn, const Alarm& alarm) {
  const store::Alert alert{.id = turn.tickets.make_id(),
                           .kind = std::string(alarm.kind),
                           .severity = alarm.severity,
                           .subject = std::string(alarm.subject),
                           .message = alarm.message,
                           .raised_at = turn.now.utc,
                           .cleared_at = {}};
  if (!turn.books.alerts.raise(turn.transaction, alert)) return;
  const std::string payload = alert_json(alert);
  announce(turn, "alert.raised", alarm.subject, payload);
  turn.effects.alerts.push_back({alert.kind, payload, alert.id});
}

void clear(Turn& turn, std::string_view kind, std::string_view subject) {
  const auto alert = turn.books.alerts.clear(turn.transaction, kind, subject, turn.now.utc);
  if (!alert) return;
  const std::string payload = alert_json(*alert);
  announce(turn, "alert.cleared", subject, payload);
  turn.effects.alerts.push_back({alert->kind, payload, alert->id, true});
}

}  // namespace gatehouse::engine

// Whoever holds a booking or a ticket gives it back before entry (docs/contract/http.md,
// `cancel-booking`; "Life cycles and sums", Cancel).
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/money.hpp"

namespace gatehouse::engine {
namespace {

BookingCancelled show(const Turn& turn, const store::Session& session,
                      const Cancellation& cancellation) {
  return {.session_id = session.id,
          .vehicle_number = vehicle_name(session),
          .slot = slot_name(turn, session),
          .state = session.state,
          .refund_eligible = cancellation.refund_eligible,
          .refund = cancellation.refund,
          .reason = cancellation.reason};
}

/// The first answer once more: what was promised back then.
BookingCancelled show_cancelled(Turn& turn, const store::Session& session) {
  Paise promised;
  for (const store::Refund& refund : turn.books.payments.refunds_of_session(session.key)) {
    if (refund.state != RefundState::failed) promised += refund.amount;
  }
  Cancellation then =
      cancel(turn.premises.billing, session.created_at, *session.closed_at, promised);
  then.refund = promised;
  return show(turn, session, then);
}

bool is_over(const Turn& turn, const store::Session& session) {
  return session.expires_at && *session.expires_at <= turn.now.utc;
}

/// Booked by another user's account; what staff or a guest began is whoever's holds it.
bool is_anothers(Turn& turn, const Actor& actor, const store::Session& session) {
  if (!session.created_by || *session.created_by == actor.user) return false;
  const auto maker = turn.books.accounts.find(*session.created_by);
  return maker && maker->role == store::Role::user;
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const CancelBooking& asked) {
  auto session = find(turn, asked.which);
  if (!session || (asked.by_user && is_anothers(turn, actor, *session)))
    return refused(Refusal::invalid_qr);
  if (session->state == SessionState::cancelled) return show_cancelled(turn, *session);
  if (session->state == SessionState::expired) return refused(Refusal::booking_expired);
  if (!next(session->state, SessionEvent::cancel)) return refused(Refusal::cannot_cancel);
  if (is_over(turn, *session)) {
    if (!asked.only_asks)
      close_unentered(turn, *session, SessionEvent::expire, Paise(0), "Its time was over");
    return refused(Refusal::booking_expired);
  }
  const Cancellation cancellation = cancel(turn.premises.billing, session->created_at, turn.now.utc,
                                           turn.books.payments.credits(session->key));
  if (!asked.only_asks)
    close_unentered(turn, *session, SessionEvent::cancel, cancellation.refund, cancellation.reason);
  return show(turn, *session, cancellation);
}

}  // namespace gatehouse::engine

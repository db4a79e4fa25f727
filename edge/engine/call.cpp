#include "edge/engine/call.hpp"

#include "edge/domain/words.hpp"
#include "edge/engine/desks.hpp"

namespace gatehouse::engine {
namespace {

constexpr Words<45> refusals = {"invalid_qr",
                                "already_entered",
                                "not_entered",
                                "already_exited",
                                "zone_full",
                                "zone_closed",
                                "vehicle_inside",
                                "vehicle_mismatch",
                                "booking_expired",
                                "booking_unpaid",
                                "booking_cancelled",
                                "amount_changed",
                                "tendered_too_little",
                                "wrong_gate",
                                "ask_staff",
                                "barrier_fault",
                                "invalid_payment_method",
                                "out_of_service",
                                "shift_open",
                                "no_shift",
                                "not_suspect",
                                "several_sessions",
                                "bad_entered_at",
                                "cannot_cancel",
                                "not_found",
                                "refund_exceeds_payment",
                                "already_resolved",
                                "action_not_possible",
                                "session_required",
                                "session_closed",
                                "payment_placed",
                                "zone_not_found",
                                "slot_not_found",
                                "id_taken",
                                "slot_in_use",
                                "lot_full",
                                "too_many_holds",
                                "forbidden",
                                "name_taken",
                                "last_administrator",
                                "gate_mismatch",
                                "not_staff",
                                "too_many_vehicles",
                                "session_open",
                                "key_reused"};
static_assert(are_distinct(refusals));
static_assert(std::to_underlying(Refusal::key_reused) + 1 == refusals.size());

}  // namespace

std::string_view name(Refusal refusal) { return word_of(refusals, refusal); }

CallOutcome refused(Refusal why) {
  CallOutcome outcome{std::unexpect};
  outcome.error().why = why;
  return outcome;
}

}  // namespace gatehouse::engine

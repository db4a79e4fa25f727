#include "edge/domain/lifecycle.hpp"

#include "edge/domain/words.hpp"

namespace gatehouse {
namespace {

constexpr Words<session_state_count> session_states = {"PENDING_PAYMENT", "BOOKED",    "ACTIVE",
                                                       "EXIT_PENDING",    "COMPLETED", "CANCELLED",
                                                       "EXPIRED",         "TERMINATED"};
constexpr Words<session_event_count> session_events = {
    "pay",    "enter",  "request_exit", "settle_and_leave",
    "cancel", "expire", "terminate",    "take_back"};
constexpr Words<payment_state_count> payment_states = {
    "CREATING", "PENDING", "SUCCESS", "FAILED", "EXPIRED", "PARTIALLY_REFUNDED", "REFUNDED"};
constexpr Words<payment_event_count> payment_events = {"ordered", "captured",      "failed",
                                                       "expired", "part_returned", "all_returned"};
constexpr Words<refund_state_count> refund_states = {"PENDING", "SUCCESS", "FAILED"};
constexpr Words<refund_event_count> refund_events = {"succeeded", "failed", "tried_again"};

static_assert(are_distinct(session_states) && are_distinct(session_events));
static_assert(are_distinct(payment_states) && are_distinct(payment_events));
static_assert(are_distinct(refund_states) && are_distinct(refund_events));

}  // namespace

std::string_view name(SessionState state) { return word_of(session_states, state); }
std::string_view name(SessionEvent event) { return word_of(session_events, event); }
std::string_view name(PaymentState state) { return word_of(payment_states, state); }
std::string_view name(PaymentEvent event) { return word_of(payment_events, event); }
std::string_view name(RefundState state) { return word_of(refund_states, state); }
std::string_view name(RefundEvent event) { return word_of(refund_events, event); }

std::optional<SessionState> parse_session_state(std::string_view text) {
  return read_word<SessionState>(session_states, text);
}
std::optional<PaymentState> parse_payment_state(std::string_view text) {
  return read_word<PaymentState>(payment_states, text);
}
std::optional<RefundState> parse_refund_state(std::string_view text) {
  return read_word<RefundState>(refund_states, text);
}

}  // namespace gatehouse

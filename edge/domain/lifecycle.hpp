// The life cycles of a session, a payment and a refund: one table each, every pair of state and
// event in it on purpose (docs/contract/http.md, "Life cycles and sums").
//
//   const auto then = next(SessionState::booked, SessionEvent::enter);   // ACTIVE
//   if (!then) … refuse …
//
// nullopt: not allowed, nothing is to be recorded. A booking and the session that grows out of it
// are one and have one state. The tables do not compile with a pair missing. Values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace gatehouse {

enum class SessionState : std::uint8_t {
  pending_payment,  // booked, the booking amount not paid yet
  booked,           // may enter
  active,           // inside
  exit_pending,     // inside, and quoted: also after the quote has lapsed
  completed,        // settled, and let out
  cancelled,
  expired,     // never came, or never paid
  terminated,  // ended by staff
};
inline constexpr std::size_t session_state_count = 8;

enum class SessionEvent : std::uint8_t {
  pay,               // money for this session was verified
  enter,             // an entry was authorised
  request_exit,      // an exit scan, or an order for the due: fixes a quote, or a new one
  settle_and_leave,  // nothing is due any more, and the exit opens
  cancel,            // by the driver, or by the lot that has no slot
  expire,            // its time is over
  terminate,         // by staff: what is due is written off
  take_back,         // by staff: an entry whose passage was never confirmed
};
inline constexpr std::size_t session_event_count = 8;

enum class PaymentState : std::uint8_t {
  creating,  // committed, the provider not asked yet or without answer
  pending,
  success,
  failed,
  expired,
  partially_refunded,
  refunded,
};
inline constexpr std::size_t payment_state_count = 7;

enum class PaymentEvent : std::uint8_t {
  ordered,        // the provider has it
  captured,       // verified, however late
  failed,         // the provider says no
  expired,        // its time is over
  part_returned,  // a refund succeeded that leaves something of it
  all_returned,   // a refund succeeded, and all of it is back
};
inline constexpr std::size_t payment_event_count = 6;

enum class RefundState : std::uint8_t { pending, success, failed };
inline constexpr std::size_t refund_state_count = 3;

enum class RefundEvent : std::uint8_t {
  succeeded,  // the money went out, even where it was said to have failed
  failed,
  tried_again,
};
inline constexpr std::size_t refund_event_count = 3;

namespace lifecycle {

/// One cell. Without a default, so that a table with a missing cell does not compile.
template <class State>
class Next {
 public:
  // Implicit: a table reads as a table.
  constexpr Next(State to) : to_(to) {}      // NOLINT(google-explicit-constructor)
  constexpr Next(std::nullopt_t) : to_() {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr std::optional<State> get() const { return to_; }

 private:
  std::optional<State> to_;
};

template <class State, std::size_t states, std::size_t events>
using Table = std::array<std::array<Next<State>, events>, states>;

inline constexpr std::nullopt_t no = std::nullopt;

inline constexpr Table<SessionState, session_state_count, session_event_count> session = [] {
  using enum SessionState;
  // clang-format off
  return Table<SessionState, session_state_count, session_event_count>{{
    //                     pay           enter   request_exit  settle_and_leave  cancel     expire   terminate   take_back
    /* pending_payment */ {{booked,       no,     no,           no,               cancelled, expired, no,         no}},
    /* booked          */ {{booked,       active, no,           no,               cancelled, expired, no,         no}},
    /* active          */ {{active,       no,     exit_pending, no,               no,        no,      terminated, terminated}},
    /* exit_pending    */ {{exit_pending, no,     exit_pending, completed,        no,        no,      terminated, terminated}},
    /* completed       */ {{no,           no,     no,           no,               no,        no,      no,         no}},
    /* cancelled       */ {{no,           no,     no,           no,               no,        no,      no,         no}},
    /* expired         */ {{no,           no,     no,           no,               no,        no,      no,         no}},
    /* terminated      */ {{no,           no,     no,           no,               no,        no,      no,         no}},
  }};
  // clang-format on
}();

inline constexpr Table<PaymentState, payment_state_count, payment_event_count> payment = [] {
  using enum PaymentState;
  // clang-format off
  return Table<PaymentState, payment_state_count, payment_event_count>{{
    //                        ordered  captured failed  expired  part_returned       all_returned
    /* creating           */ {{pending, success, failed, expired, no,                 no}},
    /* pending            */ {{no,      success, failed, expired, no,                 no}},
    /* success            */ {{no,      no,      no,     no,      partially_refunded, refunded}},
    /* failed             */ {{no,      success, no,     no,      no,                 no}},
    /* expired            */ {{no,      success, no,     no,      no,                 no}},
    /* partially_refunded */ {{no,      no,      no,     no,      partially_refunded, refunded}},
    /* refunded           */ {{no,      no,      no,     no,      no,                 no}},
  }};
  // clang-format on
}();

inline constexpr Table<RefundState, refund_state_count, refund_event_count> refund = [] {
  using enum RefundState;
  // clang-format off
  return Table<RefundState, refund_state_count, refund_event_count>{{
    //             succeeded failed  tried_again
    /* pending */ {{success,  failed, no}},
    /* success */ {{no,       no,     no}},
    /* failed  */ {{success,  no,     pending}},
  }};
  // clang-format on
}();

template <class State, std::size_t states, std::size_t events>
constexpr bool is_final(const Table<State, states, events>& table, State state) {
  for (const Next<State>& cell : table[std::to_underlying(state)]) {
    if (cell.get()) return false;
  }
  return true;
}

}  // namespace lifecycle

constexpr std::optional<SessionState> next(SessionState state, SessionEvent event) {
  return lifecycle::session[std::to_underlying(state)][std::to_underlying(event)].get();
}
constexpr std::optional<PaymentState> next(PaymentState state, PaymentEvent event) {
  return lifecycle::payment[std::to_underlying(state)][std::to_underlying(event)].get();
}
constexpr std::optional<RefundState> next(RefundState state, RefundEvent event) {
  return lifecycle::refund[std::to_underlying(state)][std::to_underlying(event)].get();
}

/// Nothing can happen any more.
constexpr bool is_final(SessionState state) {
  return lifecycle::is_final(lifecycle::session, state);
}
constexpr bool is_final(PaymentState state) {
  return lifecycle::is_final(lifecycle::payment, state);
}
constexpr bool is_final(RefundState state) { return lifecycle::is_final(lifecycle::refund, state); }

/// Between entry and exit.
constexpr bool is_inside(SessionState state) {
  return state == SessionState::active || state == SessionState::exit_pending;
}
/// The money of a payment was taken, whatever was given back since.
constexpr bool is_captured(PaymentState state) {
  return state == PaymentState::success || state == PaymentState::partially_refunded ||
         state == PaymentState::refunded;
}

/// The words on the wire and in the store, `PENDING_PAYMENT`; of events, in the log:
/// `request_exit`.
std::string_view name(SessionState state);
std::string_view name(SessionEvent event);
std::string_view name(PaymentState state);
std::string_view name(PaymentEvent event);
std::string_view name(RefundState state);
std::string_view name(RefundEvent event);
std::optional<SessionState> parse_session_state(std::string_view text);
std::optional<PaymentState> parse_payment_state(std::string_view text);
std::optional<RefundState> parse_refund_state(std::string_view text);

static_assert(is_final(SessionState::completed) && is_final(SessionState::cancelled) &&
              is_final(SessionState::expired) && is_final(SessionState::terminated));
static_assert(!is_final(SessionState::pending_payment) && !is_final(SessionState::booked) &&
              !is_final(SessionState::active) && !is_final(SessionState::exit_pending));
static_assert(is_final(PaymentState::refunded) && !is_final(PaymentState::failed));
static_assert(is_final(RefundState::success) && !is_final(RefundState::failed));

}  // namespace gatehouse

// docs/contract/http.md, "Life cycles and sums". Each table is written once more here, as a person
// would say it: what may follow what, and nothing else may.
#include "edge/domain/lifecycle.hpp"

#include <map>
#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;

namespace {

template <class State, class Event>
using Moves = std::map<std::pair<State, Event>, State>;

const Moves<SessionState, SessionEvent> session_moves = [] {
  using enum SessionState;
  using enum SessionEvent;
  return Moves<SessionState, SessionEvent>{
      {{pending_payment, pay}, booked},
      {{pending_payment, cancel}, cancelled},
      {{pending_payment, expire}, expired},
      {{booked, pay}, booked},
      {{booked, enter}, active},
      {{booked, cancel}, cancelled},
      {{booked, expire}, expired},
      {{active, pay}, active},
      {{active, request_exit}, exit_pending},
      {{active, terminate}, terminated},
      {{active, take_back}, terminated},
      {{exit_pending, pay}, exit_pending},
      {{exit_pending, request_exit}, exit_pending},
      {{exit_pending, settle_and_leave}, completed},
      {{exit_pending, terminate}, terminated},
      {{exit_pending, take_back}, terminated},
  };
}();

const Moves<PaymentState, PaymentEvent> payment_moves = [] {
  using State = PaymentState;
  using Event = PaymentEvent;
  return Moves<State, Event>{
      {{State::creating, Event::ordered}, State::pending},
      {{State::creating, Event::captured}, State::success},
      {{State::creating, Event::failed}, State::failed},
      {{State::creating, Event::expired}, State::expired},
      {{State::pending, Event::captured}, State::success},
      {{State::pending, Event::failed}, State::failed},
      {{State::pending, Event::expired}, State::expired},
      {{State::failed, Event::captured}, State::success},
      {{State::expired, Event::captured}, State::success},
      {{State::success, Event::part_returned}, State::partially_refunded},
      {{State::success, Event::all_returned}, State::refunded},
      {{State::partially_refunded, Event::part_returned}, State::partially_refunded},
      {{State::partially_refunded, Event::all_returned}, State::refunded},
  };
}();

const Moves<RefundState, RefundEvent> refund_moves = [] {
  using State = RefundState;
  using Event = RefundEvent;
  return Moves<State, Event>{
      {{State::pending, Event::succeeded}, State::success},
      {{State::pending, Event::failed}, State::failed},
      {{State::failed, Event::succeeded}, State::success},
      {{State::failed, Event::tried_again}, State::pending},
  };
}();

template <class State, class Event>
void check_every_pair(const Moves<State, Event>& moves, std::size_t states, std::size_t events) {
  for (std::size_t i = 0; i < states; ++i) {
    for (std::size_t j = 0; j < events; ++j) {
      const State state = static_cast<State>(i);
      const Event event = static_cast<Event>(j);
      const auto move = moves.find({state, event});
      const auto then = next(state, event);
      INFO(name(state) << " and " << name(event));
      REQUIRE(then.has_value() == (move != moves.end()));
      if (then) CHECK(name(*then) == name(move->second));
    }
  }
}

}  // namespace

TEST_CASE("a session moves only as the contract says", "[domain][lifecycle]") {
  check_every_pair(session_moves, session_state_count, session_event_count);
}

TEST_CASE("a payment moves only as the contract says", "[domain][lifecycle]") {
  check_every_pair(payment_moves, payment_state_count, payment_event_count);
}

TEST_CASE("a refund moves only until its money is out", "[domain][lifecycle]") {
  check_every_pair(refund_moves, refund_state_count, refund_event_count);
}

TEST_CASE("states have the names of the contract", "[domain][lifecycle]") {
  CHECK(name(SessionState::pending_payment) == "PENDING_PAYMENT");
  CHECK(name(SessionState::exit_pending) == "EXIT_PENDING");
  CHECK(name(SessionState::terminated) == "TERMINATED");
  CHECK(name(PaymentState::partially_refunded) == "PARTIALLY_REFUNDED");
  CHECK(name(PaymentState::refunded) == "REFUNDED");
  CHECK(name(RefundState::failed) == "FAILED");
  CHECK(name(SessionEvent::take_back) == "take_back");
}

TEST_CASE("the names of states can be read back, and no others", "[domain][lifecycle]") {
  for (std::size_t i = 0; i < session_state_count; ++i) {
    CHECK(parse_session_state(name(SessionState(i))) == SessionState(i));
  }
  for (std::size_t i = 0; i < payment_state_count; ++i) {
    CHECK(parse_payment_state(name(PaymentState(i))) == PaymentState(i));
  }
  for (std::size_t i = 0; i < refund_state_count; ++i) {
    CHECK(parse_refund_state(name(RefundState(i))) == RefundState(i));
  }
  CHECK_FALSE(parse_session_state("booked").has_value());
  CHECK_FALSE(parse_payment_state("").has_value());
  CHECK_FALSE(parse_refund_state("REFUNDED").has_value());
}

TEST_CASE("only who entered and has not left is inside", "[domain][lifecycle]") {
  for (std::size_t i = 0; i < session_state_count; ++i) {
    const auto state = static_cast<SessionState>(i);
    CAPTURE(name(state));
    CHECK(is_inside(state) ==
          (state == SessionState::active || state == SessionState::exit_pending));
  }
}

TEST_CASE("money that came stays come, whatever is heard later", "[domain][lifecycle]") {
  rc::prop("for any events in any order", [] {
    PaymentState state = PaymentState::creating;
    bool captured = false;
    const auto heard = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, payment_event_count));
    for (const std::size_t event : heard) {
      if (const auto then = next(state, PaymentEvent(event))) state = *then;
      captured = captured || is_captured(state);
      RC_ASSERT(is_captured(state) == captured);
    }
  });
}

TEST_CASE("nobody completes without having entered, and what is closed stays closed",
          "[domain][lifecycle]") {
  rc::prop("for any events in any order", [] {
    SessionState state = SessionState::pending_payment;
    bool entered = false;
    const auto heard = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, session_event_count));
    for (const std::size_t event : heard) {
      const SessionState before = state;
      if (const auto then = next(state, SessionEvent(event))) state = *then;
      entered = entered || state == SessionState::active;
      RC_ASSERT(!is_final(before) || state == before);
      if (state == SessionState::completed || state == SessionState::terminated) {
        RC_ASSERT(entered);
      }
    }
  });
}

// The answers a gate gives, and what its display shows (docs/contract/mqtt.md, "Decision").
//
//   lane_message(Language::en, Reason::payment_due, {.amount_due = Paise(10'000),
//                                                    .method = PaymentMethod::cash});
//   // "Pay ₹100 in cash at the counter"
//
// Values; any thread.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

enum class DecisionKind : std::uint8_t {
  open,  // the barrier has been told to open
  pay,   // an amount is due
  wait,
  deny,
};
inline constexpr std::size_t decision_kind_count = 4;

enum class Reason : std::uint8_t {
  entered,
  ticket_issued,
  paid,
  nothing_due,
  pass,
  payment_due,
  payment_pending,
  invalid_code,
  unknown_code,
  already_entered,
  not_entered,
  already_exited,
  booking_unpaid,
  booking_expired,
  booking_cancelled,
  wrong_gate,
  zone_full,
  zone_closed,
  vehicle_inside,
  stale_scan,
  throttled,
  unreadable,
  no_vehicle,
  scan_again,
  ask_staff,
  barrier_fault,
  out_of_service,
};
inline constexpr std::size_t reason_count = 27;

/// The words on the wire: the enumerators' own.
std::string_view name(DecisionKind kind);
std::string_view name(Reason reason);
std::optional<DecisionKind> parse_decision_kind(std::string_view text);
std::optional<Reason> parse_reason(std::string_view text);

/// The answer that goes with a reason. `payment_pending` is `pay`; until the provider has answered
/// it is `wait` (may_go_with).
DecisionKind decision_for(Reason reason);
bool may_go_with(Reason reason, DecisionKind kind);

struct Answer {
  DecisionKind kind;
  Reason reason;
  bool operator==(const Answer&) const = default;
};

/// Whether a later answer may follow an earlier one under the same scan_id ("Later answers").
bool may_follow(Answer earlier, Answer later);

enum class Language : std::uint8_t { en, hi };

/// `en`, `hi`
std::optional<Language> parse_language(std::string_view text);

struct LaneFacts {
  Paise amount_due;
  PaymentMethod method = PaymentMethod::online;
  std::string_view slot;  // where the vehicle shall go; "": none to be named
  bool checking = false;  // payment_pending: the provider has not answered yet (`wait`)
};

inline constexpr std::size_t lane_message_characters_max = 64;

/// What a lane's display shows: at most 64 characters (code points), amounts in rupees. A slot's
/// name that would not fit is left out.
std::string lane_message(Language language, Reason reason, const LaneFacts& facts);

}  // namespace gatehouse

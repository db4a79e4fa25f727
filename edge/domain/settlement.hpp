// Who owes whom: what is due, what goes back, and until when a promise holds
// (docs/contract/http.md, "Life cycles and sums").
//
//   const auto sums = settle(AdmissionKind::walk_in, charge.total, credits, Paise(0));
//   if (sums.nothing_due()) open();
//
// Credits are successful payments less refunds. Pure; any thread.
#pragma once

#include "edge/domain/billing_rules.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

/// How a vehicle came to its ticket.
enum class AdmissionKind : std::uint8_t {
  walk_in,  // at the counter or the button: nothing prepaid
  deposit,  // a booking that prepaid the fee, which is never refunded at exit
  prepaid,  // a booking that prepaid hours
};

/// The word in the store: the enumerator's own.
std::string_view name(AdmissionKind kind);
std::optional<AdmissionKind> parse_admission_kind(std::string_view text);

struct Settlement {
  Paise charge;   // of the stay, a lost ticket's fee included
  Paise credits;  // before this settlement
  Paise due;      // still to be paid
  Paise refund;   // to be given back
  /// What the lot has earned once `due` is paid and `refund` returned.
  [[nodiscard]] constexpr Paise earned() const { return credits + due - refund; }
  [[nodiscard]] constexpr bool nothing_due() const { return due == Paise(0); }
  bool operator==(const Settlement&) const = default;
};

/// due = charge − credits. Only a booking prepaid by hours gets back what is too much, and never of
/// `kept_at_least`: the first `prepaid_min` hours of its quote, at the booked price.
Settlement settle(AdmissionKind kind, Paise charge, Paise credits, Paise kept_at_least);

/// An online due below this is not ordered: cash only.
inline constexpr Paise online_due_min{100};

// Cancelling.

inline constexpr std::string_view no_refund_after_entry =
    "No refund allowed after vehicle entry (QR scanned)";

struct Cancellation {
  bool refund_eligible = false;
  Paise refund;        // nothing where nothing was paid, eligible or not
  std::string reason;  // `refund_reason`, as docs/contract/http.md spells it
  bool operator==(const Cancellation&) const = default;
};

/// Before entry: all credits back up to and including `rules.cancel_refund` after booking, nothing
/// later. After entry nothing is cancelled: the life cycle refuses it with `no_refund_after_entry`.
Cancellation cancel(const BillingRules& rules, Instant booked_at, Instant now, Paise credits);

// Payment status of a session.

enum class SessionPaymentStatus : std::uint8_t { pending, partial, success, failed };

/// `PENDING`, `PARTIAL`, `SUCCESS`, `FAILED`
std::string_view name(SessionPaymentStatus status);

/// Of a session's attempts to pay: the newest one's outcome, and whether another goes on.
struct PaymentAttempts {
  bool last_failed = false;
  bool any_pending = false;
};

/// `asked`: the booking amount before entry, the charge so far after it.
SessionPaymentStatus session_payment_status(Paise asked, Paise credits, PaymentAttempts attempts);

// How long things hold. Windows are real time in every lot.

/// An unpaid booking expires from this instant on.
Instant payment_window_ends(const BillingRules& rules, Instant booked_at);

/// A booking that may enter (BOOKED) expires from this instant on, when its vehicle never came: a
/// ticket from the counter after `walk_in_hold`, a fee's booking after `deposit_hold`, a prepaid
/// one after its hours.
Instant arrival_window_ends(const BillingRules& rules, AdmissionKind kind, Instant booked_at,
                            std::chrono::hours prepaid_hours);

/// Whether a quote still holds: `exit_window` from `billing_time` while unpaid, from the payment
/// once paid, its last instant included.
bool quote_holds(const BillingRules& rules, Instant billing_time, std::optional<Instant> paid_at,
                 Instant now);

/// How many slots of a zone may be held by unpaid bookings: `unpaid_holds_percent` of them, one at
/// least.
std::uint32_t unpaid_holds_max(const BillingRules& rules, std::uint32_t slots);

}  // namespace gatehouse

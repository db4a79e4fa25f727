#include "edge/domain/settlement.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"

#include <algorithm>

namespace gatehouse {
namespace {

constexpr Words<3> admission_kinds = {"walk_in", "deposit", "prepaid"};
constexpr Words<4> payment_statuses = {"PENDING", "PARTIAL", "SUCCESS", "FAILED"};
static_assert(are_distinct(admission_kinds) && are_distinct(payment_statuses));

std::string cancel_reason(std::chrono::minutes elapsed, bool in_time, std::chrono::minutes window) {
  const std::string limit = std::to_string(window.count());
  std::string reason =
      in_time ? "Cancelled within grace period (" : "Cancelled after grace period (";
  reason += std::to_string(elapsed.count());
  reason += in_time ? " min < " : " min > ";
  reason += limit;
  reason += in_time ? " min). 100% refund eligible." : " min). 0% refund.";
  return reason;
}

}  // namespace

std::string_view name(AdmissionKind kind) { return word_of(admission_kinds, kind); }

std::optional<AdmissionKind> parse_admission_kind(std::string_view text) {
  return read_word<AdmissionKind>(admission_kinds, text);
}

Settlement settle(AdmissionKind kind, Paise charge, Paise credits, Paise kept_at_least) {
  require(charge >= Paise(0) && credits >= Paise(0), "charges and credits are not negative");
  Settlement sums{.charge = charge, .credits = credits};
  sums.due = at_least_nothing(charge - credits);
  if (kind == AdmissionKind::prepaid) {
    sums.refund = at_least_nothing(credits - std::max(charge, kept_at_least));
  }
  return sums;
}

Cancellation cancel(const BillingRules& rules, Instant booked_at, Instant now, Paise credits) {
  // A clock that stepped back must not cost anybody their refund.
  const auto elapsed = std::max(now - booked_at, Instant::duration(0));
  const bool in_time = elapsed <= rules.cancel_refund;
  return {.refund_eligible = in_time,
          .refund = in_time ? credits : Paise(0),
          .reason = cancel_reason(std::chrono::floor<std::chrono::minutes>(elapsed), in_time,
                                  rules.cancel_refund)};
}

std::string_view name(SessionPaymentStatus status) { return word_of(payment_statuses, status); }

SessionPaymentStatus session_payment_status(Paise asked, Paise credits, PaymentAttempts attempts) {
  if (credits >= asked) return SessionPaymentStatus::success;
  if (attempts.last_failed && !attempts.any_pending) return SessionPaymentStatus::failed;
  return credits > Paise(0) ? SessionPaymentStatus::partial : SessionPaymentStatus::pending;
}

Instant payment_window_ends(const BillingRules& rules, Instant booked_at) {
  return booked_at + rules.payment_window;
}

Instant arrival_window_ends(const BillingRules& rules, AdmissionKind kind, Instant booked_at,
                            std::chrono::hours prepaid_hours) {
  switch (kind) {
    case AdmissionKind::walk_in:
      return booked_at + rules.walk_in_hold;
    case AdmissionKind::deposit:
      return booked_at + rules.deposit_hold;
    case AdmissionKind::prepaid:
      return booked_at + prepaid_hours;
  }
  return booked_at;
}

bool quote_holds(const BillingRules& rules, Instant billing_time, std::optional<Instant> paid_at,
                 Instant now) {
  return now <= paid_at.value_or(billing_time) + rules.exit_window;
}

std::uint32_t unpaid_holds_max(const BillingRules& rules, std::uint32_t slots) {
  const auto share = static_cast<std::uint64_t>(slots) * rules.unpaid_holds_percent / 100;
  return std::max(static_cast<std::uint32_t>(share), std::uint32_t{1});
}

}  // namespace gatehouse

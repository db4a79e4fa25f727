#include "edge/domain/settlement.hpp"

#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

}  // namespace

TEST_CASE("what was earned is what is kept of the credits and what is still paid",
          "[domain][settlement]") {
  using enum AdmissionKind;
  const auto [kind, charge, credits, kept, earned] =
      GENERATE(table<AdmissionKind, int, int, int, int>({
          {walk_in, 150, 0, 0, 150},
          {deposit, 0, 50, 0, 50},
          {deposit, 150, 50, 0, 150},
          {prepaid, 50, 100, 50, 50},
          {prepaid, 0, 100, 50, 50},
          {prepaid, 0, 100, 0, 0},
          {prepaid, 200, 100, 50, 200},
      }));
  CAPTURE(name(kind), charge, credits, kept);
  CHECK(settle(kind, Paise(charge), Paise(credits), Paise(kept)).earned() == Paise(earned));
}

TEST_CASE("a lost ticket's fee is part of the charge and eats into what would come back",
          "[domain][settlement]") {
  const Paise stay(5'000);
  const Paise fee(3'000);
  const Settlement sums = settle(AdmissionKind::prepaid, stay + fee, Paise(10'000), Paise(5'000));
  CHECK(sums.due == Paise(0));
  CHECK(sums.refund == Paise(2'000));
}

TEST_CASE("the words of an admission can be read back", "[domain][settlement]") {
  using enum AdmissionKind;
  const auto kind = GENERATE(walk_in, deposit, prepaid);
  CHECK(parse_admission_kind(name(kind)) == kind);
  CHECK_FALSE(parse_admission_kind("PREPAID").has_value());
  CHECK_FALSE(parse_admission_kind("").has_value());
}

TEST_CASE("the time for cancelling is the lot's, and so are its words", "[domain][settlement]") {
  BillingRules rules;
  rules.cancel_refund = 10min;
  const auto [elapsed, eligible,
              reason] = GENERATE(table<std::chrono::milliseconds, bool, std::string>({
      {9min + 59s, true, "Cancelled within grace period (9 min < 10 min). 100% refund eligible."},
      {10min, true, "Cancelled within grace period (10 min < 10 min). 100% refund eligible."},
      {12min, false, "Cancelled after grace period (12 min > 10 min). 0% refund."},
      {-5min, true, "Cancelled within grace period (0 min < 10 min). 100% refund eligible."},
  }));
  CAPTURE(elapsed.count());
  const Cancellation cancelled = cancel(rules, noon, noon + elapsed, Paise(777));
  CHECK(cancelled.refund_eligible == eligible);
  CHECK(cancelled.refund == (eligible ? Paise(777) : Paise(0)));
  CHECK(cancelled.reason == reason);
}

TEST_CASE("a session's payment status compares credits with what is asked",
          "[domain][settlement]") {
  const auto [asked, credits, last_failed, any_pending, expected, why] =
      GENERATE(table<int, int, bool, bool, std::string, std::string>({
          {100, 0, false, false, "PENDING", "nothing came"},
          {100, 50, false, false, "PARTIAL", "some"},
          {100, 100, false, false, "SUCCESS", "all"},
          {100, 150, false, false, "SUCCESS", "more"},
          {0, 0, false, false, "SUCCESS", "nothing is asked"},
          {100, 0, true, false, "FAILED", "the last attempt failed"},
          {100, 50, true, false, "FAILED", "though some came before"},
          {100, 0, true, true, "PENDING", "but another is going on"},
          {100, 50, true, true, "PARTIAL", "likewise"},
          {100, 100, true, false, "SUCCESS", "but all came otherwise"},
      }));
  CAPTURE(why);
  CHECK(name(session_payment_status(Paise(asked), Paise(credits), {last_failed, any_pending})) ==
        expected);
}

TEST_CASE("a quote holds from the scan while unpaid, from the payment once paid",
          "[domain][settlement]") {
  const BillingRules rules;
  const auto [paid_at, now, holds, why] =
      GENERATE(table<std::optional<Instant>, Instant, bool, std::string>({
          {std::nullopt, noon, true, "just quoted"},
          {std::nullopt, noon + 15min, true, "the last instant"},
          {std::nullopt, noon + 15min + 1ms, false, "lapsed"},
          {noon + 10min, noon + 25min, true, "paid ten minutes later"},
          {noon + 10min, noon + 25min + 1ms, false, "the way to the gate took too long"},
      }));
  CAPTURE(why);
  CHECK(quote_holds(rules, noon, paid_at, now) == holds);
}

TEST_CASE("unpaid bookings hold a part of a zone at most, and one slot at least",
          "[domain][settlement]") {
  const auto [percent, slots, expected] =
      GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t>({
          {25, 10, 2},
          {25, 3, 1},
          {25, 0, 1},
          {0, 100, 1},
          {100, 8, 8},
          {25, 4'000'000'000U, 1'000'000'000U},
      }));
  BillingRules rules;
  rules.unpaid_holds_percent = percent;
  CAPTURE(percent, slots);
  CHECK(unpaid_holds_max(rules, slots) == expected);
}

// When to ask a provider again: pure values, with the time and the chance as arguments.
//
//   const BackOff back_off;
//   const auto wait = back_off.wait(attempt, random_per_million, trouble.retry_after);
//   if (const auto later = budget.take(now)) … not before `later` …
//   const auto next = next_question(asked_since_start);   // of a payment that is pending
//
// One thread at a time. Sources: Razorpay "exponential backoff with jitter" on 429; PhonePe's
// go-live checklist for the ladder of questions.
#pragma once

#include "edge/domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace gatehouse::payments {

/// Doubling waits, spread over their upper half so that a hundred lots do not come back together.
struct BackOff {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds longest{60'000};

  /// Before attempt 2 (`attempts_made` 1), 3 …; `per_million` is drawn evenly from 0 … 999,999.
  /// What the provider asks for is kept at least, and spread upwards.
  [[nodiscard]] std::chrono::milliseconds wait(
      std::uint32_t attempts_made, std::uint32_t per_million,
      std::optional<std::chrono::seconds> retry_after = std::nullopt) const;
};

/// So many requests at once, and so many a second in the long run.
class Budget {
 public:
  Budget(std::uint32_t burst, std::chrono::microseconds interval)
      : burst_(burst), interval_(interval) {}

  /// Takes one and gives nullopt, or takes none and says when there will be one.
  std::optional<Steady> take(Steady now);

 private:
  std::uint32_t burst_;
  std::chrono::microseconds interval_;
  std::optional<Steady> full_at_ = std::nullopt;  // when all of the burst will be there again
};

/// How long after the last question the next one is due, for a payment first asked about `age` ago;
/// nullopt: the ladder ends, and what is still pending is left to webhooks and reconciliation.
std::optional<std::chrono::seconds> next_question(std::chrono::seconds age);
/// Before the first question.
inline constexpr std::chrono::seconds first_question{20};

}  // namespace gatehouse::payments

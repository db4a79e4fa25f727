#include "simulators/payments/mischief.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::simulators {
namespace {

constexpr std::array<std::string_view, 8> call_words = {
    "busy", "error", "error_after", "garbled", "lost_answer", "hang_up", "early", "slow"};
constexpr std::array<std::string_view, 4> notice_words = {"missing", "duplicate", "forged", "late"};

bool is_in(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

bool PaymentMischief::set_rate(std::string_view word, std::uint32_t per_million) {
  if (!is_in(call_words, word) && !is_in(notice_words, word)) return false;
  rates_[std::string(word)] = per_million;
  return true;
}

bool PaymentMischief::next(std::string_view word) {
  if (is_in(call_words, word))
    next_calls_.emplace_back(word);
  else if (is_in(notice_words, word))
    next_notices_.emplace_back(word);
  else
    return false;
  return true;
}

void PaymentMischief::clear() {
  rates_.clear();
  next_calls_.clear();
  next_notices_.clear();
}

/// By chance, or because it is the first that was asked for. Chance is drawn either way, so that
/// asking for one thing does not change the rest of a seeded run.
bool PaymentMischief::happens(const std::string& word, std::deque<std::string>& asked_for) {
  const auto rate = rates_.find(word);
  const bool by_chance = random_.chance(rate == rates_.end() ? 0 : rate->second);
  if (asked_for.empty() || asked_for.front() != word) return by_chance;
  asked_for.pop_front();
  return true;
}

CallCourse PaymentMischief::of_call() {
  // One a call of what was asked for: the rest waits for the next.
  std::deque<std::string> now;
  if (!next_calls_.empty()) {
    now.push_back(next_calls_.front());
    next_calls_.pop_front();
  }
  CallCourse course;
  course.is_busy = happens("busy", now);
  course.fails_before = happens("error", now);
  course.fails_after = happens("error_after", now);
  course.is_garbled = happens("garbled", now);
  course.is_lost = happens("lost_answer", now);
  course.hangs_up = happens("hang_up", now);
  course.pays_early = happens("early", now);
  if (happens("slow", now) || course.pays_early) course.delay = slow_;
  return course;
}

NoticeCourse PaymentMischief::of_notice() {
  std::deque<std::string> now;
  if (!next_notices_.empty()) {
    now.push_back(next_notices_.front());
    next_notices_.pop_front();
  }
  constexpr std::uint64_t copies_more_max = 9;
  NoticeCourse course;
  course.is_missing = happens("missing", now);
  if (happens("duplicate", now))
    course.copies += 1 + static_cast<int>(random_.below(copies_more_max));
  course.is_forged = happens("forged", now);
  if (happens("late", now)) course.delay = slow_;
  return course;
}

}  // namespace gatehouse::simulators

#include "simulators/payments/notices.hpp"

#include "simulators/payments/crypto.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr auto first_wait = 5s;
constexpr auto longest_wait = 2h;
constexpr auto patience = 24h;

std::chrono::seconds wait_after(std::uint32_t attempts) {
  std::chrono::seconds wait = first_wait;
  for (std::uint32_t i = 1; i < attempts && wait < longest_wait; ++i) wait *= 2;
  return std::min<std::chrono::seconds>(wait, longest_wait);
}

}  // namespace

SimNotice forged(const SimNotice& notice) {
  SimNotice copy = notice;
  const auto amount = copy.body.find("\"amount\":");
  if (amount != std::string::npos) copy.body.insert(amount + 9, "9");
  for (auto& [name, value] : copy.headers) {
    if (name == "X-Razorpay-Signature" || name == "Authorization")
      value = sim_sha256("guessed" + copy.body);
    if (name == "X-VERIFY") value = sim_sha256("guessed" + copy.body) + "###1";
  }
  return copy;
}

void NoticeQueue::add(const SimNotice& notice, const NoticeCourse& course, Instant now) {
  if (course.is_forged)
    waiting_.emplace(
        next_number_++,
        Waiting{.notice = forged(notice), .first_at = now, .due_at = now, .is_forged = true});
  if (course.is_missing || is_off_) return;
  for (int i = 0; i < course.copies; ++i)
    waiting_.emplace(next_number_++,
                     Waiting{.notice = notice, .first_at = now, .due_at = now + course.delay});
}

std::optional<NoticeQueue::Due> NoticeQueue::take_due(Instant now) {
  for (auto& [number, each] : waiting_) {
    if (each.is_under_way || now < each.due_at) continue;
    each.is_under_way = true;
    return Due{.number = number, .notice = each.notice};
  }
  return std::nullopt;
}

void NoticeQueue::report(std::uint64_t number, bool was_accepted, Instant now) {
  const auto found = waiting_.find(number);
  if (found == waiting_.end()) return;
  Waiting& each = found->second;
  ++(was_accepted ? delivered_ : failed_);
  if (was_accepted || each.is_forged) {
    waiting_.erase(found);
    return;
  }
  each.is_under_way = false;
  each.due_at = now + wait_after(++each.attempts);
  if (each.due_at - each.first_at < patience) return;
  is_off_ = true;
  waiting_.clear();
}

std::optional<Instant> NoticeQueue::next_at() const {
  std::optional<Instant> earliest;
  for (const auto& [number, each] : waiting_) {
    if (!each.is_under_way) earliest = std::min(earliest.value_or(each.due_at), each.due_at);
  }
  return earliest;
}

void NoticeQueue::switch_on(Instant now) {
  is_off_ = false;
  for (auto& [number, each] : waiting_) each.due_at = std::min(each.due_at, now);
}

}  // namespace gatehouse::simulators
